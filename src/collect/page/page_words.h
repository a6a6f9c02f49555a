/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_WORDS_H
#define COLLECT_PAGE_PAGE_WORDS_H

#include "collect/page/page_view.h"

/* What a page says in words. All write into the view's markup. */

/* How many networks and blocks of a target have which verdict now. */
struct page_counts {
	uint32_t networks[BW_VERDICTS], blocks[BW_VERDICTS];
	uint32_t lacking; /* number from 1 of a block whose quorum is not reached; 0: none */
};

/* Counts those of one target. */
struct page_counts page_words_count(const struct page_view *view, uint32_t target);

/* A moment: UTC, and behind it what the clock of the country shows. */
void page_words_time(const struct page_view *view, int64_t t_ns);

/* The same with seconds. */
void page_words_second(const struct page_view *view, int64_t t_ns);

/* picture_length() without a place at which a line could break. Returns TEXT. */
#define PAGE_LENGTH_TEXT (2 * BW_DURATION_TEXT)
char *page_words_length(int64_t ns, char text[PAGE_LENGTH_TEXT]);

/* The title of a target, its name where it has none. */
void page_words_title(const struct page_view *view, uint32_t target);

/*
 * "is dark since 22 Dec 2014 16:15 UTC (23 Dec 2014 01:15 local), for 2 h 3 min: 4 of 4 networks
 * and 4 of 4 blocks are dark."
 */
void page_words_verdict(const struct page_view *view, uint32_t target,
			const struct page_counts *counts);

#endif
