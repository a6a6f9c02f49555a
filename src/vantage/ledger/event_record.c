/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An outage is told on the way out of dark. It began between the last answer before and the
 * first silence, and ended between the last silence and the first answer after. Its uncertainty is
 * the widest of the bounds of its start, its end, and the starts and ends of its returns.
 */
#include "vantage/ledger/event_record.h"

#include "vantage/ledger/records.h"

static const char *subject_name(const struct ledger *l, const struct event_subject *subject,
				char text[BW_PREFIX_TEXT])
{
	const struct roster *roster = l->config.roster;
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

static struct bw_wall wall_of(const struct ledger *l, struct bw_mono t)
{
	if (t.ns == BLOCK_NEVER_ANSWERED.ns)
		return (struct bw_wall){0};
	return bw_wall_of(l->now, t);
}

static struct record_unusual unusual_of(const struct ledger *l, const struct history *history,
					int64_t length_ns)
{
	struct history_comparison c = history_compare(history, l->now.wall, length_ns);

	return (struct record_unusual){
		.days = c.days,
		.outages = c.outages,
		.since_last_s = c.since_last_s,
		.longest = c.longest,
		.availability = c.availability,
	};
}

static int64_t width_ns(struct bw_mono earliest, struct bw_mono latest)
{
	return earliest.ns == BLOCK_NEVER_ANSWERED.ns ? 0 : bw_mono_since(latest, earliest);
}

/* Rounded up. */
static uint32_t seconds_of(int64_t ns)
{
	int64_t s = (ns + BW_S - 1) / BW_S;

	return s < UINT32_MAX ? (uint32_t)s : UINT32_MAX;
}

static uint32_t more(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static int64_t widest_return_ns(const struct ledger *l, const struct outage *outage)
{
	const struct returns *returns = outages_returns(&l->outages, outage);
	uint32_t within_s = 0;

	for (uint32_t i = 0; i < returns->count; i++)
		within_s = more(within_s, returns->within_s[i]);
	return within_s * BW_S;
}

_Static_assert(RETURNS_MAX <= RECORD_RETURNS_MAX, "a record has room for all returns");

static void tell_returns(const struct ledger *l, const struct outage *outage,
			 struct record_event *event)
{
	const struct returns *returns = outages_returns(&l->outages, outage);

	for (uint32_t i = 0; i < returns->count; i++)
		event->returns[event->return_count++] = (struct record_return){
			.start = wall_of(l, returns->list[i].start),
			.end = wall_of(l, returns->list[i].end),
		};
}

/* It begins, or goes on after a short return: then the part before is no outage of its own. */
static void begin_outage(struct ledger *l, const struct verdict_change *change,
			 struct outage *outage)
{
	outage->goes_on = outage_goes_on(&l->outages, outage, change->latest);
	if (outage->goes_on) {
		struct returns *returns = outages_returns_for(&l->outages, outage);

		returns->within_s[returns->count] =
			more(outage->ended_within_s,
			     seconds_of(width_ns(change->earliest, change->latest)));
		returns->list[returns->count++] =
			(struct outage_return){outage->ended, change->latest};
		history_undo(&outage->history, bw_mono_since(outage->ended, outage->began.end));
	} else {
		outage->began = (struct outage_return){change->earliest, change->latest};
		outage->ended = (struct bw_mono){0};
		if (outage->returns)
			outages_returns_for(&l->outages, outage)->count = 0;
	}
	outage->earliest = change->earliest;
	outage->latest = change->latest;
}

static void end_outage(const struct ledger *l, const struct verdict_change *change,
		       struct outage *outage, struct record_event *event)
{
	struct bw_mono start = bw_mono_min(outage->began.end, change->latest);
	int64_t at_start = width_ns(bw_mono_min(outage->began.start, start), start);
	int64_t at_end = width_ns(change->earliest, change->latest);
	int64_t length = bw_mono_since(change->latest, start);
	int64_t at_returns = widest_return_ns(l, outage), widest;

	widest = at_start > at_end ? at_start : at_end;
	event->has_outage = true;
	event->outage_start = wall_of(l, start);
	event->outage_end = wall_of(l, change->latest);
	event->outage_uncertainty_ns = widest > at_returns ? widest : at_returns;
	event->unusual = unusual_of(l, &outage->history, length);
	history_add(&outage->history, event->outage_end, length);
	tell_returns(l, outage, event);
	outage->began.end = start;
	outage->ended = change->latest;
	outage->ended_within_s = seconds_of(at_end);
}

/* The last event, which led FROM a verdict to another, never was true. */
static void undo_outage(struct ledger *l, struct outage *outage, enum bw_verdict to)
{
	int64_t length = 0;

	if (outage->ended.ns != 0) /* else its start may be at no time at all */
		length = bw_mono_since(outage->ended, outage->began.end);
	if (outage->from == BW_DARK && outage->ended.ns != 0) {
		history_undo(&outage->history, length);
		outage->ended = (struct bw_mono){0};
	} else if (to == BW_DARK && outage->goes_on) {
		outages_returns_for(&l->outages, outage)->count--;
		history_add(&outage->history, wall_of(l, outage->ended), length);
		outage->goes_on = false;
	}
}

/* How many networks and blocks of a sum are dark. */
static void tell_parts(const struct ledger *l, const struct event_subject *subject,
		       struct record_event *event)
{
	const struct group *group;

	if (subject->scope == BW_SCOPE_BLOCK)
		return;
	group = subject->scope == BW_SCOPE_TARGET ? &l->sums.targets[subject->number].group
						  : &l->sums.networks[subject->number].group;
	event->blocks.dark = group->blocks.by_verdict[BW_DARK];
	event->blocks.total = group_total_blocks(group);
	if (subject->scope != BW_SCOPE_TARGET)
		return;
	event->networks.dark = group->by_verdict[BW_DARK];
	event->networks.total = group_total(group);
}

void event_record_order(enum bw_verdict to, struct bw_mono now, struct bw_mono *earliest,
			struct bw_mono *latest)
{
	*latest = bw_mono_min(*latest, now);
	if (!bw_mono_before(*latest, *earliest))
		return;
	if (to == BW_DARK)
		*latest = bw_mono_min(*earliest, now);
	*earliest = *latest;
}

static void put(struct ledger *l, const struct event_subject *subject,
		const struct verdict_change *change, struct outage *outage)
{
	char text[BW_PREFIX_TEXT];
	struct record_event event = {
		.target = l->config.roster->targets[subject->target].target->name,
		.scope = subject->scope,
		.subject = subject_name(l, subject, text),
		.number = subject->number,
		.from = change->from,
		.to = change->to,
		.detected = wall_of(l, change->decided),
		.earliest = wall_of(l, change->earliest),
		.latest = wall_of(l, change->latest),
		.confidence = change->confidence,
		.onset = change->onset,
	};

	tell_parts(l, subject, &event);
	if (change->to == BW_DARK) {
		begin_outage(l, change, outage);
		event.unusual = unusual_of(l, &outage->history, -1);
	} else if (change->from == BW_DARK) {
		end_outage(l, change, outage, &event);
	}
	outage->from = change->from;
	outage->undone = false;
	outage->event_seq = records_event(l, &event);
}

enum bw_verdict event_record_tell(struct ledger *l, const struct event_subject *subject,
				  enum bw_verdict told, const struct verdict_change *change,
				  struct outage *outage)
{
	struct verdict_change event = *change;

	if (change->to == BW_UNKNOWN)
		return told;
	if (told == BW_UNKNOWN && change->to == BW_UP)
		return outage->undone ? BW_UNKNOWN : BW_UP;
	if (change->to == told) {
		outage->event_seq = 0;
	} else {
		event.from = told;
		event_record_order(event.to, l->now.mono, &event.earliest, &event.latest);
		put(l, subject, &event, outage);
	}
	return change->to;
}

enum bw_verdict event_record_withdraw(struct ledger *l, const struct event_subject *subject,
				      enum bw_verdict told, struct outage *outage)
{
	char text[BW_PREFIX_TEXT];
	struct record_event event = {
		.target = l->config.roster->targets[subject->target].target->name,
		.scope = subject->scope,
		.subject = subject_name(l, subject, text),
		.number = subject->number,
		.from = told,
		.to = outage->from,
		.detected = l->now.wall,
		.earliest = l->now.wall,
		.latest = l->now.wall,
		.confidence = 1,
		.withdraws = outage->event_seq,
	};

	if (outage->event_seq == 0)
		return told;
	tell_parts(l, subject, &event);
	undo_outage(l, outage, told);
	outage->event_seq = 0;
	outage->undone = true;
	(void)records_event(l, &event);
	return event.to;
}
