/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/outages.h"

#include <blockwatch/time.h>

#define RETURN_NS (3600 * BW_S)
#define RETURN_SHARE 10 /* of the outage so far: one in so many */

/* The next interval from N on that is not unknown. */
static uint32_t skip_unknown(const struct timeline *timeline, uint32_t n)
{
	while (n < timeline->intervals.count && timeline_get(timeline, n)->verdict == BW_UNKNOWN)
		n++;
	return n;
}

static bool is_dark(const struct timeline *timeline, uint32_t n)
{
	return n < timeline->intervals.count && timeline_get(timeline, n)->verdict == BW_DARK;
}

/*
 * At N the subject is back. Whether it is only a return: dark again soon. *RET_NEXT is where.
 */
static bool is_return(const struct timeline *timeline, uint32_t n, int64_t start_ns,
		      uint32_t *ret_next)
{
	const int64_t from = timeline_get(timeline, n)->from_ns;
	uint32_t next = n;
	int64_t length;

	while (next < timeline->intervals.count && !is_dark(timeline, next))
		next++;
	if (next == timeline->intervals.count)
		return false;
	length = timeline_get(timeline, next)->from_ns - from;
	*ret_next = next;
	return length < RETURN_NS && length < (from - start_ns) / RETURN_SHARE;
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* From BACK to AGAIN, which is not before it was seen back. */
static void add_return(struct outage *outage, const struct interval *back,
		       const struct interval *again)
{
	const int64_t start = back->from_ns - back->earliest_ns;
	const int64_t end = again->from_ns - larger(again->earliest_ns, back->from_ns);

	outage->returns[outage->return_count].start_ns = back->from_ns;
	outage->returns[outage->return_count++].end_ns = again->from_ns;
	outage->returns_within_ns = larger(outage->returns_within_ns, larger(start, end));
}

/* Follows the outage that begins at N. Returns the number of the interval behind it. */
static uint32_t follow(const struct timeline *timeline, uint32_t n, struct outage *outage)
{
	const struct interval *first = timeline_get(timeline, n);
	uint32_t back, again;

	*outage = (struct outage){
		.start_ns = first->from_ns,
		.earliest_ns = first->earliest_ns,
		.end_ns = INT64_MAX,
		.end_earliest_ns = INT64_MAX,
	};
	for (;;) {
		while (is_dark(timeline, n))
			n = skip_unknown(timeline, n + 1);
		back = n;
		if (back >= timeline->intervals.count)
			return back;
		if (outage->return_count == OUTAGE_RETURNS_MAX ||
		    !is_return(timeline, back, outage->start_ns, &again))
			break;
		add_return(outage, timeline_get(timeline, back), timeline_get(timeline, again));
		n = again;
	}
	outage->end_ns = timeline_get(timeline, back)->from_ns;
	outage->end_earliest_ns = timeline_get(timeline, back)->earliest_ns;
	return back;
}

struct outages outages_from(const struct timeline *timeline, int64_t t_ns)
{
	return (struct outages){.timeline = timeline, .from_ns = t_ns, .last_end_ns = INT64_MIN};
}

bool outages_next(struct outages *outages, struct outage *ret_outage)
{
	const struct timeline *timeline = outages->timeline;

	while (outages->next < timeline->intervals.count) {
		if (!is_dark(timeline, outages->next)) {
			outages->next++;
			continue;
		}
		outages->next = follow(timeline, outages->next, ret_outage);
		if (ret_outage->earliest_ns < outages->last_end_ns)
			ret_outage->earliest_ns = outages->last_end_ns;
		outages->last_end_ns = ret_outage->end_ns;
		if (ret_outage->end_ns > outages->from_ns ||
		    ret_outage->start_ns >= outages->from_ns)
			return true;
	}
	return false;
}

/* Just before nobody could tell any more what T is in: what held then still counts. */
static int64_t last_certain(const struct timeline *timeline, int64_t t_ns)
{
	uint32_t n = timeline_after(timeline, t_ns);
	int64_t from = t_ns;

	for (; n > 0 && timeline_get(timeline, n - 1)->verdict == BW_UNKNOWN; n--)
		from = timeline_get(timeline, n - 1)->from_ns - 1;
	return from;
}

int64_t outages_needed(const struct timeline *timeline, int64_t t_ns)
{
	const struct interval *interval = timeline_at(timeline, t_ns);
	struct outages outages = outages_from(timeline, t_ns);
	struct outage outage;
	int64_t from = last_certain(timeline, t_ns);

	if (interval && interval->earliest_ns < from)
		from = interval->earliest_ns;
	if (outages_next(&outages, &outage) && outage.earliest_ns < from)
		from = outage.earliest_ns;
	return from < t_ns ? from : t_ns;
}

int64_t outage_uncertainty(const struct outage *outage)
{
	const int64_t start = outage->start_ns - outage->earliest_ns;
	const int64_t end = outage->end_ns - outage->end_earliest_ns;

	return larger(larger(start, end), outage->returns_within_ns);
}

bool outage_is_same(const struct outage *a, const struct outage *b)
{
	if (a->start_ns != b->start_ns || a->earliest_ns != b->earliest_ns ||
	    a->end_ns != b->end_ns || a->end_earliest_ns != b->end_earliest_ns ||
	    a->return_count != b->return_count || a->returns_within_ns != b->returns_within_ns)
		return false;
	for (unsigned n = 0; n < a->return_count; n++)
		if (a->returns[n].start_ns != b->returns[n].start_ns ||
		    a->returns[n].end_ns != b->returns[n].end_ns)
			return false;
	return true;
}

int64_t outage_overlap(const struct outage *a, const struct outage *b)
{
	const int64_t start = a->start_ns > b->start_ns ? a->start_ns : b->start_ns;
	const int64_t end = a->end_ns < b->end_ns ? a->end_ns : b->end_ns;

	if (a->earliest_ns > b->end_ns || b->earliest_ns > a->end_ns)
		return -1;
	return end > start ? end - start : 0;
}
