/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/dark_events.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/record/encode_path.h"

static int compare(const void *a, const void *b)
{
	const struct dark_event *x = a, *y = b;
	int order = strcmp(x->subject, y->subject);

	if (order == 0)
		order = strcmp(x->target, y->target);
	if (order == 0)
		order = (int)x->scope - (int)y->scope;
	if (order == 0 && x->vantage != y->vantage)
		order = x->vantage < y->vantage ? -1 : 1;
	return order;
}

void dark_events_init(struct dark_events *events)
{
	*events = (struct dark_events){.list = array_of(sizeof(struct dark_event *))};
}

static struct dark_event *event_at(const struct dark_events *events, uint32_t n)
{
	return *(struct dark_event **)array_at(&events->list, n);
}

void dark_event_fini(struct dark_event *event)
{
	free(event->target);
	free(event->subject);
	free(event->path);
	event->target = event->subject = event->path = NULL;
}

static void ignore(void *event)
{
	(void)event;
}

void dark_events_fini(struct dark_events *events)
{
	tdestroy(events->tree, ignore);
	for (uint32_t n = 0; n < events->list.count; n++) {
		dark_event_fini(event_at(events, n));
		free(event_at(events, n));
	}
	array_fini(&events->list);
	events->tree = NULL;
}

/* A copy with texts of its own, which no other follows. */
static int copy(const struct dark_event *event, struct dark_event *ret_copy)
{
	*ret_copy = *event;
	ret_copy->next = NULL;
	ret_copy->target = strdup(event->target);
	ret_copy->subject = strdup(event->subject);
	ret_copy->path = event->path ? strdup(event->path) : NULL;
	if (ret_copy->target && ret_copy->subject && (ret_copy->path || !event->path))
		return 0;
	dark_event_fini(ret_copy);
	return -ENOMEM;
}

static char *text_of(const struct record_path *path)
{
	struct json_out out;

	json_out_init_heap(&out, false);
	encode_path_value(&out, path);
	return json_out_take(&out);
}

/* The place behind the last hop that answers says most; then that hop; then the kind. */
static unsigned rank_of(const struct record_path *path)
{
	return 1U + (path->kind != PATH_KIND_SILENT) + 2U * (path->last.ttl != 0) +
	       4U * (path->next.ttl != 0);
}

static int set_path(struct dark_event *event, const struct record_path *path)
{
	char *text = text_of(path);

	if (!text)
		return -ENOMEM;
	free(event->path);
	event->path = text;
	event->path_rank = rank_of(path);
	return 0;
}

static int of_event(uint32_t vantage, const struct record *record, struct dark_event *ret_event)
{
	const struct record_event *told = &record->event;
	struct dark_event event = {
		.vantage = vantage,
		.target = (char *)(uintptr_t)told->target,
		.subject = (char *)(uintptr_t)told->subject,
		.scope = told->scope,
		.seq = record->head.seq,
		.earliest_ns = told->earliest.ns ? told->earliest.ns : told->latest.ns,
		.latest_ns = told->latest.ns,
		.onset = told->onset,
	};
	int result;

	if (told->to != BW_DARK || told->withdraws != 0)
		return 0;
	snprintf(event.boot, sizeof(event.boot), "%s", record->head.boot);
	result = copy(&event, ret_event);
	if (result == 0 && told->path)
		result = set_path(ret_event, told->path);
	if (result == 0)
		return 1;
	dark_event_fini(ret_event);
	return result;
}

static int of_trace(const struct dark_events *events, uint32_t vantage, const struct record *record,
		    struct dark_event *ret_event)
{
	const struct record_trace *trace = &record->trace;
	const struct dark_event *known =
		trace->event != 0 && trace->path
			? dark_events_by_seq(events, vantage, record->head.boot, trace->event)
			: NULL;
	int result = known ? copy(known, ret_event) : 0;

	if (!known || result < 0)
		return result;
	result = set_path(ret_event, trace->path);
	if (result == 0)
		return 1;
	dark_event_fini(ret_event);
	return result;
}

int dark_event_trace(struct dark_event *event, const struct record *record)
{
	int result;

	if (record->type != RECORD_TRACE || record->trace.event != event->seq ||
	    !record->trace.path || strcmp(record->head.boot, event->boot) != 0)
		return 0;
	result = set_path(event, record->trace.path);
	return result < 0 ? result : 1;
}

int dark_event_of(const struct dark_events *events, uint32_t vantage, const struct record *record,
		  struct dark_event *ret_event)
{
	switch (record->type) {
	case RECORD_EVENT:
		return of_event(vantage, record, ret_event);
	case RECORD_TRACE:
		return of_trace(events, vantage, record, ret_event);
	case RECORD_BLOCK:
	case RECORD_TARGET:
	case RECORD_VANTAGE:
	case RECORD_PROBE:
	case RECORD_SURVEY:
	case RECORD_CONDITION:
		break;
	}
	return 0;
}

static struct dark_event *find(const struct dark_events *events, const struct dark_event *key)
{
	void *found = tfind(key, &events->tree, compare);

	return found ? *(struct dark_event **)found : NULL;
}

/* Adds one to the list of all; NULL: no memory. */
static struct dark_event *add(struct dark_events *events, const struct dark_event *event)
{
	struct dark_event *fresh = calloc(1, sizeof(*fresh));

	if (!fresh || copy(event, fresh) < 0) {
		free(fresh);
		return NULL;
	}
	if (array_add(&events->list, &fresh) >= 0)
		return fresh;
	dark_event_fini(fresh);
	free(fresh);
	return NULL;
}

static int add_first(struct dark_events *events, const struct dark_event *event)
{
	struct dark_event *fresh = add(events, event);

	if (!fresh)
		return -ENOMEM;
	if (event->vantage >= events->vantages)
		events->vantages = event->vantage + 1;
	if (tsearch(fresh, &events->tree, compare))
		return 0;
	events->list.count--;
	dark_event_fini(fresh);
	free(fresh);
	return -ENOMEM;
}

static int replace(struct dark_event *known, const struct dark_event *event)
{
	struct dark_event *next = known->next, fresh;

	if (copy(event, &fresh) < 0)
		return -ENOMEM;
	dark_event_fini(known);
	*known = fresh;
	known->next = next;
	return 0;
}

static bool is_same(const struct dark_event *a, const struct dark_event *b)
{
	return a->seq == b->seq && strcmp(a->boot, b->boot) == 0;
}

/* FIRST keeps its place, because the tree has its address. */
static int put_among(struct dark_events *events, struct dark_event *first,
		     const struct dark_event *event)
{
	struct dark_event *oldest = first, *fresh;
	unsigned count = 0;

	for (struct dark_event *known = first; known; known = known->next, count++) {
		if (is_same(known, event))
			return replace(known, event);
		if (known->latest_ns < oldest->latest_ns)
			oldest = known;
	}
	if (count >= DARK_EVENTS_OF_ONE || events->list.count >= DARK_EVENTS_MAX)
		return event->latest_ns < oldest->latest_ns ? 0 : replace(oldest, event);
	fresh = add(events, event);
	if (!fresh)
		return -ENOMEM;
	fresh->next = first->next;
	first->next = fresh;
	return 0;
}

int dark_events_put(struct dark_events *events, const struct dark_event *event)
{
	struct dark_event *first = find(events, event);

	if (first)
		return put_among(events, first, event);
	return events->list.count < DARK_EVENTS_MAX ? add_first(events, event) : 0;
}

const struct dark_event *dark_events_by_seq(const struct dark_events *events, uint32_t vantage,
					    const char *boot, uint64_t seq)
{
	for (uint32_t n = events->list.count; n > 0; n--) {
		const struct dark_event *event = event_at(events, n - 1);

		if (event->seq == seq && event->vantage == vantage &&
		    strcmp(event->boot, boot) == 0)
			return event;
	}
	return NULL;
}

/* Of two paths that tell as much, that of the later event of the same vantage is taken. */
static void add_up(struct dark_summary *sum, const struct dark_event **best,
		   const struct dark_event *event)
{
	const unsigned rank = *best ? (*best)->path_rank : 0;

	if (event->onset > sum->onset)
		sum->onset = event->onset; /* in the order of the enum */
	if (event->path_rank > rank ||
	    (*best && event->path_rank == rank && event->vantage == (*best)->vantage &&
	     event->latest_ns > (*best)->latest_ns)) {
		*best = event;
		sum->path = event->path;
	}
}

struct dark_summary dark_events_sum(const struct dark_events *events, enum bw_scope scope,
				    const char *target, const char *subject, int64_t from_ns,
				    int64_t until_ns)
{
	struct dark_event key = {
		.target = (char *)(uintptr_t)target,
		.subject = (char *)(uintptr_t)subject,
		.scope = scope,
	};
	struct dark_summary sum = {.onset = BW_ONSET_UNKNOWN};
	const struct dark_event *best = NULL;

	for (; key.vantage < events->vantages; key.vantage++)
		for (const struct dark_event *event = find(events, &key); event;
		     event = event->next)
			if (event->latest_ns >= from_ns && event->earliest_ns <= until_ns)
				add_up(&sum, &best, event);
	return sum;
}
