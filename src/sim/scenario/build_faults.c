/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens in a world in the course of time. A fault names subjects. A target as a whole
 * fails at its border router, so that all its networks fail at one moment; networks and
 * blocks fail by themselves. Where a part of the subjects is exempt, the others fail block by
 * block. With `every` a fault is repeated, with `stagger` each subject has
 * it later than the one before.
 */
#include "sim/scenario/build_faults.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "sim/scenario/build_paths.h"
#include "sim/scenario/build_restarts.h"
#include "sim/scenario/exempt.h"

#define REPEATS_MAX 100000

/* What a fault concerns, as the world takes it. */
struct subject {
	enum sim_scope scope;
	uint32_t number;
	int router;
};

struct fault_plan {
	struct builder *builder;
	const struct scenario_fault *from;
	size_t index; /* number of the fault in the scenario */
	struct sim_fault fault;
	uint32_t subjects; /* handled so far */
	struct exempt exempt;
};

static int add_at(struct fault_plan *plan, int64_t at_ns, int64_t length_ns)
{
	struct sim_world *world = plan->builder->simulation->world;
	struct sim_fault fault = plan->fault;

	fault.start.ns = at_ns;
	fault.end.ns = at_ns + length_ns;
	if (plan->from->down_ns && plan->from->up_ns) {
		struct sim_flap flap = {fault, plan->from->down_ns, plan->from->up_ns,
					plan->from->spread};

		return sim_world_add_flap(world, &flap, plan->builder->err);
	}
	return sim_world_add_fault(world, &fault, plan->builder->err);
}

/* Whether all ways to a network or block have the router of the fault. */
static bool is_crossed(const struct fault_plan *plan, struct subject subject)
{
	const struct sim_world *world = plan->builder->simulation->world;
	uint32_t network = subject.scope == SIM_BLOCK ? sim_world_network(world, subject.number)
						      : subject.number;

	return paths_crosses(sim_world_paths(world), network, (uint32_t)subject.router);
}

static int refuse_router(const struct fault_plan *plan)
{
	bw_err_set(plan->builder->err, BW_ERR_VALUE,
		   "'%.60s' is not always on the path of its subjects", plan->from->router);
	return scenario_blame(plan->builder->scenario, plan->builder->err, "faults[%zu].router",
			      plan->index);
}

static int add_subject(struct fault_plan *plan, struct subject subject)
{
	const struct scenario_fault *from = plan->from;
	int64_t length = from->until.ns - from->at.ns;
	int64_t at, later = (int64_t)plan->subjects++;
	unsigned repeats = 0;
	int rc;

	if (from->stagger_ns && later > plan->builder->scenario->duration_ns / from->stagger_ns)
		return 0; /* it would begin after the end */
	at = from->at.ns + later * from->stagger_ns;
	if (from->router && !is_crossed(plan, subject))
		return refuse_router(plan);
	plan->fault.scope = subject.scope;
	plan->fault.subject = subject.number;
	plan->fault.router = subject.router;
	do {
		rc = add_at(plan, at, length);
		if (rc < 0 || !from->every_ns)
			break;
		at += from->every_ns;
	} while (at < plan->builder->scenario->duration_ns && ++repeats < REPEATS_MAX);
	return rc < 0 ? scenario_blame(plan->builder->scenario, plan->builder->err, "faults[%zu]",
				       plan->index)
		      : 0;
}

/* Adds the fault to the blocks of COUNT networks that are not exempt. A network is a subject. */
static int add_unless_exempt(struct fault_plan *plan, uint32_t first, uint32_t count)
{
	const struct sim_world *world = plan->builder->simulation->world;
	uint32_t before = plan->subjects;
	int rc = 0;

	for (uint32_t b = 0; b < sim_world_block_count(world) && rc == 0; b++) {
		struct bw_prefix block = sim_world_prefix(world, b);
		uint32_t network = sim_world_network(world, b);

		if (network < first || network - first >= count ||
		    exempt_has(&plan->exempt, &block))
			continue;
		plan->subjects = before + network - first;
		rc = add_subject(plan, (struct subject){SIM_BLOCK, b, plan->fault.router});
	}
	plan->subjects = before + count;
	return rc;
}

/* Adds the fault to each network of a copy of a target. */
static int add_networks(struct fault_plan *plan, const struct simulation_target *origin,
			size_t copy)
{
	uint32_t first = origin->network + (uint32_t)copy * origin->networks;
	int rc = 0;

	if (plan->exempt.count)
		return add_unless_exempt(plan, first, origin->networks);
	for (uint32_t n = 0; n < origin->networks && rc == 0; n++)
		rc = add_subject(plan,
				 (struct subject){SIM_NETWORK, first + n, plan->fault.router});
	return rc;
}

/* Adds the fault to a copy of a target: at its border, unless it names another router. */
static int add_target(struct fault_plan *plan, const struct simulation_target *origin, size_t copy)
{
	if (plan->from->router || plan->exempt.count)
		return add_networks(plan, origin, copy);
	return add_subject(plan, (struct subject){SIM_WORLD, 0, (int)(origin->border + copy)});
}

static int add_all(struct fault_plan *plan)
{
	const struct simulation *simulation = plan->builder->simulation;
	int rc = 0;

	for (size_t t = 0; t < plan->builder->scenario->target_count; t++)
		for (size_t i = 0; i < simulation->origins[t].count && rc == 0; i++)
			rc = add_networks(plan, &simulation->origins[t], i);
	return rc;
}

/* Returns BW_ERR_MISSING when there is no such target. */
static int add_named(struct fault_plan *plan, const char *name)
{
	const struct simulation *simulation = plan->builder->simulation;

	for (size_t t = 0; t < plan->builder->scenario->target_count; t++)
		for (size_t i = 0; i < simulation->origins[t].count; i++)
			if (strcmp(simulation->targets[simulation->origins[t].first + i]->name,
				   name) == 0)
				return add_target(plan, &simulation->origins[t], i);
	return BW_ERR_MISSING;
}

/* Adds the fault to the blocks within a prefix, which are one subject for `stagger`. */
static int add_prefix(struct fault_plan *plan, const struct bw_prefix *prefix)
{
	struct sim_world *world = plan->builder->simulation->world;
	uint32_t found = 0, before = plan->subjects;
	int rc = 0;

	for (uint32_t b = 0; b < sim_world_block_count(world) && rc == 0; b++) {
		struct bw_prefix block = sim_world_prefix(world, b);

		if (!bw_prefix_covers(prefix, &block))
			continue;
		found++;
		if (exempt_has(&plan->exempt, &block))
			continue;
		plan->subjects = before;
		rc = add_subject(plan, (struct subject){SIM_BLOCK, b, plan->fault.router});
	}
	return rc < 0 ? rc : found ? 0 : BW_ERR_MISSING;
}

static int add_text(struct fault_plan *plan, const char *text)
{
	struct bw_prefix prefix;

	if (strcmp(text, "all") == 0)
		return add_all(plan);
	return bw_prefix_parse(text, &prefix, NULL) == 0 ? add_prefix(plan, &prefix)
							 : add_named(plan, text);
}

static int refuse_subject(const struct fault_plan *plan, size_t n)
{
	const char *text = plan->from->subjects.list[n].text;

	bw_err_set(plan->builder->err, BW_ERR_VALUE,
		   "no target, network or block is called '%.60s'; or say \"all\"", text);
	return scenario_blame(plan->builder->scenario, plan->builder->err, "faults[%zu].subject",
			      plan->index);
}

/* Adds the fault to all its subjects. */
static int add_subjects(struct fault_plan *plan)
{
	const struct scenario_fault *from = plan->from;
	int rc = exempt_init(&plan->exempt, plan->builder, plan->index);

	for (size_t n = 0; n < from->subjects.count && rc == 0; n++) {
		rc = add_text(plan, from->subjects.list[n].text);
		if (rc == BW_ERR_MISSING)
			rc = refuse_subject(plan, n);
	}
	if (rc == 0)
		rc = exempt_check(&plan->exempt, plan->builder, plan->index);
	exempt_fini(&plan->exempt);
	return rc;
}

static int add_fault(struct builder *builder, size_t index)
{
	const struct scenario_fault *from = &builder->scenario->faults[index];
	struct fault_plan plan = {
		.builder = builder,
		.from = from,
		.index = index,
		.fault = {.kind = (enum sim_fault_kind)(from->kind - 1),
			  .router = SIM_LAST_ROUTER,
			  .loss = {.out = from->loss},
			  .delay_ns = from->delay_ns},
	};

	if (from->router) {
		plan.fault.router =
			build_paths_find_router(builder, from->router, strlen(from->router));
		if (plan.fault.router < 0)
			return scenario_blame(builder->scenario, builder->err, "faults[%zu].router",
					      index);
	}
	if (from->part && bw_prefix_parse(from->part, &plan.fault.part, builder->err) < 0)
		return scenario_blame(builder->scenario, builder->err, "faults[%zu].part", index);
	if (!from->down_ns != !from->up_ns) {
		bw_err_set(builder->err, BW_ERR_VALUE, "what comes and goes has `down` and `up`");
		return scenario_blame(builder->scenario, builder->err, "faults[%zu].%s", index,
				      from->down_ns ? "down" : "up");
	}
	return add_subjects(&plan);
}

/* Adds the fault to the uplinks that it concerns. */
static int add_to_uplinks(struct builder *builder, const struct scenario_vantage_fault *from,
			  const struct sim_vantage_fault *fault)
{
	unsigned uplinks = builder->simulation->way_count / 2U;
	int rc = 0;

	if (from->uplink > uplinks)
		return bw_err_set(builder->err, BW_ERR_VALUE,
				  "there is no second uplink: give vantage.second_uplink");
	for (unsigned n = 0; n < uplinks && rc == 0; n++)
		if (from->uplink == 0 || from->uplink == n + 1)
			rc = sim_world_add_vantage_fault(builder->simulation->world, n, fault,
							 builder->err);
	return rc;
}

static int add_vantage_fault(struct builder *builder, size_t index)
{
	const struct scenario_vantage_fault *from = &builder->scenario->vantage_faults[index];
	struct sim_vantage_fault fault = {
		.kind = (enum sim_vantage_fault_kind)(from->kind - 1),
		.start = {from->at.ns},
		.end = {from->until.ns},
		.status = -ENETUNREACH,
		.share = from->share,
		.step_ns = llround(from->step_s * (double)BW_S),
		.family = (int)from->family,
	};
	int rc;

	do {
		rc = add_to_uplinks(builder, from, &fault);
		fault.start.ns += from->every_ns;
		fault.end.ns += from->every_ns;
	} while (rc == 0 && from->every_ns && fault.start.ns < builder->scenario->duration_ns);
	return rc < 0 ? scenario_blame(builder->scenario, builder->err, "vantage_faults[%zu]",
				       index)
		      : 0;
}

/* Finds the block of exactly this prefix. */
static int find_block(const struct builder *builder, const char *text, uint32_t *ret_block)
{
	const struct sim_world *world = builder->simulation->world;
	struct bw_prefix prefix, block;
	int rc = bw_prefix_parse(text, &prefix, builder->err);

	if (rc < 0)
		return rc;
	if (sim_world_find(world, &prefix.addr, ret_block) == 0) {
		block = sim_world_prefix(world, *ret_block);
		if (bw_prefix_compare(&block, &prefix) == 0)
			return 0;
	}
	return bw_err_set(builder->err, BW_ERR_VALUE, "there is no block %.60s", text);
}

static int add_spoofer(struct builder *builder, size_t index)
{
	const struct scenario_spoofer *from = &builder->scenario->spoofers[index];
	struct sim_spoofer spoofer = {.start = {from->at.ns},
				      .end = {from->until.ns},
				      .rate_pps = from->rate_pps};

	if (find_block(builder, from->block, &spoofer.block) < 0)
		return scenario_blame(builder->scenario, builder->err, "spoofers[%zu].block",
				      index);
	if (sim_world_add_spoofer(builder->simulation->world, &spoofer, builder->err) < 0)
		return scenario_blame(builder->scenario, builder->err, "spoofers[%zu]", index);
	return 0;
}

static int add_move(struct builder *builder, size_t index)
{
	const struct scenario_move *from = &builder->scenario->moves[index];
	struct sim_move move = {.start = {from->at.ns},
				.end = {from->until.ns},
				.share = from->share};

	if (find_block(builder, from->from, &move.from) < 0)
		return scenario_blame(builder->scenario, builder->err, "moves[%zu].from", index);
	if (find_block(builder, from->to, &move.to) < 0)
		return scenario_blame(builder->scenario, builder->err, "moves[%zu].to", index);
	if (sim_world_add_move(builder->simulation->world, &move, builder->err) < 0)
		return scenario_blame(builder->scenario, builder->err, "moves[%zu]", index);
	return 0;
}

int build_faults(struct builder *builder)
{
	const struct scenario *s = builder->scenario;
	int rc = 0;

	for (size_t i = 0; i < s->fault_count && rc == 0; i++)
		rc = add_fault(builder, i);
	for (size_t i = 0; i < s->vantage_fault_count && rc == 0; i++)
		if (!build_restarts_is(&s->vantage_faults[i]))
			rc = add_vantage_fault(builder, i);
	for (size_t i = 0; i < s->spoofer_count && rc == 0; i++)
		rc = add_spoofer(builder, i);
	for (size_t i = 0; i < s->move_count && rc == 0; i++)
		rc = add_move(builder, i);
	return rc;
}
