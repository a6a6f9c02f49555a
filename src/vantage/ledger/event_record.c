/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An outage is told on the way out of dark. It began between the last answer before and the
 * first silence, and ended between the last silence and the first answer after.
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

static void end_outage(const struct ledger *l, const struct verdict_change *change,
		       struct outage *outage, struct record_event *event)
{
	struct bw_mono start = bw_mono_min(outage->latest, change->latest);
	int64_t at_start = width_ns(bw_mono_min(outage->earliest, start), start);
	int64_t at_end = width_ns(change->earliest, change->latest);
	int64_t length = bw_mono_since(change->latest, start);

	event->has_outage = true;
	event->outage_start = wall_of(l, start);
	event->outage_end = wall_of(l, change->latest);
	event->outage_uncertainty_ns = at_start > at_end ? at_start : at_end;
	event->unusual = unusual_of(l, &outage->history, length);
	history_add(&outage->history, event->outage_end, length);
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
		.from = change->from,
		.to = change->to,
		.detected = wall_of(l, change->decided),
		.earliest = wall_of(l, change->earliest),
		.latest = wall_of(l, change->latest),
		.confidence = change->confidence,
		.onset = change->onset,
	};

	if (change->to == BW_DARK) {
		outage->earliest = change->earliest;
		outage->latest = change->latest;
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
	outage->event_seq = 0;
	outage->undone = true;
	(void)records_event(l, &event);
	return event.to;
}
