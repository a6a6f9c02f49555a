/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vantage puts the floors together: the roster says who there is, the
 * inference what each block wants next, the engine carries it out, and what is
 * decided leaves as records.
 *
 * The life of a block: begun (in a permuted order, so that no network gets a
 * burst) -> on trial: step by step as block_next() wishes, woken by the wheel
 * or by an outcome -> a verdict, written by block_decide() after the guard was
 * asked -> its record goes out and the trial is given back. A block that is up
 * stays on trial until its sample is complete or has had twice the longest
 * round trip, so that "3 of 3 answered" can be said at little cost.
 *
 * Invariants: a block has a trial exactly from its beginning until its record;
 * `known` counts the records of blocks that are out; a trial's queued or
 * waiting probes may outlive it, and their outcomes then only serve the guard,
 * or, a late reply to a block that was called dark, correct the verdict.
 *
 * No I/O, no clock: time comes in with each call.
 */
#include "vantage/vantage.h"

#include <errno.h>
#include <stdlib.h>

#include "infer/belief.h"
#include "vantage/state.h"

#define TRIALS_MAX 65536U         /* blocks on trial at once */
#define LISTEN_NS (60 * BW_S)     /* FIELD 7.2: late replies count for so long */
#define BUDGET_INTERVAL_NS BW_S   /* a probe a second and block ... */
#define BUDGET_BURST 20           /* ... in bursts of at most 20 (FIELD 3, FADER) */
#define QUEUE_MAX 65536U
#define BEGIN_AHEAD_S 0.01
#define BEGIN_MIN 16
#define PENDING_MIN 4096U
#define PENDING_MAX (1U << 22)
#define QUEUE_RETRY_NS (5 * BW_MS)
#define SETTLE_MIN_NS (100 * BW_MS)
#define TICK_NS BW_MS
#define METHODS_ALL (32 * BW_METHODS_MAX)

static void advance(struct vantage *v, uint32_t number);

static struct trial *trial_of(struct vantage *v, uint32_t number)
{
	uint32_t i = v->trial_of[number];

	return i == NO_TRIAL ? NULL : &v->trials[i];
}

/* What a block that is there answered tells how good the line is. */
static void count_quality(struct vantage *v, const struct excursion *x)
{
	float expected = 0;

	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].state == EVIDENCE_REPLY || x->list[i].state == EVIDENCE_SILENT ||
		    x->list[i].state == EVIDENCE_WAITING)
			expected += x->list[i].availability;
	blind_count(&v->blind, expected, (float)excursion_count(x, EVIDENCE_REPLY));
}

/* The record goes out and the trial is over. */
static void settle(struct vantage *v, uint32_t number)
{
	struct trial *trial = trial_of(v, number);

	if (v->blocks[number].verdict == BW_UP)
		count_quality(v, &trial->x);
	results_block(v, number, &trial->tally);
	v->known++;
	wheel_cancel(v->wheel, number);
	trial->next_free = v->free_trial;
	v->free_trial = v->trial_of[number];
	v->trial_of[number] = NO_TRIAL;
}

static void decide(struct vantage *v, uint32_t number, enum bw_verdict verdict, unsigned reasons)
{
	struct block_change change;

	(void)block_decide(&v->blocks[number], &trial_of(v, number)->x, verdict, reasons,
			   v->now.mono, &change);
}

/* Why the vantage's own state forbids to judge this silence; 0 when it does not. */
static unsigned why_blind(struct vantage *v, const struct excursion *x)
{
	struct bw_transport_stats stats;

	v->config.transport->ops->stats(v->config.transport->self, &stats);
	blind_drops(&v->blind, stats.received, stats.capture_dropped);
	return blind_reasons(&v->blind, bw_mono_add(x->opened, v->config.params.confirm_ns));
}

static void judge_silence(struct vantage *v, uint32_t number)
{
	unsigned reasons = why_blind(v, &trial_of(v, number)->x);

	decide(v, number, reasons ? BW_UNKNOWN : BW_DARK, reasons);
	settle(v, number);
}

/* A blind vantage explains a lack of evidence better than the lack itself. */
static void give_up(struct vantage *v, uint32_t number, unsigned reasons)
{
	unsigned blind = reasons == BW_WHY_FEW_EVIDENCE ? why_blind(v, &trial_of(v, number)->x) : 0;

	decide(v, number, BW_UNKNOWN, blind ? blind : reasons);
	settle(v, number);
}

static struct probe probe_to(const struct vantage *v, uint32_t number, uint16_t host, unsigned turn)
{
	const struct roster *roster = v->config.roster;

	return (struct probe){
		.subject = number,
		.host = host,
		.egress = roster->networks[roster->blocks[number].network].egress,
		.dst = roster_host_addr(roster, number, host),
		.method = roster_method(roster, number, host, turn),
		.patience_ns = v->config.params.timeout_ns,
	};
}

/* Asks the next host; false when it must wait and the wheel has been told. */
static bool ask(struct vantage *v, uint32_t number, uint16_t host)
{
	struct excursion *x = &trial_of(v, number)->x;
	unsigned turn = excursion_turn(x, host, v->config.params.sample);
	struct probe probe = probe_to(v, number, host, turn);
	struct bw_mono at = budget_next(&v->budget, number, v->now.mono);
	struct evidence evidence = {
		.host = host,
		.availability = roster_availability(v->config.roster, number, host),
		.turn = (uint8_t)turn,
		.protocol = probe.method.protocol,
	};

	probe.tag = x->count;
	if (!bw_mono_before(v->now.mono, at)) {
		if (engine_submit(v->engine, &probe) == 0)
			return budget_take(&v->budget, number, v->now.mono) &&
			       excursion_ask(x, &evidence, v->now.mono) >= 0;
		at = bw_mono_add(v->now.mono, QUEUE_RETRY_NS);
	}
	wheel_arm(v->wheel, number, at);
	return false;
}

static int64_t longest_rtt(const struct tally *tally)
{
	int64_t longest = 0;

	for (uint32_t i = 0; i < tally->replies && i < TALLY_RTTS; i++)
		if (tally->rtt_ns[i] > longest)
			longest = tally->rtt_ns[i];
	return longest;
}

/* A block that is up and may still get answers to its sample. */
static void wait_for_sample(struct vantage *v, uint32_t number, struct bw_mono next)
{
	const struct trial *trial = trial_of(v, number);
	int64_t patience = 2 * longest_rtt(&trial->tally);
	struct bw_mono end =
		bw_mono_add(trial->x.asked, patience > SETTLE_MIN_NS ? patience : SETTLE_MIN_NS);

	if (next.ns == BW_NEVER.ns &&
	    (!excursion_is_open(&trial->x) || !bw_mono_before(v->now.mono, end)))
		settle(v, number);
	else
		wheel_arm(v->wheel, number, bw_mono_min(next, end));
}

static void advance(struct vantage *v, uint32_t number)
{
	struct trial *trial;

	while ((trial = trial_of(v, number))) {
		struct block *block = &v->blocks[number];
		struct block_wish wish;

		trial->x.quality = blind_quality(&v->blind);
		wish = block_next(block, &trial->x, &v->config.params, v->now.mono);
		switch (wish.step) {
		case STEP_ASK:
			if (!ask(v, number, wish.host))
				return;
			break;
		case STEP_WAIT:
			if (block->verdict == BW_UP)
				wait_for_sample(v, number, wish.at);
			else if (wish.at.ns != BW_NEVER.ns)
				wheel_arm(v->wheel, number, wish.at);
			return;
		case STEP_DARK:
			judge_silence(v, number);
			return;
		case STEP_STUCK:
			give_up(v, number, wish.reasons);
			return;
		}
	}
}

static unsigned hindrance(const struct roster *roster, const struct roster_block *block)
{
	if (roster->networks[block->network].egress == ROSTER_NO_EGRESS)
		return BW_WHY_NO_ROUTE;
	if (block->refused == BW_ERR_BLOCKLISTED)
		return BW_WHY_BLOCKLISTED;
	return block->refused ? BW_WHY_SPECIAL_PURPOSE : BW_WHY_NEVER_SEEN;
}

static void start_trial(struct vantage *v, uint32_t number)
{
	struct trial *trial = &v->trials[v->free_trial];

	v->trial_of[number] = v->free_trial;
	v->free_trial = trial->next_free;
	trial->tally = (struct tally){0};
	excursion_begin(&trial->x, 0);
	trial->x.asked = v->now.mono;
}

static void begin_block(struct vantage *v, uint32_t number)
{
	const struct roster_block *block = &v->config.roster->blocks[number];

	start_trial(v, number);
	if (block->host_count == 0 ||
	    v->config.roster->networks[block->network].egress == ROSTER_NO_EGRESS) {
		decide(v, number, BW_UNKNOWN, hindrance(v->config.roster, block));
		settle(v, number);
	} else {
		advance(v, number);
	}
}

/* Only as many as the pacer can serve soon: blocks on trial come before new ones. */
static void begin_blocks(struct vantage *v)
{
	uint32_t soon = (uint32_t)(v->config.rate_pps * BEGIN_AHEAD_S) + BEGIN_MIN;

	while (v->begun < v->config.roster->block_count && v->free_trial != NO_TRIAL &&
	       engine_queued(v->engine) < soon)
		begin_block(v, (uint32_t)permute_at(&v->order, v->begun++));
}

static void on_sent(void *self, const struct probe *probe, struct bw_mono sent)
{
	struct vantage *v = self;
	struct trial *trial;

	if (probe->subject >= v->config.roster->block_count)
		return;
	trial = trial_of(v, probe->subject);
	if (!trial)
		return;
	trial->tally.sent++;
	excursion_sent(&trial->x, probe->tag, sent);
	advance(v, probe->subject);
}

static void count_reply(struct trial *trial, const struct outcome *outcome)
{
	if (trial->tally.replies < TALLY_RTTS)
		trial->tally.rtt_ns[trial->tally.replies] = outcome->rtt_ns;
	trial->tally.replies++;
}

/* A reply after the record is out: it stands, and corrects a wrong verdict. */
static void take_afterwards(struct vantage *v, const struct outcome *outcome)
{
	struct block *block = &v->blocks[outcome->probe.subject];
	struct tally tally = {.sent = 1, .replies = 1, .rtt_ns = {outcome->rtt_ns}};
	struct block_change change;

	if (outcome->kind != OUTCOME_REPLY || block->verdict == BW_UP)
		return;
	block->last_answer = outcome->sent;
	block->log_odds = belief_of_reply(roster_availability(
		v->config.roster, outcome->probe.subject, outcome->probe.host));
	(void)block_decide(block, NULL, BW_UP, 0, v->now.mono, &change);
	results_block(v, outcome->probe.subject, &tally);
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct vantage *v = self;
	uint32_t number = outcome->probe.subject;
	struct trial *trial;

	if (number >= v->config.roster->block_count) {
		sentinels_outcome(v, outcome);
		return;
	}
	if (outcome->kind == OUTCOME_REPLY) {
		blind_life(&v->blind, BLIND_BLOCK, outcome->sent);
		sentinels_add_witness(v, outcome);
	}
	trial = trial_of(v, number);
	if (!trial) {
		take_afterwards(v, outcome);
		return;
	}
	if (!block_take(&v->blocks[number], &trial->x, outcome->probe.tag, outcome))
		return;
	if (outcome->kind == OUTCOME_REPLY) {
		count_reply(trial, outcome);
		decide(v, number, BW_UP, 0);
	}
	advance(v, number);
}

/* How many first probes a block gets: more where the rate allows it within 2 s. */
static uint8_t sample_for(const struct vantage_config *config)
{
	double blocks = config->roster->block_count ? config->roster->block_count : 1;
	double affordable = 2 * config->rate_pps / blocks;

	if (affordable >= config->params.sample)
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

static int make_arrays(struct vantage *v)
{
	const struct roster *roster = v->config.roster;
	uint32_t blocks = roster->block_count;

	v->trial_count = blocks < TRIALS_MAX ? blocks : TRIALS_MAX;
	v->blocks = calloc(blocks + 1, sizeof(*v->blocks));
	v->trial_of = calloc(blocks + 1, sizeof(*v->trial_of));
	v->trials = calloc(v->trial_count + 1, sizeof(*v->trials));
	v->wheel = wheel_new(blocks + 1, TICK_NS, v->now.mono);
	if (!v->blocks || !v->trial_of || !v->trials || !v->wheel)
		return -ENOMEM;
	for (uint32_t i = 0; i < blocks; i++) {
		v->trial_of[i] = NO_TRIAL;
		block_init(&v->blocks[i], roster->blocks[i].host_count, roster->blocks[i].known,
			   v->now.mono);
	}
	for (uint32_t i = 0; i < v->trial_count; i++)
		v->trials[i].next_free = i + 1 < v->trial_count ? i + 1 : NO_TRIAL;
	v->free_trial = v->trial_count ? 0 : NO_TRIAL;
	return budget_init(&v->budget, blocks + roster->sentinel_count + WITNESSES,
			   BUDGET_INTERVAL_NS, BUDGET_BURST);
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
	v->now = v->started = now;
	v->order = permute_of(config->roster->block_count ? config->roster->block_count : 1,
			      config->seed);
	blind_init(&v->blind);
	v->sentinels_at = now.mono;
	code = make_arrays(v);
	if (code < 0)
		bw_err_set(err, code, "out of memory for %u blocks", config->roster->block_count);
	else
		code = make_engine(v, err);
	if (code < 0) {
		vantage_free(v);
		return code;
	}
	*ret_vantage = v;
	return 0;
}

void vantage_free(struct vantage *v)
{
	if (!v)
		return;
	engine_free(v->engine);
	budget_fini(&v->budget);
	wheel_free(v->wheel);
	free(v->trials);
	free(v->trial_of);
	free(v->blocks);
	free(v);
}

void vantage_receive(struct vantage *v, const struct bw_rx *rx, struct bw_now now)
{
	v->now = now;
	engine_receive(v->engine, rx);
}

void vantage_tick(struct vantage *v, struct bw_now now)
{
	uint32_t number;

	v->now = now;
	begin_blocks(v);
	if (!vantage_is_done(v))
		sentinels_tick(v);
	while (wheel_expire(v->wheel, now.mono, &number))
		advance(v, number);
	engine_tick(v->engine, now.mono);
}

struct bw_mono vantage_deadline(const struct vantage *v, struct bw_now now)
{
	struct bw_mono next = bw_mono_min(engine_deadline(v->engine, now.mono),
					  wheel_next(v->wheel));

	return bw_mono_min(next, v->sentinels_at);
}

bool vantage_is_done(const struct vantage *v)
{
	return v->known == v->config.roster->block_count;
}

static void stop_block(struct vantage *v, uint32_t number, unsigned reason)
{
	if (!trial_of(v, number))
		return;
	if (v->blocks[number].verdict == BW_UNKNOWN)
		decide(v, number, BW_UNKNOWN, reason);
	settle(v, number);
}

void vantage_stop(struct vantage *v, unsigned reason, struct bw_now now)
{
	v->now = now;
	for (uint32_t i = 0; i < v->config.roster->block_count; i++)
		stop_block(v, i, reason);
	while (v->begun < v->config.roster->block_count) {
		uint32_t number = (uint32_t)permute_at(&v->order, v->begun++);

		start_trial(v, number);
		stop_block(v, number, reason);
	}
}

void vantage_finish(struct vantage *v, struct bw_now now)
{
	v->now = now;
	results_targets(v);
	results_vantage(v);
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
