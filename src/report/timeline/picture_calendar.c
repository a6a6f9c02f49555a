/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline/picture_calendar.h"

#include <stdio.h>

#define AXIS 34 /* pixels */
#define ROW 17
#define BAND 14
#define BOTTOM 4
#define DATES .12 /* of the width: where dates stand */
#define DAY_S 86400
#define EVERY_H 3 /* hours between two lines */

int picture_calendar_height(const struct calendar *calendar)
{
	return AXIS + (int)(calendar->last_day - calendar->first_day + 1) * ROW + BOTTOM;
}

static double place(int32_t second)
{
	return DATES + (1 - DATES) * second / DAY_S;
}

static void put_hours(const struct picture *picture, const struct local_clock *clock)
{
	char name[LOCAL_CLOCK_NAME];

	markup_raw(picture->out, "<text class=\"axis\" x=\"0\" y=\"12\">hours, ");
	markup_text(picture->out, local_clock_name(clock, name));
	markup_raw(picture->out, "</text>\n");
	for (int hour = 0; hour <= 24; hour += EVERY_H) {
		const double x = 100 * place(hour * 3600);

		markup_print(
			picture->out,
			"<line class=\"grid\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%d\" y2=\"%d\"/>"
			"<text class=\"tick%s%s\" x=\"%.3f%%\" y=\"%d\">%02d</text>\n",
			x, x, AXIS, picture->height - BOTTOM,
			hour % (2 * EVERY_H) == 0 ? " strong" : "", hour == 24 ? " last" : "", x,
			AXIS - 6, hour);
	}
}

static void put_date(const struct picture *picture, int64_t day, int y)
{
	const struct local_clock days = local_clock_utc();
	const int64_t noon = day * LOCAL_CLOCK_DAY_NS + LOCAL_CLOCK_DAY_NS / 2;
	char week[LOCAL_CLOCK_TEXT], date[LOCAL_CLOCK_TEXT];

	local_clock_format(&days, noon, "%a", week);
	local_clock_format(&days, noon, "%-d %b", date);
	markup_print(
		picture->out,
		"<text class=\"date\" x=\"%.3f%%\" y=\"%d\"><tspan class=\"week\">%s </tspan>%s"
		"</text>\n",
		100 * DATES - 1, y, week, date);
}

static void put_piece(const struct picture *picture, const struct picture_calendar *of,
		      const struct calendar_piece *piece)
{
	const double top = AXIS + (double)(piece->day - of->calendar->first_day) * ROW;
	const double half = piece->again ? BAND / 2. : 0;
	const struct picture_box box = {
		.x = place(piece->from_s),
		.width = place(piece->until_s) - place(piece->from_s),
		.y = top + half,
		.height = BAND - half,
	};
	char tip[PICTURE_TIP];

	snprintf(tip, sizeof(tip), "%s: %02d:%02d to %02d:%02d %s%s", band_state_name(piece->state),
		 piece->from_s / 3600, piece->from_s / 60 % 60, piece->until_s / 3600,
		 piece->until_s / 60 % 60, of->clock->offset_s ? "local time" : "UTC",
		 piece->again ? ", after the clock was set back" : "");
	picture_part(picture, &box, tip);
}

static void put_state(const struct picture *picture, const struct picture_calendar *of,
		      uint8_t state)
{
	const struct calendar *calendar = of->calendar;

	picture_begin_state(picture, state);
	for (uint32_t n = 0; n < calendar->pieces.count; n++)
		if (calendar_get(calendar, n)->state == state)
			put_piece(picture, of, calendar_get(calendar, n));
	picture_end_state(picture);
}

void picture_calendar(const struct picture *picture, const struct picture_calendar *of)
{
	const struct calendar *calendar = of->calendar;

	picture_begin(picture, of->title, of->description);
	for (unsigned rank = 0; rank < BAND_STATES; rank++)
		put_state(picture, of, band_ranked(rank));
	put_hours(picture, of->clock);
	for (int64_t day = calendar->first_day; day <= calendar->last_day; day++)
		put_date(picture, day, AXIS + (int)(day - calendar->first_day) * ROW + BAND - 3);
	picture_end(picture);
}
