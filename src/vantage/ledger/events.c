/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From verdicts to events. A verdict of a block is written by verdict_decide(), verdict_settle()
 * or verdict_withdraw() (infer/block.h), which are called here only; persist.c puts saved ones
 * in place. Networks and targets are sums over blocks and follow in the same moment. Each
 * confirmed change leaves as one event: of the block, then of its network, then of its target.
 *
 * No event is made when something unknown is found up, since there was no alarm to end, nor
 * for anything that concerns the vantage itself.
 *
 * A network or target goes dark with the last of its members. The bounds of the start of its
 * outage are those of the member that went dark last, and the outage ends with the first
 * member that is back.
 */
#include "vantage/ledger/events.h"

#include <math.h>

#include "infer/evidence/belief.h"
#include "vantage/ledger/event_record.h"
#include "vantage/ledger/records.h"

static struct event_subject block_subject(const struct ledger *l, uint32_t number)
{
	return (struct event_subject){BW_SCOPE_BLOCK, number, ledger_target_of(l, number)};
}

static void put_block_event(struct ledger *l, uint32_t number, const struct verdict_change *change)
{
	const struct event_subject subject = block_subject(l, number);
	struct outage_memory *memory = ledger_outage_for(l, number);

	if (change->to == BW_DARK)
		memory->decided = change->decided;
	event_record_put(l, &subject, change, &memory->outage);
}

static struct roster_range blocks_of(const struct ledger *l, const struct event_subject *subject)
{
	return subject->scope == BW_SCOPE_TARGET
		       ? roster_target_blocks(l->config.roster, subject->number)
		       : roster_network_blocks(l->config.roster, subject->number);
}

/*
 * The bounds of a network or target that goes dark: those of the last of its blocks. It is as
 * sure as the least sure of them.
 */
static void bound_sum(const struct ledger *l, const struct event_subject *subject,
		      struct verdict_change *change)
{
	struct roster_range range = blocks_of(l, subject);

	change->confidence = 1;
	for (uint32_t i = range.first; i < range.end; i++) {
		const struct outage *outage = &ledger_outage_of(l, i)->outage;

		if (l->blocks[i].verdict != BW_DARK)
			continue;
		change->confidence =
			fmin(change->confidence,
			     verdict_dark_confidence(&l->blocks[i], &l->config.params));
		if (!bw_mono_before(change->latest, outage->latest))
			continue;
		change->earliest = outage->earliest;
		change->latest = outage->latest;
	}
}

/* How sure the surest block with this verdict is of it. */
static double surest(const struct ledger *l, const struct event_subject *subject,
		     enum bw_verdict verdict)
{
	struct roster_range range = blocks_of(l, subject);
	double most = 0;

	for (uint32_t i = range.first; i < range.end; i++) {
		double up = belief_probability(l->blocks[i].log_odds);

		if (l->blocks[i].verdict == verdict)
			most = fmax(most, fmax(up, 1 - up));
	}
	return most;
}

/* A sum takes the verdict of its group. CAUSE: the change of the block that moved it. */
static void follow(struct ledger *l, struct sum *sum, const struct event_subject *subject,
		   const struct verdict_change *cause)
{
	struct verdict_change change = *cause;

	change.from = sum->verdict;
	change.to = group_verdict(&sum->group);
	if (change.to == change.from)
		return;
	sum->verdict = change.to;
	if (change.to == BW_DARK)
		bound_sum(l, subject, &change);
	else
		change.onset = BW_ONSET_UNKNOWN;
	if (change.to != BW_DARK && cause->to == BW_UNKNOWN)
		change.confidence = surest(l, subject, change.to);
	sum->since = change.latest;
	if (event_record_is_due(&change, &sum->outage))
		event_record_put(l, subject, &change, &sum->outage);
}

/* A block was FROM and is now what it is: its network and target follow. */
static void propagate(struct ledger *l, uint32_t number, enum bw_verdict from,
		      unsigned from_reasons, const struct verdict_change *change)
{
	const struct roster *roster = l->config.roster;
	uint32_t n = roster->blocks[number].network, t = roster->networks[n].target;
	struct sum *network = &l->sums.networks[n];
	enum bw_verdict was = network->verdict;
	unsigned were = group_reasons(&network->group);

	sums_recount_block(&l->sums, roster, number, from, from_reasons, &l->blocks[number]);
	follow(l, network, &(struct event_subject){BW_SCOPE_NETWORK, n, t}, change);
	sums_recount_network(&l->sums, roster, n, was, were);
	follow(l, &l->sums.targets[t], &(struct event_subject){BW_SCOPE_TARGET, t, t}, change);
}

/* A block went down or came back: adds the phase that ended, keeps the start of one that began. */
static void note_phase(struct ledger *l, uint32_t number, const struct verdict_change *change)
{
	const struct block *block = &l->blocks[number];
	struct outage_memory *memory = ledger_outage_for(l, number);

	flap_note(&memory->phases, &l->config.params, block_penalty(block), !block_is_down(block),
		  bw_mono_since(change->latest, memory->outage.latest));
	if (!block_is_down(block))
		return;
	memory->outage.earliest = change->earliest;
	memory->outage.latest = change->latest;
}

/* A block of few hosts was silent by itself, and answers again. */
static void note_absence(struct ledger *l, uint32_t number, struct bw_mono since)
{
	struct outage_memory *memory = ledger_outage_for(l, number);

	memory->absences.count++;
	memory->absences.total_ns += bw_mono_since(l->now.mono, since);
}

void events_decide(struct ledger *l, uint32_t number, const struct verdict_decision *decision)
{
	struct block *block = &l->blocks[number];
	const struct infer_params *params = &l->config.params;
	enum bw_verdict from = (enum bw_verdict)block->verdict;
	unsigned reasons = from == BW_UNKNOWN ? block->reasons : 0;
	bool was_down = block_is_down(block);
	/* The same outage: it was unknown for a while only. */
	bool goes_on = from == BW_UNKNOWN && l->config.keeps_events &&
		       ledger_outage_of(l, number)->outage.said == BW_DARK;
	struct bw_mono since = block->since;
	struct verdict_change change = {
		.earliest = decision->earliest,
		.latest = decision->latest,
		.decided = l->now.mono,
	};
	bool changed = verdict_decide(block, decision, params, l->now.mono, &change);

	if (!l->config.keeps_events)
		return;
	if (changed && event_record_is_due(&change, &ledger_outage_of(l, number)->outage))
		put_block_event(l, number, &change);
	if (block->verdict == BW_UP && reasons & BW_WHY_FEW_HOSTS)
		note_absence(l, number, since);
	if (block_is_down(block) != was_down && block->verdict != BW_UNKNOWN && !goes_on)
		note_phase(l, number, &change);
	propagate(l, number, from, reasons, &change);
}

void events_settle(struct ledger *l, uint32_t number)
{
	const struct infer_params *params = &l->config.params;
	struct verdict_change change;

	if (!verdict_settle(&l->blocks[number], params,
			    flap_dark_after_ns(&ledger_outage_of(l, number)->phases, params),
			    l->now.mono, &change))
		return;
	/* An answer that was not confirmed is later than the start of the phase. */
	if (bw_mono_before(change.latest, change.earliest))
		change.earliest = ledger_outage_of(l, number)->outage.earliest;
	if (change.to == BW_UP)
		ledger_outage_for(l, number)->phases = (struct flap_phases){0};
	put_block_event(l, number, &change);
	propagate(l, number, BW_FLAPPING, 0, &change);
}

static void withdraw_sum(struct ledger *l, struct sum *sum, const struct event_subject *subject)
{
	enum bw_verdict verdict = group_verdict(&sum->group);

	if (verdict == sum->verdict)
		return;
	if (sum->verdict == BW_DARK) {
		event_record_withdraw(l, subject, verdict, sum->outage.event_seq);
		sum->outage.said = verdict;
	}
	sum->verdict = verdict;
	sum->since = l->now.mono;
}

/* A reply to a probe that was sent after the decision is a sign of recovery, no more. */
static bool disproves_dark(const struct ledger *l, uint32_t number, const struct outcome *reply)
{
	const struct outage_memory *memory = ledger_outage_of(l, number);

	return l->blocks[number].verdict == BW_DARK &&
	       bw_mono_before(memory->outage.earliest, reply->sent) &&
	       !bw_mono_before(memory->decided, reply->sent);
}

bool events_withdraw(struct ledger *l, uint32_t number, const struct outcome *reply)
{
	const struct roster *roster = l->config.roster;
	const struct event_subject subject = block_subject(l, number);
	struct tally tally = {.replies = 1, .rtt_ns = {reply->rtt_ns}};
	uint32_t n = roster->blocks[number].network, t = subject.target;
	struct sum *network = &l->sums.networks[n];
	enum bw_verdict was = network->verdict;
	unsigned were = group_reasons(&network->group);

	if (!disproves_dark(l, number, reply))
		return false;
	event_record_withdraw(l, &subject, BW_UP, ledger_outage_of(l, number)->outage.event_seq);
	ledger_outage_for(l, number)->outage.said = BW_UP;
	verdict_withdraw(&l->blocks[number], reply);
	sums_recount_block(&l->sums, roster, number, BW_DARK, 0, &l->blocks[number]);
	withdraw_sum(l, network, &(struct event_subject){BW_SCOPE_NETWORK, n, t});
	sums_recount_network(&l->sums, roster, n, was, were);
	withdraw_sum(l, &l->sums.targets[t], &(struct event_subject){BW_SCOPE_TARGET, t, t});
	records_block(l, number, &tally);
	return true;
}

void events_correct(struct ledger *l, uint32_t number, const struct outcome *reply)
{
	struct tally tally = {.sent = 1, .replies = 1, .rtt_ns = {reply->rtt_ns}};
	struct block *block = &l->blocks[number];

	if (block->verdict == BW_UP)
		return;
	verdict_withdraw(block, reply);
	records_block(l, number, &tally);
}
