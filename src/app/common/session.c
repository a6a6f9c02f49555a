/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/common/exit.h"
#include "app/common/egress.h"
#include "base/siphash.h"
#include "target/list/blocklist.h"

static int out_of_memory(struct bw_err *err)
{
	return bw_err_set(err, -ENOMEM, "out of memory");
}

static void use_methods(struct bw_target *target, const struct bw_methods *methods)
{
	if (!methods || methods->count == 0)
		return;
	target->methods = *methods;
	for (size_t n = 0; n < target->network_count; n++)
		for (size_t h = 0; h < target->networks[n].host_count; h++)
			target->networks[n].hosts[h].methods.count = 0;
}

static bool is_given_before(const struct probing_target *targets, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(targets[j].argument, targets[i].argument) == 0)
			return true;
	return false;
}

static int read_targets(struct probing *probing, const struct catalog *catalog,
			const struct probing_target *targets, size_t count, struct bw_err *err)
{
	probing->targets = calloc(count + 1, sizeof(struct bw_target *));
	if (!probing->targets)
		return out_of_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct bw_target **target = &probing->targets[probing->target_count];
		int code;

		if (is_given_before(targets, i)) {
			exit_warn("%s is given more than once, and watched once",
				  targets[i].argument);
			continue;
		}
		code = catalog_resolve(catalog, targets[i].argument, target, err);
		if (code < 0)
			return code;
		use_methods(*target, targets[i].methods);
		probing->target_count++;
	}
	return 0;
}

static int read_blocklists(struct probing *probing, const struct conf_probing *options,
			   struct bw_err *err)
{
	probing->blocklist = prefix_set_new();
	if (!probing->blocklist)
		return out_of_memory(err);
	for (size_t i = 0; i < options->blocklists.count; i++) {
		int code = blocklist_read(options->blocklists.list[i], probing->blocklist, err);

		if (code < 0)
			return code;
	}
	probing->permit.blocklist = probing->blocklist;
	return prefix_set_seal(probing->blocklist) < 0 ? out_of_memory(err) : 0;
}

static int read_references(const struct probing *probing, const struct catalog *catalog,
			   const struct conf_probing *options,
			   struct catalog_references *references, struct bw_err *err)
{
	int code = 0;

	for (size_t i = 0; i < options->references.count && code >= 0; i++)
		code = catalog_add_reference(catalog, options->references.list[i], references,
					     err);
	for (size_t i = 0; i < probing->target_count && code >= 0; i++)
		code = catalog_references(catalog, probing->targets[i], references, err);
	return code < 0 ? code : 0;
}

static void warn_of_refused(const struct roster *roster)
{
	char text[BW_PREFIX_TEXT];
	struct bw_prefix prefix;
	uint32_t first = 0, count = 0;
	int refused;

	for (uint32_t i = 0; i < roster->block_count; i++) {
		const struct roster_block *block = &roster->blocks[i];

		if (!block->refused || block->host_count > 0)
			continue;
		if (count++ == 0)
			first = i;
	}
	if (count == 0)
		return;
	prefix = roster_prefix(roster, first);
	refused = roster->blocks[first].refused;
	exit_warn("%s will not be probed: %s%s%s", bw_prefix_format(&prefix, text),
	     permit_refusal(refused, &prefix.addr),
	     refused == BW_ERR_SPECIAL_PURPOSE ? ", give --allow-reserved to allow it" : "",
	     count > 1 ? " (and more blocks likewise)" : "");
}

static uint64_t random_seed(void)
{
	struct siphash_key key = siphash_key_random();

	return siphash(&key, NULL, 0) | 1;
}

static int open_with(struct probing *probing, const struct catalog *catalog,
		     const struct conf_probing *options, const struct probing_target *targets,
		     size_t count, struct bw_err *err)
{
	struct catalog_references references = {0};
	struct roster_options roster = {
		.permit = &probing->permit,
		.seed = options->seed ? options->seed : random_seed(),
	};
	int code = read_targets(probing, catalog, targets, count, err);

	if (code == 0)
		code = read_blocklists(probing, options, err);
	if (code == 0)
		code = read_references(probing, catalog, options, &references, err);
	if (code == 0)
		code = roster_init(&probing->roster,
				   (const struct bw_target *const *)probing->targets,
				   probing->target_count, &roster, err);
	if (code == 0) {
		warn_of_refused(&probing->roster);
		code = ways_find(probing, options, &references, err);
	}
	catalog_references_fini(&references);
	return code;
}

int probing_open(struct probing *probing, const struct conf_probing *options,
		 const struct probing_target *targets, size_t count, struct bw_err *err)
{
	struct catalog_environment environment = catalog_environment();
	struct catalog *catalog;
	int code;

	*probing = (struct probing){.permit = {.allow_reserved = options->allow_reserved}};
	catalog = catalog_new(&environment);
	if (!catalog)
		return out_of_memory(err);
	code = open_with(probing, catalog, options, targets, count, err);
	catalog_free(catalog);
	return code;
}

void probing_close(struct probing *probing)
{
	roster_fini(&probing->roster);
	for (size_t i = 0; i < probing->target_count; i++)
		bw_target_free(probing->targets[i]);
	free(probing->targets);
	prefix_set_free(probing->blocklist);
}
