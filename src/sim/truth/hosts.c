/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which hosts there are, and whether they are on. Nothing here has a memory:
 * all is a function of the seed, the block, the host and the time, so that a
 * block costs the same whether it is probed or not, and every prober of a seed
 * meets the same hosts (chance.c tells how sessions work without memory).
 *
 * A host of a group is found by its rank: a keyed permutation sends the offset
 * of each address to a rank, the first group has the ranks from 0 on, the next
 * those behind it, and ranks behind the last group are empty addresses. The
 * rank is who the host is; when a block renumbers, the permutation changes and
 * the hosts keep their ranks.
 */
#include <string.h>

#include "base/addr_key.h"
#include "base/permute.h"
#include "sim/world/inside.h"
#include "sim/truth/chance.h"

#define ROOM_V4 65536
#define ROOM_V6 256
#define HOST_KEYS (UINT64_C(1) << 32) /* apart from the small numbers below */
#define HOUR_S 3600.0
#define DAY_S INT64_C(86400)

/* What else is hashed with a host's or block's key. */
enum {
	KEY_NUMBERING = 1,
	KEY_NUMBERING_PHASE,
	KEY_RESTS,
	KEY_REST_JITTER,
	KEY_MOVES,
};

uint64_t truth_block_key(const struct sim_world *world, uint32_t block)
{
	return chance_key(world->seed, block);
}

uint32_t truth_room(const struct bw_prefix *prefix, uint32_t *ret_first)
{
	uint64_t size = bw_prefix_size(prefix);
	uint32_t most = prefix->addr.family == 4 ? ROOM_V4 : ROOM_V6;

	if (size > most)
		size = most;
	*ret_first = size > 3 ? 2 : 0;
	return (uint32_t)(size > 3 ? size - 3 : size);
}

/* How far into its block an address is; UINT64_MAX when 2^64 or more. */
static uint64_t offset_of(const struct bw_prefix *prefix, const struct bw_addr *addr)
{
	struct addr_key base = addr_key_of(&prefix->addr), key = addr_key_of(addr);

	if (addr->family == 4)
		return (key.hi - base.hi) >> 32;
	return key.hi == base.hi ? key.lo - base.lo : UINT64_MAX;
}

/* The first of the hosts with an address of their own that is not before ADDR in BLOCK. */
static uint32_t own_lower_bound(const struct sim_world *world, uint32_t block,
				const struct bw_addr *addr)
{
	uint32_t low = 0, high = world->hosts.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct own_host *own = world_own_host(world, middle);

		if (own->block < block ||
		    (own->block == block && bw_addr_compare(&own->host.addr, addr) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The N-th of all such hosts; NULL when that is none of BLOCK's. */
static const struct own_host *own_host_of(const struct sim_world *world, uint32_t block, uint32_t n)
{
	const struct own_host *own = world_own_host(world, n);

	return n < world->hosts.count && own->block == block ? own : NULL;
}

bool truth_has_own_hosts(const struct sim_world *world, uint32_t block)
{
	const struct bw_addr before_all = {0};

	return own_host_of(world, block, own_lower_bound(world, block, &before_all));
}

static bool find_own(const struct sim_world *world, const struct site *site,
		     const struct bw_addr *addr, struct found_host *ret_host)
{
	const struct own_host *own =
		own_host_of(world, site->block, own_lower_bound(world, site->block, addr));

	if (!own || !bw_addr_equal(&own->host.addr, addr))
		return false;
	ret_host->kind = world_kind(world, own->host.kind);
	ret_host->key = chance_key(~truth_block_key(world, site->block),
				   offset_of(&site->prefix, addr));
	return true;
}

/* Counts up each time that a block's hosts get new addresses; blocks do so at different moments. */
static uint64_t numbering_of(const struct sim_profile *profile, uint64_t key, int64_t at_ns)
{
	double phase;

	if (profile->renumber_ns <= 0)
		return 0;
	phase = chance_unit(chance_key(key, KEY_NUMBERING_PHASE));
	return (uint64_t)((at_ns + (int64_t)(phase * (double)profile->renumber_ns)) /
			  profile->renumber_ns);
}

static bool find_in_groups(const struct sim_world *world, const struct site *site,
			   const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host)
{
	const struct sim_profile *profile = world_profile(world, site->tract->profile);
	uint64_t key = truth_block_key(world, site->block);
	uint64_t offset = offset_of(&site->prefix, addr);
	uint32_t first, room = truth_room(&site->prefix, &first);
	struct permute order;
	uint64_t rank, behind = 0;

	if (profile->group_count == 0 || offset < first || offset - first >= room)
		return false;
	order = permute_of(room, chance_key(chance_key(key, KEY_NUMBERING),
					    numbering_of(profile, key, at_ns)));
	rank = permute_at(&order, offset - first);
	for (unsigned i = 0; i < profile->group_count; i++) {
		behind += profile->groups[i].count;
		if (rank >= behind)
			continue;
		ret_host->kind = world_kind(world, profile->groups[i].kind);
		ret_host->key = chance_key(key, HOST_KEYS + rank);
		return true;
	}
	return false;
}

static bool find_resident(const struct sim_world *world, const struct site *site,
			  const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host)
{
	return find_own(world, site, addr, ret_host) ||
	       find_in_groups(world, site, addr, at_ns, ret_host);
}

static bool takes_part(const struct sim_world *world, uint32_t move, const struct found_host *host,
		       int64_t at_ns)
{
	const struct sim_move *config = world_move(world, move);

	return at_ns >= config->start.ns && at_ns < config->end.ns &&
	       chance_unit(chance_key(host->key, KEY_MOVES + move)) < config->share;
}

/* Whether a host of BLOCK has moved away. */
static bool has_left(const struct sim_world *world, uint32_t block, const struct found_host *host,
		     int64_t at_ns)
{
	for (uint32_t i = 0; i < world->moves.count; i++) {
		if (world_move(world, i)->from == block && takes_part(world, i, host, at_ns))
			return true;
	}
	return false;
}

/* Whether a host has moved to this address of a block from the same offset of another. */
static bool find_arrived(const struct sim_world *world, const struct site *site,
			 const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host)
{
	uint64_t offset = offset_of(&site->prefix, addr);

	for (uint32_t i = 0; i < world->moves.count; i++) {
		const struct sim_move *move = world_move(world, i);
		struct site from;
		struct bw_addr old;

		if (move->to != site->block)
			continue;
		from = site_of(world, move->from);
		if (offset >= bw_prefix_size(&from.prefix))
			continue;
		old = bw_addr_add(&from.prefix.addr, offset);
		if (find_resident(world, &from, &old, at_ns, ret_host) &&
		    takes_part(world, i, ret_host, at_ns))
			return true;
	}
	return false;
}

bool truth_find_host(const struct sim_world *world, const struct site *site,
		     const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host)
{
	if (find_resident(world, site, addr, at_ns, ret_host) &&
	    !has_left(world, site->block, ret_host, at_ns))
		return true;
	return find_arrived(world, site, addr, at_ns, ret_host);
}

/* Whether a time of day is in [from, to), which may reach over midnight. */
static bool is_between(double hour, double from, double to)
{
	return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}

static bool rests(const struct sim_world *world, const struct found_host *host, int64_t at_ns)
{
	const struct sim_rest *rest = &host->kind->rest;
	int64_t local, second, day;
	double hour;

	if (rest->share <= 0 || chance_unit(chance_key(host->key, KEY_RESTS)) >= rest->share)
		return false;
	local = (world->config.start.ns + at_ns) / BW_S + rest->utc_offset_s;
	day = local / DAY_S - (local % DAY_S < 0);
	second = local - day * DAY_S;
	if (rest->days >> ((day + 3) % 7 + 7) % 7 & 1) /* 1970-01-01 was a Thursday */
		return true;
	hour = (double)second / HOUR_S + 48 +
	       rest->jitter_hours * (2 * chance_unit(chance_key(host->key, KEY_REST_JITTER)) - 1);
	while (hour >= 24)
		hour -= 24;
	return is_between(hour, rest->from_hour, rest->to_hour);
}

bool truth_host_is_on(const struct sim_world *world, const struct found_host *host, int64_t at_ns,
		      struct rng *luck)
{
	const struct sim_host_kind *kind = host->kind;

	if (rests(world, host, at_ns))
		return false;
	if (kind->availability >= 1)
		return true;
	if (kind->tau_ns == 0)
		return !luck || rng_unit(luck) < kind->availability;
	return chance_state(host->key, at_ns, kind->tau_ns, kind->availability);
}

bool sim_world_host_is_on(const struct sim_world *world, const struct bw_addr *addr,
			  struct bw_mono at)
{
	struct found_host host;
	struct site site;
	uint32_t block;

	if (!lpm_find(&world->lpm, addr, &block))
		return false;
	site = site_of(world, block);
	return truth_find_host(world, &site, addr, at.ns, &host) &&
	       truth_host_is_on(world, &host, at.ns, NULL);
}

/* Counts and lists a host, unless its address belongs to a block within this one. */
static uint32_t list_host(const struct sim_world *world, const struct site *site,
			  const struct bw_addr *addr, int64_t at_ns, struct sim_host *ret_host)
{
	struct found_host host;
	uint32_t owner;

	if (!truth_find_host(world, site, addr, at_ns, &host) ||
	    !lpm_find(&world->lpm, addr, &owner) || owner != site->block)
		return 0;
	if (ret_host) {
		ret_host->addr = *addr;
		ret_host->kind = (uint16_t)(host.kind - world_kind(world, 0));
	}
	return 1;
}

uint32_t sim_world_hosts(const struct sim_world *world, uint32_t block, struct bw_mono at,
			 struct sim_host *hosts, uint32_t max)
{
	struct site site = site_of(world, block);
	uint32_t first, room = truth_room(&site.prefix, &first), count = 0;
	uint32_t end = first ? room + 3 : room;
	struct bw_addr addr = site.prefix.addr;
	const struct own_host *own;

	for (uint32_t i = 0; i < end; i++, addr = bw_addr_add(&addr, 1))
		count += list_host(world, &site, &addr, at.ns, count < max ? &hosts[count] : NULL);
	if (bw_prefix_size(&site.prefix) == end)
		return count;
	for (uint32_t n = own_lower_bound(world, block, &addr);
	     (own = own_host_of(world, block, n)); n++)
		count += list_host(world, &site, &own->host.addr, at.ns,
				   count < max ? &hosts[count] : NULL);
	return count;
}
