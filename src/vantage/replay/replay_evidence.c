/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which probes of a capture are evidence, and for what.
 *
 * A silence counts only of a host that has answered before, or that a target file lists: of
 * the hosts in the block's hot list. It also counts only of a method that the host has
 * answered, and with a TTL that takes a probe there (asked_hosts.h). So neither the closed
 * ports of a port scan nor the first hops of a traceroute speak against a host.
 *
 * Other tools also ask addresses where no host has ever been. However many of these are
 * silent, for instance when a sweep has passed the inhabited end of a block, says nothing.
 * They only fill up the number of distinct hosts that dark demands, with no weight, where
 * fewer hosts than that can testify.
 *
 * While a block is up, an answer clears all that was sent before it, because the block was
 * there then. The silences of probes that were sent after the last answered one remain in its
 * window. The window starts from the belief at that answer, drifted, and is judged by the
 * same demands as in a live vantage: evidence, distinct hosts, and a second group of probes
 * `confirm` later.
 *
 * While a block is down, the window keeps the first and the last answer of its possible
 * return. When they are `confirm` apart the block is up. Three silences in between, of hosts
 * that testify, undo the return.
 */
#include "vantage/replay/replay_evidence.h"

#include "infer/evidence/belief.h"
#include "infer/learn.h"
#include "vantage/ledger/block/bounds.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/ranges.h"
#include "vantage/ledger/records.h"

#define UNDOES_RETURN 3

/* The prior of what begins with a probe that was sent at SENT. */
static void begin(const struct replay_judge *judge, uint32_t number, struct evidence_log *x,
		  struct bw_mono sent)
{
	const struct ledger *l = judge->ledger;
	const struct block *block = &l->blocks[number];
	int64_t elapsed = 0;

	if (block->last_answer.ns != BLOCK_NEVER_ANSWERED.ns)
		elapsed = bw_mono_since(sent, block->last_answer);
	block_begin(block, x, &l->config.params, elapsed, sent);
	x->delivered = ledger_delivered(l, number);
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

/* Adds the outcome of a probe to a log of its block, which learns from it. */
static void add_outcome(struct block *block, struct evidence_log *x, const struct outcome *outcome)
{
	struct evidence evidence = evidence_of(block, outcome);

	(void)learn_outcome(block, x, replay_window_add(x, &evidence, outcome->sent), outcome);
}

/* Dark demands several distinct hosts. True when this one is needed for that. */
static bool is_needed(const struct replay_judge *judge, uint32_t number, uint16_t host)
{
	const struct block *block = &judge->ledger->blocks[number];
	const struct replay_window *window = judge->blocks[number].window;
	unsigned fillers = 0;

	if (!window || window->x.count == 0 || replay_window_has(&window->x, host))
		return false;
	for (unsigned i = 0; i < window->x.count; i++)
		fillers += !hotlist_has(&block->hot, window->x.list[i].host);
	return block->hot.count + fillers < judge->ledger->config.params.distinct;
}

enum replay_weight replay_evidence_weight(const struct replay_judge *judge,
					  const struct asked_host *host, const struct probe *probe)
{
	bool is_hot = hotlist_has(&judge->ledger->blocks[host->block].hot, host->number);

	if (is_hot)
		return asked_host_would_answer(host, probe) ? REPLAY_TESTIFIES : REPLAY_VOID;
	return asked_host_is_reached(host, probe->ttl) ? REPLAY_FILLS_UP : REPLAY_VOID;
}

bool replay_evidence_ended_on_the_way(const struct asked_host *host, const struct outcome *outcome)
{
	uint8_t ttl = outcome->probe.ttl;

	if (outcome->kind == OUTCOME_ERROR && outcome->reply == REPLY_TIME_EXCEEDED)
		return ttl < ASKED_HOST_HOPS; /* else there is a loop, which cuts the host off */
	return outcome->kind == OUTCOME_TIMEOUT && !asked_host_is_reached(host, ttl);
}

/* "Prohibited" is no evidence, but shows a filter. */
static void note_filter(const struct replay_judge *judge, const struct outcome *outcome)
{
	struct block *block = &judge->ledger->blocks[outcome->probe.subject];
	struct evidence_log x;
	float belief = block->log_odds;

	evidence_begin(&x, belief, judge->ledger->config.params.confirm_ns);
	add_outcome(block, &x, outcome);
	block->log_odds = belief;
}

static void take_silence_of_up(struct replay_judge *judge, const struct outcome *outcome,
			       enum replay_weight weight)
{
	uint32_t number = outcome->probe.subject;
	struct block *block = &judge->ledger->blocks[number];
	struct replay_window *window;

	if (weight == REPLAY_FILLS_UP && !is_needed(judge, number, outcome->probe.host))
		return;
	window = replay_judge_open(judge, number);
	if (!window)
		return;
	if (!bw_mono_before(block->last_answer, outcome->sent)) {
		const struct evidence stray = evidence_of(block, outcome);

		replay_window_add_stray(window, &stray);
		return;
	}
	if (window->x.count == 0)
		begin(judge, number, &window->x, outcome->sent);
	window->x.delivered = ledger_delivered(judge->ledger, number);
	add_outcome(block, &window->x, outcome);
	replay_judge_suspect(judge, number);
	replay_judge_dark(judge, number, false);
}

static void take_silence_of_down(struct replay_judge *judge, const struct outcome *outcome,
				 enum replay_weight weight)
{
	uint32_t number = outcome->probe.subject;
	struct ledger *l = judge->ledger;
	const struct block *block = &l->blocks[number];
	struct replay_window *window = judge->blocks[number].window;
	const struct evidence *reply = window ? evidence_first(&window->x, EVIDENCE_REPLY) : NULL;
	uint16_t host = outcome->probe.host;

	if (weight != REPLAY_TESTIFIES)
		return;
	if (reply && bw_mono_before(reply->sent, outcome->sent)) {
		if (++window->silences < UNDOES_RETURN)
			return;
		replay_judge_close(judge, number);
		events_decide(l, number, &(struct verdict_decision){.to = BW_DARK});
	}
	silence_add(&ledger_outage_for(l, number)->silence, outcome->sent, host,
		    -belief_of_silence(hotlist_availability(&block->hot, block->hosts, host)));
}

/* What was sent after the answer stays in question, by itself. */
static void begin_anew(struct replay_judge *judge, uint32_t number, struct bw_mono sent)
{
	struct replay_window *window = judge->blocks[number].window;
	struct evidence_log old;

	if (!window || window->x.count == 0) {
		replay_judge_close(judge, number);
		return;
	}
	old = window->x;
	begin(judge, number, &window->x, sent);
	replay_window_copy(&window->x, &old);
}

/* All that was sent up to the answer, and the answer itself, is one round to learn from. */
static void learn_answer(struct replay_judge *judge, const struct outcome *outcome,
			 struct evidence_log *round)
{
	uint32_t number = outcome->probe.subject;
	struct ledger *l = judge->ledger;
	struct replay_window *window = judge->blocks[number].window;

	begin(judge, number, round, outcome->sent);
	if (window && window->x.count > 0)
		round->prior = window->x.prior;
	if (window)
		replay_window_move(window, round, outcome->sent);
	add_outcome(&l->blocks[number], round, outcome);
	current_loss_count(&l->loss, ledger_loss_of(l, number), round, l->now.mono);
}

static void take_reply_of_up(struct replay_judge *judge, const struct outcome *outcome)
{
	uint32_t number = outcome->probe.subject;
	struct ledger *l = judge->ledger;
	struct block *block = &l->blocks[number];
	struct evidence_log round;
	bool news = block->verdict == BW_UNKNOWN;

	if (block->last_answer.ns > outcome->sent.ns && !judge->blocks[number].window) {
		hotlist_learn(&block->hot, outcome->probe.host, 0, true);
		return;
	}
	learn_answer(judge, outcome, &round);
	if (news || block->conditions & BW_SUSPECT)
		events_decide(l, number,
			      &(struct verdict_decision){
				      .to = BW_UP,
				      .earliest = BLOCK_NEVER_ANSWERED,
				      .latest = outcome->sent,
			      });
	learn_round(block, &round, l->now.mono);
	begin_anew(judge, number, outcome->sent);
	if (news)
		records_block(l, number, &judge->blocks[number].tally);
}

static void come_back(struct replay_judge *judge, uint32_t number)
{
	struct ledger *l = judge->ledger;
	struct block *block = &l->blocks[number];
	struct evidence_log *x = &judge->blocks[number].window->x;
	const struct outage_memory *memory = ledger_outage_of(l, number);
	float nats[EVIDENCE_MAX];
	struct verdict_decision decision = {
		.to = BW_UP,
		.latest = evidence_first(x, EVIDENCE_REPLY)->sent,
	};

	replay_judge_weigh(block, x, nats);
	decision.earliest = bounds_dark_until(x, nats, &memory->silence, memory->outage.latest);
	evidence_forget(x, decision.latest, 0);
	learn_round(block, x, l->now.mono);
	block_prove(block);
	events_decide(l, number, &decision);
	replay_judge_close(judge, number);
	records_block(l, number, &judge->blocks[number].tally);
}

static void take_reply_of_down(struct replay_judge *judge, const struct outcome *outcome)
{
	uint32_t number = outcome->probe.subject;
	struct ledger *l = judge->ledger;
	struct block *block = &l->blocks[number];
	struct replay_window *window;

	if (bw_mono_before(outcome->sent, block->since))
		return;
	if (outcome->late && !bw_mono_before(judge->blocks[number].decided, outcome->sent)) {
		(void)events_withdraw(l, number, outcome);
		replay_judge_close(judge, number);
		return;
	}
	window = replay_judge_open(judge, number);
	if (!window)
		return;
	if (window->x.count == 0)
		begin(judge, number, &window->x, outcome->sent);
	else if (window->x.count > 1)
		window->x.count = 1;
	window->silences = 0;
	add_outcome(block, &window->x, outcome);
	replay_judge_suspect(judge, number);
	if (evidence_is_back(&window->x, &l->config.params))
		come_back(judge, number);
}

static void count(struct tally *tally, const struct outcome *outcome)
{
	if (!outcome->late)
		tally->sent++;
	if (outcome->kind != OUTCOME_REPLY || (outcome->late && tally->replies >= tally->sent))
		return;
	tally_reply(tally, outcome->rtt_ns);
}

static void take_reply(struct replay_judge *judge, const struct outcome *outcome)
{
	if (block_is_down(&judge->ledger->blocks[outcome->probe.subject]))
		take_reply_of_down(judge, outcome);
	else
		take_reply_of_up(judge, outcome);
}

static void take_silence(struct replay_judge *judge, const struct outcome *outcome,
			 enum replay_weight weight)
{
	if (weight == REPLAY_VOID)
		return;
	if (block_is_down(&judge->ledger->blocks[outcome->probe.subject]))
		take_silence_of_down(judge, outcome, weight);
	else
		take_silence_of_up(judge, outcome, weight);
}

static bool shows_filter(const struct outcome *outcome)
{
	return learn_shows_filter(outcome) ||
	       (outcome->kind == OUTCOME_ERROR && outcome->reply == REPLY_OTHER_ERROR);
}

/* Loss and delay: only of hosts that testify. */
static void note_range(struct replay_judge *judge, const struct asked_host *host,
		       const struct outcome *outcome)
{
	bool answered = outcome->kind == OUTCOME_REPLY;

	if ((answered || outcome->kind == OUTCOME_TIMEOUT) && !outcome->late &&
	    replay_evidence_weight(judge, host, &outcome->probe) == REPLAY_TESTIFIES)
		ranges_note(judge->ledger, host->block, outcome->probe.host, answered,
			    &judge->blocks[host->block].range);
}

static void end_range(struct replay_judge *judge, uint32_t number)
{
	struct replay_block *rb = &judge->blocks[number];
	uint32_t now_s = block_seconds(judge->ledger->now.mono);
	uint32_t round_s = (uint32_t)(judge->round_ns / BW_S);

	rb->range.rtt_ns = tally_rtts(&rb->tally).median_ns;
	rb->range.length = 1;
	rb->range.now_s = now_s;
	rb->range.began_s = now_s > round_s ? now_s - round_s : 1;
	ranges_end_round(judge->ledger, number, &rb->range);
	rb->range = (struct usual_round){0};
}

void replay_evidence_take(struct replay_judge *judge, const struct asked_host *host,
			  const struct outcome *outcome)
{
	note_range(judge, host, outcome);
	count(&judge->blocks[host->block].tally, outcome);
	if (outcome->kind == OUTCOME_REPLY)
		take_reply(judge, outcome);
	else if (replay_judge_is_void(judge, host->block, outcome->sent))
		return;
	else if (shows_filter(outcome))
		note_filter(judge, outcome);
	else
		take_silence(judge, outcome, replay_evidence_weight(judge, host, &outcome->probe));
}

void replay_evidence_reasons(struct replay_judge *judge, uint32_t number)
{
	struct ledger *l = judge->ledger;
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

void replay_evidence_end_round(struct replay_judge *judge, uint32_t number)
{
	struct replay_block *rb = &judge->blocks[number];

	if (rb->tally.sent == 0 && rb->tally.replies == 0)
		return;
	replay_judge_dark(judge, number, false);
	events_settle(judge->ledger, number);
	replay_evidence_reasons(judge, number);
	end_range(judge, number);
	records_block(judge->ledger, number, &rb->tally);
	rb->tally = (struct tally){0};
}
