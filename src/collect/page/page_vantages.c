/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_vantages.h"

#include <stdlib.h>

#include "collect/board/cut_off.h"
#include "collect/board/said.h"
#include "collect/page/page_frame.h"
#include "collect/page/page_table.h"
#include "collect/page/page_words.h"
#include "report/timeline/band.h"

/* Whether what it says counts, in words. */
static const char *standing_of(const struct page_view *view, uint32_t number)
{
	const struct fleet *fleet = &view->collector->fleet;
	const struct fleet_member *member = &fleet->list[number];
	const struct bw_wall now = {view->now_ns};

	if (fleet_is_silent(fleet, member, now))
		return "no, it is silent: nothing has come from it lately";
	if (cut_off_is_island(view->board, number, view->now_ns))
		return "no, it is an island: nearly everything is dark to it alone";
	if (!heard_can_tell(&view->board->vantages[number].heard, view->now_ns))
		return "no, it is not fit to tell: it says so itself";
	if (fleet_is_doubled(fleet, member, now))
		return "yes, but two machines send under its name: only the one that was started "
		       "last counts";
	return "yes";
}

/* "3 up, 1 dark" */
static void put_blocks(struct markup *out, const struct said *said)
{
	const char *between = "";

	for (int n = 0; n < BW_BLOCK_VERDICTS; n++) {
		if (said->of[n] == 0)
			continue;
		markup_print(out, "%s%u %s", between, said->of[n], band_state_name((uint8_t)n));
		between = ", ";
	}
}

static void put_vantage(const struct page_view *view, struct page_table *table, uint32_t number,
			const struct said *said)
{
	const struct fleet_member *member = &view->collector->fleet.list[number];
	struct page_view utc = *view;

	utc.clock = local_clock_utc();
	page_table_row(table, NULL);
	markup_raw(view->out, "<bdi>");
	markup_text(view->out, member->name);
	markup_raw(view->out, "</bdi>");
	page_table_cell(table, NULL);
	page_frame_swatch(view->out, (uint8_t)said->verdict);
	markup_print(view->out, " %s", band_state_name((uint8_t)said->verdict));
	page_table_cell(table, NULL);
	put_blocks(view->out, said);
	page_table_cell(table, "wide");
	markup_raw(view->out, standing_of(view, number));
	page_table_cell(table, NULL);
	if (member->last.ns)
		page_words_time(&utc, member->last.ns);
	else
		markup_raw(view->out, "never");
	page_table_row_end(table);
}

void page_vantages(const struct page_view *view)
{
	static const char *const heads[] = {"Vantage",         "Says",        "Of its blocks",
					    "Its word counts", "Last record", NULL};
	struct said *list = calloc(BOARD_VANTAGES_MAX, sizeof(*list));
	struct page_table table;

	if (!list || said_by_all(view->board, view->target, view->now_ns, list) < 0) {
		view->out->failed = true;
		free(list);
		return;
	}
	markup_raw(view->out, "<section aria-labelledby=\"vantages\">\n"
			      "<h2 id=\"vantages\">Who sees what</h2>\n");
	table = page_table_begin(view->out, "Table of vantages", heads);
	for (uint32_t n = 0; n < view->board->vantage_count; n++)
		if (list[n].total > 0)
			put_vantage(view, &table, n, &list[n]);
	page_table_end(&table);
	markup_print(view->out,
		     "<p>A block is dark when all whose word counts say so, and they are behind at "
		     "least %u different network%s.</p>\n</section>\n",
		     view->board->quorum, view->board->quorum == 1 ? "" : "s");
	free(list);
}
