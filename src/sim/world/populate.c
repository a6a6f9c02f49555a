/* SPDX-License-Identifier: Apache-2.0 */
/* What a world is made of, taken in and checked: blocks, and what befalls them. */
#include <errno.h>

#include "sim/topology/check.h"
#include "sim/world/inside.h"
#include "sim/truth/chance.h"

static int fail_memory(struct bw_err *err, int rc)
{
	return bw_err_set(err, rc, "out of memory");
}

static int check_room(const struct bw_prefix *prefix, const struct sim_profile *profile,
		      struct bw_err *err)
{
	uint32_t first, room = truth_room(prefix, &first);
	uint64_t hosts = 0;
	char text[BW_PREFIX_TEXT];

	for (unsigned i = 0; i < profile->group_count; i++)
		hosts += profile->groups[i].count;
	if (hosts > room)
		return bw_err_set(err, BW_ERR_VALUE, "%llu hosts in %s, which has room for %u",
				  (unsigned long long)hosts, bw_prefix_format(prefix, text), room);
	return 0;
}

static int check_first(const struct bw_prefix *first, uint32_t count, struct bw_err *err)
{
	unsigned bits = bw_addr_bits(&first->addr);
	struct bw_prefix cut, last;

	if (first->length == 0 || first->length > bits || (bits == 32 && first->length < 16))
		return bw_err_set(err, BW_ERR_VALUE, "a block is IPv6, or IPv4 from /16 on");
	cut = bw_prefix_of(&first->addr, first->length);
	if (!bw_addr_equal(&cut.addr, &first->addr))
		return bw_err_set(err, BW_ERR_VALUE, "bits behind the length of a block's prefix");
	if (count == 0 || count > INT32_MAX || (first->length < 32 && (count - 1) >> first->length))
		return bw_err_set(err, BW_ERR_VALUE, "%u blocks of /%u", count, first->length);
	last = site_prefix_after(first, count - 1);
	if (bw_addr_compare(&last.addr, &first->addr) < 0)
		return bw_err_set(err, BW_ERR_VALUE, "%u blocks reach behind the last address",
				  count);
	return 0;
}

/* One each, full, where a profile limits the answers of blocks. */
static int add_buckets(struct sim_world *world, struct tract *tract)
{
	const struct bucket full = {0};

	if (!(world_profile(world, tract->profile)->limit_pps > 0))
		return 0;
	tract->first_bucket = world->buckets.count;
	if (array_reserve(&world->buckets, tract->count) < 0)
		return -ENOMEM;
	for (uint32_t i = 0; i < tract->count; i++)
		(void)array_add(&world->buckets, &full);
	return 0;
}

int sim_world_add_blocks(struct sim_world *world, const struct bw_prefix *first, uint32_t count,
			 uint32_t network, uint16_t profile, struct bw_err *err)
{
	struct tract tract = {
		.prefix = *first,
		.first = world->block_count,
		.count = count,
		.network = network,
		.profile = profile,
	};
	char text[BW_PREFIX_TEXT];
	int rc = check_first(first, count, err);

	if (rc < 0)
		return rc;
	if (network >= world->networks.count || profile >= world->profiles.count)
		return bw_err_set(err, BW_ERR_MISSING, "no network %u or no profile %u", network,
				  profile);
	rc = check_room(first, world_profile(world, profile), err);
	if (rc < 0)
		return rc;
	rc = add_buckets(world, &tract);
	if (rc >= 0)
		rc = array_add(&world->tracts, &tract);
	if (rc < 0)
		return fail_memory(err, rc);
	world->block_count += count;
	rc = lpm_add(&world->lpm, tract.first, count);
	if (rc < 0)
		return bw_err_set(err, rc, "%u blocks from %s on: %s", count,
				  bw_prefix_format(first, text), bw_error_text(rc));
	return (int)tract.first;
}

int sim_world_add_host(struct sim_world *world, const struct sim_host *host, struct bw_err *err)
{
	struct own_host own = {.host = *host};
	char text[BW_ADDR_TEXT];
	int rc;

	if (host->kind >= world->kinds.count)
		return bw_err_set(err, BW_ERR_MISSING, "no host kind %u", host->kind);
	if (!lpm_find(&world->lpm, &host->addr, &own.block))
		return bw_err_set(err, BW_ERR_MISSING, "no block has the address %s",
				  bw_addr_format(&host->addr, text));
	rc = array_add(&world->hosts, &own);
	return rc < 0 ? fail_memory(err, rc) : 0;
}

static int check_subject(const struct sim_world *world, const struct sim_fault *fault,
			 struct bw_err *err)
{
	uint32_t network = fault->subject;

	if (fault->scope == SIM_BLOCK) {
		if (fault->subject >= world->block_count)
			return bw_err_set(err, BW_ERR_MISSING, "no block %u", fault->subject);
		network = sim_world_network(world, fault->subject);
	}
	if (fault->scope != SIM_WORLD && network >= world->networks.count)
		return bw_err_set(err, BW_ERR_MISSING, "no network %u", network);
	if (fault->router == SIM_LAST_ROUTER)
		return 0;
	if (fault->router < 0 || (uint32_t)fault->router >= world->routers.count)
		return bw_err_set(err, BW_ERR_MISSING, "no router %d", fault->router);
	if (fault->scope != SIM_WORLD &&
	    !path_has(world_path(world, world_network(world, network)->path),
		      (uint32_t)fault->router))
		return bw_err_set(err, BW_ERR_VALUE, "router %d is not on the network's path",
				  fault->router);
	return 0;
}

static int check_fault(const struct sim_world *world, const struct sim_fault *fault,
		       struct bw_err *err)
{
	int rc = check_interval(fault->start, fault->end, err);

	if (rc >= 0)
		rc = check_loss(&fault->loss, err);
	if (rc >= 0)
		rc = check_subject(world, fault, err);
	if (rc < 0)
		return rc;
	if (fault->delay_ns < 0)
		return bw_err_set(err, BW_ERR_VALUE, "a fault's delay is not below 0");
	if (fault->vantages >> world->vantage_count)
		return bw_err_set(err, BW_ERR_MISSING, "a fault for a vantage that is not there");
	return 0;
}

static bool same_detail(const struct fault_detail *a, const struct fault_detail *b)
{
	return a->router == b->router && a->vantages == b->vantages &&
	       a->part.length == b->part.length && bw_addr_equal(&a->part.addr, &b->part.addr) &&
	       a->loss.out == b->loss.out && a->loss.back == b->loss.back &&
	       a->delay_ns == b->delay_ns;
}

/* The number of a detail in the table, added when it is not among the first or the last few. */
static int intern_detail(struct sim_world *world, const struct sim_fault *fault)
{
	struct fault_detail detail = {
		.router = fault->router,
		.vantages = fault->vantages,
		.part = fault->part,
		.loss = fault->loss,
		.delay_ns = fault->delay_ns,
	};
	uint32_t count = world->details.count;

	for (uint32_t i = 0; i < 64 && i < count; i++) {
		if (same_detail(world_detail(world, i), &detail))
			return (int)i;
		if (same_detail(world_detail(world, count - 1 - i), &detail))
			return (int)(count - 1 - i);
	}
	return count > UINT16_MAX ? BW_ERR_LIMIT : array_add(&world->details, &detail);
}

int sim_world_add_fault(struct sim_world *world, const struct sim_fault *fault, struct bw_err *err)
{
	struct fault item = {
		.start_ns = fault->start.ns,
		.end_ns = fault->end.ns,
		.subject = fault->scope == SIM_WORLD ? 0 : fault->subject,
		.scope = (uint8_t)fault->scope,
		.kind = (uint8_t)fault->kind,
	};
	int rc = check_fault(world, fault, err);

	if (rc < 0)
		return rc;
	rc = intern_detail(world, fault);
	if (rc < 0)
		return bw_err_set(err, rc, "too many different faults");
	item.detail = (uint16_t)rc;
	rc = array_add(&world->faults, &item);
	return rc < 0 ? fail_memory(err, rc) : 0;
}

/* Between always the mean and an exponential length; at least 1 ns. */
static int64_t phase_length(struct rng *luck, int64_t mean, double spread)
{
	double length =
		(1 - spread) * (double)mean + spread * (double)chance_exponential(luck, mean);

	return length >= 1 ? (int64_t)length : 1;
}

int sim_world_add_flap(struct sim_world *world, const struct sim_flap *flap, struct bw_err *err)
{
	struct sim_fault fault = flap->fault;
	struct rng luck = rng_of(chance_key(world->seed, UINT64_MAX - world->faults.count));
	int count = 0, rc = check_interval(fault.start, fault.end, err);

	if (rc < 0)
		return rc;
	if (flap->down_ns <= 0 || flap->up_ns <= 0 || !check_chance(flap->spread))
		return bw_err_set(err, BW_ERR_VALUE, "flap: lengths above 0, spread from 0 to 1");
	for (; fault.start.ns < flap->fault.end.ns; count++) {
		fault.end = bw_mono_min(bw_mono_add(fault.start, phase_length(&luck, flap->down_ns,
									      flap->spread)),
					flap->fault.end);
		rc = sim_world_add_fault(world, &fault, err);
		if (rc < 0)
			return rc;
		fault.start =
			bw_mono_add(fault.end, phase_length(&luck, flap->up_ns, flap->spread));
	}
	return count;
}

int sim_world_add_move(struct sim_world *world, const struct sim_move *move, struct bw_err *err)
{
	int rc = check_interval(move->start, move->end, err);

	if (rc < 0)
		return rc;
	if (move->from >= world->block_count || move->to >= world->block_count ||
	    move->from == move->to)
		return bw_err_set(err, BW_ERR_MISSING,
				  "a move is between two blocks that are there");
	if (sim_world_prefix(world, move->from).addr.family !=
	    sim_world_prefix(world, move->to).addr.family)
		return bw_err_set(err, BW_ERR_VALUE, "a move is within one family");
	if (!check_chance(move->share))
		return bw_err_set(err, BW_ERR_VALUE, "a share is from 0 to 1");
	if (world->moves.count == MOVES_MAX)
		return bw_err_set(err, BW_ERR_LIMIT, "at most %d moves", MOVES_MAX);
	rc = array_add(&world->moves, move);
	return rc < 0 ? fail_memory(err, rc) : rc;
}
