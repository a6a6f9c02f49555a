/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From verdicts to events. A verdict of a block is written by verdict_decide(), verdict_settle()
 * or verdict_withdraw() (infer/block.h), which are called here only; persist.c puts saved ones
 * in place. Networks and targets are sums over blocks and follow in the same moment
 * (sum_events.c). Each confirmed change leaves as one event: of the block, then of its network,
 * then of its target.
 *
 * The events of one subject form a chain: each begins with the verdict that the last one told. That
 * the vantage cannot tell is no event. So a subject that was dark, unknown and up again has one
 * event, from dark to up.
 */
#include "vantage/ledger/events.h"

#include "vantage/ledger/event_record.h"
#include "vantage/ledger/records.h"
#include "vantage/ledger/sum_events.h"

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

/* A block of few hosts was silent by itself: it answers again, or is called dark. */
static void note_absence(struct ledger *l, uint32_t number, struct bw_mono since)
{
	struct outage_memory *memory = ledger_outage_for(l, number);

	memory->absences.count += l->blocks[number].verdict == BW_UP;
	memory->absences.total_ns += bw_mono_since(l->now.mono, since);
}

void events_decide(struct ledger *l, uint32_t number, const struct verdict_decision *decision)
{
	struct block *block = &l->blocks[number];
	const struct infer_params *params = &l->config.params;
	enum bw_verdict from = (enum bw_verdict)block->verdict;
	unsigned reasons = from == BW_UNKNOWN ? block->reasons : 0;
	struct sums_member was = {0};
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
	if (l->config.keeps_events)
		was = sum_events_member(l, number);
	if (l->config.keeps_events && from == BW_UP && decision->to != BW_UP)
		ledger_outage_for(l, number)->up_since = since;
	changed = verdict_decide(block, &ordered, params, l->now.mono, &change);
	if (!l->config.keeps_events)
		return;
	/* The same outage: it was unknown for a while only. */
	resumed = from == BW_UNKNOWN && l->tracks[number].told == BW_DARK;
	if (changed)
		tell_block(l, number, &change);
	if (reasons & BW_WHY_FEW_HOSTS && (block->verdict == BW_UP || block->verdict == BW_DARK))
		note_absence(l, number, since);
	if (block_is_down(block) != was_down && block->verdict != BW_UNKNOWN && !resumed)
		note_phase(l, number, &change, since);
	sum_events_follow(l, number, &was, &change);
}

/*
 * How long the silence of a flapping block must last. 0: it is not yet longer than its own down
 * phases allow, but its target has been silent for too long.
 */
static int64_t dark_after_ns(const struct ledger *l, uint32_t number)
{
	const struct infer_params *params = &l->config.params;
	const struct joint *joint = joint_of(l, number);
	int64_t own_ns = flap_dark_after_ns(&ledger_outage_of(l, number)->phases,
					    joint && joint->down, params);
	int64_t silent_ns = bw_mono_since(l->now.mono, l->blocks[number].since);

	if (silent_ns <= own_ns && joint && joint_is_dark(joint, params, l->now.mono))
		return 0;
	return own_ns;
}

/* Returns whether the verdict has changed. */
static bool settle(struct ledger *l, uint32_t number)
{
	const struct infer_params *params = &l->config.params;
	const struct sums_member was = sum_events_member(l, number);
	struct verdict_change change;

	if (l->blocks[number].verdict != BW_FLAPPING ||
	    !verdict_settle(&l->blocks[number], params, dark_after_ns(l, number), l->now.mono,
			    &change))
		return false;
	/* An answer that was not confirmed is later than the start of the phase. */
	if (bw_mono_before(change.latest, change.earliest))
		change.earliest = ledger_outage_of(l, number)->outage.earliest;
	event_record_order(change.to, l->now.mono, &change.earliest, &change.latest);
	l->blocks[number].since = change.latest;
	if (change.to == BW_UP)
		ledger_outage_for(l, number)->phases = (struct flap_phases){0};
	tell_block(l, number, &change);
	sum_events_follow(l, number, &was, &change);
	return true;
}

/* The siblings of a block that turned dark because all have been silent together for too long. */
static void settle_siblings(struct ledger *l, uint32_t number)
{
	const struct tally none = {0};
	struct roster_range siblings = roster_siblings(l->config.roster, number);

	for (uint32_t i = siblings.first; i < siblings.end; i++) {
		const struct block *block = &l->blocks[i];

		if (i != number && block_is_down(block) && !(block->conditions & BW_SUSPECT) &&
		    ledger_way_of(l, i) == ledger_way_of(l, number) && settle(l, i))
			records_block(l, i, &none);
	}
}

void events_settle(struct ledger *l, uint32_t number)
{
	bool flaps = l->blocks[number].verdict == BW_FLAPPING;
	bool together = flaps && dark_after_ns(l, number) == 0;

	if (settle(l, number) && together)
		settle_siblings(l, number);
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

bool events_withdraw(struct ledger *l, uint32_t number, const struct outcome *reply)
{
	const struct event_subject subject = block_subject(l, number);
	const struct verdict_change change = proof_of(l, number, reply);
	struct tally tally = {.sent = 1, .replies = 1, .rtt_ns = {reply->rtt_ns}};
	struct track *track = &l->tracks[number];
	struct outage *outage;
	uint64_t cause;

	if (!disproves_dark(l, number, reply))
		return false;
	outage = &ledger_outage_for(l, number)->outage;
	cause = outage->event_seq;
	track->told = event_record_withdraw(l, &subject, (enum bw_verdict)track->told, outage) & 3;
	verdict_withdraw(&l->blocks[number], reply);
	if (track->told == BW_UP)
		l->blocks[number].since = ledger_outage_of(l, number)->up_since;
	tell_block(l, number, &change);
	sum_events_withdraw(l, number, cause, &change);
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
