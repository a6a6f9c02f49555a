/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From verdicts to events. A verdict of a block is written by verdict_decide(), verdict_settle()
 * or verdict_withdraw() (infer/block.h), which are called here only; persist.c puts saved ones
 * in place. Networks and targets are sums over blocks and follow in the same moment. Each
 * confirmed change leaves as one event: of the block, then of its network, then of its target.
 *
 * The events of one subject form a chain: each begins with the verdict that the last one told. That
 * the vantage cannot tell is no event. So a subject that was dark, unknown and up again has one
 * event, from dark to up.
 *
 * A network or target goes dark with the last of its members (bound_dark() has the bounds), and its
 * outage ends with the first member that is back.
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

/* Tells CHANGE of a block. A change to dark that was told already keeps its outage. */
static void tell_block(struct ledger *l, uint32_t number, const struct verdict_change *change)
{
	const struct event_subject subject = block_subject(l, number);
	struct track *track = &l->tracks[number];
	enum bw_verdict told = (enum bw_verdict)track->told;

	if (change->to == BW_DARK)
		ledger_outage_for(l, number)->decided = change->decided;
	if (told == BW_UNKNOWN && change->to == BW_UP)
		track->told = ledger_outage_of(l, number)->outage.undone ? BW_UNKNOWN : BW_UP;
	else if (change->to != BW_UNKNOWN)
		track->told = event_record_tell(l, &subject, told, change,
						&ledger_outage_for(l, number)->outage) &
			      3;
}

static struct roster_range blocks_of(const struct ledger *l, const struct event_subject *subject)
{
	return subject->scope == BW_SCOPE_TARGET
		       ? roster_target_blocks(l->config.roster, subject->number)
		       : roster_network_blocks(l->config.roster, subject->number);
}

/*
 * Of a network or target that goes dark: the last part went dark no earlier than the latest of
 * the earliest moments, and no later than the latest of the latest. It is as sure as the least
 * sure part, which has not answered since it was called dark.
 */
static void bound_dark(const struct ledger *l, const struct event_subject *subject,
		       struct verdict_change *change)
{
	struct roster_range range = blocks_of(l, subject);

	change->earliest = change->latest = BLOCK_NEVER_ANSWERED;
	change->confidence = 1;
	for (uint32_t i = range.first; i < range.end; i++) {
		const struct outage *outage = &ledger_outage_of(l, i)->outage;

		if (l->blocks[i].verdict != BW_DARK)
			continue;
		change->earliest = bw_mono_max(change->earliest, outage->earliest);
		change->latest = bw_mono_max(change->latest, outage->latest);
		change->confidence =
			fmin(change->confidence, verdict_dark_confidence(&l->blocks[i],
									 &l->config.params));
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
		bound_dark(l, subject, &change);
	else
		change.onset = BW_ONSET_UNKNOWN;
	if (change.to != BW_DARK && cause->to == BW_UNKNOWN)
		change.confidence = surest(l, subject, change.to);
	sum->since = change.latest;
	sum->told = event_record_tell(l, subject, sum->told, &change, &sum->outage);
}

/* Tells the verdict of a sum if its last event did not. */
static void reconcile(struct ledger *l, struct sum *sum, const struct event_subject *subject)
{
	struct verdict_change change = {
		.from = sum->told,
		.to = sum->verdict,
		.earliest = l->now.mono,
		.latest = l->now.mono,
		.decided = l->now.mono,
		.confidence = 1,
	};

	if (sum->verdict == BW_UNKNOWN || sum->verdict == sum->told)
		return;
	if (sum->verdict == BW_DARK)
		bound_dark(l, subject, &change);
	sum->told = event_record_tell(l, subject, sum->told, &change, &sum->outage);
}

void events_reconcile(struct ledger *l, uint32_t target)
{
	const struct roster_target *t = &l->config.roster->targets[target];

	for (uint32_t n = t->first_network; n < t->first_network + t->network_count; n++)
		reconcile(l, &l->sums.networks[n],
			  &(struct event_subject){BW_SCOPE_NETWORK, n, target});
	reconcile(l, &l->sums.targets[target],
		  &(struct event_subject){BW_SCOPE_TARGET, target, target});
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

/* The joint silence of the target's blocks; NULL where it is not kept. */
static struct joint *joint_of(const struct ledger *l, uint32_t number)
{
	uint32_t target = ledger_target_of(l, number);
	struct roster_range all = roster_target_blocks(l->config.roster, target);
	struct roster_range siblings = roster_siblings(l->config.roster, number);

	return siblings.end - siblings.first == all.end - all.first ? &l->joints[target] : NULL;
}

/*
 * A block that was in one phase since SINCE went down or came back: adds the phase that ended,
 * keeps the start of one that began.
 */
static void note_phase(struct ledger *l, uint32_t number, const struct verdict_change *change,
		       struct bw_mono since)
{
	const struct block *block = &l->blocks[number];
	struct outage_memory *memory = ledger_outage_for(l, number);
	struct joint *joint = joint_of(l, number);

	flap_note(&memory->phases, &l->config.params, block_penalty(block), !block_is_down(block),
		  bw_mono_since(change->latest,
				block_is_down(block) ? since : memory->outage.latest));
	if (joint)
		joint_note(joint, &l->config.params, block_penalty(block),
			   joint_is_down(l->blocks, roster_siblings(l->config.roster, number)),
			   change->latest);
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
	bool was_down = block_is_down(block), resumed;
	struct verdict_decision ordered = *decision;
	struct verdict_change change;
	struct bw_mono since = block->since;
	bool changed;

	event_record_order(ordered.to, l->now.mono, &ordered.earliest, &ordered.latest);
	change = (struct verdict_change){
		.earliest = ordered.earliest,
		.latest = ordered.latest,
		.decided = l->now.mono,
	};
	changed = verdict_decide(block, &ordered, params, l->now.mono, &change);
	if (!l->config.keeps_events)
		return;
	/* The same outage: it was unknown for a while only. */
	resumed = from == BW_UNKNOWN && l->tracks[number].told == BW_DARK;
	if (changed)
		tell_block(l, number, &change);
	if (block->verdict == BW_UP && reasons & BW_WHY_FEW_HOSTS)
		note_absence(l, number, since);
	if (block_is_down(block) != was_down && block->verdict != BW_UNKNOWN && !resumed)
		note_phase(l, number, &change, since);
	propagate(l, number, from, reasons, &change);
}

/* How long the silence of a flapping block must last; 0: its target has been silent too long. */
static int64_t dark_after_ns(const struct ledger *l, uint32_t number)
{
	const struct infer_params *params = &l->config.params;
	const struct joint *joint = joint_of(l, number);

	if (joint && joint_is_dark(joint, params, l->now.mono))
		return 0;
	return flap_dark_after_ns(&ledger_outage_of(l, number)->phases, params);
}

void events_settle(struct ledger *l, uint32_t number)
{
	const struct infer_params *params = &l->config.params;
	struct verdict_change change;

	if (l->blocks[number].verdict != BW_FLAPPING ||
	    !verdict_settle(&l->blocks[number], params, dark_after_ns(l, number), l->now.mono,
			    &change))
		return;
	/* An answer that was not confirmed is later than the start of the phase. */
	if (bw_mono_before(change.latest, change.earliest))
		change.earliest = ledger_outage_of(l, number)->outage.earliest;
	event_record_order(change.to, l->now.mono, &change.earliest, &change.latest);
	l->blocks[number].since = change.latest;
	if (change.to == BW_UP)
		ledger_outage_for(l, number)->phases = (struct flap_phases){0};
	tell_block(l, number, &change);
	propagate(l, number, BW_FLAPPING, 0, &change);
}

/*
 * A network or target after a change to dark of one of its blocks, the event CAUSE, was withdrawn.
 * Its own last event never was true if it came with that one or later.
 */
static void withdraw_sum(struct ledger *l, struct sum *sum, const struct event_subject *subject,
			 uint64_t cause, const struct verdict_change *change)
{
	if (group_verdict(&sum->group) == sum->verdict)
		return;
	if (cause != 0 && sum->outage.event_seq > cause)
		sum->told = event_record_withdraw(l, subject, sum->told, &sum->outage);
	follow(l, sum, subject, change);
}

/* A reply to a probe that was sent after the decision is a sign of recovery, no more. */
static bool disproves_dark(const struct ledger *l, uint32_t number, const struct outcome *reply)
{
	const struct outage_memory *memory = ledger_outage_of(l, number);

	return l->blocks[number].verdict == BW_DARK &&
	       bw_mono_before(memory->outage.earliest, reply->sent) &&
	       !bw_mono_before(memory->decided, reply->sent);
}

/* The late reply to a probe: what it proves. */
static struct verdict_change proof_of(const struct ledger *l, uint32_t number,
				      const struct outcome *reply)
{
	return (struct verdict_change){
		.from = BW_DARK,
		.to = BW_UP,
		.earliest = ledger_outage_of(l, number)->outage.earliest,
		.latest = reply->sent,
		.decided = l->now.mono,
		.confidence = 1,
	};
}

static void withdraw_sums(struct ledger *l, uint32_t number, uint64_t cause,
			  const struct verdict_change *change)
{
	const struct roster *roster = l->config.roster;
	uint32_t n = roster->blocks[number].network, t = roster->networks[n].target;
	struct sum *network = &l->sums.networks[n];
	enum bw_verdict was = network->verdict;
	unsigned were = group_reasons(&network->group);

	sums_recount_block(&l->sums, roster, number, BW_DARK, 0, &l->blocks[number]);
	withdraw_sum(l, network, &(struct event_subject){BW_SCOPE_NETWORK, n, t}, cause, change);
	sums_recount_network(&l->sums, roster, n, was, were);
	withdraw_sum(l, &l->sums.targets[t], &(struct event_subject){BW_SCOPE_TARGET, t, t}, cause,
		     change);
}

bool events_withdraw(struct ledger *l, uint32_t number, const struct outcome *reply)
{
	const struct event_subject subject = block_subject(l, number);
	const struct verdict_change change = proof_of(l, number, reply);
	struct tally tally = {.replies = 1, .rtt_ns = {reply->rtt_ns}};
	struct track *track = &l->tracks[number];
	struct outage *outage;
	uint64_t cause;

	if (!disproves_dark(l, number, reply))
		return false;
	outage = &ledger_outage_for(l, number)->outage;
	cause = outage->event_seq;
	track->told = event_record_withdraw(l, &subject, (enum bw_verdict)track->told, outage) & 3;
	verdict_withdraw(&l->blocks[number], reply);
	tell_block(l, number, &change);
	withdraw_sums(l, number, cause, &change);
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
