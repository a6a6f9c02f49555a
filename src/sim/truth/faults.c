/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Faults: what was wrong, when, and for whom. All lie in one array, which the
 * sealing sorts by scope, subject and start, so that those of a block or network
 * are a run of it, which is searched for. A fault carries the latest end of its run
 * so far ("reach"): to find what is in effect at a time, one searches the last start
 * before it and walks back until no earlier fault reaches that far. Faults may
 * overlap.
 *
 * Two readers ask different things. A probe asks what meets it: the fault
 * nearest to the vantage ends its way, loss and delay add up. The truth asks
 * when a block was dark: whole, for all vantages; a block that one vantage
 * cannot see, or half of which is gone, is up.
 */
#include <stdlib.h>

#include "sim/world/inside.h"
#include "sim/truth/chance.h"

/* The faults of one scope that concern a block, by start. */
struct run {
	const struct fault *first, *end;
};

/* Goes through those of a run that are in effect at a time. */
struct walk {
	const struct fault *first, *at; /* at: the one before which to go on */
	int64_t at_ns;
};

/* The first fault that is not before those of a subject. */
static const struct fault *first_of(const struct sim_world *world, uint64_t scope, uint64_t subject)
{
	uint32_t low = 0, high = world->faults.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct fault *fault = world_fault(world, middle);

		if (((uint64_t)fault->scope << 32 | fault->subject) < (scope << 32 | subject))
			low = middle + 1;
		else
			high = middle;
	}
	return world_fault(world, low);
}

static struct run run_of(const struct sim_world *world, int scope, const struct site *site)
{
	uint64_t subject = 0;

	switch ((enum sim_scope)scope) {
	case SIM_WORLD:
		break;
	case SIM_NETWORK:
		subject = site->tract->network;
		break;
	case SIM_BLOCK:
		subject = site->block;
		break;
	}
	return (struct run){first_of(world, (uint64_t)scope, subject),
			    first_of(world, (uint64_t)scope, subject + 1)};
}

/* What is beside the vantage is on no network's way. */
static int first_scope(const struct sim_world *world, const struct site *site)
{
	return world_profile(world, site->tract->profile)->lan ? SIM_BLOCK : SIM_WORLD;
}

static struct walk walk_of(const struct sim_world *world, int scope, const struct site *site,
			   int64_t at_ns)
{
	struct run run = run_of(world, scope, site);
	const struct fault *low = run.first, *high = run.end;

	while (low < high) {
		const struct fault *middle = low + (high - low) / 2;

		if (middle->start_ns <= at_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return (struct walk){run.first, low, at_ns};
}

static const struct fault *walk_next(struct walk *walk)
{
	while (walk->at > walk->first && walk->at[-1].reach_ns > walk->at_ns) {
		walk->at--;
		if (walk->at->end_ns > walk->at_ns)
			return walk->at;
	}
	return NULL;
}

static bool concerns(const struct sim_world *world, const struct fault *fault,
		     const struct vantage *vantage, const struct bw_addr *addr)
{
	const struct fault_detail *detail = world_detail(world, fault->detail);

	if (detail->vantages && !(detail->vantages >> vantage->number & 1))
		return false;
	return !detail->part.addr.family || bw_prefix_contains(&detail->part, addr);
}

static void end_way(struct trouble *trouble, const struct fault *fault, unsigned hop)
{
	if (trouble->ends && trouble->hop <= hop)
		return;
	trouble->ends = true;
	trouble->hop = hop;
	trouble->kind = (enum sim_fault_kind)fault->kind;
}

static void add_trouble(const struct sim_world *world, const struct fault *fault,
			const struct way *way, struct trouble *trouble)
{
	const struct fault_detail *detail = world_detail(world, fault->detail);
	unsigned hop = way->count;

	if (detail->router != SIM_LAST_ROUTER) {
		hop = path_hop_of(way, (uint32_t)detail->router);
		if (hop == 0)
			return;
	}
	if (fault->kind != SIM_DEGRADED) {
		end_way(trouble, fault, hop);
		return;
	}
	trouble->loss.out += detail->loss.out * (1 - trouble->loss.out);
	trouble->loss.back += detail->loss.back * (1 - trouble->loss.back);
	trouble->delay_ns += detail->delay_ns;
}

struct trouble fault_trouble(const struct sim_world *world, const struct vantage *vantage,
			     const struct way *way, const struct site *site,
			     const struct bw_addr *addr, int64_t at_ns)
{
	struct trouble trouble = {.ends = false};

	if (world->faults.count == 0)
		return trouble;
	for (int scope = first_scope(world, site); scope <= SIM_BLOCK; scope++) {
		struct walk walk = walk_of(world, scope, site, at_ns);
		const struct fault *fault;

		while ((fault = walk_next(&walk))) {
			if (concerns(world, fault, vantage, addr))
				add_trouble(world, fault, way, &trouble);
		}
	}
	return trouble;
}

/* Whether a fault cuts off the whole block, whoever looks. */
static bool cuts_off(const struct sim_world *world, const struct fault *fault,
		     const struct site *site)
{
	const struct fault_detail *detail = world_detail(world, fault->detail);
	uint32_t all = (UINT32_C(1) << world->vantage_count) - 1;
	uint16_t path = world_network(world, site->tract->network)->path;

	if (fault->kind == SIM_DEGRADED || detail->part.addr.family)
		return false;
	if (detail->vantages && (detail->vantages & all) != all)
		return false;
	return detail->router == SIM_LAST_ROUTER ||
	       path_has(world_path(world, path), (uint32_t)detail->router);
}

/* No hosts of its own, and none that has moved in. */
static bool is_empty(const struct sim_world *world, const struct site *site, int64_t at_ns)
{
	const struct sim_profile *profile = world_profile(world, site->tract->profile);
	bool has_hosts = profile->group_count > 0 || truth_has_own_hosts(world, site->block);

	for (uint32_t i = 0; i < world->moves.count; i++) {
		const struct sim_move *move = world_move(world, i);

		if (at_ns < move->start.ns || at_ns >= move->end.ns)
			continue;
		if (move->to == site->block && move->share > 0)
			return false;
		if (move->from == site->block && move->share >= 1)
			has_hosts = false;
	}
	return !has_hosts && !profile->proxy;
}

enum sim_truth sim_world_truth(const struct sim_world *world, uint32_t block, struct bw_mono at)
{
	struct site site = site_of(world, block);
	bool filtered = false;

	for (int scope = first_scope(world, &site); world->faults.count && scope <= SIM_BLOCK;
	     scope++) {
		struct walk walk = walk_of(world, scope, &site, at.ns);
		const struct fault *fault;

		while ((fault = walk_next(&walk))) {
			if (!cuts_off(world, fault, &site))
				continue;
			if (fault->kind != SIM_PROHIBITED)
				return SIM_TRUTH_DARK;
			filtered = true;
		}
	}
	if (filtered)
		return SIM_TRUTH_FILTERED;
	return is_empty(world, &site, at.ns) ? SIM_TRUTH_EMPTY : SIM_TRUTH_UP;
}

bool sim_world_is_up(const struct sim_world *world, uint32_t block, struct bw_mono at)
{
	enum sim_truth truth = sim_world_truth(world, block, at);

	return truth == SIM_TRUTH_UP || truth == SIM_TRUTH_EMPTY;
}

static bool darkens(const struct sim_world *world, const struct fault *fault,
		    const struct site *site)
{
	return fault->kind != SIM_PROHIBITED && cuts_off(world, fault, site);
}

/* The first of a run behind which nothing ended before or at a time: reach only grows. */
static const struct fault *first_reaching(struct run run, int64_t at_ns)
{
	const struct fault *low = run.first, *high = run.end;

	while (low < high) {
		const struct fault *middle = low + (high - low) / 2;

		if (middle->reach_ns <= at_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Of the faults that darken a block and end after FROM the one that begins first, or NULL. */
static const struct fault *first_dark(const struct sim_world *world, const struct site *site,
				      int64_t from)
{
	const struct fault *best = NULL;

	for (int scope = first_scope(world, site); scope <= SIM_BLOCK; scope++) {
		struct run run = run_of(world, scope, site);
		const struct fault *f = first_reaching(run, from);

		while (f < run.end && (f->end_ns <= from || !darkens(world, f, site)))
			f++;
		if (f < run.end && (!best || f->start_ns < best->start_ns))
			best = f;
	}
	return best;
}

/* Makes an interval as long as the faults that touch it; false when none made it longer. */
static bool widen(const struct sim_world *world, const struct site *site,
		  struct sim_interval *outage)
{
	struct sim_interval before = *outage;

	for (int scope = first_scope(world, site); scope <= SIM_BLOCK; scope++) {
		struct run run = run_of(world, scope, site);
		const struct fault *f = first_reaching(run, outage->start.ns - 1);

		for (; f < run.end && f->start_ns <= outage->end.ns; f++) {
			if (f->end_ns < outage->start.ns || !darkens(world, f, site))
				continue;
			if (f->start_ns < outage->start.ns)
				outage->start.ns = f->start_ns;
			if (f->end_ns > outage->end.ns)
				outage->end.ns = f->end_ns;
		}
	}
	return outage->start.ns != before.start.ns || outage->end.ns != before.end.ns;
}

bool sim_world_outage(const struct sim_world *world, uint32_t block, struct bw_mono from,
		      struct sim_interval *ret_outage)
{
	struct site site = site_of(world, block);
	const struct fault *fault = world->faults.count ? first_dark(world, &site, from.ns) : NULL;
	struct sim_interval outage;

	if (!fault)
		return false;
	outage = (struct sim_interval){{fault->start_ns}, {fault->end_ns}};
	while (widen(world, &site, &outage))
		;
	*ret_outage = outage;
	return true;
}

static int compare_faults(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	if (x->end_ns != y->end_ns)
		return x->end_ns < y->end_ns ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->detail > y->detail) - (x->detail < y->detail);
}

void fault_seal(struct sim_world *world)
{
	struct fault *all = world_fault(world, 0);
	uint32_t first = 0;

	if (world->faults.count == 0)
		return;
	qsort(all, world->faults.count, sizeof(*all), compare_faults);
	for (uint32_t i = 0; i < world->faults.count; i++) {
		if (all[i].scope != all[first].scope || all[i].subject != all[first].subject)
			first = i;
		all[i].reach_ns = all[i].end_ns;
		if (i > first && all[i - 1].reach_ns > all[i].end_ns)
			all[i].reach_ns = all[i - 1].reach_ns;
	}
}
