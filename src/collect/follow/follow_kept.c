/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow_kept.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "collect/board/outages.h"

/* The number of the interval that holds at T, from 1; 0: there is none. */
static uint32_t number_at(const struct subject *sum, int64_t t_ns)
{
	return timeline_after(sum->merged, t_ns);
}

/* A target is saved each time, because its row has the time for all its networks. */
bool follow_kept_is_saved(const struct subject *sum, int64_t t_ns)
{
	const uint32_t number = number_at(sum, t_ns);

	if (number == 0)
		return true;
	return sum->scope != BW_SCOPE_TARGET &&
	       sum->merged->saved_ns == timeline_get(sum->merged, number - 1)->from_ns;
}

/* "FROM EARLIEST VERDICT" of each interval that is kept. NULL: out of memory. */
static char *format(const struct subject *sum, int64_t t_ns)
{
	const uint32_t number = number_at(sum, t_ns);
	uint32_t n = timeline_after(sum->merged, outages_needed(sum->merged, t_ns));
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	for (n -= n > 0; n < number; n++) {
		const struct interval *interval = timeline_get(sum->merged, n);

		fprintf(out, "%" PRId64 " %" PRId64 " %d\n", interval->from_ns,
			interval->earliest_ns, interval->verdict);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

int follow_kept_save(const struct board *board, const struct subject *sum, int64_t t_ns,
		     const struct store *store, struct bw_err *err)
{
	char subject[SUBJECT_TEXT], *intervals = format(sum, t_ns);
	const struct store_kept row = {
		.target = board_target(board, sum->target)->name,
		.subject = subject_format(board, sum, subject),
		.scope = sum->scope,
		.until_ns = t_ns,
		.intervals = intervals,
	};
	int result = intervals ? store->ops->put_kept(store->self, &row, err)
			       : bw_err_set(err, -ENOMEM, "out of memory");

	free(intervals);
	return result;
}

void follow_kept_hold(const struct subject *sum, int64_t t_ns, bool saved)
{
	const uint32_t number = number_at(sum, t_ns);

	sum->merged->kept_ns = t_ns;
	if (saved && number > 0)
		sum->merged->saved_ns = timeline_get(sum->merged, number - 1)->from_ns;
}

/* What is no list of intervals ends it. */
static int parse(const char *text, struct timeline *timeline)
{
	struct interval interval;
	int verdict, used, result = 0;

	while (result == 0 && sscanf(text, "%" SCNd64 " %" SCNd64 " %d\n%n", &interval.from_ns,
				     &interval.earliest_ns, &verdict, &used) == 3) {
		interval = (struct interval){.from_ns = interval.from_ns,
					     .decided_ns = interval.from_ns,
					     .earliest_ns = interval.earliest_ns,
					     .verdict = (uint8_t)verdict};
		result = timeline_add(timeline, &interval);
		timeline->saved_ns = interval.from_ns;
		text += used;
	}
	return result;
}

static int take(void *arg, const struct store_kept *row)
{
	const struct board *board = arg;
	struct timeline *timeline = subject_find(board, row->scope, row->target, row->subject);

	if (!timeline || row->scope == BW_SCOPE_BLOCK || timeline->intervals.count > 0)
		return 0;
	if (row->scope == BW_SCOPE_TARGET)
		timeline->kept_ns = row->until_ns;
	return parse(row->intervals, timeline);
}

int follow_kept_load(struct board *board, const struct store *store, struct bw_err *err)
{
	const int result = store->ops->each_kept(store->self, take, board, err);

	for (uint32_t n = 0; n < board->networks.count; n++) {
		const struct board_network *network = board_network(board, n);
		struct timeline *timeline = &board_network(board, n)->merged;

		if (timeline->intervals.count > 0)
			timeline->kept_ns = board_target(board, network->target)->merged.kept_ns;
		if (timeline->kept_ns == INT64_MIN)
			timeline_cut(timeline, INT64_MIN);
	}
	return result;
}
