/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_COVERAGE_H
#define COLLECT_PAGE_PAGE_COVERAGE_H

#include "collect/board/board.h"
#include "report/timeline/band.h"

/*
 * When anybody who watches a target was heard of. Where a timeline says unknown outside of that,
 * there is no data.
 */
struct page_coverage {
	struct array spans; /* struct page_coverage_span, ascending, with gaps between them */
};

struct page_coverage_span {
	int64_t from_ns, until_ns;
};

/* Starts as {0}. Returns 0 or -ENOMEM. */
int page_coverage_make(struct page_coverage *coverage, const struct board *board, uint32_t target);
void page_coverage_fini(struct page_coverage *coverage);

/*
 * Fills a band, which it begins, with what a timeline says from FROM to UNTIL.
 * Returns 0 or -ENOMEM; the band is to be freed in any case.
 */
int page_coverage_band(const struct page_coverage *coverage, const struct timeline *timeline,
		       int64_t from_ns, int64_t until_ns, struct band *band);

#endif
