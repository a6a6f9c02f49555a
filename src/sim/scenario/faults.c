/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens in a world in the course of time. A fault names subjects: a target as
 * a whole fails at its border router, so that all its networks go at one moment;
 * networks and blocks fail by themselves. With `every` a fault comes again and again,
 * with `stagger` each subject has it later than the one before.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "sim/scenario/build.h"

#define REPEATS_MAX 100000

/* One subject of one fault. */
struct subject {
	enum sim_scope scope;
	uint32_t number;
	int router;
};

struct course {
	struct build *build;
	const struct scenario_fault *from;
	size_t index; /* of the fault in the scenario */
	struct sim_fault fault;
	uint32_t subjects; /* that have been done */
};

static int add_at(struct course *c, int64_t at_ns, int64_t length_ns)
{
	struct sim_world *world = c->build->scene->world;
	struct sim_fault fault = c->fault;

	fault.start.ns = at_ns;
	fault.end.ns = at_ns + length_ns;
	if (c->from->down_ns && c->from->up_ns) {
		struct sim_flap flap = {fault, c->from->down_ns, c->from->up_ns, c->from->spread};

		return sim_world_add_flap(world, &flap, c->build->err);
	}
	return sim_world_add_fault(world, &fault, c->build->err);
}

static int add_subject(struct course *c, struct subject subject)
{
	const struct scenario_fault *from = c->from;
	int64_t length = from->until.ns - from->at.ns;
	int64_t at, later = (int64_t)c->subjects++;
	unsigned repeats = 0;
	int rc;

	if (from->stagger_ns && later > c->build->scenario->duration_ns / from->stagger_ns)
		return 0; /* it would begin when all is over */
	at = from->at.ns + later * from->stagger_ns;
	c->fault.scope = subject.scope;
	c->fault.subject = subject.number;
	c->fault.router = subject.router;
	do {
		rc = add_at(c, at, length);
		if (rc < 0 || !from->every_ns)
			break;
		at += from->every_ns;
	} while (at < c->build->scenario->duration_ns && ++repeats < REPEATS_MAX);
	return rc < 0 ? scenario_blame(c->build->scenario, c->build->err, "faults[%zu]", c->index)
		      : 0;
}

/* Each network of a target's copy by itself. */
static int add_networks(struct course *c, const struct scene_target *origin, size_t copy)
{
	uint32_t first = origin->network + (uint32_t)copy * origin->networks;
	int rc = 0;

	for (uint32_t n = 0; n < origin->networks && rc == 0; n++)
		rc = add_subject(c, (struct subject){SIM_NETWORK, first + n, c->fault.router});
	return rc;
}

/* At its border, unless the fault names another router. */
static int add_target(struct course *c, const struct scene_target *origin, size_t copy)
{
	if (c->from->router)
		return add_networks(c, origin, copy);
	return add_subject(c, (struct subject){SIM_WORLD, 0, (int)(origin->border + copy)});
}

static int add_all(struct course *c)
{
	const struct scene *scene = c->build->scene;
	int rc = 0;

	for (size_t t = 0; t < c->build->scenario->target_count; t++)
		for (size_t i = 0; i < scene->origins[t].count && rc == 0; i++)
			rc = add_networks(c, &scene->origins[t], i);
	return rc;
}

/* BW_ERR_MISSING: there is no such target. */
static int add_named(struct course *c, const char *name)
{
	const struct scene *scene = c->build->scene;

	for (size_t t = 0; t < c->build->scenario->target_count; t++)
		for (size_t i = 0; i < scene->origins[t].count; i++)
			if (strcmp(scene->targets[scene->origins[t].first + i]->name, name) == 0)
				return add_target(c, &scene->origins[t], i);
	return BW_ERR_MISSING;
}

/* Blocks within the prefix: the whole of it is one subject. */
static int add_prefix(struct course *c, const struct bw_prefix *prefix)
{
	struct sim_world *world = c->build->scene->world;
	uint32_t found = 0, before = c->subjects;
	int rc = 0;

	for (uint32_t b = 0; b < sim_world_block_count(world) && rc == 0; b++) {
		struct bw_prefix block = sim_world_prefix(world, b);

		if (!bw_prefix_covers(prefix, &block))
			continue;
		c->subjects = before;
		rc = add_subject(c, (struct subject){SIM_BLOCK, b, c->fault.router});
		found++;
	}
	return rc < 0 ? rc : found ? 0 : BW_ERR_MISSING;
}

static int add_text(struct course *c, const char *text)
{
	struct bw_prefix prefix;

	if (strcmp(text, "all") == 0)
		return add_all(c);
	return bw_prefix_parse(text, &prefix, NULL) == 0 ? add_prefix(c, &prefix)
							 : add_named(c, text);
}

static int refuse_subject(const struct course *c, size_t n)
{
	const char *text = c->from->subjects.list[n].text;

	bw_err_set(c->build->err, BW_ERR_VALUE,
		   "no target, network or block is called '%.60s'; or say \"all\"", text);
	return scenario_blame(c->build->scenario, c->build->err, "faults[%zu].subject", c->index);
}

static int add_fault(struct build *build, size_t index)
{
	const struct scenario_fault *from = &build->scenario->faults[index];
	struct course c = {
		.build = build,
		.from = from,
		.index = index,
		.fault = {.kind = (enum sim_fault_kind)(from->kind - 1),
			  .router = SIM_LAST_ROUTER,
			  .loss = {.out = from->loss},
			  .delay_ns = from->delay_ns},
	};
	int rc = 0;

	if (from->router) {
		c.fault.router = build_find_router(build, from->router, strlen(from->router));
		if (c.fault.router < 0)
			return scenario_blame(build->scenario, build->err, "faults[%zu].router",
					      index);
	}
	if (from->part && bw_prefix_parse(from->part, &c.fault.part, build->err) < 0)
		return scenario_blame(build->scenario, build->err, "faults[%zu].part", index);
	if (!from->down_ns != !from->up_ns) {
		bw_err_set(build->err, BW_ERR_VALUE, "what comes and goes has `down` and `up`");
		return scenario_blame(build->scenario, build->err, "faults[%zu].%s", index,
				      from->down_ns ? "down" : "up");
	}
	for (size_t n = 0; n < from->subjects.count && rc == 0; n++) {
		rc = add_text(&c, from->subjects.list[n].text);
		if (rc == BW_ERR_MISSING)
			rc = refuse_subject(&c, n);
	}
	return rc;
}

static int add_trouble(struct build *build, size_t index)
{
	const struct scenario_trouble *from = &build->scenario->troubles[index];
	struct sim_vantage_fault fault = {
		.kind = (enum sim_vantage_fault_kind)(from->kind - 1),
		.start = {from->at.ns},
		.end = {from->until.ns},
		.status = -ENETUNREACH,
		.share = from->share,
		.step_ns = llround(from->step_s * (double)BW_S),
	};
	int rc;

	do {
		rc = sim_world_add_vantage_fault(build->scene->world, 0, &fault, build->err);
		fault.start.ns += from->every_ns;
		fault.end.ns += from->every_ns;
	} while (rc == 0 && from->every_ns && fault.start.ns < build->scenario->duration_ns);
	return rc < 0 ? scenario_blame(build->scenario, build->err, "vantage_faults[%zu]", index)
		      : 0;
}

/* The block of exactly this prefix. */
static int find_block(const struct build *build, const char *text, uint32_t *ret_block)
{
	const struct sim_world *world = build->scene->world;
	struct bw_prefix prefix, block;
	int rc = bw_prefix_parse(text, &prefix, build->err);

	if (rc < 0)
		return rc;
	if (sim_world_find(world, &prefix.addr, ret_block) == 0) {
		block = sim_world_prefix(world, *ret_block);
		if (bw_prefix_compare(&block, &prefix) == 0)
			return 0;
	}
	return bw_err_set(build->err, BW_ERR_VALUE, "there is no block %.60s", text);
}

static int add_spoofer(struct build *build, size_t index)
{
	const struct scenario_spoofer *from = &build->scenario->spoofers[index];
	struct sim_spoofer spoofer = {.start = {from->at.ns},
				      .end = {from->until.ns},
				      .rate_pps = from->rate_pps};

	if (find_block(build, from->block, &spoofer.block) < 0)
		return scenario_blame(build->scenario, build->err, "spoofers[%zu].block", index);
	if (sim_world_add_spoofer(build->scene->world, &spoofer, build->err) < 0)
		return scenario_blame(build->scenario, build->err, "spoofers[%zu]", index);
	return 0;
}

static int add_move(struct build *build, size_t index)
{
	const struct scenario_move *from = &build->scenario->moves[index];
	struct sim_move move = {.start = {from->at.ns},
				.end = {from->until.ns},
				.share = from->share};

	if (find_block(build, from->from, &move.from) < 0)
		return scenario_blame(build->scenario, build->err, "moves[%zu].from", index);
	if (find_block(build, from->to, &move.to) < 0)
		return scenario_blame(build->scenario, build->err, "moves[%zu].to", index);
	if (sim_world_add_move(build->scene->world, &move, build->err) < 0)
		return scenario_blame(build->scenario, build->err, "moves[%zu]", index);
	return 0;
}

int build_troubles(struct build *build)
{
	const struct scenario *s = build->scenario;
	int rc = 0;

	for (size_t i = 0; i < s->fault_count && rc == 0; i++)
		rc = add_fault(build, i);
	for (size_t i = 0; i < s->trouble_count && rc == 0; i++)
		rc = add_trouble(build, i);
	for (size_t i = 0; i < s->spoofer_count && rc == 0; i++)
		rc = add_spoofer(build, i);
	for (size_t i = 0; i < s->move_count && rc == 0; i++)
		rc = add_move(build, i);
	return rc;
}
