/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From outcomes that come as they come to the verdict of a block.
 *
 * Who testifies? A host that has answered before, or that a target file lists:
 * the block's hot list. Other tools also ask hosts that never were; their
 * silence, however much of it there is (a sweep that has passed the inhabited
 * end of a block), says nothing. They only fill up the width that dark demands,
 * with no weight, where fewer than three hosts can testify.
 *
 * While a block is up, an answer clears all that was sent before it: the block
 * was there then. What is left, the silences of probes that were sent after the
 * last answered one, is its excursion. It starts from the belief of that answer,
 * drifted, and is judged by the same demands as in the live vantage: evidence,
 * distinct hosts, a second group `confirm` later. As nobody paces these probes,
 * there may be more of them than an excursion holds; then the oldest repetition
 * goes into the prior with the weight that it has.
 *
 * While it is down, the first and the last answer of its possible return are
 * kept; when they are `confirm` apart it is up, and three silences of hosts
 * that testify in between undo it.
 *
 * A verdict is written by events_decide() only.
 */
#include <stdlib.h>
#include <string.h>

#include "infer/evidence/belief.h"
#include "infer/learn.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/records.h"
#include "vantage/replay/replay_state.h"

#define UNDOES_RETURN 3
#define SUSPECT_SILENCES 2 /* as in the live vantage */

static struct replay_window *window_of(struct replay *r, uint32_t number)
{
	struct replay_block *rb = &r->blocks[number];

	if (!rb->window)
		rb->window = calloc(1, sizeof(*rb->window));
	return rb->window;
}

static void clear_window(struct replay *r, uint32_t number)
{
	struct replay_block *rb = &r->blocks[number];

	free(rb->window);
	rb->window = NULL;
	if (rb->was_suspect)
		r->suspects[ledger_target_of(r->ledger, number)]--;
	rb->was_suspect = false;
}

void replay_block_abandon(struct replay *r, uint32_t number)
{
	struct block *block = &r->ledger->blocks[number];
	const struct replay_window *window = r->blocks[number].window;

	if (window && window->x.count > 0 && !block_is_down(block))
		block->log_odds = window->x.prior;
	clear_window(r, number);
	block->conditions = (uint16_t)(block->conditions & ~(unsigned)BW_SUSPECT & 0xfff);
}

/* The prior of what begins with a probe sent at SENT. */
static void begin(struct replay *r, uint32_t number, struct evidence_log *x, struct bw_mono sent)
{
	const struct block *block = &r->ledger->blocks[number];
	int64_t elapsed = 0;

	if (block->last_answer.ns != BLOCK_NEVER_ANSWERED.ns)
		elapsed = bw_mono_since(sent, block->last_answer);
	block_begin(block, x, &r->ledger->config.params, elapsed, sent);
	x->delivered = ledger_delivered(r->ledger, number);
}

static void remove_piece(struct evidence_log *x, unsigned index)
{
	x->count--;
	memmove(&x->list[index], &x->list[index + 1], (x->count - index) * sizeof(x->list[0]));
}

/* Makes room for one more: the oldest repetition goes into the prior. */
static void fold(struct evidence_log *x)
{
	unsigned oldest = 0;

	if (x->count < EVIDENCE_MAX)
		return;
	for (unsigned i = x->count; i-- > 0;)
		if (x->list[i].attempt > 0 && x->list[i].state == EVIDENCE_SILENT)
			oldest = i;
	if (x->list[oldest].state == EVIDENCE_SILENT)
		x->prior += belief_of_silence(x->list[oldest].availability * x->delivered);
	remove_piece(x, oldest);
}

static unsigned add_piece(struct evidence_log *x, const struct evidence *evidence,
			  struct bw_mono sent)
{
	int index;

	fold(x);
	index = evidence_ask(x, evidence, sent);
	evidence_sent(x, (unsigned)index, sent);
	return (unsigned)index;
}

static struct evidence evidence_of(const struct block *block, const struct outcome *outcome)
{
	bool hot = hotlist_has(&block->hot, outcome->probe.host) || outcome->kind == OUTCOME_REPLY;

	return (struct evidence){
		.sent = outcome->sent,
		.host = outcome->probe.host,
		.availability =
			hot ? hotlist_availability(&block->hot, block->hosts, outcome->probe.host)
			    : 0,
		.protocol = outcome->probe.method.protocol,
	};
}

static void note_silence(struct replay *r, uint32_t number, struct bw_mono sent, uint16_t host)
{
	const struct block *block = &r->ledger->blocks[number];

	silence_add(&r->blocks[number].silence, sent, host,
		    -belief_of_silence(hotlist_availability(&block->hot, block->hosts, host)));
}

static void put_suspect(struct replay *r, uint32_t number)
{
	struct replay_block *rb = &r->blocks[number];
	struct block *block = &r->ledger->blocks[number];

	if (rb->was_suspect || block->verdict == BW_UNKNOWN ||
	    (!block_is_down(block) &&
	     evidence_count(&rb->window->x, EVIDENCE_SILENT) < SUSPECT_SILENCES))
		return;
	rb->was_suspect = true;
	r->suspects[ledger_target_of(r->ledger, number)]++;
	block->conditions |= BW_SUSPECT;
	records_block(r->ledger, number, &rb->tally);
}

static bool has_piece_of(const struct evidence_log *x, uint16_t host)
{
	for (unsigned i = 0; i < x->count; i++)
		if (x->list[i].host == host)
			return true;
	return false;
}

/* Whether this silence is taken up: of a host that is known to answer, or to fill up. */
static bool testifies(const struct replay *r, uint32_t number, uint16_t host)
{
	const struct block *block = &r->ledger->blocks[number];
	const struct replay_window *window = r->blocks[number].window;
	unsigned distinct = r->ledger->config.params.distinct, fillers = 0;

	if (hotlist_has(&block->hot, host))
		return true;
	if (!window || window->x.count == 0 || has_piece_of(&window->x, host))
		return false;
	for (unsigned i = 0; i < window->x.count; i++)
		fillers += !hotlist_has(&block->hot, window->x.list[i].host);
	return block->hot.count + fillers < distinct;
}

/* The silence of one host may be its own, while all other blocks of its target answer. */
static bool is_frail(const struct replay *r, uint32_t number)
{
	const struct ledger *l = r->ledger;
	const struct evidence_log *x = &r->blocks[number].window->x;
	uint32_t target = ledger_target_of(l, number), witnesses = 0;

	for (unsigned i = 0; i < x->count; i++)
		witnesses += x->list[i].attempt == 0 && x->list[i].availability > 0;
	return witnesses < 2 && l->config.roster->targets[target].network_count > 1 &&
	       l->sums.targets[target].group.by_verdict[BW_DARK] == 0 &&
	       r->suspects[target] == r->blocks[number].was_suspect;
}

/* Where dark is too much to say, as in the live vantage. */
static bool is_premature(const struct replay *r, uint32_t number)
{
	return ledger_is_lossy(r->ledger, number) || is_frail(r, number);
}

void replay_block_judge(struct replay *r, uint32_t number, bool force)
{
	struct ledger *l = r->ledger;
	struct block *block = &l->blocks[number];
	struct replay_window *window = r->blocks[number].window;
	struct verdict_decision decision = {.to = BW_DARK, .earliest = block->last_answer};
	struct bw_mono since;
	unsigned reasons;

	if (!window || block_is_down(block) || !block->known ||
	    !evidence_is_dark(&window->x, &l->config.params, block->hosts))
		return;
	since = bw_mono_add(window->x.opened, l->config.params.confirm_ns);
	reasons = fitness_judge(&l->fitness, since);
	if (reasons) {
		if (force || bw_mono_since(l->now.mono, since) >= r->config.round_ns ||
		    !replay_hopes(r, number, since))
			replay_blind(r, reasons);
		return;
	}
	if (is_premature(r, number))
		return;
	decision.latest = window->x.opened;
	block->log_odds = evidence_belief(&window->x, false);
	for (unsigned i = 0; i < window->x.count; i++)
		note_silence(r, number, window->x.list[i].sent, window->x.list[i].host);
	events_decide(l, number, &decision);
	r->blocks[number].decided = l->now.mono;
	clear_window(r, number);
	records_block(l, number, &r->blocks[number].tally);
}

/* Says "prohibited": no evidence, but worth a word. */
static void note_filter(struct replay *r, uint32_t number, const struct outcome *outcome)
{
	struct block *block = &r->ledger->blocks[number];
	struct evidence evidence = evidence_of(block, outcome);
	struct evidence_log x;
	float belief = block->log_odds;

	evidence_begin(&x, belief, r->ledger->config.params.confirm_ns);
	(void)learn_outcome(block, &x, add_piece(&x, &evidence, outcome->sent), outcome);
	block->log_odds = belief;
}

static void take_silence_of_up(struct replay *r, uint32_t number, const struct outcome *outcome)
{
	struct block *block = &r->ledger->blocks[number];
	struct evidence evidence = evidence_of(block, outcome);
	struct replay_window *window;

	if (!testifies(r, number, outcome->probe.host))
		return;
	window = window_of(r, number);
	if (!window)
		return;
	if (!bw_mono_before(block->last_answer, outcome->sent)) {
		evidence.state = EVIDENCE_SILENT;
		if (window->stray_count < REPLAY_STRAYS)
			window->strays[window->stray_count++] = evidence;
		return;
	}
	if (window->x.count == 0)
		begin(r, number, &window->x, outcome->sent);
	window->x.delivered = ledger_delivered(r->ledger, number);
	(void)learn_outcome(block, &window->x, add_piece(&window->x, &evidence, outcome->sent),
			    outcome);
	put_suspect(r, number);
	replay_block_judge(r, number, false);
}

static void take_silence_of_down(struct replay *r, uint32_t number, const struct outcome *outcome)
{
	const struct block *block = &r->ledger->blocks[number];
	struct replay_window *window = r->blocks[number].window;
	const struct evidence *reply = window ? evidence_first(&window->x, EVIDENCE_REPLY) : NULL;

	if (!hotlist_has(&block->hot, outcome->probe.host))
		return;
	if (reply && bw_mono_before(reply->sent, outcome->sent)) {
		if (++window->silences < UNDOES_RETURN)
			return;
		clear_window(r, number);
		events_decide(r->ledger, number, &(struct verdict_decision){.to = BW_DARK});
	}
	note_silence(r, number, outcome->sent, outcome->probe.host);
}

/* All that was sent up to the answer, and the answer itself, as one lesson. */
static void gather(struct replay *r, uint32_t number, struct evidence_log *lesson,
		   const struct outcome *outcome)
{
	struct replay_window *window = r->blocks[number].window;

	begin(r, number, lesson, outcome->sent);
	if (!window)
		return;
	if (window->x.count > 0)
		lesson->prior = window->x.prior;
	for (unsigned i = 0; i < window->stray_count; i++)
		evidence_settle(lesson,
				add_piece(lesson, &window->strays[i], window->strays[i].sent),
				EVIDENCE_SILENT);
	window->stray_count = 0;
	for (unsigned i = 0; i < window->x.count;) {
		struct evidence piece = window->x.list[i];

		if (bw_mono_before(outcome->sent, piece.sent)) {
			i++;
			continue;
		}
		evidence_settle(lesson, add_piece(lesson, &piece, piece.sent),
				(enum evidence_state)piece.state);
		remove_piece(&window->x, i);
	}
}

/* What is left was sent after the answer, and is in question by itself. */
static void begin_anew(struct replay *r, uint32_t number, struct bw_mono sent)
{
	struct replay_window *window = r->blocks[number].window;
	struct evidence_log old;

	if (!window || window->x.count == 0) {
		clear_window(r, number);
		return;
	}
	old = window->x;
	begin(r, number, &window->x, sent);
	for (unsigned i = 0; i < old.count; i++)
		evidence_settle(&window->x, add_piece(&window->x, &old.list[i], old.list[i].sent),
				(enum evidence_state)old.list[i].state);
}

static void take_reply_of_up(struct replay *r, uint32_t number, const struct outcome *outcome)
{
	struct ledger *l = r->ledger;
	struct block *block = &l->blocks[number];
	struct evidence evidence = evidence_of(block, outcome);
	struct evidence_log lesson;
	bool news = block->verdict == BW_UNKNOWN;

	if (block->last_answer.ns > outcome->sent.ns && !r->blocks[number].window) {
		hotlist_learn(&block->hot, outcome->probe.host, 0, true);
		return;
	}
	gather(r, number, &lesson, outcome);
	(void)learn_outcome(block, &lesson, add_piece(&lesson, &evidence, outcome->sent), outcome);
	current_loss_count(&l->loss, ledger_target_of(l, number), &lesson, l->now.mono);
	if (news || block->conditions & BW_SUSPECT)
		events_decide(l, number,
			      &(struct verdict_decision){
				      .to = BW_UP,
				      .earliest = BLOCK_NEVER_ANSWERED,
				      .latest = outcome->sent,
			      });
	learn_round(block, &lesson, l->now.mono);
	begin_anew(r, number, outcome->sent);
	if (news)
		records_block(l, number, &r->blocks[number].tally);
}

static void come_back(struct replay *r, uint32_t number)
{
	struct ledger *l = r->ledger;
	struct block *block = &l->blocks[number];
	struct evidence_log *x = &r->blocks[number].window->x;
	struct bw_mono began = ledger_outage_of(l, number)->outage.latest;
	struct bw_mono silent = r->blocks[number].silence.sure;
	struct verdict_decision decision = {
		.to = BW_UP,
		.earliest = bw_mono_before(silent, began) ? began : silent,
		.latest = evidence_first(x, EVIDENCE_REPLY)->sent,
	};

	evidence_forget(x, decision.latest);
	learn_round(block, x, l->now.mono);
	events_decide(l, number, &decision);
	clear_window(r, number);
	records_block(l, number, &r->blocks[number].tally);
}

static void take_reply_of_down(struct replay *r, uint32_t number, const struct outcome *outcome)
{
	struct ledger *l = r->ledger;
	struct block *block = &l->blocks[number];
	struct evidence evidence = evidence_of(block, outcome);
	struct replay_window *window;

	if (bw_mono_before(outcome->sent, block->since))
		return;
	if (outcome->late && !bw_mono_before(r->blocks[number].decided, outcome->sent)) {
		(void)events_withdraw(l, number, outcome);
		clear_window(r, number);
		return;
	}
	window = window_of(r, number);
	if (!window)
		return;
	if (window->x.count == 0)
		begin(r, number, &window->x, outcome->sent);
	else if (window->x.count > 1)
		window->x.count = 1;
	window->silences = 0;
	(void)learn_outcome(block, &window->x, add_piece(&window->x, &evidence, outcome->sent),
			    outcome);
	put_suspect(r, number);
	if (evidence_is_back(&window->x, &l->config.params))
		come_back(r, number);
}

static void count(struct tally *tally, const struct outcome *outcome)
{
	if (!outcome->late)
		tally->sent++;
	if (outcome->kind != OUTCOME_REPLY || (outcome->late && tally->replies >= tally->sent))
		return;
	tally_reply(tally, outcome->rtt_ns);
}

void replay_block_outcome(struct replay *r, const struct outcome *outcome)
{
	uint32_t number = outcome->probe.subject;
	struct ledger *l = r->ledger;
	bool down = block_is_down(&l->blocks[number]);

	count(&r->blocks[number].tally, outcome);
	if (outcome->kind == OUTCOME_REPLY)
		(down ? take_reply_of_down : take_reply_of_up)(r, number, outcome);
	else if (l->fitness.reasons || bw_mono_before(outcome->sent, r->void_before))
		return;
	else if (outcome->kind == OUTCOME_ERROR &&
		 (outcome->reply == REPLY_PROHIBITED || outcome->reply == REPLY_OTHER_ERROR))
		note_filter(r, number, outcome);
	else
		(down ? take_silence_of_down : take_silence_of_up)(r, number, outcome);
}

void replay_block_reasons(struct replay *r, uint32_t number)
{
	struct ledger *l = r->ledger;
	const struct block *block = &l->blocks[number];
	unsigned reasons = block->conditions & BW_FILTERED     ? BW_WHY_FILTERED
			   : block->known || block->hosts == 0 ? BW_WHY_FEW_EVIDENCE
							       : BW_WHY_NEVER_SEEN;

	if (block->verdict == BW_UNKNOWN && block->reasons != reasons)
		events_decide(l, number,
			      &(struct verdict_decision){
				      .to = BW_UNKNOWN,
				      .reasons = reasons,
				      .latest = l->now.mono,
			      });
}

void replay_block_round(struct replay *r, uint32_t number)
{
	struct replay_block *rb = &r->blocks[number];

	if (rb->tally.sent == 0 && rb->tally.replies == 0)
		return;
	replay_block_judge(r, number, false);
	events_settle(r->ledger, number);
	replay_block_reasons(r, number);
	records_block(r->ledger, number, &rb->tally);
	rb->tally = (struct tally){0};
}
