/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Targets and their networks, twice: as places in the world, and as what the vantage
 * is told of them. A target with a file is told what the file says, and its hosts are
 * put where it says; of a generated one the world comes first, and afterwards, when
 * it is known where its hosts live, a share of them is listed.
 */
#include "sim/scenario/targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr_key.h"
#include "base/rng.h"
#include "target/network.h"
#include "vantage/roster.h"

#define LISTED_MAX 65536 /* hosts of one block that a target lists */

static int fail_memory(struct build *build)
{
	return bw_err_set(build->err, -ENOMEM, "out of memory");
}

static struct land_field field_of(size_t target)
{
	struct land_field field;

	snprintf(field.text, sizeof(field.text), "targets[%zu]", target);
	return field;
}

/* The prefix N places behind FIRST; family 0 when that is behind the last address. */
static struct bw_prefix prefix_after(const struct bw_prefix *first, uint64_t n)
{
	struct bw_prefix prefix = *first;

	if (first->length < 64 && n >> first->length) {
		prefix.addr.family = 0;
	} else if (first->length <= 64) {
		struct addr_key key = addr_key_of(&first->addr);

		key.hi += n << (64 - first->length);
		prefix.addr = addr_key_addr(key, first->addr.family);
	} else {
		prefix.addr = bw_addr_add(&first->addr, n << (128 - first->length));
	}
	if (prefix.addr.family && bw_addr_compare(&prefix.addr, &first->addr) < 0)
		prefix.addr.family = 0;
	return prefix;
}

/* Puts a network into the world: its blocks, on a path, of a profile. */
static int add_network(struct build *build, const struct bw_network *network, int path,
		       uint16_t profile)
{
	struct sim_world *world = build->scene->world;
	unsigned length = bw_network_block_length(network);
	struct bw_prefix first;
	int number, rc = network_check(network, build->err);

	if (rc < 0)
		return rc;
	first = bw_prefix_part(&network->prefix, length, 0);
	if (sim_world_block_count(world) + network_count_blocks(network) > ROSTER_BLOCKS_MAX)
		return bw_err_set(build->err, BW_ERR_LIMIT, "more than %u blocks",
				  ROSTER_BLOCKS_MAX);
	number = sim_world_add_network(world, path, build->err);
	if (number < 0)
		return number;
	rc = sim_world_add_blocks(world, &first, (uint32_t)network_count_blocks(network),
				  (uint32_t)number, profile, build->err);
	return rc < 0 ? rc : 0;
}

static int path_to(struct build *build, const struct scenario_target *from, size_t index,
		   uint16_t *ret_border)
{
	struct land_field field = field_of(index);
	int border = build_border(build);
	char path[80];

	if (border < 0)
		return scenario_blame(build->scenario, build->err, "%s", field.text);
	*ret_border = (uint16_t)border;
	snprintf(path, sizeof(path), "%s.path", field.text);
	return build_path(build, &from->path, path, border);
}

static int add_file(struct build *build, size_t index, struct bw_target **ret_target)
{
	const struct scenario_target *from = &build->scenario->targets[index];
	struct scene_target *origin = &build->scene->origins[index];
	struct land_field field = field_of(index);
	struct land_folk folk = {from->profile, from->hosts, from->host_count, &field};
	struct bw_target *target;
	int path, profile, rc;

	if (!build->catalog)
		bw_err_set(build->err, BW_ERR_MISSING, "no target files here");
	if (!build->catalog || catalog_resolve(build->catalog, from->file, &target, build->err) < 0)
		return build->err && build->err->file[0]
			       ? build->err->code
			       : scenario_blame(build->scenario, build->err, "%s.file", field.text);
	*ret_target = target;
	origin->networks = (uint32_t)target->network_count;
	profile = land_profile(build, &folk);
	path = profile < 0 ? profile : path_to(build, from, index, &origin->border);
	if (path < 0)
		return path;
	for (size_t n = 0; n < target->network_count; n++) {
		rc = add_network(build, &target->networks[n], path, (uint16_t)profile);
		if (rc < 0)
			return scenario_blame(build->scenario, build->err, "%s.file", field.text);
	}
	return land_add_listed(build, from, target, &field);
}

static char *name_of(const struct scenario_target *from, size_t copy)
{
	char text[80];

	if (from->copies > 1)
		snprintf(text, sizeof(text), "%s-%zu", from->name, copy + 1);
	else
		snprintf(text, sizeof(text), "%s", from->name);
	return strdup(text);
}

static uint64_t count_networks(const struct scenario_target *from)
{
	uint64_t count = 0;

	for (size_t n = 0; n < from->network_count; n++)
		count += from->networks[n].count;
	return count;
}

/* A target without hosts in its networks yet. */
static struct bw_target *make_target(const struct scenario_target *from, size_t copy)
{
	struct bw_target *target = calloc(1, sizeof(*target));

	if (!target)
		return NULL;
	target->name = name_of(from, copy);
	target->title = from->title ? strdup(from->title) : NULL;
	target->methods = from->methods;
	target->networks = calloc(count_networks(from), sizeof(*target->networks));
	if (!target->name || (from->title && !target->title) || !target->networks) {
		bw_target_free(target);
		return NULL;
	}
	return target;
}

/* The networks of one entry of a target's list, of one of its copies. */
static int add_entry(struct build *build, const struct scenario_network *entry, size_t copy,
		     const int numbers[2], struct bw_target *target)
{
	struct bw_prefix first;
	int rc = bw_prefix_parse(entry->prefix, &first, build->err);

	for (uint64_t i = 0; i < entry->count && rc == 0; i++) {
		struct bw_network *network = &target->networks[target->network_count];

		network->prefix = prefix_after(&first, copy * entry->count + i);
		network->block_length = (uint8_t)entry->block_length;
		if (!network->prefix.addr.family)
			return bw_err_set(build->err, BW_ERR_VALUE, "behind the last address");
		rc = add_network(build, network, numbers[0], (uint16_t)numbers[1]);
		target->network_count += rc == 0;
	}
	return rc;
}

/* profiles: number of each entry's. */
static int add_copy(struct build *build, size_t index, size_t copy, const uint16_t *profiles)
{
	const struct scenario_target *from = &build->scenario->targets[index];
	struct scene *scene = build->scene;
	struct bw_target *target = make_target(from, copy);
	uint16_t border;
	int path, rc;

	if (!target)
		return fail_memory(build);
	scene->targets[scene->target_count++] = target;
	path = path_to(build, from, index, &border);
	if (path < 0)
		return path;
	if (copy == 0)
		scene->origins[index].border = border;
	for (size_t n = 0; n < from->network_count; n++) {
		rc = add_entry(build, &from->networks[n], copy, (int[]){path, profiles[n]}, target);
		if (rc < 0)
			return scenario_blame(build->scenario, build->err,
					      "targets[%zu].networks[%zu].prefix", index, n);
	}
	return 0;
}

static int make_profiles(struct build *build, size_t index, uint16_t *ret_profiles)
{
	const struct scenario_target *from = &build->scenario->targets[index];

	for (size_t n = 0; n < from->network_count; n++) {
		const struct scenario_network *entry = &from->networks[n];
		struct land_field field = field_of(index);
		size_t used = strlen(field.text);
		struct land_folk folk = {entry->profile ? entry->profile : from->profile,
					 from->hosts, from->host_count, &field};
		int number;

		if (entry->host_count) {
			folk.hosts = entry->hosts;
			folk.host_count = entry->host_count;
			snprintf(field.text + used, sizeof(field.text) - used, ".networks[%zu]", n);
		}
		number = land_profile(build, &folk);
		if (number < 0)
			return number;
		ret_profiles[n] = (uint16_t)number;
	}
	return 0;
}

static int add_generated(struct build *build, size_t index)
{
	const struct scenario_target *from = &build->scenario->targets[index];
	uint16_t *profiles = calloc(from->network_count, sizeof(*profiles));
	int rc;

	if (!profiles)
		return fail_memory(build);
	build->scene->origins[index].networks = (uint32_t)count_networks(from);
	rc = make_profiles(build, index, profiles);
	for (size_t copy = 0; copy < from->copies && rc == 0; copy++)
		rc = add_copy(build, index, copy, profiles);
	free(profiles);
	return rc;
}

int build_targets(struct build *build)
{
	struct scene *scene = build->scene;
	uint32_t network = 0;
	int rc = 0;

	for (size_t i = 0; i < build->scenario->target_count && rc == 0; i++) {
		const struct scenario_target *from = &build->scenario->targets[i];
		struct scene_target *origin = &scene->origins[i];

		*origin = (struct scene_target){.first = scene->target_count,
						.count = from->copies,
						.list_index = i,
						.network = network};
		rc = from->file ? add_file(build, i, &scene->targets[scene->target_count++])
				: add_generated(build, i);
		network += (uint32_t)from->copies * origin->networks;
	}
	return rc;
}

static int compare_networks(const void *a, const void *b)
{
	const struct bw_network *x = a, *y = b;

	return bw_prefix_compare(&x->prefix, &y->prefix);
}

/* A share of all addresses, always the same ones for a seed. */
static bool is_listed(const struct scene *scene, const struct bw_addr *addr, double share)
{
	struct addr_key key = addr_key_of(addr);

	return (double)(rng_mix(key.hi ^ key.lo ^ scene->seed) >> 11) * 0x1p-53 < share;
}

/* Adds the listed ones of a block's hosts. */
static int list_block(struct build *build, const struct scenario_target *from, uint32_t block,
		      struct bw_network *network, struct sim_host *hosts)
{
	const struct scene *scene = build->scene;
	uint32_t count =
		sim_world_hosts(scene->world, block, (struct bw_mono){0}, hosts, LISTED_MAX);
	struct bw_host *list =
		reallocarray(network->hosts, network->host_count + count + 1, sizeof(*list));

	if (!list)
		return fail_memory(build);
	network->hosts = list;
	for (uint32_t h = 0; h < count && h < LISTED_MAX; h++) {
		double availability = from->claimed;

		if (!is_listed(scene, &hosts[h].addr, from->listed))
			continue;
		if (!(availability > 0))
			availability = scene_availability(scene, hosts[h].kind);
		list[network->host_count++] = (struct bw_host){.addr = hosts[h].addr,
							       .availability = (float)availability};
	}
	return 0;
}

/* The hosts that live in a network's blocks at the start, as far as the target knows them. */
static int list_network(struct build *build, const struct scenario_target *from,
			struct bw_network *network, struct sim_host *hosts)
{
	unsigned length = bw_network_block_length(network);
	int rc = 0;

	network->known = from->listed > 0;
	for (uint64_t b = 0; b < network_count_blocks(network) && network->known && rc == 0; b++) {
		struct bw_prefix part = bw_prefix_part(&network->prefix, length, b);
		uint32_t block;

		if (sim_world_find(build->scene->world, &part.addr, &block) == 0)
			rc = list_block(build, from, block, network, hosts);
	}
	return rc;
}

int build_host_lists(struct build *build)
{
	struct sim_host *hosts = calloc(LISTED_MAX, sizeof(*hosts));
	struct scene *scene = build->scene;
	int rc = hosts ? 0 : fail_memory(build);

	for (size_t i = 0; i < build->scenario->target_count && rc == 0; i++) {
		const struct scenario_target *from = &build->scenario->targets[i];

		for (size_t c = 0; !from->file && c < scene->origins[i].count && rc == 0; c++) {
			struct bw_target *target = scene->targets[scene->origins[i].first + c];

			qsort(target->networks, target->network_count, sizeof(*target->networks),
			      compare_networks);
			for (size_t n = 0; n < target->network_count && rc == 0; n++)
				rc = list_network(build, from, &target->networks[n], hosts);
		}
	}
	free(hosts);
	return rc;
}
