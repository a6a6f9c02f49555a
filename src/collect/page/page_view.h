/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_PAGE_PAGE_VIEW_H
#define COLLECT_PAGE_PAGE_VIEW_H

#include "collect/api/api_answer.h"
#include "collect/collector.h"
#include "report/text/markup.h"
#include "report/timeline/local_clock.h"

/* What a page is made from, and where it goes. */
struct page_view {
	const struct collector *collector;
	const struct board *board;
	int64_t now_ns;
	struct markup *out;
	/* Of a page of one target: */
	uint32_t target;
	struct local_clock clock;  /* of the country; UTC where its zone is not known */
	int64_t from_ns, until_ns; /* what its pictures show; until is now at the latest */
};

/* A view of all targets. */
struct page_view page_view_all(const struct collector *collector, struct bw_wall now,
			       struct markup *out);

/*
 * A view of the target with this number, from "from" to "until" of the request. Without them it
 * shows the last week, or what there is of it. Returns 0, or BW_ERR_VALUE after it has answered
 * 400.
 */
int page_view_target(struct page_view *view, struct collector *collector, uint32_t target,
		     const struct api_request *request, struct api_answer *answer);

/* When somebody first said something of the target; INT64_MAX: nobody ever did. */
int64_t page_view_first(const struct page_view *view);

#endif
