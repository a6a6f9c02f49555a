/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vantage puts the floors together: the roster says who there is, the
 * inference what each block wants next, the engine carries it out, and what is
 * decided leaves as records.
 *
 *   schedule.c     when a block is due          round.c     one round of one block
 *   sentinels.c  is this machine online?      events.c   verdicts to events
 *   records.c    records                      roster.c    who is probed
 *
 * Without plans it is a check: every block has one round, begun in a permuted
 * order as fast as the pacer allows, and when all have their record it is done.
 * With plans the blocks have rounds for ever.
 *
 * No I/O, no clock: time comes in with each call. If a call comes much later
 * than the deadline that was given out, the machine slept: what was under way
 * is void, and the rounds are spread anew.
 */
#include "vantage/vantage.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/huge_array.h"
#include "vantage/state.h"

#define ROUNDS_MAX 65536U     /* blocks on round at once */
#define LISTEN_NS (60 * BW_S) /* late replies count for so long (Padmanabhan et al., IMC 2015) */
#define PACE_INTERVAL_NS BW_S /* a probe a second and block ... */
#define PACE_BURST 20         /* ... in bursts of at most 20 (probe/budget.h says why) */
#define QUEUE_MAX 65536U
#define BEGIN_AHEAD_S 0.01
#define BEGIN_MIN 16
#define PENDING_MIN 4096U
#define PENDING_MAX (1U << 22)
#define TICK_NS BW_MS
#define SAMPLE_S 2 /* first probes may take so long altogether */
#define SLEPT_NS (2 * BW_S)
#define HOT_GUESS 0.9F /* until learned: an address that answered last time */
#define METHODS_ALL (32 * BW_METHODS_MAX)

/* Only as many as the pacer can serve soon: blocks on round come before new ones. */
static void begin_blocks(struct vantage *v)
{
	uint32_t soon = (uint32_t)(v->config.rate_pps * BEGIN_AHEAD_S) + BEGIN_MIN;

	while (v->begun < v->config.roster->block_count && round_is_free(v) &&
	       engine_queued(v->engine) < soon)
		round_begin(v, (uint32_t)permutation_at(&v->order, v->begun++));
}

/* Brings what is needed of a block nearer to the processor, all of it at once. */
static void fetch_block(const struct vantage *v, uint32_t number)
{
	if (number >= v->config.roster->block_count)
		return;
	__builtin_prefetch(round_of(v, number), 1);
	__builtin_prefetch(&v->config.roster->blocks[number]);
	__builtin_prefetch(&v->blocks[number], 1);
	if (vantage_has_rounds(v))
		__builtin_prefetch(&v->watches[number], 1);
}

static void on_sent(void *self, const struct probe *probe, struct bw_mono sent)
{
	struct vantage *v = self;

	if (probe->subject < v->config.roster->block_count)
		round_sent(v, probe, sent);
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct vantage *v = self;

	fetch_block(v, outcome->probe.subject);
	if (outcome->probe.subject >= v->config.roster->block_count) {
		sentinels_outcome(v, outcome);
		return;
	}
	if (v->config.tells_probes)
		records_probe(v, outcome);
	if (outcome->kind == OUTCOME_REPLY) {
		health_answered(&v->health, HEALTH_BLOCK, outcome->sent);
		sentinels_add_witness(v, outcome);
	}
	round_outcome(v, outcome);
}

/* How many first probes a block gets in a check: more where the rate allows it. */
static uint8_t sample_for(const struct vantage_config *config)
{
	double blocks = config->roster->block_count ? config->roster->block_count : 1;
	double affordable = SAMPLE_S * config->rate_pps / blocks;

	if (config->plans || affordable >= config->params.sample)
		return config->params.sample;
	return affordable < 1 ? 1 : (uint8_t)affordable;
}

static size_t add_method(struct bw_method *all, size_t count, struct bw_method method)
{
	for (size_t i = 0; i < count; i++)
		if (bw_method_equal(all[i], method))
			return count;
	if (count < METHODS_ALL)
		all[count++] = method;
	return count;
}

static int make_engine(struct vantage *v, struct bw_err *err)
{
	const struct vantage_config *config = &v->config;
	const struct roster *roster = config->roster;
	struct bw_method methods[METHODS_ALL];
	size_t count = 0;
	double pending = config->rate_pps * (double)(LISTEN_NS / BW_S) * 1.1;
	struct engine_config engine = {
		.transport = config->transport,
		.egress = config->egress,
		.egress_count = config->egress_count,
		.methods = methods,
		.contact = config->contact,
		.rate_pps = config->rate_pps,
		.listen_ns = LISTEN_NS,
		.queue_max = QUEUE_MAX,
		.seed = config->repeatable ? config->seed | 1 : 0,
		.on_sent = on_sent,
		.on_outcome = on_outcome,
		.self = v,
	};

	for (uint32_t s = 0; s < roster->method_set_count; s++)
		for (unsigned m = 0; m < roster->method_sets[s].count; m++)
			count = add_method(methods, count, roster->method_sets[s].list[m]);
	for (uint32_t s = 0; s < roster->sentinel_count; s++)
		count = add_method(methods, count, roster->sentinels[s].method);
	engine.method_count = count;
	engine.pending_max = pending < PENDING_MIN   ? PENDING_MIN
			     : pending > PENDING_MAX ? PENDING_MAX
						     : (uint32_t)pending;
	return engine_new(&engine, v->now.mono, &v->engine, err);
}

static int make_rounds(struct vantage *v, uint32_t count)
{
	uint32_t heads = 1;

	while (heads < count)
		heads *= 2;
	v->round_count = count;
	v->rounds = huge_array_new(count, sizeof(*v->rounds));
	v->round_links = calloc(count + 1, sizeof(*v->round_links));
	v->round_heads = malloc(heads * sizeof(*v->round_heads));
	if (!v->rounds || !v->round_links || !v->round_heads)
		return -ENOMEM;
	for (uint32_t i = 0; i < heads; i++)
		v->round_heads[i] = NO_ROUND;
	v->round_mask = heads - 1;
	v->free_round = NO_ROUND;
	return 0;
}

static int make_arrays(struct vantage *v)
{
	const struct roster *roster = v->config.roster;
	uint32_t blocks = roster->block_count;

	v->blocks = huge_array_new(blocks, sizeof(*v->blocks));
	v->spent = calloc(roster->sentinel_count + WITNESSES, sizeof(*v->spent));
	v->networks = calloc(roster->network_count + 1, sizeof(*v->networks));
	v->targets = calloc(roster->target_count + 1, sizeof(*v->targets));
	v->wheel = wheel_new(blocks + roster->target_count + 1, TICK_NS, v->now.mono);
	if (v->config.plans)
		v->watches = huge_array_new(blocks, sizeof(*v->watches));
	if (!v->blocks || !v->spent || !v->networks || !v->targets || !v->wheel ||
	    (v->config.plans && !v->watches))
		return -ENOMEM;
	if (v->config.plans &&
	    (schedule_init(v) < 0 || outages_init(v) < 0 || condition_store_init(v) < 0))
		return -ENOMEM;
	return make_rounds(v, blocks < ROUNDS_MAX ? blocks : ROUNDS_MAX);
}

/* The hosts that are listed are the first that are tried. */
static void seed_hotlist(struct vantage *v, uint32_t number)
{
	struct block *block = &v->blocks[number];
	float sum = 0;
	uint16_t count = block->hosts < HOTLIST_MAX ? block->hosts : HOTLIST_MAX;

	if (count == 0)
		return;
	if (!block->known) { /* nothing is known: what is not hot hardly ever answers */
		hotlist_init(&block->hot, HOT_GUESS,
			     roster_availability(v->config.roster, number, 0));
		return;
	}
	for (uint16_t h = 0; h < count; h++)
		sum += roster_availability(v->config.roster, number, h);
	hotlist_init(&block->hot, fmaxf(sum / count, HOT_GUESS), sum / count);
	for (uint16_t h = 0; h < count; h++)
		(void)hotlist_add(&block->hot, h, 0);
	hotlist_doubt_all(&block->hot);
	block->cold_from = (uint16_t)(count % block->hosts);
}

static void fill_arrays(struct vantage *v)
{
	const struct roster *roster = v->config.roster;

	for (uint32_t i = 0; i < roster->block_count; i++) {
		block_init(&v->blocks[i], roster->blocks[i].host_count,
			   roster_network_of(roster, i)->known, v->now.mono);
		if (!v->config.plans)
			continue;
		seed_hotlist(v, i);
		v->watches[i].last_round = v->now.mono;
		v->watches[i].paced =
			budget_note((struct budget_spent){v->now.mono.ns}) & BUDGET_NOTE_MAX;
		v->watches[i].first_s = (uint32_t)(v->now.wall.ns / BW_S);
		condition_init(&v->watches[i].condition);
		group_add(&v->networks[roster->blocks[i].network].group, BW_UNKNOWN, 0);
	}
	for (uint32_t n = 0; n < roster->network_count; n++) {
		v->networks[n].since = v->now.mono;
		history_start(&v->networks[n].history, v->now.wall);
		group_add(&v->targets[roster->networks[n].target].group, BW_UNKNOWN, 0);
	}
	for (uint32_t t = 0; t < roster->target_count; t++) {
		v->targets[t].since = v->now.mono;
		v->targets[t].hurried.ns = INT64_MIN / 2;
		history_start(&v->targets[t].history, v->now.wall);
	}
}

int vantage_new(const struct vantage_config *config, struct bw_now now,
		struct vantage **ret_vantage, struct bw_err *err)
{
	struct vantage *v = calloc(1, sizeof(*v));
	int code;

	if (!v)
		return bw_err_set(err, -ENOMEM, "out of memory");
	v->config = *config;
	v->config.params.sample = sample_for(config);
	v->now = v->awake = now;
	v->seq = config->first_seq;
	v->pace = budget_of(PACE_INTERVAL_NS, PACE_BURST);
	v->rng = rng_of(config->seed);
	v->order = permutation_of(config->roster->block_count ? config->roster->block_count : 1,
				  config->seed);
	health_init(&v->health);
	v->sentinels_at = now.mono;
	v->expected = BW_NEVER;
	code = make_arrays(v);
	if (code < 0)
		bw_err_set(err, code, "out of memory for %u blocks", config->roster->block_count);
	else
		code = make_engine(v, err);
	if (code < 0) {
		vantage_free(v);
		return code;
	}
	fill_arrays(v);
	if (config->plans)
		schedule_spread(v);
	*ret_vantage = v;
	return 0;
}

void vantage_free(struct vantage *v)
{
	if (!v)
		return;
	engine_free(v->engine);
	schedule_fini(v);
	outages_fini(v);
	condition_store_fini(v);
	wheel_free(v->wheel);
	huge_array_free(v->watches);
	free(v->networks);
	free(v->targets);
	huge_array_free(v->rounds);
	free(v->round_links);
	free(v->round_heads);
	free(v->spent);
	huge_array_free(v->blocks);
	free(v);
}

void vantage_receive(struct vantage *v, const struct bw_rx *rx, struct bw_now now)
{
	v->now = now;
	engine_receive(v->engine, rx);
}

static void wake_due(struct vantage *v)
{
	uint32_t id, coming;

	while (wheel_expire(v->wheel, v->now.mono, &id)) {
		if (wheel_coming(v->wheel, &coming))
			fetch_block(v, coming);
		if (vantage_has_rounds(v))
			schedule_due(v, id);
		else if (round_of(v, id))
			round_advance(v, id);
	}
}

/* What was under way is void, and nobody is missed for the time of the sleep. */
static void wake_up(struct vantage *v)
{
	unsigned held = v->blind_held ? v->blind_reasons : 0;

	v->awake = v->now;
	v->blind_reasons = held | BW_WHY_SUSPENDED;
	records_vantage(v);
	v->blind_reasons = held;
	schedule_spread(v);
}

void vantage_tick(struct vantage *v, struct bw_now now)
{
	bool slept = vantage_has_rounds(v) && v->expected.ns != BW_NEVER.ns &&
		     bw_mono_since(now.mono, v->expected) > SLEPT_NS;

	v->now = now;
	if (slept)
		wake_up(v);
	if (!vantage_has_rounds(v))
		begin_blocks(v);
	if (vantage_has_rounds(v) || !vantage_is_done(v))
		sentinels_tick(v);
	wake_due(v);
	engine_tick(v->engine, now.mono);
	v->expected = vantage_deadline(v, now);
}

struct bw_mono vantage_deadline(const struct vantage *v, struct bw_now now)
{
	struct bw_mono next =
		bw_mono_min(engine_deadline(v->engine, now.mono), wheel_next(v->wheel));

	return bw_mono_min(next, v->sentinels_at);
}

bool vantage_is_done(const struct vantage *v)
{
	return !v->config.plans && v->known == v->config.roster->block_count;
}

void vantage_stop(struct vantage *v, unsigned reason, struct bw_now now)
{
	v->now = now;
	if (vantage_has_rounds(v))
		return;
	for (uint32_t i = 0; i < v->config.roster->block_count; i++)
		if (round_of(v, i))
			round_stop(v, i, reason);
	while (v->begun < v->config.roster->block_count)
		round_stop(v, (uint32_t)permutation_at(&v->order, v->begun++), reason);
}

void vantage_finish(struct vantage *v, struct bw_now now)
{
	v->now = now;
	for (uint32_t t = 0; t < v->config.roster->target_count; t++)
		records_target(v, t);
	records_vantage(v);
}

void vantage_blind(struct vantage *v, unsigned reasons, struct bw_now now)
{
	bool was_held = v->blind_held;

	v->now = now;
	v->blind_held = reasons != 0;
	if (reasons)
		sentinels_blind(v, reasons);
	else if (was_held)
		sentinels_release(v);
}

void vantage_inherit(struct vantage *v, const struct vantage *before)
{
	const struct roster *roster = v->config.roster, *old = before->config.roster;

	v->health = before->health;
	v->blind_reasons = before->blind_reasons;
	v->blind_held = before->blind_held;
	v->blind_since = before->blind_since;
	v->counted = records_counters(before);
	for (uint32_t t = 0; t < roster->target_count; t++)
		for (uint32_t o = 0; o < old->target_count; o++)
			if (strcmp(roster->targets[t].target->name, old->targets[o].target->name) ==
			    0)
				v->targets[t].round = before->targets[o].round;
}

void vantage_dump(struct vantage *v, struct bw_now now)
{
	const struct tally none = {0};

	v->now = now;
	for (uint32_t i = 0; i < v->config.roster->block_count; i++)
		records_block(v, i, &none);
	vantage_finish(v, now);
}

uint64_t vantage_seq(const struct vantage *v)
{
	return v->seq;
}

void vantage_progress(const struct vantage *v, struct vantage_progress *ret_progress)
{
	struct engine_stats stats;

	engine_stats(v->engine, &stats);
	*ret_progress = (struct vantage_progress){
		.blocks = v->config.roster->block_count,
		.known = v->known,
		.sent = stats.sent,
		.replies = stats.replies,
	};
}
