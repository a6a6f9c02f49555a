/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_timeline.h"

#include <stdio.h>

#include "collect/page/page_frame.h"
#include "collect/page/page_table.h"
#include "collect/page/page_words.h"
#include "report/timeline/band.h"

#define DAY_S INT64_C(86400)

/* The legend, with the worst first. */
static const uint8_t states[BAND_STATES] = {BW_DARK, BW_PARTLY_DARK, BW_FLAPPING,
					    BW_UP,   BW_UNKNOWN,     BAND_NO_DATA};

static const char *meaning_of(uint8_t state)
{
	static const char *const meanings[BAND_STATES] = {
		[BW_DARK] = "dark",
		[BW_PARTLY_DARK] = "partly dark",
		[BW_FLAPPING] = "flapping: up and down again and again",
		[BW_UP] = "up",
		[BW_UNKNOWN] = "unknown: it cannot be told",
		[BAND_NO_DATA] = "no data: nobody looked",
	};

	return meanings[state];
}

void page_timeline_picture(const struct page_view *view, const struct page_rows *rows,
			   struct picture picture)
{
	const struct local_clock utc = local_clock_utc();
	const struct board_target *target = board_target(view->board, view->target);
	char title[512], description[512], from[LOCAL_CLOCK_TEXT], until[LOCAL_CLOCK_TEXT];
	char dark[PAGE_LENGTH_TEXT];
	const struct picture_timeline timeline = {
		.title = title,
		.description = description,
		.clock = &view->clock,
		.from_ns = view->from_ns,
		.until_ns = view->until_ns,
		.share = rows->share->bands > 1 ? rows->share : NULL,
		.rows = rows->list,
		.count = rows->count,
	};

	snprintf(title, sizeof(title), "Timeline of %.400s",
		 target->title ? target->title : target->name);
	snprintf(description, sizeof(description),
		 "From %s to %s UTC, %u rows. It was dark for %s, and is %s at the end.",
		 local_clock_minute(&utc, view->from_ns, from),
		 local_clock_minute(&utc, view->until_ns, until), rows->count,
		 page_words_length(rows->count ? rows->more[0].of_ns[BW_DARK] : 0, dark),
		 rows->count ? band_state_name(band_last(&rows->list[0].band)) : "unknown");
	picture.height = picture_timeline_height(&timeline);
	picture_timeline(&picture, &timeline);
}

static void put_legend(const struct page_view *view)
{
	markup_raw(view->out, "<ul class=\"legend\" aria-label=\"Legend\">\n");
	for (unsigned n = 0; n < BAND_STATES; n++) {
		markup_raw(view->out, "<li>");
		page_frame_swatch(view->out, states[n]);
		markup_print(view->out, " %s</li>\n", meaning_of(states[n]));
	}
	markup_raw(view->out, "</ul>\n");
}

static void put_left_out(const struct page_view *view, const struct page_rows *rows)
{
	if (rows->left_out > 0)
		markup_print(view->out,
			     "<p>The worst %u are shown: %u more networks and blocks are left "
			     "out.</p>\n",
			     rows->count - 1, rows->left_out);
}

/* The share of the time of which something is known. */
static void put_up(struct markup *out, const int64_t of_ns[BAND_STATES])
{
	int64_t known = 0;

	for (unsigned state = 0; state < BAND_STATES; state++)
		if (state != BAND_NO_DATA && state != BW_UNKNOWN)
			known += of_ns[state];
	if (known > 0)
		markup_print(out, "%.1f %%",
			     100. * (double)(of_ns[BW_UP] + of_ns[BW_FLAPPING]) / (double)known);
	else
		markup_raw(out, "-");
}

static void put_row(const struct page_view *view, struct page_table *table,
		    const struct picture_row *row, const struct page_row *more)
{
	const struct interval *interval = timeline_at(more->timeline, view->now_ns);
	char length[PAGE_LENGTH_TEXT];

	page_table_row(table, NULL);
	markup_print(view->out, "%s ", bw_scope_name(row->scope));
	markup_text(view->out, row->label);
	page_table_cell(table, NULL);
	markup_raw(view->out, band_state_name((uint8_t)timeline_verdict(interval)));
	page_table_cell(table, NULL);
	if (interval)
		page_words_time(view, interval->from_ns);
	else
		markup_raw(view->out, "-");
	page_table_cell(table, NULL);
	markup_raw(view->out, page_words_length(more->of_ns[BW_DARK], length));
	page_table_cell(table, NULL);
	put_up(view->out, more->of_ns);
	page_table_cell(table, NULL);
	markup_raw(view->out,
		   page_words_length(more->of_ns[BW_UNKNOWN] + more->of_ns[BAND_NO_DATA], length));
	page_table_row_end(table);
}

static void put_table(const struct page_view *view, const struct page_rows *rows)
{
	static const char *const heads[] = {
		"What", "Now", "Since", "Dark for", "Up, of what is known", "Not known for", NULL};
	struct page_table table;

	markup_raw(view->out, "<details id=\"timeline-table\">"
			      "<summary>The timeline as a table</summary>\n");
	table = page_table_begin(view->out, "The timeline as a table", heads);
	for (uint32_t n = 0; n < rows->count; n++)
		put_row(view, &table, &rows->list[n], &rows->more[n]);
	page_table_end(&table);
	markup_raw(view->out, "</details>\n");
}

/* A link to the same page with another time. */
static void put_link(const struct page_view *view, int64_t from_ns, int64_t until_ns,
		     const char *words)
{
	markup_raw(view->out, "<li><a href=\"/t/");
	markup_path(view->out, board_target(view->board, view->target)->name);
	if (until_ns >= view->now_ns)
		markup_print(view->out, "?from=%lld", (long long)(from_ns / BW_S));
	else
		markup_print(view->out, "?from=%lld&amp;until=%lld", (long long)(from_ns / BW_S),
			     (long long)(until_ns / BW_S));
	markup_print(view->out, "\">%s</a></li>\n", words);
}

static void put_times(const struct page_view *view)
{
	static const struct {
		const char *words;
		int64_t days;
	} spans[] = {{"a day", 1}, {"a week", 7}, {"a month", 30}, {"a year", 365}};
	const int64_t span = view->until_ns - view->from_ns;

	markup_raw(view->out, "<nav aria-label=\"Time\"><ul class=\"times\">\n");
	put_link(view, view->from_ns - span, view->from_ns, "earlier");
	if (view->until_ns + 60 * BW_S < view->now_ns)
		put_link(view, view->until_ns, view->until_ns + span, "later");
	for (size_t n = 0; n < sizeof(spans) / sizeof(spans[0]); n++)
		put_link(view, view->until_ns - spans[n].days * DAY_S * BW_S, view->until_ns,
			 spans[n].words);
	markup_raw(view->out, "<li><a href=\"/t/");
	markup_path(view->out, board_target(view->board, view->target)->name);
	markup_print(view->out,
		     ".svg?from=%lld&amp;until=%lld\">the picture alone</a></li>\n</ul></nav>\n",
		     (long long)(view->from_ns / BW_S), (long long)(view->until_ns / BW_S));
}

void page_timeline(const struct page_view *view, const struct page_rows *rows)
{
	markup_raw(view->out, "<section aria-labelledby=\"timeline\">\n"
			      "<h2 id=\"timeline\">Timeline</h2>\n<p>From ");
	page_words_time(view, view->from_ns);
	markup_raw(view->out, " to ");
	page_words_time(view, view->until_ns);
	markup_raw(view->out, ".</p>\n");
	put_times(view);
	markup_raw(view->out, "<figure>\n");
	page_timeline_picture(view, rows, (struct picture){.out = view->out, .id = "t"});
	markup_raw(view->out, "</figure>\n");
	put_legend(view);
	put_left_out(view, rows);
	put_table(view, rows);
	markup_raw(view->out, "</section>\n");
}
