/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop around a vantage, with a world in place of a network. Time jumps to the next
 * deadline of the vantage or the next arrival of a frame, whichever is first. A suspended
 * machine misses both. A transport between vantage and world counts the probes. A restart
 * replaces the vantage by one that begins with what the old one saved; frames that come
 * meanwhile are lost.
 */
#include "sim/run/run.h"
#include "vantage/roster_egress.h"

#include <errno.h>
#include <stdlib.h>

#include "sim/run/restart.h"
#include "sim/scenario/labels.h"
#include "vantage/vantage.h"

#define STEP_NS 1000 /* the least step of time, so that a deadline that has passed ends no loop */

struct run {
	struct simulation *simulation;
	struct run_watcher watcher;
	struct bw_transport below[SIMULATION_WAYS / 2]; /* of the world, by uplink */
	struct vantage_config *config;
	struct vantage *vantage; /* NULL: stopped for good */
	struct bw_now now;
	char boot[48];
	size_t restarts; /* done so far */
	struct run_result result;
};

struct bw_now run_now(const struct simulation *simulation, struct bw_mono mono)
{
	return (struct bw_now){mono, sim_world_wall(simulation->world, 0, mono)};
}

struct bw_mono run_end(const struct simulation *simulation, int64_t until_ns)
{
	int64_t end = simulation->scenario->duration_ns;

	return (struct bw_mono){until_ns && until_ns < end ? until_ns : end};
}

static bool is_sentinel(const struct simulation *simulation, const struct bw_addr *addr)
{
	for (unsigned n = 0; n < simulation->way_count; n++) {
		const struct simulation_way *way = &simulation->ways[n];

		if (bw_addr_equal(addr, &way->gateway))
			return true;
		for (unsigned i = 0; i < way->reference_count; i++)
			if (bw_addr_equal(addr, &way->references[i]))
				return true;
	}
	return false;
}

static void count_sent(struct run *run, const struct bw_tx *batch, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (batch[i].status < 0 || is_sentinel(run->simulation, &batch[i].dst))
			continue;
		run->result.probes++;
		if (run->watcher.probe)
			run->watcher.probe(run->watcher.self, &batch[i].dst, batch[i].sent);
	}
}

/* Each packet leaves by the uplink of its egress. */
static size_t send_counted(void *self, struct bw_tx *batch, size_t count)
{
	struct run *run = self;
	size_t done = 0;

	while (done < count) {
		unsigned uplink = simulation_uplink(batch[done].egress);
		const struct bw_transport *below = &run->below[uplink];
		size_t n = 1, sent;

		while (done + n < count && simulation_uplink(batch[done + n].egress) == uplink)
			n++;
		sent = below->ops->send(below->self, batch + done, n);
		count_sent(run, batch + done, sent);
		done += sent;
		if (sent < n)
			break;
	}
	return done;
}

static void read_stats(void *self, struct bw_transport_stats *ret_stats)
{
	struct run *run = self;
	struct bw_transport_stats stats;

	*ret_stats = (struct bw_transport_stats){0};
	for (unsigned n = 0; 2 * n < run->simulation->way_count; n++) {
		run->below[n].ops->stats(run->below[n].self, &stats);
		ret_stats->sent += stats.sent;
		ret_stats->send_errors += stats.send_errors;
		ret_stats->refused += stats.refused;
		ret_stats->received += stats.received;
		ret_stats->capture_dropped += stats.capture_dropped;
	}
}

static const struct bw_transport_ops counting = {.send = send_counted, .stats = read_stats};

static void put_record(void *self, const struct record *record)
{
	struct run *run = self;

	run->result.records++;
	run->watcher.put(run->watcher.self, record, run->now);
}

static void set_now(struct run *run, struct bw_mono mono)
{
	sim_world_set_now(run->simulation->world, mono);
	run->now = run_now(run->simulation, mono);
}

static const struct simulation_restart *next_restart(const struct run *run)
{
	return run->restarts < run->simulation->restart_count
		       ? &run->simulation->restarts[run->restarts]
		       : NULL;
}

/* Starts a vantage with what STATE says. BEFORE: the one that goes on in it; NULL: a restart. */
static int start_again(struct run *run, const struct restart_state *state,
		       const struct vantage *before, struct bw_err *err)
{
	struct vantage *vantage = NULL;
	int rc;

	run->config->first_seq = before ? vantage_seq(before) : 0;
	rc = vantage_new(run->config, run->now, &vantage, err);
	if (rc == 0)
		rc = restart_load(state, vantage, run->now, err);
	if (rc < 0) {
		vantage_free(vantage);
		return rc;
	}
	if (before)
		vantage_inherit(vantage, before);
	run->vantage = vantage;
	return 0;
}

/* Lets the time pass in which nothing runs, if any is left, and loses what arrives meanwhile. */
static void wait_until(struct run *run, struct bw_mono until)
{
	struct bw_rx rx;

	set_now(run, bw_mono_before(run->now.mono, until) ? until : run->now.mono);
	while (sim_world_take(run->simulation->world, NULL, &rx))
		;
}

static int restart(struct run *run, const struct simulation_restart *what, struct bw_mono end,
		   struct bw_err *err)
{
	struct vantage *before = run->vantage;
	struct restart_state state = {0};
	int rc = restart_save(before, &state, err);

	vantage_flush(before);
	run->vantage = NULL;
	run->restarts++;
	if (rc == 0 && what->is_reload) {
		rc = start_again(run, &state, before, err);
	} else if (rc == 0 && bw_mono_before(what->until, end)) {
		snprintf(run->boot, sizeof(run->boot), "sim-%llu-%zu",
			 (unsigned long long)run->simulation->seed, run->restarts + 1);
		wait_until(run, what->until);
		rc = start_again(run, &state, NULL, err);
	}
	restart_free(&state);
	vantage_free(before);
	return rc;
}

static int restart_due(struct run *run, struct bw_mono end, struct bw_err *err)
{
	const struct simulation_restart *what;
	int rc = 0;

	while (rc == 0 && run->vantage && (what = next_restart(run)) &&
	       !bw_mono_before(run->now.mono, what->at))
		rc = restart(run, what, end, err);
	return rc;
}

/* When something happens next. DUE: in the vantage. */
static struct bw_mono next_time(const struct run *run, struct bw_mono due)
{
	const struct simulation_restart *what = next_restart(run);
	struct bw_mono next = bw_mono_min(due, sim_world_next(run->simulation->world));

	return what ? bw_mono_min(next, what->at) : next;
}

static int drive(struct run *run, struct bw_mono end, struct bw_err *err)
{
	struct sim_world *world = run->simulation->world;
	struct bw_mono mono = {0}, due = vantage_tick(run->vantage, run->now);
	struct bw_rx rx;
	int rc;

	for (;;) {
		struct bw_mono next = next_time(run, due);

		mono = bw_mono_before(mono, next) ? next : bw_mono_add(mono, STEP_NS);
		mono = sim_world_awake(world, 0, mono);
		if (!bw_mono_before(mono, end))
			break;
		set_now(run, mono);
		rc = restart_due(run, end, err);
		if (rc < 0)
			return rc;
		if (!run->vantage)
			break;
		mono = run->now.mono;
		while (sim_world_take(world, NULL, &rx)) {
			run->result.frames++;
			vantage_receive(run->vantage, &rx, run->now);
		}
		due = vantage_tick(run->vantage, run->now);
	}
	set_now(run, end);
	if (run->vantage) {
		vantage_finish(run->vantage, run->now);
		vantage_flush(run->vantage);
	}
	run->result.end = end;
	return 0;
}

static int add_sentinels(const struct simulation_way *way, uint8_t number, struct roster *roster)
{
	struct roster_sentinel sentinel = {
		.method = {BW_PROTOCOL_ICMP, 0},
		.egress = number,
		.way = number,
	};
	int rc = 0;

	if (way->gateway.family) {
		sentinel.addr = way->gateway;
		sentinel.source = HEALTH_GATEWAY;
		rc = roster_add_sentinel(roster, &sentinel, NULL);
	}
	sentinel.source = HEALTH_REFERENCE;
	for (unsigned i = 0; i < way->reference_count && rc == 0; i++) {
		sentinel.addr = way->references[i];
		rc = roster_add_sentinel(roster, &sentinel, NULL);
	}
	return rc;
}

/* Blocks within PREFIX are reached by the second uplink. */
static void move_to_second(struct roster *roster, const struct bw_prefix *prefix)
{
	for (uint32_t i = 0; i < roster->block_count; i++) {
		struct bw_prefix block = roster_prefix(roster, i);

		if (bw_prefix_covers(prefix, &block))
			roster->blocks[i].egress = block.addr.family == 4 ? 2 : 3;
	}
}

static int set_ways(const struct simulation *simulation, struct roster *roster, struct bw_err *err)
{
	const struct scenario_texts *second = &simulation->scenario->vantage.second_uplink;
	struct bw_prefix prefix;

	roster_egress_set(roster, 0, 1);
	for (size_t i = 0; i < second->count; i++) {
		if (bw_prefix_parse(second->list[i].text, &prefix, err) < 0)
			return scenario_blame(simulation->scenario, err, "vantage.second_uplink");
		move_to_second(roster, &prefix);
	}
	for (uint8_t n = 0; n < simulation->way_count; n++)
		if (add_sentinels(&simulation->ways[n], n, roster) < 0)
			return bw_err_set(err, -ENOMEM, "out of memory");
	return 0;
}

static int make_roster(const struct simulation *simulation, struct roster *roster,
		       struct bw_err *err)
{
	int rc = roster_init(roster, (const struct bw_target *const *)simulation->targets,
			     simulation->target_count,
			     &(struct roster_options){.seed = simulation->seed}, err);

	if (rc < 0)
		return rc;
	rc = set_ways(simulation, roster, err);
	if (rc < 0)
		roster_fini(roster);
	return rc;
}

/* For each target: its own values, else those of the vantage. */
static struct vantage_plan *make_plans(const struct simulation *simulation)
{
	const struct scenario_vantage *usual = &simulation->scenario->vantage;
	struct vantage_plan *plans = calloc(simulation->target_count, sizeof(*plans));

	for (size_t t = 0; plans && t < simulation->scenario->target_count; t++) {
		const struct scenario_target *from = &simulation->scenario->targets[t];
		const struct simulation_target *origin = &simulation->origins[t];

		for (size_t i = 0; i < origin->count; i++)
			plans[origin->first + i] = (struct vantage_plan){
				from->round_ns ? from->round_ns : usual->round_ns,
				from->confirm_ns ? from->confirm_ns : usual->confirm_ns,
				from->probes_per_hour > 0 ? from->probes_per_hour
							  : usual->probes_per_hour,
			};
	}
	return plans;
}

static int run_vantage(struct run *run, struct vantage_config *config, struct bw_mono end,
		       struct bw_err *err)
{
	const struct scenario_vantage *from = &run->simulation->scenario->vantage;
	struct bw_transport transport = {&counting, run};
	struct path_plan paths = {.every_ns = from->trace_ns,
				  .label = labels_find,
				  .label_self = run->simulation};
	int rc;

	run->config = config;
	config->transport = &transport;
	config->params = infer_params_rounds(from->false_dark_per_year);
	config->params.confirm_ns = from->confirm_ns;
	config->paths = from->trace_ns ? &paths : NULL;
	rc = vantage_new(config, run->now, &run->vantage, err);
	if (rc < 0)
		return rc;
	rc = drive(run, end, err);
	vantage_free(run->vantage);
	return rc;
}

int run_simulation(struct simulation *simulation, const struct run_options *options,
		   struct run_result *ret_result, struct bw_err *err)
{
	struct run run = {.simulation = simulation,
			  .watcher = options->watcher,
			  .now = run_now(simulation, (struct bw_mono){0})};
	struct vantage_plan *plans = make_plans(simulation);
	struct roster roster;
	int rc;

	if (!plans)
		return bw_err_set(err, -ENOMEM, "out of memory");
	for (unsigned n = 0; 2 * n < simulation->way_count; n++)
		run.below[n] = sim_world_transport(simulation->world, n);
	rc = make_roster(simulation, &roster, err);
	if (rc == 0) {
		snprintf(run.boot, sizeof(run.boot), "sim-%llu",
			 (unsigned long long)simulation->seed);
		rc = run_vantage(&run,
				 &(struct vantage_config){
					 .name = simulation->scenario->vantage.name,
					 .boot = run.boot,
					 .version = "simulated",
					 .roster = &roster,
					 .egress = simulation->egress,
					 .egress_count = simulation->way_count,
					 .plans = plans,
					 .rate_pps = simulation->scenario->vantage.rate_pps,
					 .seed = simulation->seed,
					 .repeatable = true,
					 .sink = {.put = put_record, .self = &run},
				 },
				 run_end(simulation, options->until_ns), err);
		roster_fini(&roster);
	}
	free(plans);
	*ret_result = run.result;
	return rc;
}
