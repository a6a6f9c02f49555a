/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All faults lie in one array. Sealing sorts it by scope, subject and start, so that the
 * faults of a block or network are one run of it, which a binary search finds. Each fault
 * carries the latest end of its run so far ("reach"). To find what is in effect at a time,
 * a reader searches the last start before it and walks back until no earlier fault reaches
 * that far. Faults may overlap.
 *
 * There are two readers. A probe (fault_effect.c) asks what it meets: the fault nearest to
 * the vantage ends its path, loss and delay add up. The ground truth (block_truth.c) asks when a
 * block was dark.
 */
#include "sim/truth/faults.h"

#include <errno.h>
#include <stdlib.h>

#include "base/chance.h"
#include "sim/topology/check.h"

static struct fault *fault_at(const struct faults *faults, uint32_t n)
{
	return (struct fault *)array_at(&faults->list, n);
}

static const struct fault_detail *detail_at(const struct faults *faults, uint32_t n)
{
	return (const struct fault_detail *)array_at(&faults->details, n);
}

int faults_init(struct faults *faults, uint64_t seed, const struct blocks *blocks,
		const struct profiles *profiles, const struct paths *paths)
{
	const struct fault_detail usual = {.router = SIM_LAST_ROUTER};

	*faults = (struct faults){
		.seed = seed,
		.blocks = blocks,
		.profiles = profiles,
		.paths = paths,
		.list = array_of(sizeof(struct fault)),
		.details = array_of(sizeof(struct fault_detail)),
	};
	return array_add(&faults->details, &usual);
}

void faults_fini(struct faults *faults)
{
	array_fini(&faults->list);
	array_fini(&faults->details);
}

static int check_subject(const struct faults *faults, const struct sim_fault *fault,
			 struct bw_err *err)
{
	uint32_t network = fault->subject;

	if (fault->scope == SIM_BLOCK) {
		if (fault->subject >= faults->blocks->count)
			return bw_err_set(err, BW_ERR_MISSING, "no block %u", fault->subject);
		network = blocks_get(faults->blocks, fault->subject).range->network;
	}
	if (fault->scope != SIM_WORLD && network >= faults->paths->networks.count)
		return bw_err_set(err, BW_ERR_MISSING, "no network %u", network);
	if (fault->router == SIM_LAST_ROUTER)
		return 0;
	if (fault->router < 0 || (uint32_t)fault->router >= faults->paths->routers.count)
		return bw_err_set(err, BW_ERR_MISSING, "no router %d", fault->router);
	if (fault->scope != SIM_WORLD &&
	    !paths_crosses(faults->paths, network, (uint32_t)fault->router))
		return bw_err_set(err, BW_ERR_VALUE, "router %d is not on the network's path",
				  fault->router);
	return 0;
}

static int check_fault(const struct faults *faults, const struct sim_fault *fault,
		       struct bw_err *err)
{
	int rc = check_interval(fault->start, fault->end, err);

	if (rc >= 0)
		rc = sim_link_check_loss(&fault->loss, err);
	if (rc >= 0)
		rc = check_subject(faults, fault, err);
	if (rc < 0)
		return rc;
	if (fault->delay_ns < 0)
		return bw_err_set(err, BW_ERR_VALUE, "a fault's delay is not below 0");
	if (fault->vantages >> faults->vantages)
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

/* The number of a detail. Reuses one of the first or last 64, else adds it. */
static int intern_detail(struct faults *faults, const struct sim_fault *fault)
{
	struct fault_detail detail = {
		.router = fault->router,
		.vantages = fault->vantages,
		.part = fault->part,
		.loss = fault->loss,
		.delay_ns = fault->delay_ns,
	};
	uint32_t count = faults->details.count;

	for (uint32_t i = 0; i < 64 && i < count; i++) {
		if (same_detail(detail_at(faults, i), &detail))
			return (int)i;
		if (same_detail(detail_at(faults, count - 1 - i), &detail))
			return (int)(count - 1 - i);
	}
	return count > UINT16_MAX ? BW_ERR_LIMIT : array_add(&faults->details, &detail);
}

int faults_add(struct faults *faults, const struct sim_fault *fault, struct bw_err *err)
{
	struct fault item = {
		.start_ns = fault->start.ns,
		.end_ns = fault->end.ns,
		.subject = fault->scope == SIM_WORLD ? 0 : fault->subject,
		.scope = (uint8_t)fault->scope,
		.kind = (uint8_t)fault->kind,
	};
	int rc = check_fault(faults, fault, err);

	if (rc < 0)
		return rc;
	rc = intern_detail(faults, fault);
	if (rc < 0)
		return bw_err_set(err, rc, "too many different faults");
	item.detail = (uint16_t)rc;
	rc = array_put(&faults->list, &item, INT32_MAX, err);
	return rc < 0 ? rc : 0;
}

/* A length from always the mean (SPREAD 0) to exponential (1); at least 1 ns. */
static int64_t phase_length(struct rng *rng, int64_t mean, double spread)
{
	double length =
		(1 - spread) * (double)mean + spread * (double)chance_exponential(rng, mean);

	return length >= 1 ? (int64_t)length : 1;
}

int faults_add_flap(struct faults *faults, const struct sim_flap *flap, struct bw_err *err)
{
	struct sim_fault fault = flap->fault;
	struct rng rng = rng_of(chance_key(faults->seed, UINT64_MAX - faults->list.count));
	int count = 0, rc = check_interval(fault.start, fault.end, err);

	if (rc < 0)
		return rc;
	if (flap->down_ns <= 0 || flap->up_ns <= 0 || !check_chance(flap->spread))
		return bw_err_set(err, BW_ERR_VALUE, "flap: lengths above 0, spread from 0 to 1");
	for (; fault.start.ns < flap->fault.end.ns; count++) {
		fault.end = bw_mono_min(bw_mono_add(fault.start, phase_length(&rng, flap->down_ns,
									      flap->spread)),
					flap->fault.end);
		rc = faults_add(faults, &fault, err);
		if (rc < 0)
			return rc;
		fault.start = bw_mono_add(fault.end, phase_length(&rng, flap->up_ns, flap->spread));
	}
	return count;
}

/* The first fault of a subject, or the place where it would be. */
static const struct fault *first_of(const struct faults *faults, uint64_t scope, uint64_t subject)
{
	uint32_t low = 0, high = faults->list.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct fault *fault = fault_at(faults, middle);

		if (((uint64_t)fault->scope << 32 | fault->subject) < (scope << 32 | subject))
			low = middle + 1;
		else
			high = middle;
	}
	return fault_at(faults, low);
}

struct fault_run faults_run(const struct faults *faults, int scope, const struct sim_block *block)
{
	uint64_t subject = 0;

	switch ((enum sim_scope)scope) {
	case SIM_WORLD:
		break;
	case SIM_NETWORK:
		subject = block->range->network;
		break;
	case SIM_BLOCK:
		subject = block->number;
		break;
	}
	return (struct fault_run){first_of(faults, (uint64_t)scope, subject),
				  first_of(faults, (uint64_t)scope, subject + 1)};
}

int faults_first_scope(const struct faults *faults, const struct sim_block *block)
{
	return profiles_at(faults->profiles, block->range->profile)->lan ? SIM_BLOCK : SIM_WORLD;
}

struct fault_walk faults_walk(const struct faults *faults, int scope, const struct sim_block *block,
			      int64_t at_ns)
{
	struct fault_run run = faults_run(faults, scope, block);
	const struct fault *low = run.first, *high = run.end;

	while (low < high) {
		const struct fault *middle = low + (high - low) / 2;

		if (middle->start_ns <= at_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return (struct fault_walk){run.first, low, at_ns};
}

const struct fault *faults_walk_next(struct fault_walk *walk)
{
	while (walk->at > walk->first && walk->at[-1].reach_ns > walk->at_ns) {
		walk->at--;
		if (walk->at->end_ns > walk->at_ns)
			return walk->at;
	}
	return NULL;
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

void faults_seal(struct faults *faults)
{
	struct fault *all = fault_at(faults, 0);
	uint32_t first = 0;

	if (faults->list.count == 0)
		return;
	qsort(all, faults->list.count, sizeof(*all), compare_faults);
	for (uint32_t i = 0; i < faults->list.count; i++) {
		if (all[i].scope != all[first].scope || all[i].subject != all[first].subject)
			first = i;
		all[i].reach_ns = all[i].end_ns;
		if (i > first && all[i - 1].reach_ns > all[i].end_ns)
			all[i].reach_ns = all[i - 1].reach_ns;
	}
}
