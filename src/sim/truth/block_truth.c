/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/truth/block_truth.h"

/* Whether a fault cuts off the whole block for all vantages. */
static bool cuts_off(const struct faults *faults, const struct fault *fault,
		     const struct sim_block *block)
{
	const struct fault_detail *detail = faults_detail(faults, fault);
	uint32_t all = (UINT32_C(1) << faults->vantages) - 1;

	if (fault->kind == SIM_DEGRADED || detail->part.addr.family)
		return false;
	if (detail->vantages && (detail->vantages & all) != all)
		return false;
	return detail->router == SIM_LAST_ROUTER ||
	       paths_crosses(faults->paths, block->range->network, (uint32_t)detail->router);
}

/*
 * Whether a fault is a filter of the block itself: a router inside the block says prohibited. From
 * outside it ends the way to the block, as an unreachable does.
 */
static bool filters(const struct faults *faults, const struct fault *fault,
		    const struct sim_block *block)
{
	int router = faults_detail(faults, fault)->router;
	const struct sim_router *says;
	struct route route;

	if (fault->kind != SIM_PROHIBITED)
		return false;
	if (router == SIM_LAST_ROUTER) {
		route = paths_route_to(faults->paths, -1, block->range->network, fault->start_ns);
		if (route.count == 0)
			return false;
		router = paths_router_at(&route, route.count, 0);
	}
	says = paths_router(faults->paths, (uint32_t)router);
	return bw_prefix_contains(&block->prefix,
				  block->prefix.addr.family == 4 ? &says->v4 : &says->v6);
}

enum sim_truth block_truth_at(const struct faults *faults, const struct hosts *hosts,
			      uint32_t number, int64_t at_ns)
{
	struct sim_block block = blocks_get(faults->blocks, number);
	bool filtered = false;

	for (int scope = faults_first_scope(faults, &block);
	     faults->list.count && scope <= SIM_BLOCK; scope++) {
		struct fault_walk walk = faults_walk(faults, scope, &block, at_ns);
		const struct fault *fault;

		while ((fault = faults_walk_next(&walk))) {
			if (!cuts_off(faults, fault, &block))
				continue;
			if (!filters(faults, fault, &block))
				return SIM_TRUTH_DARK;
			filtered = true;
		}
	}
	if (filtered)
		return SIM_TRUTH_FILTERED;
	return hosts_is_empty(hosts, &block, at_ns) ? SIM_TRUTH_EMPTY : SIM_TRUTH_UP;
}

static bool darkens(const struct faults *faults, const struct fault *fault,
		    const struct sim_block *block)
{
	return cuts_off(faults, fault, block) && !filters(faults, fault, block);
}

/* The first fault of a run whose reach is after a time. Reach never falls within a run. */
static const struct fault *first_reaching(struct fault_run run, int64_t at_ns)
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

/* The first fault, by start, that darkens a block and ends after FROM; NULL: none. */
static const struct fault *first_dark(const struct faults *faults, const struct sim_block *block,
				      int64_t from)
{
	const struct fault *best = NULL;

	for (int scope = faults_first_scope(faults, block); scope <= SIM_BLOCK; scope++) {
		struct fault_run run = faults_run(faults, scope, block);
		const struct fault *f = first_reaching(run, from);

		while (f < run.end && (f->end_ns <= from || !darkens(faults, f, block)))
			f++;
		if (f < run.end && (!best || f->start_ns < best->start_ns))
			best = f;
	}
	return best;
}

/* Extends an interval by the faults that touch it. Returns false when none extends it. */
static bool widen(const struct faults *faults, const struct sim_block *block,
		  struct sim_interval *outage)
{
	struct sim_interval before = *outage;

	for (int scope = faults_first_scope(faults, block); scope <= SIM_BLOCK; scope++) {
		struct fault_run run = faults_run(faults, scope, block);
		const struct fault *f = first_reaching(run, outage->start.ns - 1);

		for (; f < run.end && f->start_ns <= outage->end.ns; f++) {
			if (f->end_ns < outage->start.ns || !darkens(faults, f, block))
				continue;
			if (f->start_ns < outage->start.ns)
				outage->start.ns = f->start_ns;
			if (f->end_ns > outage->end.ns)
				outage->end.ns = f->end_ns;
		}
	}
	return outage->start.ns != before.start.ns || outage->end.ns != before.end.ns;
}

bool block_truth_outage(const struct faults *faults, uint32_t number, int64_t from_ns,
			struct sim_interval *ret_outage)
{
	struct sim_block block = blocks_get(faults->blocks, number);
	const struct fault *fault = faults->list.count ? first_dark(faults, &block, from_ns) : NULL;
	struct sim_interval outage;

	if (!fault)
		return false;
	outage = (struct sim_interval){{fault->start_ns}, {fault->end_ns}};
	while (widen(faults, &block, &outage))
		;
	*ret_outage = outage;
	return true;
}

/*
 * Takes the first outage of each block that ends after FROM. Where all of these overlap, all
 * blocks are dark. Otherwise the one that ends first ends before another begins, and the
 * search goes on from its end.
 */
bool block_truth_joint_outage(const struct faults *faults, uint32_t first, uint32_t count,
			      int64_t from_ns, struct sim_interval *ret_outage)
{
	for (;;) {
		int64_t start = INT64_MIN, end = INT64_MAX;

		for (uint32_t b = 0; b < count; b++) {
			struct sim_interval outage;

			if (!block_truth_outage(faults, first + b, from_ns, &outage))
				return false;
			start = outage.start.ns > start ? outage.start.ns : start;
			end = outage.end.ns < end ? outage.end.ns : end;
		}
		if (start < end) {
			*ret_outage = (struct sim_interval){{start}, {end}};
			return true;
		}
		from_ns = end;
	}
}
