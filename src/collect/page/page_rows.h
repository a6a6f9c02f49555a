/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_ROWS_H
#define COLLECT_PAGE_PAGE_ROWS_H

#include "collect/page/page_coverage.h"
#include "collect/page/page_view.h"
#include "report/timeline/picture_timeline.h"

/*
 * The rows of the timeline of a target: itself, its networks, and their blocks. A block that is
 * all of its network has no row. Of a large target only the worst are kept.
 */
#define PAGE_ROWS_MAX 48

/* What else is known of a row. */
struct page_row {
	const struct timeline *timeline;
	int64_t of_ns[BAND_STATES]; /* how long it was in which state */
};

struct page_rows {
	struct picture_row *list; /* the first is the target */
	struct page_row *more;    /* of the same rows */
	uint32_t count;
	uint32_t left_out; /* networks and blocks that have no row */
	struct share *share;
};

/* Starts as {0}. Returns 0 or -ENOMEM. */
int page_rows_make(struct page_rows *rows, const struct page_view *view,
		   const struct page_coverage *coverage);
void page_rows_fini(struct page_rows *rows);

#endif
