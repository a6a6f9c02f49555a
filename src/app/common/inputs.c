/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/inputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/common/host_name.h"
#include "app/common/notes.h"
#include "sys/net/resolve.h"
#include "target/list/blocklist.h"
#include "target/network.h"

static int out_of_memory(struct bw_err *err)
{
	return bw_err_set(err, -ENOMEM, "out of memory");
}

int inputs_init(struct inputs *inputs, struct bw_err *err)
{
	struct catalog_environment environment = catalog_environment();

	*inputs = (struct inputs){.blocklist = prefix_set_new()};
	inputs->catalog = catalog_new(&environment);
	return inputs->catalog && inputs->blocklist ? 0 : out_of_memory(err);
}

void inputs_fini(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->target_count; i++)
		bw_target_free(inputs->targets[i]);
	free(inputs->targets);
	prefix_set_free(inputs->blocklist);
	catalog_references_fini(&inputs->references);
	catalog_free(inputs->catalog);
	*inputs = (struct inputs){0};
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

/* Records name a target by its name: two of one name could not be told apart. */
static int check_name(const struct inputs *inputs, const struct bw_target *target,
		      struct bw_err *err)
{
	for (size_t i = 0; i < inputs->target_count; i++) {
		const struct bw_target *other = inputs->targets[i];

		if (strcmp(other->name, target->name) == 0)
			return bw_err_set(err, BW_ERR_OVERLAP,
					  "the name '%.60s' is that of another target%s%.120s: "
					  "give each target a name of its own",
					  target->name, other->file ? ", " : "",
					  other->file ? other->file : "");
	}
	return 0;
}

static int append(struct inputs *inputs, struct bw_target *target, struct bw_err *err)
{
	struct bw_target **list =
		realloc(inputs->targets, (inputs->target_count + 1) * sizeof(struct bw_target *));

	if (!list)
		return out_of_memory(err);
	inputs->targets = list;
	inputs->targets[inputs->target_count++] = target;
	return 0;
}

/* What is no target of this name may be a host. */
static int read_target(const struct inputs *inputs, const char *argument,
		       struct bw_target **ret_target, struct bw_err *err)
{
	int code = catalog_resolve(inputs->catalog, argument, ret_target, err);

	if (code == BW_ERR_MISSING && inputs->names == INPUTS_NAMES && resolve_is_name(argument))
		return host_name_target(argument, inputs->family, ret_target, err);
	if (code == BW_ERR_MISSING && inputs->names == INPUTS_NAMES_OFF)
		host_name_hint(argument, err);
	return code;
}

int inputs_add_target(struct inputs *inputs, const char *argument, const struct bw_methods *methods,
		      struct bw_err *err)
{
	struct bw_target *target;
	int code = read_target(inputs, argument, &target, err);

	if (code < 0)
		return code;
	notes_log(target);
	use_methods(target, methods);
	code = inputs->family ? target_keep_family(target, inputs->family, err) : 0;
	if (code == 0)
		code = check_name(inputs, target, err);
	if (code < 0)
		bw_err_place(err, target->file, 0, 0, target->file ? NULL : argument);
	else
		code = append(inputs, target, err);
	if (code < 0)
		bw_target_free(target);
	return code;
}

int inputs_add_blocklist(struct inputs *inputs, const char *path, struct bw_err *err)
{
	int code = blocklist_read(path, inputs->blocklist, err);

	if (code < 0)
		return code;
	inputs->blocklist_entries += (size_t)code;
	return 0;
}

int inputs_add_reference(struct inputs *inputs, const char *reference, struct bw_err *err)
{
	return catalog_add_reference(inputs->catalog, reference, &inputs->references, err);
}

int inputs_add_references_of(struct inputs *inputs, size_t number, struct bw_err *err)
{
	return catalog_references(inputs->catalog, inputs->targets[number], &inputs->references,
				  err);
}

static void keep_references(struct catalog_references *references, int family)
{
	size_t kept = 0;

	for (size_t i = 0; i < references->count; i++)
		if (references->list[i].family == family)
			references->list[kept++] = references->list[i];
	references->count = kept;
}

int inputs_finish(struct inputs *inputs, struct bw_err *err)
{
	catalog_free(inputs->catalog);
	inputs->catalog = NULL;
	if (inputs->family)
		keep_references(&inputs->references, inputs->family);
	if (prefix_set_seal(inputs->blocklist) < 0)
		return out_of_memory(err);
	notes_log_merged(inputs->blocklist, inputs->blocklist_entries);
	return 0;
}
