/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/page/page_calendar.h"

#include <stdio.h>

#include "collect/page/page_table.h"
#include "collect/page/page_words.h"
#include "report/timeline/picture_calendar.h"

#define DAYS 35
#define PARTS_MAX 1000 /* with more parts, a day has so many steps: */
#define STEPS_A_DAY 288

/* From the midnight on of the first day that is shown. */
static int64_t begin_of(const struct page_view *view)
{
	const int64_t last = local_clock_day(&view->clock, view->until_ns - 1);
	const int64_t first = page_view_first(view);
	int64_t day = last - DAYS + 1;

	if (first < view->until_ns && local_clock_day(&view->clock, first) > day)
		day = local_clock_day(&view->clock, first);
	return local_clock_midnight(&view->clock, day);
}

static void put_picture(const struct page_view *view, const struct calendar *calendar)
{
	struct picture picture = {.out = view->out, .id = "c"};
	const struct board_target *target = board_target(view->board, view->target);
	char title[512], clock[LOCAL_CLOCK_NAME], description[256];
	const struct picture_calendar of = {
		.title = title,
		.description = description,
		.clock = &view->clock,
		.calendar = calendar,
	};

	snprintf(title, sizeof(title), "Calendar of %.400s",
		 target->title ? target->title : target->name);
	snprintf(description, sizeof(description),
		 "%d days, each a row from 0 to 24 o'clock, %s. What is the same at one hour of "
		 "many days stands in a column.",
		 (int)(calendar->last_day - calendar->first_day + 1),
		 local_clock_name(&view->clock, clock));
	picture.height = picture_calendar_height(calendar);
	picture_calendar(&picture, &of);
}

/* "01:00 to 09:00" for each dark time of the day; returns how long in seconds. */
static int32_t put_dark_times(struct markup *out, const struct calendar *calendar, int64_t day,
			      uint32_t *n)
{
	int32_t dark = 0;
	unsigned count = 0;

	for (; *n < calendar->pieces.count && calendar_get(calendar, *n)->day == day; ++*n) {
		const struct calendar_piece *piece = calendar_get(calendar, *n);

		if (piece->state != BW_DARK && piece->state != BW_PARTLY_DARK)
			continue;
		markup_print(out, "%s%02d:%02d to %02d:%02d%s", count++ > 0 ? ", " : "",
			     piece->from_s / 3600, piece->from_s / 60 % 60, piece->until_s / 3600,
			     piece->until_s / 60 % 60, piece->state == BW_DARK ? "" : " (partly)");
		dark += piece->until_s - piece->from_s;
	}
	if (count == 0)
		markup_raw(out, "-");
	return dark;
}

static void put_day(struct page_table *table, const struct calendar *calendar, int64_t day,
		    uint32_t *n)
{
	const struct local_clock days = local_clock_utc();
	char date[LOCAL_CLOCK_TEXT], length[PAGE_LENGTH_TEXT];
	int32_t dark;

	page_table_row(table, NULL);
	local_clock_format(&days, day * LOCAL_CLOCK_DAY_NS, "%a %-d %b %Y", date);
	markup_raw(table->out, date);
	page_table_cell(table, "wide");
	dark = put_dark_times(table->out, calendar, day, n);
	page_table_cell(table, NULL);
	markup_raw(table->out, dark > 0 ? page_words_length(dark * BW_S, length) : "-");
	page_table_row_end(table);
}

static void put_table(const struct page_view *view, const struct calendar *calendar)
{
	static const char *const heads[] = {"Day", "Dark or partly dark", "In all", NULL};
	struct page_table table;
	uint32_t n = 0;

	markup_raw(view->out, "<details id=\"calendar-table\">"
			      "<summary>The calendar as a table</summary>\n");
	table = page_table_begin(view->out, "The calendar as a table", heads);
	for (int64_t day = calendar->first_day; day <= calendar->last_day; day++)
		put_day(&table, calendar, day, &n);
	page_table_end(&table);
	markup_raw(view->out, "</details>\n");
}

static void put_calendar(const struct page_view *view, const struct calendar *calendar)
{
	markup_raw(view->out, "<section aria-labelledby=\"calendar\">\n"
			      "<h2 id=\"calendar\">Calendar</h2>\n<p>Days by hours, ");
	if (view->clock.offset_s)
		markup_print(view->out, "in the local time of the country (%s)", view->clock.name);
	else
		markup_raw(view->out, "in UTC, since the time zone of the target is not known");
	markup_raw(view->out, ".</p>\n<figure>\n");
	put_picture(view, calendar);
	markup_raw(view->out, "</figure>\n");
	put_table(view, calendar);
	markup_raw(view->out, "</section>\n");
}

static int make(const struct page_view *view, const struct band *band, struct calendar *calendar)
{
	struct band thin;
	int result;

	if (band->parts.count <= PARTS_MAX)
		return calendar_make(calendar, &view->clock, band);
	result = band_thin(band, DAYS * STEPS_A_DAY, &thin);
	if (result == 0)
		result = calendar_make(calendar, &view->clock, &thin);
	band_fini(&thin);
	return result;
}

void page_calendar(const struct page_view *view, const struct page_coverage *coverage)
{
	const struct timeline *timeline = &board_target(view->board, view->target)->merged;
	struct calendar calendar = {.first_day = 0};
	struct band band;
	int result = page_coverage_band(coverage, timeline, begin_of(view), view->until_ns, &band);

	if (result == 0)
		result = make(view, &band, &calendar);
	if (result == 0)
		put_calendar(view, &calendar);
	else
		view->out->failed = true;
	calendar_fini(&calendar);
	band_fini(&band);
}
