/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/score/spans.h"

#include <errno.h>
#include <stdlib.h>

int spans_init(struct spans *spans, size_t subjects)
{
	*spans = (struct spans){.open = calloc(subjects + 1, sizeof(*spans->open))};
	return spans->open ? 0 : -ENOMEM;
}

void spans_fini(struct spans *spans)
{
	free(spans->list);
	free(spans->open);
}

/* A wall time of the vantage on the world's clock. */
static int64_t moment(struct bw_now now, struct bw_wall wall)
{
	return now.mono.ns - (now.wall.ns - wall.ns);
}

static struct bounds bounds_of(const struct record_event *event, struct bw_now now)
{
	return (struct bounds){
		.earliest = event->earliest.ns ? moment(now, event->earliest) : INT64_MIN,
		.latest = moment(now, event->latest),
	};
}

static struct span *add_span(struct spans *spans, uint32_t subject)
{
	if (spans->count == spans->room) {
		size_t room = spans->room ? 2 * spans->room : 256;
		struct span *list = reallocarray(spans->list, room, sizeof(*list));

		if (!list) {
			spans->failed = true;
			return NULL;
		}
		spans->list = list;
		spans->room = room;
	}
	spans->open[subject] = (uint32_t)spans->count + 1;
	return &spans->list[spans->count++];
}

/* BEFORE: as in struct span. */
static void open_span(struct spans *spans, uint32_t subject, const struct record *record,
		      struct bw_now now, uint32_t before)
{
	const struct record_event *event = &record->event;
	struct span *span = add_span(spans, subject);

	if (span)
		*span = (struct span){
			.subject = subject,
			.verdict = (uint8_t)event->to,
			.from = moment(now, event->detected),
			.to = INT64_MAX,
			.start = bounds_of(event, now),
			.confidence = event->confidence,
			.seq = record->head.seq,
			.before = before,
		};
}

/* Of the last part of an outage with returns, which is compared with the truth. */
static struct bw_wall last_start(const struct record_event *event)
{
	return event->return_count ? event->returns[event->return_count - 1].end
				   : event->outage_start;
}

static void close_span(struct span *span, const struct record_event *event, struct bw_now now)
{
	span->over = true;
	span->after = (uint8_t)event->to;
	span->to = moment(now, event->detected);
	span->end = bounds_of(event, now);
	span->end_confidence = event->confidence;
	if (event->has_outage) {
		span->outage_start = moment(now, last_start(event));
		span->outage_end = moment(now, event->outage_end);
		span->uncertainty = event->outage_uncertainty_ns;
	}
}

static void reopen(struct span *span)
{
	span->over = false;
	span->to = INT64_MAX;
}

/*
 * Marks the span of a withdrawn event. If the withdrawn event had ended a span, that span
 * continues, and may be withdrawn next.
 */
static void withdraw(struct spans *spans, uint32_t subject, const struct record_event *event,
		     struct bw_now now)
{
	struct span *list = spans->list;
	size_t i = spans->open[subject];

	if (i > 0 && list[i - 1].seq == event->withdraws) {
		list[i - 1].withdrawn = true;
		if (!list[i - 1].over)
			close_span(&list[i - 1], event, now);
		if (list[i - 1].before > 0) {
			spans->open[subject] = list[i - 1].before;
			reopen(&list[list[i - 1].before - 1]);
		}
		return;
	}
	if (i > 0 && list[i - 1].over && list[i - 1].verdict == event->to)
		reopen(&list[i - 1]);
}

void spans_take(struct spans *spans, uint32_t subject, const struct record *record,
		struct bw_now now)
{
	const struct record_event *event = &record->event;
	uint32_t last = spans->open[subject];

	if (event->withdraws) {
		withdraw(spans, subject, event, now);
		return;
	}
	if (last > 0 && spans->list[last - 1].over)
		last = 0;
	if (last > 0)
		close_span(&spans->list[last - 1], event, now);
	if (event->to != BW_UP)
		open_span(spans, subject, record, now, last);
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->subject != y->subject)
		return x->subject < y->subject ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

void spans_sort(struct spans *spans)
{
	if (spans->count > 0)
		qsort(spans->list, spans->count, sizeof(struct span), compare_spans);
}
