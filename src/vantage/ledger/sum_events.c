/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events of networks and targets. A sum takes the verdict of its group (infer/group) in the moment
 * in which a block changes, and tells it behind the block: the network first, then the target. It
 * is partly dark with the first of its members, or with a share of its blocks, and dark with the
 * last. Its outage ends with the first block that is back.
 *
 * The bounds of its change are those of its parts. That the last of several went dark is bounded
 * by the latest of their earliest moments and the latest of their latest. The first of them that is
 * back has the bounds of its return.
 *
 * A sum remembers its last events (struct sum_step), so that they can be withdrawn with the events
 * of blocks that they came of, in any order.
 */
#include "vantage/ledger/sum_events.h"

#include <math.h>
#include <string.h>

#include "infer/evidence/belief.h"
#include "vantage/ledger/event_record.h"

struct sums_member sum_events_member(const struct ledger *l, uint32_t number)
{
	return sums_member(&l->blocks[number], (enum bw_verdict)l->tracks[number].told);
}

static struct roster_range blocks_of(const struct ledger *l, const struct event_subject *subject)
{
	return subject->scope == BW_SCOPE_TARGET
		       ? roster_target_blocks(l->config.roster, subject->number)
		       : roster_network_blocks(l->config.roster, subject->number);
}

/*
 * Of a sum that goes dark, or partly dark, when the last of the dark blocks in RANGE went dark: no
 * earlier than the latest of the earliest moments, and no later than the latest of the latest.
 * It is as sure as the least sure block, which has not answered since it was called dark.
 */
static void bound_dark(const struct ledger *l, struct roster_range range,
		       struct verdict_change *change)
{
	change->earliest = change->latest = BLOCK_NEVER_ANSWERED;
	change->confidence = 1;
	for (uint32_t i = range.first; i < range.end; i++) {
		const struct outage *outage = &ledger_outage_of(l, i)->outage;

		if (l->blocks[i].verdict != BW_DARK)
			continue;
		change->earliest = bw_mono_max(change->earliest, outage->earliest);
		change->latest = bw_mono_max(change->latest, outage->latest);
		change->confidence =
			fmin(change->confidence,
			     verdict_dark_confidence(&l->blocks[i], &l->config.params));
	}
}

/*
 * The blocks that make a sum partly dark: those of the network that went dark, if that alone
 * makes a target so. CAUSE: the block that moved it.
 */
static struct roster_range dark_part(const struct ledger *l, const struct sum *sum,
				     const struct event_subject *subject, uint32_t cause)
{
	if (subject->scope == BW_SCOPE_TARGET && !group_has_dark_part(&sum->group))
		return roster_network_blocks(l->config.roster,
					     l->config.roster->blocks[cause].network);
	return blocks_of(l, subject);
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

/* What moves a sum: a block and its change. */
struct cause {
	uint32_t block;
	const struct verdict_change *change;
};

static void bound_sum(const struct ledger *l, const struct sum *sum,
		      const struct event_subject *subject, uint32_t cause,
		      struct verdict_change *change)
{
	if (change->to == BW_DARK)
		bound_dark(l, blocks_of(l, subject), change);
	else if (change->to == BW_PARTLY_DARK && change->from != BW_DARK)
		bound_dark(l, dark_part(l, sum, subject, cause), change);
}

/* Tells CHANGE of a sum, and remembers the event as one that can be withdrawn. */
static void tell_sum(struct ledger *l, struct sum *sum, const struct event_subject *subject,
		     const struct verdict_change *change)
{
	const struct sum_step step = {.from = sum->told, .since = sum->told_since};
	uint64_t before = sum->outage.event_seq;

	sum->told = event_record_tell(l, subject, sum->told, change, &sum->outage);
	if (sum->outage.event_seq == 0)
		sum->step_count = 0;
	if (sum->outage.event_seq == before)
		return;
	if (sum->step_count == SUM_STEPS)
		memmove(sum->steps, sum->steps + 1, --sum->step_count * sizeof(step));
	sum->steps[sum->step_count] = step;
	sum->steps[sum->step_count++].seq = sum->outage.event_seq;
}

/* A sum takes the verdict of its group. */
static void follow(struct ledger *l, struct sum *sum, const struct event_subject *subject,
		   const struct cause *cause)
{
	struct verdict_change change = *cause->change;

	change.from = sum->verdict;
	change.to = group_verdict_held(&sum->group);
	if (change.to == change.from)
		return;
	if (sum->verdict == sum->told)
		sum->told_since = sum->since;
	sum->verdict = change.to;
	if (change.from == BW_UNKNOWN)
		change.from = sum->told;
	if (cause->change->to == BW_UNKNOWN)
		change.confidence = surest(l, subject, change.to);
	bound_sum(l, sum, subject, cause->block, &change);
	if (change.to != BW_DARK && change.to != BW_PARTLY_DARK)
		change.onset = BW_ONSET_UNKNOWN;
	sum->since = change.latest;
	tell_sum(l, sum, subject, &change);
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
	if (sum->verdict == BW_DARK || sum->verdict == BW_PARTLY_DARK)
		bound_dark(l, blocks_of(l, subject), &change);
	tell_sum(l, sum, subject, &change);
}

void sum_events_reconcile(struct ledger *l, uint32_t target)
{
	const struct roster_target *t = &l->config.roster->targets[target];

	for (uint32_t n = t->first_network; n < t->first_network + t->network_count; n++)
		reconcile(l, &l->sums.networks[n],
			  &(struct event_subject){BW_SCOPE_NETWORK, n, target});
	reconcile(l, &l->sums.targets[target],
		  &(struct event_subject){BW_SCOPE_TARGET, target, target});
}

void sum_events_follow(struct ledger *l, uint32_t number, const struct sums_member *was,
		       const struct verdict_change *change)
{
	const struct roster *roster = l->config.roster;
	uint32_t n = roster->blocks[number].network, t = roster->networks[n].target;
	struct sum *network = &l->sums.networks[n];
	const struct sums_member is = sum_events_member(l, number);
	const bool changed = is.verdict != was->verdict || is.reasons != was->reasons;
	const struct group before = network->group;
	const struct cause cause = {number, change};

	if (changed)
		sums_recount_block(&l->sums, roster, number, was, &is);
	follow(l, network, &(struct event_subject){BW_SCOPE_NETWORK, n, t}, &cause);
	if (changed)
		sums_recount_network(&l->sums, roster, n, &before);
	follow(l, &l->sums.targets[t], &(struct event_subject){BW_SCOPE_TARGET, t, t}, &cause);
}

/* Events of a sum come right behind that of the block, of the network before the target. */
static bool is_made_by(const struct sum_step *step, uint64_t cause)
{
	return cause != 0 && step->seq > cause && step->seq - cause < 3;
}

static void disprove(struct sum *sum, uint64_t cause)
{
	for (unsigned i = 0; i < sum->step_count; i++)
		sum->steps[i].disproved |= is_made_by(&sum->steps[i], cause);
}

/* Withdraws the newest event of a sum. */
static void undo_step(struct ledger *l, struct sum *sum, const struct event_subject *subject)
{
	const struct sum_step *step = &sum->steps[--sum->step_count];

	sum->told = event_record_withdraw(l, subject, sum->told, &sum->outage);
	sum->verdict = sum->told;
	sum->since = sum->told_since = step->since;
	if (sum->step_count == 0)
		return;
	sum->outage.event_seq = step[-1].seq;
	sum->outage.from = step[-1].from;
}

/*
 * A network or target after a change to dark of one of its blocks, whose event is number CAUSE (0:
 * it had none), was withdrawn. Its own events that came of it or later never were true. Those
 * that others have caused meanwhile stay as long as they agree with what the sum is.
 */
static void withdraw_sum(struct ledger *l, struct sum *sum, const struct event_subject *subject,
			 uint64_t cause, const struct cause *reply)
{
	enum bw_verdict to = group_verdict_held(&sum->group);

	disprove(sum, cause);
	if (to == sum->verdict)
		return;
	while (sum->step_count > 0 && sum->told != to) {
		const struct sum_step *step = &sum->steps[sum->step_count - 1];

		if (!step->disproved && (cause == 0 || step->seq < cause))
			break;
		undo_step(l, sum, subject);
	}
	follow(l, sum, subject, reply);
}

void sum_events_withdraw(struct ledger *l, uint32_t number, uint64_t cause,
			 const struct verdict_change *change)
{
	const struct roster *roster = l->config.roster;
	uint32_t n = roster->blocks[number].network, t = roster->networks[n].target;
	struct sum *network = &l->sums.networks[n];
	const struct sums_member was = {BW_DARK, 0}, is = sum_events_member(l, number);
	const struct group before = network->group;
	const struct cause reply = {number, change};

	sums_recount_block(&l->sums, roster, number, &was, &is);
	withdraw_sum(l, network, &(struct event_subject){BW_SCOPE_NETWORK, n, t}, cause, &reply);
	sums_recount_network(&l->sums, roster, n, &before);
	withdraw_sum(l, &l->sums.targets[t], &(struct event_subject){BW_SCOPE_TARGET, t, t}, cause,
		     &reply);
}
