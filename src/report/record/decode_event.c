/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/decode_event.h"

#include <stdio.h>
#include <string.h>

#include "json/field.h"
#include "json/refuse.h"

#define DAYS_MIN 1e-9 /* "days" of 0: written of a history that rounds to it */

enum {
#define X(name, text) +1
	SCOPES = 0 BW_SCOPE_LIST(X),
	ONSETS = 0 BW_ONSET_LIST(X),
#undef X
};

static const char *scope_name(unsigned index)
{
	return bw_scope_name((enum bw_scope)index);
}

static const char *onset_name(unsigned index)
{
	return bw_onset_name((enum bw_onset)index);
}

static bool lasts(const struct record_event *event, double duration_s)
{
	int64_t ns = event->outage_end.ns - event->outage_start.ns;
	char own[64], wanted[64];

	snprintf(own, sizeof(own), "%.3f", (double)ns / (double)BW_S);
	snprintf(wanted, sizeof(wanted), "%.3f", duration_s);
	return strcmp(own, wanted) == 0;
}

/*
 * Start and end are written in microseconds, cut off, and the duration is rounded from
 * what they were before. Where the two disagree by less than a microsecond, the part that
 * was cut off is put back.
 */
static void fit_duration(struct take *take, struct record_event *event, double duration_s)
{
	const struct node node = node_member(take->object, "duration_s");
	const struct record_event before = *event;

	if (lasts(event, duration_s))
		return;
	event->outage_end.ns = before.outage_end.ns + BW_US - 1;
	if (lasts(event, duration_s))
		return;
	event->outage_end = before.outage_end;
	event->outage_start.ns = before.outage_start.ns + BW_US - 1;
	if (!lasts(event, duration_s))
		take->result =
			refuse_value(&node, BW_ERR_VALUE, "is not the time from start to end");
}

static void take_return(struct take *outage, const struct node *element, struct record_event *event)
{
	struct take inner = {element, field_object(element)};
	struct record_return *back = &event->returns[event->return_count++];

	back->start = take_time(&inner, "start");
	back->end = take_time(&inner, "end");
	take_close(outage, &inner);
}

static void take_returns(struct take *outage, struct record_event *event)
{
	const struct node node = node_member(outage->object, "returns");
	struct node element = {0};

	if (!take_may_have(outage, "returns"))
		return;
	outage->result = field_list(&node);
	while (outage->result == 0 && node_next(&node, &element)) {
		if (event->return_count == RECORD_RETURNS_MAX)
			outage->result =
				refuse_value(&element, BW_ERR_LIMIT, "there are more than 16");
		else
			take_return(outage, &element, event);
	}
}

static void take_part(struct take *parts, const char *key, struct record_part *part)
{
	struct node node;
	struct take inner;

	if (!take_may_have(parts, key))
		return;
	inner = take_object(parts, key, &node);
	part->dark = take_small(&inner, "dark");
	part->total = take_small(&inner, "total");
	take_close(parts, &inner);
}

static void take_dark_parts(struct take *take, struct record_event *event)
{
	struct node node;
	struct take parts;

	if (!take_may_have(take, "parts"))
		return;
	parts = take_object(take, "parts", &node);
	take_part(&parts, "networks", &event->networks);
	take_part(&parts, "blocks", &event->blocks);
	take_close(take, &parts);
}

static void take_outage(struct take *take, struct record_event *event)
{
	struct node node;
	struct take outage;
	double duration_s;

	event->has_outage = take_has(take, "outage");
	if (!event->has_outage)
		return;
	outage = take_object(take, "outage", &node);
	event->outage_start = take_time(&outage, "start");
	event->outage_end = take_time(&outage, "end");
	duration_s = take_number(&outage, "duration_s", TAKE_NUMBER_MAX);
	event->outage_uncertainty_ns = take_seconds(&outage, "uncertainty_s");
	take_returns(&outage, event);
	if (outage.result == 0)
		fit_duration(&outage, event, duration_s);
	take_close(take, &outage);
}

static void take_unusual(struct take *take, struct record_unusual *unusual)
{
	struct node node;
	struct take inner;

	if (!take_has(take, "unusual"))
		return;
	inner = take_object(take, "unusual", &node);
	unusual->days = take_number(&inner, "days", TAKE_NUMBER_MAX);
	if (unusual->days < DAYS_MIN)
		unusual->days = DAYS_MIN;
	unusual->outages = take_small(&inner, "outages");
	unusual->since_last_s = -1;
	if (take_has(&inner, "since_last_s"))
		unusual->since_last_s = take_number(&inner, "since_last_s", TAKE_NUMBER_MAX);
	unusual->longest = take_bool(&inner, "longest");
	unusual->availability = take_number(&inner, "availability", 1);
	take_close(take, &inner);
}

static const char *status_name(unsigned index)
{
	return index == 0 ? "confirmed" : "withdrawn";
}

static void take_change(struct take *take, struct record_event *event)
{
	struct node node;
	struct take change = take_object(take, "change", &node);

	event->earliest = take_time_or_null(&change, "earliest");
	event->latest = take_time(&change, "latest");
	take_close(take, &change);
}

void decode_event(struct take *take, struct decode_path_memory *memory, struct record_event *event)
{
	event->target = take_text(take, "target");
	event->scope = (enum bw_scope)take_word(take, "scope", SCOPES, scope_name);
	event->subject = take_subject(take, "subject", event->scope);
	event->from = take_verdict_of(take, "from", event->scope);
	event->to = take_verdict_of(take, "to", event->scope);
	event->detected = take_time(take, "detected");
	take_change(take, event);
	event->confidence = take_number(take, "confidence", 1);
	if (take_word(take, "status", 2, status_name) == 1)
		event->withdraws = take_unsigned(take, "withdraws", 1, UINT64_MAX);
	event->onset = (enum bw_onset)take_word(take, "onset", ONSETS, onset_name);
	take_outage(take, event);
	take_dark_parts(take, event);
	take_unusual(take, &event->unusual);
	event->path = decode_path(take, memory);
}
