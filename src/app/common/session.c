/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/common/blocklists.h"
#include "app/common/egress.h"
#include "app/common/log.h"
#include "base/siphash.h"

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

static bool is_given_before(const struct session_target *targets, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(targets[j].argument, targets[i].argument) == 0)
			return true;
	return false;
}

static int read_targets(struct session *session, const struct catalog *catalog,
			const struct session_target *targets, size_t count, struct bw_err *err)
{
	session->targets = calloc(count + 1, sizeof(struct bw_target *));
	if (!session->targets)
		return out_of_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct bw_target **target = &session->targets[session->target_count];
		int code;

		if (is_given_before(targets, i)) {
			log_warn("%s is given more than once, and watched once",
				 targets[i].argument);
			continue;
		}
		code = catalog_resolve(catalog, targets[i].argument, target, err);
		if (code < 0)
			return code;
		use_methods(*target, targets[i].methods);
		session->target_count++;
	}
	return 0;
}

static int read_blocklists(struct session *session, const struct conf_probing *options,
			   struct bw_err *err)
{
	int code = blocklists_read(&options->blocklists, &session->blocklist, err);

	session->permit.blocklist = session->blocklist;
	return code;
}

static int read_references(const struct session *session, const struct catalog *catalog,
			   const struct conf_probing *options,
			   struct catalog_references *references, struct bw_err *err)
{
	int code = 0;

	for (size_t i = 0; i < options->references.count && code >= 0; i++)
		code = catalog_add_reference(catalog, options->references.list[i], references, err);
	for (size_t i = 0; i < session->target_count && code >= 0; i++)
		code = catalog_references(catalog, session->targets[i], references, err);
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
	log_warn("%s will not be probed: %s%s%s", bw_prefix_format(&prefix, text),
		 permit_refusal(refused, &prefix.addr),
		 refused == BW_ERR_SPECIAL_PURPOSE ? ", give --allow-reserved to allow it" : "",
		 count > 1 ? " (and more blocks likewise)" : "");
}

static uint64_t random_seed(void)
{
	struct siphash_key key = siphash_key_random();

	return siphash(&key, NULL, 0) | 1;
}

static int open_with(struct session *session, const struct catalog *catalog,
		     const struct conf_probing *options, const struct session_target *targets,
		     size_t count, struct bw_err *err)
{
	struct catalog_references references = {0};
	struct roster_options roster = {
		.permit = &session->permit,
		.seed = options->seed ? options->seed : random_seed(),
	};
	int code = read_targets(session, catalog, targets, count, err);

	if (code == 0)
		code = read_blocklists(session, options, err);
	if (code == 0)
		code = read_references(session, catalog, options, &references, err);
	if (code == 0)
		code = roster_init(&session->roster,
				   (const struct bw_target *const *)session->targets,
				   session->target_count, &roster, err);
	if (code == 0) {
		warn_of_refused(&session->roster);
		code = egress_find(&session->egress, &session->roster, &session->permit, options,
				   &references, err);
	}
	catalog_references_fini(&references);
	return code;
}

int session_open(struct session *session, const struct conf_probing *options,
		 const struct session_target *targets, size_t count, struct bw_err *err)
{
	struct catalog_environment environment = catalog_environment();
	struct catalog *catalog;
	int code;

	*session = (struct session){.permit = {.allow_reserved = options->allow_reserved}};
	catalog = catalog_new(&environment);
	if (!catalog)
		return out_of_memory(err);
	code = open_with(session, catalog, options, targets, count, err);
	catalog_free(catalog);
	return code;
}

void session_close(struct session *session)
{
	roster_fini(&session->roster);
	for (size_t i = 0; i < session->target_count; i++)
		bw_target_free(session->targets[i]);
	free(session->targets);
	prefix_set_free(session->blocklist);
}
