/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/watch/one_shot.h"

#include "vantage/ledger/events.h"
#include "vantage/ledger/fitness/unrelated.h"
#include "vantage/roster_weigh.h"
#include "vantage/watch/round/few_hosts.h"
#include "vantage/watch/round/round.h"
#include "vantage/watch/vouch.h"

#define BEGIN_AHEAD_S 0.01 /* probes of so much time may wait for the pacer, ... */
#define BEGIN_MIN 16       /* ... or so many, before another block begins */
#define LINGER_MIN_NS (100 * BW_MS)
#define VOUCH_NS (100 * BW_MS) /* how often a silent block looks for a sign of life */

static bool is_done(const struct watch *w)
{
	return w->known == w->ledger->config.roster->block_count;
}

static uint32_t next_block(struct watch *w)
{
	return (uint32_t)permutation_at(&w->order, w->begun++);
}

/* Only as many as the pacer can serve soon: rounds that are under way come before new ones. */
static void begin_blocks(struct watch *w)
{
	uint32_t soon = (uint32_t)(w->config.rate_pps * BEGIN_AHEAD_S) + BEGIN_MIN;

	while (w->begun < w->ledger->config.roster->block_count &&
	       round_table_has_room(&w->rounds) && engine_queued(w->config.engine) < soon)
		round_begin(w, next_block(w));
}

static void stop(struct watch *w, unsigned reason)
{
	uint32_t count = w->ledger->config.roster->block_count;

	for (uint32_t i = 0; i < count; i++) {
		const struct round *round = round_table_find(&w->rounds, i);

		if (!round)
			continue;
		if (evidence_count(&round->x, EVIDENCE_REPLY) > 0)
			round_decide(w, i, BW_UP, 0);
		else if (w->ledger->blocks[i].verdict == BW_UNKNOWN)
			round_decide(w, i, BW_UNKNOWN, reason);
		round_settle(w, i);
	}
	while (w->begun < count) {
		uint32_t block = next_block(w);

		(void)round_open(w, block);
		round_decide(w, block, BW_UNKNOWN, reason);
		round_settle(w, block);
	}
}

static void ask_sentinels(struct watch *w)
{
	sentinels_ask(&w->sentinels);
	for (unsigned n = 0; ways_is_real(n); n++)
		sentinels_ask_witnesses(&w->sentinels, n);
}

static void tick(struct watch *w, bool slept)
{
	(void)slept;
	begin_blocks(w);
	if (!is_done(w) && sentinels_are_due(&w->sentinels, true))
		ask_sentinels(w);
}

static void due(struct watch *w, uint32_t block)
{
	round_advance(w, block);
}

/* The only round of each target has ended. */
static void finish(struct watch *w)
{
	for (uint32_t t = 0; t < w->ledger->config.roster->target_count; t++)
		w->ledger->sums.targets[t].round = 1;
}

static void prepare(struct watch *w, uint32_t block, struct round *round)
{
	const struct ledger *l = w->ledger;

	block_begin(&l->blocks[block], &round->x, &l->config.params, 0, l->now.mono);
}

static struct request request(const struct watch *w, uint32_t block, const struct round *round,
			      uint16_t host)
{
	return hotlist_has(&w->ledger->blocks[block].hot, host)
		       ? request_recalled(w->ledger, block, &round->x, host)
		       : request_stated(w->ledger, block, &round->x, host);
}

/*
 * Before dark all hosts are asked that are listed or remembered, as far as a log has room: a part
 * of the block may answer. Not into a line that is dead, where nobody can.
 */
static void nears_dark(struct watch *w, uint32_t number, struct round *round)
{
	const struct ledger *l = w->ledger;
	const struct block *block = &l->blocks[number];
	unsigned hosts = roster_is_open(l->config.roster, number) ? block->hot.count : block->hosts;

	if (unrelated_judge(w->ledger, number, round->x.opened))
		hosts = 0;
	round->x.breadth = (uint8_t)(hosts < EVIDENCE_MAX ? hosts : EVIDENCE_MAX);
}

static void late_reply(struct watch *w, const struct outcome *reply)
{
	events_correct(w->ledger, reply->probe.subject, reply);
}

static void bound(const struct watch *w, uint32_t block, const struct round *round,
		  struct verdict_decision *decision)
{
	const struct evidence *reply = evidence_first(&round->x, EVIDENCE_REPLY);

	decision->earliest = w->ledger->blocks[block].last_answer;
	decision->latest = decision->to == BW_DARK ? round->x.opened : w->ledger->now.mono;
	if (decision->to != BW_UP || !reply)
		return;
	decision->earliest = BLOCK_NEVER_ANSWERED;
	decision->latest = reply->sent;
}

/* Twice the longest round trip, so that "3 of 3 answered" can be said at little cost. */
static void up(struct watch *w, uint32_t block, struct round *round)
{
	int64_t linger = 2 * tally_longest_rtt(&round->tally);
	struct bw_mono end =
		bw_mono_add(round->x.asked, linger > LINGER_MIN_NS ? linger : LINGER_MIN_NS);

	if (!evidence_is_open(&round->x) || !bw_mono_before(w->ledger->now.mono, end))
		round_settle(w, block);
	else
		wheel_arm(w->wheel, block, end);
}

static unsigned blind_reasons(struct watch *w, uint32_t block, const struct round *round)
{
	unsigned reasons = round_blind_reasons(w, block, &round->x);

	return reasons ? reasons : vouch_reasons(w, block, &round->x);
}

/* An error of a router ends a probe at once: the sentinels are given time to answer, too. */
static void silent(struct watch *w, uint32_t block, struct round *round)
{
	struct bw_mono now = w->ledger->now.mono;
	struct bw_mono end = bw_mono_add(round->x.asked, w->ledger->config.params.timeout_ns);
	unsigned reasons = blind_reasons(w, block, round);

	if (reasons && bw_mono_before(now, end)) {
		wheel_arm(w->wheel, block, bw_mono_min(end, bw_mono_add(now, VOUCH_NS)));
		return;
	}
	if (!reasons && few_hosts_may_be_off(w, block))
		reasons = BW_WHY_FEW_HOSTS;
	round_decide(w, block, reasons ? BW_UNKNOWN : BW_DARK, reasons);
	round_settle(w, block);
}

/* Too little for the block alone, but its siblings are as silent. */
static bool is_dark_with_siblings(struct watch *w, uint32_t block, const struct round *round)
{
	return few_hosts_are_dark(w, block, round) && !blind_reasons(w, block, round);
}

/* A vantage that is cut off explains the silence of a list better than the list does. */
static unsigned undecided(struct watch *w, uint32_t block, unsigned reasons)
{
	const struct round *round = round_table_find(&w->rounds, block);
	unsigned blind = 0;

	if (reasons == BW_WHY_FEW_EVIDENCE || reasons & BW_WHY_NEVER_SEEN)
		blind = round_blind_reasons(w, block, &round->x);
	if (blind)
		return blind;
	if (reasons == BW_WHY_FEW_EVIDENCE && few_hosts_known(w->ledger, block) <= FEW_HOSTS)
		return BW_WHY_FEW_HOSTS;
	return reasons;
}

/* Who answered, for the checks to come (vantage/ledger/memory.h). */
static void learn_hosts(struct block *block, const struct evidence_log *x)
{
	if (evidence_count(x, EVIDENCE_REPLY) == 0)
		return;
	if (block->hot.count == 0)
		hotlist_init(&block->hot, LEDGER_HOT_GUESS, ROSTER_GUESS);
	for (unsigned i = 0; i < x->count; i++) {
		const struct evidence *e = &x->list[i];

		if (e->state == EVIDENCE_REPLY || (e->state == EVIDENCE_SILENT && e->attempt == 0))
			hotlist_learn(&block->hot, e->host, e->method, e->state == EVIDENCE_REPLY);
	}
}

static void learn(struct watch *w, uint32_t block, struct round *round)
{
	struct ledger *l = w->ledger;

	learn_hosts(&l->blocks[block], &round->x);
	current_loss_count(&l->loss, ledger_loss_of(l, block), &round->x, l->now.mono);
}

const struct watch_ops one_shot_ops = {
	.tick = tick,
	.due = due,
	.is_done = is_done,
	.stop = stop,
	.finish = finish,
	.prepare = prepare,
	.request = request,
	.nears_dark = nears_dark,
	.late_reply = late_reply,
	.bound = bound,
	.up = up,
	.silent = silent,
	.is_dark_with_siblings = is_dark_with_siblings,
	.undecided = undecided,
	.learn = learn,
};
