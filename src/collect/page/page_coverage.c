/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_coverage.h"

#include <errno.h>
#include <stdlib.h>

static void find_watchers(const struct board *board, uint32_t target, bool *watches)
{
	for (uint32_t n = board_first_block(board, target); n > 0; n = board_next_block(board, n)) {
		const struct board_block *block = board_block(board, n - 1);

		for (uint32_t v = 0; v < block->views.count; v++)
			watches[((struct board_view *)array_at(&block->views, v))->vantage] = true;
	}
}

static int add_heard(struct page_coverage *coverage, const struct heard *heard)
{
	for (uint32_t n = 0; n < heard->spans.count; n++) {
		const struct heard_span *span = array_at(&heard->spans, n);
		const struct page_coverage_span one = {span->from_ns, span->until_ns};

		if (array_add(&coverage->spans, &one) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct page_coverage_span *x = a, *y = b;

	return x->from_ns < y->from_ns ? -1 : x->from_ns > y->from_ns;
}

/* Joins those that touch each other. */
static void join(struct array *spans)
{
	struct page_coverage_span *list = array_at(spans, 0);
	uint32_t count = 0;

	if (spans->count > 0)
		qsort(list, spans->count, sizeof(*list), compare);
	for (uint32_t n = 0; n < spans->count; n++) {
		if (count == 0 || list[n].from_ns > list[count - 1].until_ns)
			list[count++] = list[n];
		else if (list[n].until_ns > list[count - 1].until_ns)
			list[count - 1].until_ns = list[n].until_ns;
	}
	spans->count = count;
}

int page_coverage_make(struct page_coverage *coverage, const struct board *board, uint32_t target)
{
	bool watches[BOARD_VANTAGES_MAX] = {false};
	int result = 0;

	coverage->spans = array_of(sizeof(struct page_coverage_span));
	find_watchers(board, target, watches);
	for (uint32_t n = 0; n < board->vantage_count && result == 0; n++)
		if (watches[n])
			result = add_heard(coverage, &board->vantages[n].heard);
	join(&coverage->spans);
	return result;
}

void page_coverage_fini(struct page_coverage *coverage)
{
	array_fini(&coverage->spans);
}

/* The first span that ends after T. */
static uint32_t find(const struct page_coverage *coverage, int64_t t_ns)
{
	uint32_t low = 0, high = coverage->spans.count;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		const struct page_coverage_span *span = array_at(&coverage->spans, middle);

		if (span->until_ns > t_ns)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* From FROM to UNTIL it is unknown: where nobody was heard of, there is no data. */
static int add_unknown(const struct page_coverage *coverage, int64_t from_ns, int64_t until_ns,
		       struct band *band)
{
	uint32_t n = find(coverage, from_ns);
	int result = 0;

	while (from_ns < until_ns && result == 0) {
		const struct page_coverage_span *span = array_at(&coverage->spans, n);
		const bool gap = n == coverage->spans.count || span->from_ns > from_ns;
		int64_t end = until_ns;

		if (n < coverage->spans.count && (gap ? span->from_ns : span->until_ns) < end)
			end = gap ? span->from_ns : span->until_ns;
		result = band_add(band, from_ns, gap ? BAND_NO_DATA : BW_UNKNOWN);
		from_ns = end;
		n += !gap;
	}
	return result;
}

int page_coverage_band(const struct page_coverage *coverage, const struct timeline *timeline,
		       int64_t from_ns, int64_t until_ns, struct band *band)
{
	uint32_t next = timeline_after(timeline, from_ns);
	int64_t start = from_ns;
	int result = 0;

	band_init(band, from_ns, until_ns);
	for (; start < until_ns && result == 0; next++) {
		const struct interval *interval = next ? timeline_get(timeline, next - 1) : NULL;
		int64_t end = until_ns;

		if (next < timeline->intervals.count && timeline_get(timeline, next)->from_ns < end)
			end = timeline_get(timeline, next)->from_ns;
		if (!interval) /* nothing was ever said before */
			result = band_add(band, start, BAND_NO_DATA);
		else if (interval->verdict == BW_UNKNOWN)
			result = add_unknown(coverage, start, end, band);
		else
			result = band_add(band, start, interval->verdict);
		start = end;
	}
	return result;
}
