/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hosts of a world and their state. Nothing here has a memory: everything is a
 * function of the seed, the block, the host and the time. A block costs the same whether
 * it is probed or not, and all probers of a world with the same seed meet the same hosts
 * (base/chance.c describes how sessions work without memory).
 *
 * A host of a group is found by its rank. A keyed permutation maps the offset of each
 * address to a rank. The first group has the ranks from 0 on, the next group the ranks
 * behind it. Ranks behind the last group are empty addresses. The rank identifies the
 * host: when a block renumbers, the permutation changes and the hosts keep their ranks.
 */
#include "sim/truth/hosts.h"

#include <stdlib.h>

#include "base/chance.h"
#include "base/permutation.h"
#include "sim/topology/check.h"

#define MOVES_MAX 1024
#define HOST_KEYS (UINT64_C(1) << 32) /* apart from the small numbers below */
#define HOUR_S 3600.0
#define DAY_S INT64_C(86400)

/* What is hashed with the key of a host or block, besides ranks. */
enum {
	KEY_NUMBERING = 1,
	KEY_NUMBERING_PHASE,
	KEY_RESTS,
	KEY_REST_JITTER,
	KEY_MOVES,
};

struct listed_host {
	uint32_t block;
	struct sim_host host;
};

static struct listed_host *listed_at(const struct hosts *hosts, uint32_t n)
{
	return (struct listed_host *)array_at(&hosts->listed, n);
}

static const struct sim_move *move_at(const struct hosts *hosts, uint32_t n)
{
	return (const struct sim_move *)array_at(&hosts->moves, n);
}

void hosts_init(struct hosts *hosts, uint64_t seed, int64_t start_ns, const struct blocks *blocks,
		const struct profiles *profiles)
{
	*hosts = (struct hosts){
		.seed = seed,
		.start_ns = start_ns,
		.blocks = blocks,
		.profiles = profiles,
		.listed = array_of(sizeof(struct listed_host)),
		.moves = array_of(sizeof(struct sim_move)),
	};
}

void hosts_fini(struct hosts *hosts)
{
	array_fini(&hosts->listed);
	array_fini(&hosts->moves);
}

int hosts_add(struct hosts *hosts, const struct sim_host *host, struct bw_err *err)
{
	struct listed_host listed = {.host = *host};
	char text[BW_ADDR_TEXT];
	int rc;

	if (host->kind >= hosts->profiles->kinds.count)
		return bw_err_set(err, BW_ERR_MISSING, "no host kind %u", host->kind);
	if (!blocks_find(hosts->blocks, &host->addr, &listed.block))
		return bw_err_set(err, BW_ERR_MISSING, "no block has the address %s",
				  bw_addr_format(&host->addr, text));
	rc = array_put(&hosts->listed, &listed, INT32_MAX, err);
	return rc < 0 ? rc : 0;
}

int hosts_add_move(struct hosts *hosts, const struct sim_move *move, struct bw_err *err)
{
	const struct blocks *blocks = hosts->blocks;
	int rc = check_interval(move->start, move->end, err);

	if (rc < 0)
		return rc;
	if (move->from >= blocks->count || move->to >= blocks->count || move->from == move->to)
		return bw_err_set(err, BW_ERR_MISSING,
				  "a move is between two blocks that are there");
	if (blocks_get(blocks, move->from).prefix.addr.family !=
	    blocks_get(blocks, move->to).prefix.addr.family)
		return bw_err_set(err, BW_ERR_VALUE, "a move is within one family");
	if (!check_chance(move->share))
		return bw_err_set(err, BW_ERR_VALUE, "a share is from 0 to 1");
	if (hosts->moves.count == MOVES_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d moves", MOVES_MAX);
	return array_put(&hosts->moves, move, MOVES_MAX, err);
}

static int compare_hosts(const void *a, const void *b)
{
	const struct listed_host *x = a, *y = b;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	return bw_addr_compare(&x->host.addr, &y->host.addr);
}

int hosts_seal(struct hosts *hosts, struct bw_err *err)
{
	char text[BW_ADDR_TEXT];

	if (hosts->listed.count == 0)
		return 0;
	qsort(listed_at(hosts, 0), hosts->listed.count, sizeof(struct listed_host), compare_hosts);
	for (uint32_t i = 1; i < hosts->listed.count; i++) {
		const struct listed_host *listed = listed_at(hosts, i);

		if (compare_hosts(listed - 1, listed) == 0)
			return bw_err_set(err, BW_ERR_OVERLAP, "host %s is there twice",
					  bw_addr_format(&listed->host.addr, text));
	}
	return 0;
}

uint64_t hosts_block_key(const struct hosts *hosts, uint32_t block)
{
	return chance_key(hosts->seed, block);
}

/* The number of the first listed host that is not before ADDR in BLOCK. */
static uint32_t listed_lower_bound(const struct hosts *hosts, uint32_t block,
				   const struct bw_addr *addr)
{
	uint32_t low = 0, high = hosts->listed.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct listed_host *listed = listed_at(hosts, middle);

		if (listed->block < block ||
		    (listed->block == block && bw_addr_compare(&listed->host.addr, addr) < 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Listed host N; NULL when it is not one of BLOCK's. */
static const struct listed_host *listed_of(const struct hosts *hosts, uint32_t block, uint32_t n)
{
	const struct listed_host *listed = listed_at(hosts, n);

	return n < hosts->listed.count && listed->block == block ? listed : NULL;
}

static bool find_listed(const struct hosts *hosts, const struct sim_block *block,
			const struct bw_addr *addr, struct found_host *ret_host)
{
	const struct listed_host *listed =
		listed_of(hosts, block->number, listed_lower_bound(hosts, block->number, addr));

	if (!listed || !bw_addr_equal(&listed->host.addr, addr))
		return false;
	ret_host->kind = profiles_kind(hosts->profiles, listed->host.kind);
	ret_host->key = chance_key(~hosts_block_key(hosts, block->number),
				   blocks_offset(&block->prefix, addr));
	return true;
}

/* Whether a block has listed hosts. */
static bool has_listed(const struct hosts *hosts, uint32_t block)
{
	const struct bw_addr before_all = {0};

	return listed_of(hosts, block, listed_lower_bound(hosts, block, &before_all));
}

/* Counts the times that a block's hosts got new addresses. The moments differ between blocks. */
static uint64_t numbering_of(const struct sim_profile *profile, uint64_t key, int64_t at_ns)
{
	double phase;

	if (profile->renumber_ns <= 0)
		return 0;
	phase = chance_unit(chance_key(key, KEY_NUMBERING_PHASE));
	return (uint64_t)((at_ns + (int64_t)(phase * (double)profile->renumber_ns)) /
			  profile->renumber_ns);
}

static bool find_in_groups(const struct hosts *hosts, const struct sim_block *block,
			   const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host)
{
	const struct sim_profile *profile = profiles_at(hosts->profiles, block->range->profile);
	uint64_t key = hosts_block_key(hosts, block->number);
	uint64_t offset = blocks_offset(&block->prefix, addr);
	uint32_t first, room = blocks_host_room(&block->prefix, &first);
	struct permutation order;
	uint64_t rank, behind = 0;

	if (profile->group_count == 0 || offset < first || offset - first >= room)
		return false;
	order = permutation_of(room, chance_key(chance_key(key, KEY_NUMBERING),
						numbering_of(profile, key, at_ns)));
	rank = permutation_at(&order, offset - first);
	for (unsigned i = 0; i < profile->group_count; i++) {
		behind += profile->groups[i].count;
		if (rank >= behind)
			continue;
		ret_host->kind = profiles_kind(hosts->profiles, profile->groups[i].kind);
		ret_host->key = chance_key(key, HOST_KEYS + rank);
		return true;
	}
	return false;
}

static bool find_resident(const struct hosts *hosts, const struct sim_block *block,
			  const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host)
{
	return find_listed(hosts, block, addr, ret_host) ||
	       find_in_groups(hosts, block, addr, at_ns, ret_host);
}

static bool takes_part(const struct hosts *hosts, uint32_t move, const struct found_host *host,
		       int64_t at_ns)
{
	const struct sim_move *config = move_at(hosts, move);

	return at_ns >= config->start.ns && at_ns < config->end.ns &&
	       chance_unit(chance_key(host->key, KEY_MOVES + move)) < config->share;
}

/* Whether a host of BLOCK is away. */
static bool has_left(const struct hosts *hosts, uint32_t block, const struct found_host *host,
		     int64_t at_ns)
{
	for (uint32_t i = 0; i < hosts->moves.count; i++) {
		if (move_at(hosts, i)->from == block && takes_part(hosts, i, host, at_ns))
			return true;
	}
	return false;
}

/* Finds a host that has moved to an address from the same offset of another block. */
static bool find_arrived(const struct hosts *hosts, const struct sim_block *block,
			 const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host)
{
	uint64_t offset = blocks_offset(&block->prefix, addr);

	for (uint32_t i = 0; i < hosts->moves.count; i++) {
		const struct sim_move *move = move_at(hosts, i);
		struct sim_block from;
		struct bw_addr old;

		if (move->to != block->number)
			continue;
		from = blocks_get(hosts->blocks, move->from);
		if (offset >= bw_prefix_size(&from.prefix))
			continue;
		old = bw_addr_add(&from.prefix.addr, offset);
		if (find_resident(hosts, &from, &old, at_ns, ret_host) &&
		    takes_part(hosts, i, ret_host, at_ns))
			return true;
	}
	return false;
}

bool hosts_find(const struct hosts *hosts, const struct sim_block *block,
		const struct bw_addr *addr, int64_t at_ns, struct found_host *ret_host)
{
	if (find_resident(hosts, block, addr, at_ns, ret_host) &&
	    !has_left(hosts, block->number, ret_host, at_ns))
		return true;
	return find_arrived(hosts, block, addr, at_ns, ret_host);
}

/* Whether a time of day is in [from, to), which may span midnight. */
static bool is_between(double hour, double from, double to)
{
	return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}

static bool rests(const struct hosts *hosts, const struct found_host *host, int64_t at_ns)
{
	const struct sim_rest *rest = &host->kind->rest;
	int64_t local, second, day;
	double hour;

	if (rest->share <= 0 || chance_unit(chance_key(host->key, KEY_RESTS)) >= rest->share)
		return false;
	local = (hosts->start_ns + at_ns) / BW_S + rest->utc_offset_s;
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

bool hosts_is_on(const struct hosts *hosts, const struct found_host *host, int64_t at_ns,
		 struct rng *rng)
{
	const struct sim_host_kind *kind = host->kind;

	if (rests(hosts, host, at_ns))
		return false;
	if (kind->availability >= 1)
		return true;
	if (kind->tau_ns == 0)
		return !rng || rng_unit(rng) < kind->availability;
	return chance_state(host->key, at_ns, kind->tau_ns, kind->availability);
}

bool hosts_is_empty(const struct hosts *hosts, const struct sim_block *block, int64_t at_ns)
{
	const struct sim_profile *profile = profiles_at(hosts->profiles, block->range->profile);
	bool has_hosts = profile->group_count > 0 || has_listed(hosts, block->number);

	for (uint32_t i = 0; i < hosts->moves.count; i++) {
		const struct sim_move *move = move_at(hosts, i);

		if (at_ns < move->start.ns || at_ns >= move->end.ns)
			continue;
		if (move->to == block->number && move->share > 0)
			return false;
		if (move->from == block->number && move->share >= 1)
			has_hosts = false;
	}
	return !has_hosts && !profile->proxy;
}

/* Stores the host at an address, unless a nested block has the address. Returns 1 or 0. */
static uint32_t list_host(const struct hosts *hosts, const struct sim_block *block,
			  const struct bw_addr *addr, int64_t at_ns, struct sim_host *ret_host)
{
	struct found_host host;
	uint32_t owner;

	if (!hosts_find(hosts, block, addr, at_ns, &host) ||
	    !blocks_find(hosts->blocks, addr, &owner) || owner != block->number)
		return 0;
	if (ret_host) {
		ret_host->addr = *addr;
		ret_host->kind = (uint16_t)(host.kind - profiles_kind(hosts->profiles, 0));
	}
	return 1;
}

uint32_t hosts_list(const struct hosts *hosts, uint32_t number, int64_t at_ns,
		    struct sim_host *list, uint32_t max)
{
	struct sim_block block = blocks_get(hosts->blocks, number);
	uint32_t first, room = blocks_host_room(&block.prefix, &first), count = 0;
	uint32_t end = first ? room + 3 : room;
	struct bw_addr addr = block.prefix.addr;
	const struct listed_host *listed;

	for (uint32_t i = 0; i < end; i++, addr = bw_addr_add(&addr, 1))
		count += list_host(hosts, &block, &addr, at_ns, count < max ? &list[count] : NULL);
	if (bw_prefix_size(&block.prefix) == end)
		return count;
	for (uint32_t n = listed_lower_bound(hosts, number, &addr);
	     (listed = listed_of(hosts, number, n)); n++)
		count += list_host(hosts, &block, &listed->host.addr, at_ns,
				   count < max ? &list[count] : NULL);
	return count;
}
