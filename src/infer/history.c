/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/history.h"

#define DAY_NS (86400 * BW_S)

void history_start(struct history *history, struct bw_wall now)
{
	if (history->first.ns == 0)
		history->first = now;
}

struct history_comparison history_compare(const struct history *history, struct bw_wall now,
					  int64_t length_ns)
{
	int64_t watched = now.ns - history->first.ns;
	struct history_comparison comparison = {
		.outages = history->outages,
		.since_last_s = -1,
		.longest = length_ns > history->longest_ns,
		.availability = 1,
	};

	if (history->first.ns == 0 || watched <= 0)
		return comparison;
	comparison.days = (double)watched / (double)DAY_NS;
	comparison.availability = 1 - (double)history->dark_ns / (double)watched;
	if (comparison.availability < 0)
		comparison.availability = 0;
	if (history->last_end.ns != 0 && now.ns >= history->last_end.ns)
		comparison.since_last_s = (double)(now.ns - history->last_end.ns) / (double)BW_S;
	return comparison;
}

void history_add(struct history *history, struct bw_wall end, int64_t length_ns)
{
	history->outages++;
	history->dark_ns += length_ns;
	history->end_before = history->last_end;
	history->last_end = end;
	if (history->longest_ns < length_ns)
		history->longest_ns = length_ns;
}

void history_undo(struct history *history, int64_t length_ns)
{
	if (history->outages == 0)
		return;
	history->outages--;
	history->last_end = history->end_before;
	history->dark_ns -= length_ns < history->dark_ns ? length_ns : history->dark_ns;
	if (history->longest_ns > history->dark_ns)
		history->longest_ns = history->dark_ns;
	if (history->outages == 0) {
		history->dark_ns = history->longest_ns = 0;
		history->last_end = (struct bw_wall){0};
	}
}
