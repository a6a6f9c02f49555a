/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_index.h"

#include <stdlib.h>
#include <string.h>

#include "collect/page/page_frame.h"
#include "collect/page/page_words.h"
#include "report/timeline/band.h"

struct entry {
	const char *name;
	uint32_t target;
	enum bw_verdict verdict;
	int64_t since_ns;
};

/* The worst first, of equal ones the youngest, of those of one moment by name. */
static int compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	const unsigned rank_x = band_rank((uint8_t)x->verdict);
	const unsigned rank_y = band_rank((uint8_t)y->verdict);

	if (rank_x != rank_y)
		return rank_x > rank_y ? -1 : 1;
	if (x->since_ns != y->since_ns)
		return x->since_ns > y->since_ns ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void sort(const struct page_view *view, struct entry *list)
{
	const uint32_t count = view->board->targets.count;

	for (uint32_t n = 0; n < count; n++) {
		const struct interval *interval =
			timeline_at(&board_target(view->board, n)->merged, view->now_ns);

		list[n] = (struct entry){board_target(view->board, n)->name, n,
					 timeline_verdict(interval),
					 interval ? interval->from_ns : 0};
	}
	qsort(list, count, sizeof(*list), compare);
}

static void put_target(const struct page_view *view, const struct entry *entry)
{
	const struct board_target *target = board_target(view->board, entry->target);
	const struct page_counts counts = page_words_count(view, entry->target);

	markup_print(view->out, "<li class=\"%s\">", bw_verdict_name(entry->verdict));
	page_frame_swatch(view->out, (uint8_t)entry->verdict);
	markup_raw(view->out, "<div><a class=\"name\" href=\"/t/");
	markup_path(view->out, target->name);
	markup_raw(view->out, "\">");
	page_words_title(view, entry->target);
	markup_raw(view->out, "</a> ");
	page_words_verdict(view, entry->target, &counts);
	markup_raw(view->out, "</div></li>\n");
}

/* "2 targets are dark, 1 is up." */
static void put_summary(const struct page_view *view, const struct entry *list)
{
	const uint32_t count = view->board->targets.count;

	if (count == 0)
		markup_raw(view->out, "<p>No vantage has told of a target yet.</p>\n");
	for (uint32_t n = 0, next; n < count; n = next) {
		for (next = n + 1; next < count && list[next].verdict == list[n].verdict; next++)
			;
		if (n == 0)
			markup_print(view->out, "<p class=\"summary\">%u target%s %s %s", next,
				     next == 1 ? "" : "s", next == 1 ? "is" : "are",
				     band_state_name((uint8_t)list[n].verdict));
		else
			markup_print(view->out, ", %u %s %s", next - n,
				     next - n == 1 ? "is" : "are",
				     band_state_name((uint8_t)list[n].verdict));
	}
	if (count > 0)
		markup_raw(view->out, ".</p>\n");
}

static void put_page(const struct page_view *view, const struct entry *list)
{
	page_frame_begin(view->out, "Targets", NULL);
	markup_raw(view->out, "<h1>Targets</h1>\n");
	put_summary(view, list);
	markup_raw(view->out, "<ol class=\"targets\">\n");
	for (uint32_t n = 0; n < view->board->targets.count; n++)
		put_target(view, &list[n]);
	markup_raw(view->out, "</ol>\n");
	page_frame_end(view->out);
}

void page_index(struct collector *collector, const struct api_request *request, struct bw_wall now,
		struct api_answer *answer)
{
	struct markup out = {.failed = false};
	const struct page_view view = page_view_all(collector, now, &out);
	const uint32_t count = view.board->targets.count;
	struct entry *list = calloc(count + 1, sizeof(*list));

	(void)request;
	if (list) {
		sort(&view, list);
		put_page(&view, list);
	} else {
		out.failed = true;
	}
	free(list);
	page_frame_send(answer, &out, PAGE_HTML, NULL);
}
