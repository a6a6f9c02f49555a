/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each target is built twice: as blocks and hosts of the world, and as the struct bw_target
 * that the vantage gets. A target with a file is read from the file, and the world gets the
 * hosts that it lists. For a generated target the world comes first. When it is sealed, the
 * addresses of its hosts are known, and the target lists a share of them.
 */
#include "sim/scenario/build_targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/addr_key.h"
#include "base/rng.h"
#include "sim/scenario/build_hosts.h"
#include "sim/scenario/build_paths.h"
#include "target/network.h"
#include "vantage/roster.h"

#define LISTED_MAX 65536 /* hosts of one block that a target lists */

static int fail_memory(struct builder *builder)
{
	return bw_err_set(builder->err, -ENOMEM, "out of memory");
}

static struct build_field field_of(size_t target)
{
	struct build_field field;

	snprintf(field.text, sizeof(field.text), "targets[%zu]", target);
	return field;
}

/* The prefix N places after FIRST; family 0 when that is past the last address. */
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

/* Adds a network to the world: its blocks, with a path and a profile. */
static int add_network(struct builder *builder, const struct bw_network *network, int path,
		       uint16_t profile)
{
	struct sim_world *world = builder->simulation->world;
	unsigned length = bw_network_block_length(network);
	struct bw_prefix first;
	int number, rc = network_check(network, builder->err);

	if (rc < 0)
		return rc;
	first = bw_prefix_part(&network->prefix, length, 0);
	if (sim_world_block_count(world) + network_count_blocks(network) > ROSTER_BLOCKS_MAX)
		return bw_err_set(builder->err, BW_ERR_LIMIT, "more than %u blocks",
				  ROSTER_BLOCKS_MAX);
	number = sim_world_add_network(world, path, builder->err);
	if (number < 0)
		return number;
	rc = sim_world_add_blocks(world, &first, (uint32_t)network_count_blocks(network),
				  (uint32_t)number, profile, builder->err);
	return rc < 0 ? rc : 0;
}

/* The path to networks of a target; ENTRY: those of an entry with further routers, or NULL. */
static int path_over(struct builder *builder, size_t index, const struct scenario_network *entry,
		     int border)
{
	const struct scenario_target *from = &builder->scenario->targets[index];
	size_t n = entry ? (size_t)(entry - from->networks) : 0;
	char near[80], far[80];
	struct build_part parts[] = {{&from->path, near}, {entry ? &entry->path : NULL, far}};

	snprintf(near, sizeof(near), "targets[%zu].path", index);
	snprintf(far, sizeof(far), "targets[%zu].networks[%zu].path", index, n);
	return build_paths_add(builder, parts, entry ? 2 : 1, border);
}

/* Adds the border router of a target and the path over it. */
static int path_to(struct builder *builder, size_t index, uint16_t *ret_border)
{
	struct build_field field = field_of(index);
	int border = build_paths_add_border(builder);

	if (border < 0)
		return scenario_blame(builder->scenario, builder->err, "%s", field.text);
	*ret_border = (uint16_t)border;
	return path_over(builder, index, NULL, border);
}

static int add_file(struct builder *builder, size_t index, struct bw_target **ret_target)
{
	const struct scenario_target *from = &builder->scenario->targets[index];
	struct simulation_target *origin = &builder->simulation->origins[index];
	struct build_field field = field_of(index);
	struct build_hosts_spec spec = {from->profile, from->hosts, from->host_count, &field};
	struct bw_target *target;
	int path, profile, rc;

	if (!builder->catalog)
		bw_err_set(builder->err, BW_ERR_MISSING, "no target files here");
	if (!builder->catalog ||
	    catalog_resolve(builder->catalog, from->file, &target, builder->err) < 0)
		return builder->err && builder->err->file[0]
			       ? builder->err->code
			       : scenario_blame(builder->scenario, builder->err, "%s.file",
						field.text);
	*ret_target = target;
	origin->networks = (uint32_t)target->network_count;
	profile = build_hosts_profile(builder, &spec);
	path = profile < 0 ? profile : path_to(builder, index, &origin->border);
	if (path < 0)
		return path;
	for (size_t n = 0; n < target->network_count; n++) {
		rc = add_network(builder, &target->networks[n], path, (uint16_t)profile);
		if (rc < 0)
			return scenario_blame(builder->scenario, builder->err, "%s.file",
					      field.text);
	}
	return build_hosts_add_listed(builder, from, target, &field);
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

/* Makes a target without networks. */
static struct bw_target *make_target(const struct scenario_target *from, size_t copy)
{
	struct bw_target *target = calloc(1, sizeof(*target));

	if (!target)
		return NULL;
	target->name = name_of(from, copy);
	target->title = from->title ? strdup(from->title) : NULL;
	target->country = from->country ? strdup(from->country) : NULL;
	target->methods = from->methods;
	target->networks = calloc(count_networks(from), sizeof(*target->networks));
	if (!target->name || (from->title && !target->title) ||
	    (from->country && !target->country) || !target->networks) {
		bw_target_free(target);
		return NULL;
	}
	return target;
}

/* Adds the networks of one entry in a target's list to one of its copies. */
static int add_entry(struct builder *builder, const struct scenario_network *entry, size_t copy,
		     const int numbers[2], struct bw_target *target)
{
	struct bw_prefix first;
	int rc = bw_prefix_parse(entry->prefix, &first, builder->err);

	for (uint64_t i = 0; i < entry->count && rc == 0; i++) {
		struct bw_network *network = &target->networks[target->network_count];

		network->prefix = prefix_after(&first, copy * entry->count + i);
		network->block_length = (uint8_t)entry->block_length;
		if (!network->prefix.addr.family)
			return bw_err_set(builder->err, BW_ERR_VALUE, "behind the last address");
		rc = add_network(builder, network, numbers[0], (uint16_t)numbers[1]);
		target->network_count += rc == 0;
	}
	return rc;
}

/* Adds a copy of a target. PROFILES has the number of each entry's profile. */
static int add_copy(struct builder *builder, size_t index, size_t copy, const uint16_t *profiles)
{
	const struct scenario_target *from = &builder->scenario->targets[index];
	struct simulation *simulation = builder->simulation;
	struct bw_target *target = make_target(from, copy);
	uint16_t border;
	int path, rc;

	if (!target)
		return fail_memory(builder);
	simulation->targets[simulation->target_count++] = target;
	path = path_to(builder, index, &border);
	if (path < 0)
		return path;
	if (copy == 0)
		simulation->origins[index].border = border;
	for (size_t n = 0; n < from->network_count; n++) {
		const struct scenario_network *entry = &from->networks[n];
		int own = entry->path.count ? path_over(builder, index, entry, border) : path;

		if (own < 0)
			return own;
		rc = add_entry(builder, entry, copy, (int[]){own, profiles[n]}, target);
		if (rc < 0)
			return scenario_blame(builder->scenario, builder->err,
					      "targets[%zu].networks[%zu].prefix", index, n);
	}
	return 0;
}

static int make_profiles(struct builder *builder, size_t index, uint16_t *ret_profiles)
{
	const struct scenario_target *from = &builder->scenario->targets[index];

	for (size_t n = 0; n < from->network_count; n++) {
		const struct scenario_network *entry = &from->networks[n];
		struct build_field field = field_of(index);
		size_t used = strlen(field.text);
		struct build_hosts_spec spec = {entry->profile ? entry->profile : from->profile,
						from->hosts, from->host_count, &field};
		int number;

		if (entry->host_count) {
			spec.hosts = entry->hosts;
			spec.host_count = entry->host_count;
			snprintf(field.text + used, sizeof(field.text) - used, ".networks[%zu]", n);
		}
		number = build_hosts_profile(builder, &spec);
		if (number < 0)
			return number;
		ret_profiles[n] = (uint16_t)number;
	}
	return 0;
}

static int add_generated(struct builder *builder, size_t index)
{
	const struct scenario_target *from = &builder->scenario->targets[index];
	uint16_t *profiles = calloc(from->network_count, sizeof(*profiles));
	int rc;

	if (!profiles)
		return fail_memory(builder);
	builder->simulation->origins[index].networks = (uint32_t)count_networks(from);
	rc = make_profiles(builder, index, profiles);
	for (size_t copy = 0; copy < from->copies && rc == 0; copy++)
		rc = add_copy(builder, index, copy, profiles);
	free(profiles);
	return rc;
}

int build_targets(struct builder *builder)
{
	struct simulation *simulation = builder->simulation;
	uint32_t network = 0;
	int rc = 0;

	for (size_t i = 0; i < builder->scenario->target_count && rc == 0; i++) {
		const struct scenario_target *from = &builder->scenario->targets[i];
		struct simulation_target *origin = &simulation->origins[i];

		*origin = (struct simulation_target){.first = simulation->target_count,
						     .count = from->copies,
						     .list_index = i,
						     .network = network};
		rc = from->file ? add_file(builder, i,
					   &simulation->targets[simulation->target_count++])
				: add_generated(builder, i);
		network += (uint32_t)from->copies * origin->networks;
	}
	return rc;
}

static int compare_networks(const void *a, const void *b)
{
	const struct bw_network *x = a, *y = b;

	return bw_prefix_compare(&x->prefix, &y->prefix);
}

/* Whether an address is in a share of all addresses, which depends on the seed alone. */
static bool is_listed(const struct simulation *simulation, const struct bw_addr *addr, double share)
{
	struct addr_key key = addr_key_of(addr);

	return (double)(rng_mix(key.hi ^ key.lo ^ simulation->seed) >> 11) * 0x1p-53 < share;
}

/* Adds the hosts of a block that the target lists. */
static int list_block(struct builder *builder, const struct scenario_target *from, uint32_t block,
		      struct bw_network *network, struct sim_host *hosts)
{
	const struct simulation *simulation = builder->simulation;
	uint32_t count =
		sim_world_hosts(simulation->world, block, (struct bw_mono){0}, hosts, LISTED_MAX);
	struct bw_host *list =
		reallocarray(network->hosts, network->host_count + count + 1, sizeof(*list));

	if (!list)
		return fail_memory(builder);
	network->hosts = list;
	for (uint32_t h = 0; h < count && h < LISTED_MAX; h++) {
		double availability = from->claimed;

		if (!is_listed(simulation, &hosts[h].addr, from->listed))
			continue;
		if (!(availability > 0))
			availability = sim_world_availability(simulation->world, hosts[h].kind);
		list[network->host_count++] = (struct bw_host){.addr = hosts[h].addr,
							       .availability = (float)availability};
	}
	return 0;
}

/* Lists the hosts that a network's blocks have at the start and the target knows. */
static int list_network(struct builder *builder, const struct scenario_target *from,
			struct bw_network *network, struct sim_host *hosts)
{
	unsigned length = bw_network_block_length(network);
	int rc = 0;

	uint64_t parts = bw_prefix_parts(&network->prefix, length);

	network->known = from->listed > 0;
	for (uint64_t b = 0; b < parts && network->known && rc == 0; b++) {
		struct bw_prefix part = bw_prefix_part(&network->prefix, length, b);
		uint32_t block;

		if (sim_world_find(builder->simulation->world, &part.addr, &block) == 0)
			rc = list_block(builder, from, block, network, hosts);
	}
	return rc;
}

int build_targets_list_hosts(struct builder *builder)
{
	struct sim_host *hosts = calloc(LISTED_MAX, sizeof(*hosts));
	struct simulation *simulation = builder->simulation;
	int rc = hosts ? 0 : fail_memory(builder);

	for (size_t i = 0; i < builder->scenario->target_count && rc == 0; i++) {
		const struct scenario_target *from = &builder->scenario->targets[i];

		for (size_t c = 0; !from->file && c < simulation->origins[i].count && rc == 0;
		     c++) {
			struct bw_target *target =
				simulation->targets[simulation->origins[i].first + c];

			qsort(target->networks, target->network_count, sizeof(*target->networks),
			      compare_networks);
			for (size_t n = 0; n < target->network_count && rc == 0; n++)
				rc = list_network(builder, from, &target->networks[n], hosts);
		}
	}
	free(hosts);
	return rc;
}
