/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_target.h"

#include <stdlib.h>
#include <string.h>

#include "collect/page/page_assets.h"
#include "collect/page/page_calendar.h"
#include "collect/page/page_frame.h"
#include "collect/page/page_outages.h"
#include "collect/page/page_timeline.h"
#include "collect/page/page_vantages.h"
#include "collect/page/page_words.h"

#define PREFIX "/t/"
#define SUFFIX ".svg"

/* The number of the target, or -1. */
static int64_t find(const struct board *board, const char *name)
{
	const struct board_target *target = board_find_target(board, name);

	return target ? target - board_target(board, 0) : -1;
}

/* A target may be called "a.svg", too: it is a picture only where there is a target "a". */
static int64_t find_pictured(const struct board *board, const char *name)
{
	const size_t length = strlen(name);
	char *copy;
	int64_t found;

	if (length <= strlen(SUFFIX) || strcmp(name + length - strlen(SUFFIX), SUFFIX) != 0)
		return -1;
	copy = strndup(name, length - strlen(SUFFIX));
	found = copy ? find(board, copy) : -1;
	free(copy);
	return found;
}

static void put_head(const struct page_view *view)
{
	const struct board_target *target = board_target(view->board, view->target);
	const struct page_counts counts = page_words_count(view, view->target);

	page_frame_begin(view->out, target->title ? target->title : target->name, target->name);
	markup_raw(view->out, "<h1>");
	page_words_title(view, view->target);
	markup_raw(view->out, "</h1>\n<p class=\"headline\">");
	page_words_title(view, view->target);
	markup_raw(view->out, " ");
	page_words_verdict(view, view->target, &counts);
	markup_raw(view->out, "</p>\n");
}

static void put_page(const struct page_view *view, const struct page_coverage *coverage,
		     const struct page_rows *rows)
{
	put_head(view);
	page_timeline(view, rows);
	page_calendar(view, coverage);
	page_outages(view);
	page_vantages(view);
	page_frame_end(view->out);
}

/* Makes what is drawn, and writes the page or the picture. */
static void put(const struct page_view *view, bool alone)
{
	const struct picture picture = {.out = view->out,
					.id = "t",
					.style = page_assets_picture_css};
	struct page_coverage coverage = {.spans = {.items = NULL}};
	struct page_rows rows = {.list = NULL};
	int result = page_coverage_make(&coverage, view->board, view->target);

	if (result == 0)
		result = page_rows_make(&rows, view, &coverage);
	if (result < 0)
		view->out->failed = true;
	else if (alone)
		page_timeline_picture(view, &rows, picture);
	else
		put_page(view, &coverage, &rows);
	page_rows_fini(&rows);
	page_coverage_fini(&coverage);
}

void page_target(struct collector *collector, const struct api_request *request, struct bw_wall now,
		 struct api_answer *answer)
{
	const char *name = request->path + strlen(PREFIX);
	const int64_t pictured = find_pictured(&collector->board, name);
	const int64_t found = pictured >= 0 ? pictured : find(&collector->board, name);
	struct markup out = {.failed = false};
	struct page_view view = page_view_all(collector, now, &out);

	if (found < 0) {
		page_frame_not_found(answer);
		return;
	}
	if (page_view_target(&view, collector, (uint32_t)found, request, answer) < 0)
		return;
	put(&view, pictured >= 0);
	page_frame_send(answer, &out, pictured >= 0 ? PAGE_SVG : PAGE_HTML,
			pictured >= 0 ? page_assets_picture_css_hash : NULL);
}
