/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/merge/merge_bounds.h"

static int64_t last_answer(const struct merge_bounds *list, size_t count)
{
	int64_t last = list[0].earliest_ns;

	for (size_t n = 1; n < count; n++)
		if (list[n].earliest_ns > last)
			last = list[n].earliest_ns;
	return last;
}

struct merge_bounds merge_bounds_dark(const struct merge_bounds *list, size_t count)
{
	const int64_t answer = last_answer(list, count);
	struct merge_bounds both = {answer, INT64_MAX};

	for (size_t n = 0; n < count; n++) {
		const int64_t latest = list[n].latest_ns;

		if (latest >= answer && latest < both.latest_ns)
			both.latest_ns = latest;
		else if (latest < both.earliest_ns && answer - latest <= MERGE_BOUNDS_CLOCKS_NS)
			both.earliest_ns = latest;
	}
	return both;
}

struct merge_bounds merge_bounds_back(const struct merge_bounds *list, size_t count,
				      int64_t answer_ns)
{
	struct merge_bounds both = {INT64_MIN, answer_ns};

	for (size_t n = 0; n < count; n++)
		if (list[n].earliest_ns <= answer_ns && list[n].earliest_ns > both.earliest_ns)
			both.earliest_ns = list[n].earliest_ns;
	if (both.earliest_ns == INT64_MIN)
		both.earliest_ns = answer_ns;
	return both;
}
