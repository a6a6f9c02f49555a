/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/watch.h"

#include <errno.h>

#include "vantage/ledger/records.h"
#include "vantage/watch/one_shot.h"
#include "vantage/watch/recurring.h"
#include "vantage/watch/round/round.h"

#define ROUNDS_MAX 65536U /* under way at once */
#define TICK_NS BW_MS
#define FOCUS_ROUND_NS (15 * BW_S) /* a target in focus has rounds of this length, or shorter */

static const struct roster *roster_of(const struct watch *w)
{
	return w->ledger->config.roster;
}

static int init_modules(struct watch *w)
{
	const struct watch_config *config = &w->config;
	uint32_t blocks = roster_of(w)->block_count;
	const struct schedule schedule = {
		.ledger = w->ledger,
		.allowance = &w->allowance,
		.wheel = w->wheel,
		.rng = &w->rng,
		.order = w->order,
	};
	const struct sentinels sentinels = {
		.ledger = w->ledger,
		.allowance = &w->allowance,
		.engine = config->engine,
		.rng = &w->rng,
	};
	int code = round_table_init(&w->rounds, blocks < ROUNDS_MAX ? blocks : ROUNDS_MAX);

	if (code == 0)
		code = allowance_init(&w->allowance, w->ledger, config->plans);
	if (code == 0)
		code = sentinels_init(&w->sentinels, &sentinels);
	if (code == 0 && config->plans)
		code = schedule_init(&w->schedule, &schedule);
	return code;
}

/* Whether a target is watched closely: so are then the ways out. */
static bool is_in_focus(const struct watch_config *config)
{
	for (uint32_t t = 0; config->plans && t < config->ledger->config.roster->target_count; t++)
		if (config->plans[t].round_ns <= FOCUS_ROUND_NS)
			return true;
	return false;
}

int watch_init(struct watch *w, const struct watch_config *config)
{
	const struct roster *roster = config->ledger->config.roster;
	int code;

	*w = (struct watch){
		.config = *config,
		.ledger = config->ledger,
		.ops = config->plans ? &recurring_ops : &one_shot_ops,
		.rng = rng_of(config->seed),
		.in_focus = is_in_focus(config),
		.order =
			permutation_of(roster->block_count ? roster->block_count : 1, config->seed),
	};
	w->wheel = wheel_new(roster->block_count + roster->target_count + 1, TICK_NS,
			     w->ledger->now.mono);
	code = w->wheel ? init_modules(w) : -ENOMEM;
	if (code == 0 && w->ops->start)
		w->ops->start(w);
	return code;
}

void watch_fini(struct watch *w)
{
	round_table_fini(&w->rounds);
	allowance_fini(&w->allowance);
	schedule_fini(&w->schedule);
	sentinels_fini(&w->sentinels);
	wheel_free(w->wheel);
}

/* A round, or the owner, has found that the vantage is blind: only here its rounds may end. */
static void apply_found(struct watch *w)
{
	if (w->ledger->ways.found && w->ops->found_blind)
		w->ops->found_blind(w);
}

/* Brings what is needed of a block nearer to the processor, all of it at once. */
static void fetch_block(const struct watch *w, uint32_t block)
{
	if (block >= roster_of(w)->block_count)
		return;
	__builtin_prefetch(round_table_find(&w->rounds, block), 1);
	__builtin_prefetch(&roster_of(w)->blocks[block]);
	__builtin_prefetch(&w->ledger->blocks[block], 1);
	if (w->ledger->tracks)
		__builtin_prefetch(&w->ledger->tracks[block], 1);
}

void watch_sent(struct watch *w, const struct probe *probe, struct bw_mono sent)
{
	switch ((enum probe_client)probe->client) {
	case PROBE_OF_ROUND:
		round_sent(w, probe, sent);
		apply_found(w);
		break;
	case PROBE_OF_SENTINEL:
		sentinels_sent(&w->sentinels, probe, sent);
		break;
	}
}

static void take_block_outcome(struct watch *w, const struct outcome *outcome)
{
	struct fitness *fitness = &w->ledger->ways.of[outcome->probe.egress];

	fetch_block(w, outcome->probe.subject);
	if (w->config.tells_probes)
		records_probe(w->ledger, outcome);
	if (outcome->kind == OUTCOME_REPLY) {
		health_answered(&fitness->health, HEALTH_BLOCK, outcome->sent);
		sentinels_add_witness(&w->sentinels, outcome);
	}
	if (outcome->kind == OUTCOME_ERROR)
		fitness_take_error(fitness, outcome);
	round_outcome(w, outcome);
	apply_found(w);
}

static void take_sentinel_outcome(struct watch *w, const struct outcome *outcome)
{
	sentinels_outcome(&w->sentinels, outcome);
	if (outcome->kind == OUTCOME_REPLY && w->ops->sentinel_answered)
		w->ops->sentinel_answered(w);
}

void watch_outcome(struct watch *w, const struct outcome *outcome)
{
	switch ((enum probe_client)outcome->probe.client) {
	case PROBE_OF_ROUND:
		take_block_outcome(w, outcome);
		break;
	case PROBE_OF_SENTINEL:
		take_sentinel_outcome(w, outcome);
		break;
	}
}

static void expire_due(struct watch *w)
{
	uint32_t id, coming;

	while (wheel_expire(w->wheel, w->ledger->now.mono, &id)) {
		if (wheel_coming(w->wheel, &coming))
			fetch_block(w, coming);
		w->ops->due(w, id);
		apply_found(w);
	}
}

void watch_tick(struct watch *w, bool slept)
{
	w->ops->tick(w, slept);
	expire_due(w);
}

struct bw_mono watch_deadline(const struct watch *w)
{
	return bw_mono_min(wheel_next(w->wheel), w->sentinels.at);
}

bool watch_is_done(const struct watch *w)
{
	return w->ops->is_done && w->ops->is_done(w);
}

void watch_stop(struct watch *w, unsigned reason)
{
	if (w->ops->stop)
		w->ops->stop(w, reason);
}

void watch_finish(struct watch *w)
{
	if (w->ops->finish)
		w->ops->finish(w);
	for (uint32_t t = 0; t < roster_of(w)->target_count; t++)
		records_target(w->ledger, t);
}

void watch_hold_blind(struct watch *w, unsigned way, unsigned reasons)
{
	struct fitness *fitness = &w->ledger->ways.of[way];
	bool was_held = fitness->held;

	fitness->held = reasons != 0;
	if (reasons)
		ways_find_blind(&w->ledger->ways, way, reasons);
	else if (was_held && w->ops->released)
		w->ops->released(w, way);
	apply_found(w);
}

void watch_rerouted(struct watch *w, const uint8_t *before)
{
	ways_assign(&w->ledger->ways, roster_of(w), w->ledger->now.mono);
	if (w->ops->rerouted)
		w->ops->rerouted(w, before);
}
