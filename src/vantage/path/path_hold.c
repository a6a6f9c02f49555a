/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_hold.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 64U

/* The lists that a record of a trace borrows. */
struct trace_copy {
	struct record_trace_hop hops[TRACE_TTL_MAX];
	struct record_change changes[RECORD_CHANGES_MAX];
	struct record_path path;
	struct bw_prefix exempt[RECORD_EXEMPT_MAX];
	char text[];
};

void path_hold_fini(struct path_hold *hold)
{
	while (hold->count > 0)
		path_hold_drop(hold);
	free(hold->ring);
	*hold = (struct path_hold){0};
}

/* Doubles the room; the oldest record is then at 0. */
static int grow(struct path_hold *hold)
{
	uint32_t room = hold->room ? hold->room * 2 : ROOM_LEAST;
	struct held *ring;

	if (room > PATH_HOLD_MAX)
		return BW_ERR_LIMIT;
	ring = calloc(room, sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	for (uint32_t n = 0; n < hold->count; n++)
		ring[n] = hold->ring[(hold->head + n) % hold->room];
	free(hold->ring);
	*hold = (struct path_hold){.ring = ring, .room = room, .count = hold->count};
	return 0;
}

static void copy_path(struct trace_copy *copy, struct record_trace *trace)
{
	const struct record_path *path = trace->path;

	if (!path)
		return;
	copy->path = *path;
	memcpy(copy->exempt, path->exempt, path->exempt_count * sizeof(*path->exempt));
	memcpy(copy->text, path->text, strlen(path->text) + 1);
	copy->path.exempt = copy->exempt;
	copy->path.text = copy->text;
	trace->path = &copy->path;
}

static int copy_trace(struct record_trace *trace, void **ret_memory)
{
	size_t text = trace->path ? strlen(trace->path->text) + 1 : 0;
	struct trace_copy *copy = malloc(sizeof(*copy) + text);

	if (!copy)
		return -ENOMEM;
	if (trace->hop_count)
		memcpy(copy->hops, trace->hops, trace->hop_count * sizeof(*trace->hops));
	if (trace->change_count)
		memcpy(copy->changes, trace->changes,
		       trace->change_count * sizeof(*trace->changes));
	trace->hops = copy->hops;
	trace->changes = copy->changes;
	copy_path(copy, trace);
	*ret_memory = copy;
	return 0;
}

/* The subject that a record borrows for the call: the text of a prefix. NULL: it has none. */
static const char **subject_of(struct record *record)
{
	switch (record->type) {
	case RECORD_EVENT:
		return record->event.scope == BW_SCOPE_TARGET ? NULL : &record->event.subject;
	case RECORD_CONDITION:
		return record->condition.scope == BW_SCOPE_TARGET ? NULL
								  : &record->condition.subject;
	case RECORD_BLOCK:
	case RECORD_TARGET:
	case RECORD_VANTAGE:
	case RECORD_PROBE:
	case RECORD_SURVEY:
	case RECORD_TRACE:
		break;
	}
	return NULL;
}

static void copy_subject(struct held *held)
{
	const char **subject = subject_of(&held->record);

	held->subject[0] = '\0';
	if (subject)
		snprintf(held->subject, sizeof(held->subject), "%s", *subject);
}

int path_hold_add(struct path_hold *hold, const struct record *record, struct bw_mono until)
{
	int code = hold->count == hold->room ? grow(hold) : 0;
	struct held *held;

	if (code < 0)
		return code;
	held = &hold->ring[(hold->head + hold->count) % hold->room];
	held->record = *record;
	held->until = until;
	held->memory = NULL;
	copy_subject(held);
	if (record->type == RECORD_TRACE && copy_trace(&held->record.trace, &held->memory) < 0)
		return -ENOMEM;
	hold->count++;
	return 0;
}

struct held *path_hold_first(const struct path_hold *hold)
{
	struct held *held;
	const char **subject;

	if (hold->count == 0)
		return NULL;
	held = &hold->ring[hold->head];
	subject = subject_of(&held->record);
	if (subject && held->subject[0])
		*subject = held->subject;
	return held;
}

void path_hold_drop(struct path_hold *hold)
{
	free(hold->ring[hold->head].memory);
	hold->head = (hold->head + 1) % hold->room;
	hold->count--;
}
