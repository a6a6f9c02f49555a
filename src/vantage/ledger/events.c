/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From verdicts to events. Every verdict of a block is written through here, so
 * that networks and targets, which are sums over blocks, follow in the same
 * moment, and each change that was confirmed leaves as one event: of the block,
 * then of its network, then of its target.
 *
 * What is no event: that something which was unknown is found up (nobody asked
 * for an all-clear without an alarm), and anything about the vantage itself.
 *
 * An outage is told on the way out of dark: it began between the last answer
 * before and the first silence, and ended between the last silence and the
 * first answer after. A sum goes dark with the last of its members, so the
 * bounds of its start are the latest of theirs, and it ends with the first.
 */
#include "infer/evidence/belief.h"
#include "vantage/state.h"

struct subject {
	enum bw_scope scope;
	uint32_t number; /* of the block, network or target */
	uint32_t target;
};

static const char *subject_name(const struct vantage *v, const struct subject *subject,
				char text[BW_PREFIX_TEXT])
{
	const struct roster *roster = v->config.roster;
	struct bw_prefix prefix;

	switch (subject->scope) {
	case BW_SCOPE_BLOCK:
		prefix = roster_prefix(roster, subject->number);
		return bw_prefix_format(&prefix, text);
	case BW_SCOPE_NETWORK:
		return bw_prefix_format(&roster->networks[subject->number].network->prefix, text);
	case BW_SCOPE_TARGET:
		return roster->targets[subject->number].target->name;
	}
	return "";
}

static struct bw_wall wall_of(const struct vantage *v, struct bw_mono t)
{
	if (t.ns == BLOCK_NEVER_ANSWERED.ns)
		return (struct bw_wall){0};
	return bw_wall_of(v->now, t);
}

static struct record_unusual unusual_of(const struct vantage *v, const struct history *history,
					int64_t length_ns)
{
	struct history_comparison c = history_compare(history, v->now.wall, length_ns);

	return (struct record_unusual){
		.days = c.days,
		.outages = c.outages,
		.since_last_s = c.since_last_s,
		.longest = c.longest,
		.availability = c.availability,
	};
}

/* What rounds keep of the outage of a block or sum. */
struct outage_ref {
	struct bw_mono *earliest, *latest;
	uint64_t *event_seq;
	struct history *history;
};

static void tell_outage(const struct vantage *v, const struct verdict_change *change,
			const struct outage_ref *outage, struct record_event *event)
{
	int64_t at_start, at_end = bw_mono_since(change->latest, change->earliest);
	int64_t length = bw_mono_since(change->latest, *outage->latest);

	at_start = outage->earliest->ns == BLOCK_NEVER_ANSWERED.ns
			   ? 0
			   : bw_mono_since(*outage->latest, *outage->earliest);
	if (change->earliest.ns == BLOCK_NEVER_ANSWERED.ns)
		at_end = 0;
	event->has_outage = true;
	event->outage_start = wall_of(v, *outage->latest);
	event->outage_end = wall_of(v, change->latest);
	event->outage_uncertainty_ns = at_start > at_end ? at_start : at_end;
	event->unusual = unusual_of(v, outage->history, length);
	history_add(outage->history, event->outage_end, length);
}

/* That something of which nothing was known is up, is no event. */
static bool is_event(const struct verdict_change *change)
{
	return change->from != BW_UNKNOWN || change->to != BW_UP;
}

static void emit(struct vantage *v, const struct subject *subject,
		 const struct verdict_change *change, const struct outage_ref *outage)
{
	char text[BW_PREFIX_TEXT];
	struct record_event event = {
		.target = v->config.roster->targets[subject->target].target->name,
		.scope = subject->scope,
		.subject = subject_name(v, subject, text),
		.from = change->from,
		.to = change->to,
		.detected = wall_of(v, change->decided),
		.earliest = wall_of(v, change->earliest),
		.latest = wall_of(v, change->latest),
		.confidence = change->confidence,
		.onset = change->onset,
	};

	if (change->to == BW_DARK) {
		*outage->earliest = change->earliest;
		*outage->latest = change->latest;
		if (subject->scope == BW_SCOPE_BLOCK)
			outages_for(v, subject->number)->dark_decided = change->decided;
		event.unusual = unusual_of(v, outage->history, -1);
	} else if (change->from == BW_DARK) {
		tell_outage(v, change, outage, &event);
	}
	*outage->event_seq = records_event(v, &event);
}

static struct outage_ref outage_of_block(struct vantage *v, uint32_t block)
{
	struct outage *past = outages_for(v, block);

	return (struct outage_ref){&past->dark_earliest, &past->dark_latest, &past->event_seq,
				   &past->history};
}

static struct outage_ref outage_of_sum(struct sum *sum)
{
	return (struct outage_ref){&sum->dark_earliest, &sum->dark_latest, &sum->event_seq,
				   &sum->history};
}

/* The bounds of a sum that goes dark: those of the last of its blocks. */
static void widen(const struct vantage *v, const struct subject *subject,
		  struct verdict_change *change)
{
	const struct roster *roster = v->config.roster;
	const struct roster_network *network = &roster->networks[subject->number];
	struct roster_range range =
		subject->scope == BW_SCOPE_TARGET
			? roster_target_blocks(roster, subject->number)
			: (struct roster_range){network->first_block,
						network->first_block + network->block_count};

	for (uint32_t i = range.first; i < range.end; i++) {
		const struct outage *past = outages_of(v, i);

		if (v->blocks[i].verdict != BW_DARK ||
		    !bw_mono_before(change->latest, past->dark_latest))
			continue;
		change->earliest = past->dark_earliest;
		change->latest = past->dark_latest;
	}
}

static bool follow(struct vantage *v, struct sum *sum, const struct subject *subject,
		   const struct verdict_change *cause)
{
	enum bw_verdict verdict = group_verdict(&sum->group);
	struct verdict_change change = *cause;
	struct outage_ref outage = outage_of_sum(sum);

	if (verdict == sum->verdict)
		return false;
	change.from = sum->verdict;
	change.to = verdict;
	sum->verdict = verdict;
	if (verdict == BW_DARK)
		widen(v, subject, &change);
	else
		change.onset = BW_ONSET_UNKNOWN;
	sum->since = change.latest;
	if (is_event(&change))
		emit(v, subject, &change, &outage);
	return true;
}

static void recount(struct group *group, enum bw_verdict from, unsigned from_reasons,
		    enum bw_verdict to, unsigned to_reasons)
{
	group_remove(group, from, from_reasons);
	group_add(group, to, to_reasons);
}

/* A block was FROM and is now what it is: its network and target follow. */
static void propagate(struct vantage *v, uint32_t number, enum bw_verdict from,
		      unsigned from_reasons, const struct verdict_change *change)
{
	const struct block *block = &v->blocks[number];
	uint32_t n = vantage_network_of(v, number), t = vantage_target_of(v, number);
	struct sum *network = &v->networks[n], *target = &v->targets[t];
	enum bw_verdict was = network->verdict;
	unsigned were = group_reasons(&network->group);

	recount(&network->group, from, from_reasons, (enum bw_verdict)block->verdict,
		block->reasons);
	(void)follow(v, network, &(struct subject){BW_SCOPE_NETWORK, n, t}, change);
	recount(&target->group, was, was == BW_UNKNOWN ? were : 0, network->verdict,
		network->verdict == BW_UNKNOWN ? group_reasons(&network->group) : 0);
	(void)follow(v, target, &(struct subject){BW_SCOPE_TARGET, t, t}, change);
}

/* A block went down or came back: bounds and length of its down phase. */
static void note_phase(struct vantage *v, uint32_t number, const struct verdict_change *change)
{
	const struct block *block = &v->blocks[number];
	struct outage *past = outages_for(v, number);

	flap_note(&past->phases, &v->config.params, block_penalty(block), !block_is_down(block),
		  bw_mono_since(change->latest, past->dark_latest));
	if (block_is_down(block)) {
		past->dark_earliest = change->earliest;
		past->dark_latest = change->latest;
	}
}

void events_decide(struct vantage *v, uint32_t number, const struct verdict_decision *decision)
{
	struct block *block = &v->blocks[number];
	enum bw_verdict from = (enum bw_verdict)block->verdict;
	unsigned reasons = from == BW_UNKNOWN ? block->reasons : 0;
	bool was_down = block_is_down(block);
	struct verdict_change change = {.earliest = decision->earliest,
					.latest = decision->latest,
					.decided = v->now.mono};
	bool changed = verdict_decide(block, decision, &v->config.params, v->now.mono, &change);

	if (!vantage_has_rounds(v))
		return;
	if (changed && is_event(&change)) {
		struct outage_ref outage = outage_of_block(v, number);

		emit(v, &(struct subject){BW_SCOPE_BLOCK, number, vantage_target_of(v, number)},
		     &change, &outage);
	}
	if (block_is_down(block) != was_down)
		note_phase(v, number, &change);
	propagate(v, number, from, reasons, &change);
}

/* At start-up: sums follow without a word. The block counted as unknown till now. */
void events_restore(struct vantage *v, uint32_t number)
{
	const struct block *block = &v->blocks[number];
	struct sum *network = &v->networks[vantage_network_of(v, number)];
	struct sum *target = &v->targets[vantage_target_of(v, number)];
	enum bw_verdict was = network->verdict;
	unsigned were = was == BW_UNKNOWN ? group_reasons(&network->group) : 0;

	recount(&network->group, BW_UNKNOWN, 0, (enum bw_verdict)block->verdict, block->reasons);
	network->verdict = group_verdict(&network->group);
	recount(&target->group, was, were, network->verdict,
		network->verdict == BW_UNKNOWN ? group_reasons(&network->group) : 0);
	target->verdict = group_verdict(&target->group);
}

void events_settle(struct vantage *v, uint32_t number)
{
	struct block *block = &v->blocks[number];
	struct verdict_change change;
	struct outage_ref outage;

	if (!verdict_settle(block, &v->config.params,
			    flap_dark_after_ns(&outages_of(v, number)->phases, &v->config.params),
			    v->now.mono, &change))
		return;
	if (change.to == BW_UP)
		outages_for(v, number)->phases = (struct flap_phases){0};
	outage = outage_of_block(v, number);
	emit(v, &(struct subject){BW_SCOPE_BLOCK, number, vantage_target_of(v, number)}, &change,
	     &outage);
	propagate(v, number, BW_FLAPPING, 0, &change);
}

/* Puts out that an event never was. */
static void take_back(struct vantage *v, const struct subject *subject, enum bw_verdict from,
		      enum bw_verdict to, uint64_t seq)
{
	char text[BW_PREFIX_TEXT];
	struct record_event event = {
		.target = v->config.roster->targets[subject->target].target->name,
		.scope = subject->scope,
		.subject = subject_name(v, subject, text),
		.from = from,
		.to = to,
		.detected = v->now.wall,
		.earliest = v->now.wall,
		.latest = v->now.wall,
		.confidence = 1,
		.withdraws = seq,
	};

	if (seq != 0)
		(void)records_event(v, &event);
}

static void take_back_sum(struct vantage *v, struct sum *sum, const struct subject *subject)
{
	enum bw_verdict verdict = group_verdict(&sum->group);

	if (verdict == sum->verdict)
		return;
	if (sum->verdict == BW_DARK)
		take_back(v, subject, BW_DARK, verdict, sum->event_seq);
	sum->verdict = verdict;
	sum->since = v->now.mono;
}

/* A late reply: the block was up when its probe was sent, whatever was said of it since. */
static void correct_check(struct vantage *v, uint32_t number, const struct outcome *reply)
{
	struct tally tally = {.sent = 1, .replies = 1, .rtt_ns = {reply->rtt_ns}};
	struct block *block = &v->blocks[number];

	if (block->verdict == BW_UP)
		return;
	verdict_withdraw(block, reply);
	records_block(v, number, &tally);
}

void events_withdraw(struct vantage *v, uint32_t number, const struct outcome *reply)
{
	struct block *block = &v->blocks[number];
	struct tally tally = {.replies = 1, .rtt_ns = {reply->rtt_ns}};
	uint32_t n = vantage_network_of(v, number), t = vantage_target_of(v, number);
	enum bw_verdict was;

	if (!vantage_has_rounds(v)) {
		correct_check(v, number, reply);
		return;
	}
	/* A reply to a probe that was sent after the decision is a sign of recovery, no more. */
	if (block->verdict != BW_DARK ||
	    !bw_mono_before(outages_of(v, number)->dark_earliest, reply->sent) ||
	    bw_mono_before(outages_of(v, number)->dark_decided, reply->sent))
		return;
	take_back(v, &(struct subject){BW_SCOPE_BLOCK, number, t}, BW_DARK, BW_UP,
		  outages_of(v, number)->event_seq);
	round_abort(v, number);
	verdict_withdraw(block, reply);
	was = v->networks[n].verdict;
	recount(&v->networks[n].group, BW_DARK, 0, BW_UP, 0);
	take_back_sum(v, &v->networks[n], &(struct subject){BW_SCOPE_NETWORK, n, t});
	recount(&v->targets[t].group, was, 0, v->networks[n].verdict, 0);
	take_back_sum(v, &v->targets[t], &(struct subject){BW_SCOPE_TARGET, t, t});
	records_block(v, number, &tally);
	schedule_next(v, number);
}
