/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow_dark.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect/board/subject.h"

void follow_dark_init(struct follow_dark *follow, const struct board *board,
		      const struct fleet *fleet, struct dark_events *events)
{
	*follow = (struct follow_dark){
		.board = board,
		.fleet = fleet,
		.events = events,
		.list = array_of(sizeof(struct dark_event)),
	};
}

static struct dark_event *dark_at(const struct follow_dark *follow, uint32_t n)
{
	return array_at(&follow->list, n);
}

void follow_dark_drop(struct follow_dark *follow)
{
	for (uint32_t n = 0; n < follow->list.count; n++)
		dark_event_fini(dark_at(follow, n));
	follow->list.count = 0;
}

void follow_dark_fini(struct follow_dark *follow)
{
	follow_dark_drop(follow);
	array_fini(&follow->list);
}

/* The path of an event may come in the same request as the event. */
static int take_trace(struct follow_dark *follow, uint32_t vantage, const struct record *record)
{
	for (uint32_t n = follow->list.count; n > 0; n--) {
		struct dark_event *event = dark_at(follow, n - 1);
		const int result = event->vantage == vantage ? dark_event_trace(event, record) : 0;

		if (result != 0)
			return result;
	}
	return 0;
}

int follow_dark_take(struct follow_dark *follow, uint32_t vantage, const struct record *record)
{
	struct dark_event event;
	int result = take_trace(follow, vantage, record);

	if (result == 0)
		result = dark_event_of(follow->events, vantage, record, &event);
	else
		return result < 0 ? result : 0;
	if (result <= 0)
		return result;
	if (array_add(&follow->list, &event) >= 0)
		return 0;
	dark_event_fini(&event);
	return -ENOMEM;
}

static int save(const struct follow_dark *follow, const struct dark_event *event,
		const struct store *store, struct bw_err *err)
{
	const struct store_dark_event row = {
		.vantage = follow->fleet->list[event->vantage].name,
		.target = event->target,
		.subject = event->subject,
		.boot = event->boot,
		.scope = event->scope,
		.seq = event->seq,
		.earliest_ns = event->earliest_ns,
		.latest_ns = event->latest_ns,
		.onset = event->onset,
		.path = event->path,
		.path_rank = event->path_rank,
	};

	return store->ops->put_dark_event(store->self, &row, err);
}

int follow_dark_save(struct follow_dark *follow, const struct store *store, struct bw_err *err)
{
	int result = 0;

	for (uint32_t n = 0; n < follow->list.count && result == 0; n++)
		result = save(follow, dark_at(follow, n), store, err);
	return result;
}

/* Its outage, if there is one already, is looked at again. */
static int keep(const struct follow_dark *follow, const struct dark_event *event)
{
	struct timeline *merged =
		subject_find(follow->board, event->scope, event->target, event->subject);

	if (merged && event->latest_ns < merged->changed_ns)
		merged->changed_ns = event->latest_ns;
	return dark_events_put(follow->events, event);
}

int follow_dark_keep(struct follow_dark *follow)
{
	int result = 0;

	for (uint32_t n = 0; n < follow->list.count && result == 0; n++)
		result = keep(follow, dark_at(follow, n));
	return result;
}

static int number_of(const struct fleet *fleet, const char *vantage)
{
	for (size_t n = 0; n < fleet_all(fleet); n++)
		if (strcmp(fleet->list[n].name, vantage) == 0)
			return (int)n;
	return -1;
}

static int load(void *arg, const struct store_dark_event *row)
{
	struct follow_dark *follow = arg;
	const int vantage = number_of(follow->fleet, row->vantage);
	struct dark_event event = {
		.target = (char *)(uintptr_t)row->target,
		.subject = (char *)(uintptr_t)row->subject,
		.scope = row->scope,
		.seq = row->seq,
		.earliest_ns = row->earliest_ns,
		.latest_ns = row->latest_ns,
		.onset = row->onset,
		.path = (char *)(uintptr_t)row->path,
		.path_rank = row->path_rank,
	};

	if (vantage < 0)
		return 0;
	event.vantage = (uint32_t)vantage;
	snprintf(event.boot, sizeof(event.boot), "%s", row->boot);
	return dark_events_put(follow->events, &event);
}

int follow_dark_load(struct follow_dark *follow, const struct store *store, struct bw_err *err)
{
	return store->ops->each_dark_event(store->self, load, follow, err);
}
