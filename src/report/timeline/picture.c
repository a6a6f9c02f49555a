/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline/picture.h"

#include <stdio.h>

#include "report/timeline/tick.h"

#define TICKS 9         /* of an axis, about */
#define EDGE .035       /* of the width: a label so near to an end does not stand in its middle */
#define SWATCH_WIDTH 28 /* pixels */
#define SWATCH_HEIGHT 14
#define ALONE_WIDTH 960 /* of a picture that stands alone */
#define ALONE_EDGE 16
#define ALONE_TOP 40    /* pixels above it, for its title */
#define ALONE_BOTTOM 44 /* pixels below it, for the legend */
#define LEGEND_STEP 130
#define MINUTE_NS (60 * BW_S)

/* What is drawn over the colour of a state; NULL: nothing. */
static const char *pattern_of(uint8_t state)
{
	static const char *const patterns[BAND_STATES] = {
		[BW_FLAPPING] = "width=\"6\" height=\"6\"><rect width=\"6\" height=\"6\"/>"
				"<path d=\"M1.5 0V6\"/>",
		[BW_DARK] = "width=\"8\" height=\"8\"><rect width=\"8\" height=\"8\"/>"
			    "<path d=\"M0 0L8 8M8 0L0 8\"/>",
		[BW_PARTLY_DARK] = "width=\"8\" height=\"8\"><rect width=\"8\" height=\"8\"/>"
				   "<path d=\"M0 0H8V4H0Z\"/>",
		[BW_UNKNOWN] = "width=\"6\" height=\"6\"><rect width=\"6\" height=\"6\"/>"
			       "<circle cx=\"3\" cy=\"3\" r=\"1\"/>",
		[BAND_NO_DATA] = "width=\"6\" height=\"6\"><rect width=\"6\" height=\"6\"/>"
				 "<path d=\"M-1 1L1 -1M0 6L6 0M5 7L7 5\"/>",
	};

	return patterns[state];
}

static void put_patterns(const struct picture *picture)
{
	markup_raw(picture->out, "<defs>");
	for (unsigned state = 0; state < BAND_STATES; state++)
		if (pattern_of((uint8_t)state))
			markup_print(picture->out,
				     "<pattern id=\"%s-%s\" class=\"%s\" "
				     "patternUnits=\"userSpaceOnUse\" %s</pattern>",
				     picture->id, band_state_class((uint8_t)state),
				     band_state_class((uint8_t)state), pattern_of((uint8_t)state));
	markup_raw(picture->out, "</defs>\n");
}

static void put_root(const struct picture *picture)
{
	const int height = ALONE_TOP + picture->height + ALONE_BOTTOM;

	if (picture->style)
		markup_print(picture->out,
			     "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
			     "viewBox=\"0 0 %d %d\" class=\"picture alone\"",
			     ALONE_WIDTH, height, ALONE_WIDTH, height);
	else
		markup_print(picture->out, "<svg width=\"100%%\" height=\"%d\" class=\"picture\"",
			     picture->height);
	markup_print(picture->out, " role=\"img\" aria-labelledby=\"%s-title %s-desc\">",
		     picture->id, picture->id);
}

/* The ground, the title, and the place of the picture itself, to which percentages refer. */
static void begin_alone(const struct picture *picture, const char *title)
{
	struct markup *out = picture->out;

	markup_raw(out, "<style>");
	markup_raw(out, picture->style);
	markup_raw(out, "</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n");
	markup_print(out, "<text class=\"title\" x=\"%d\" y=\"26\">", ALONE_EDGE);
	markup_text(out, title);
	markup_print(out,
		     "</text>\n<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		     "overflow=\"visible\">\n",
		     ALONE_EDGE, ALONE_TOP, ALONE_WIDTH - 2 * ALONE_EDGE, picture->height);
}

static void end_alone(const struct picture *picture)
{
	const int y = ALONE_TOP + picture->height + SWATCH_HEIGHT;
	int x = ALONE_EDGE;

	markup_raw(picture->out, "</svg>\n");
	for (unsigned state = 0; state < BAND_STATES; state++) {
		picture_begin_state(picture, (uint8_t)state);
		markup_print(picture->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
			     x, y, SWATCH_WIDTH, SWATCH_HEIGHT);
		picture_end_state(picture);
		markup_print(picture->out, "<text class=\"label\" x=\"%d\" y=\"%d\">%s</text>\n",
			     x + SWATCH_WIDTH + 6, y + SWATCH_HEIGHT - 3,
			     band_state_name((uint8_t)state));
		x += LEGEND_STEP;
	}
}

void picture_begin(const struct picture *picture, const char *title, const char *description)
{
	struct markup *out = picture->out;

	put_root(picture);
	markup_print(out, "<title id=\"%s-title\">", picture->id);
	markup_text(out, title);
	markup_print(out, "</title>\n<desc id=\"%s-desc\">", picture->id);
	markup_text(out, description);
	markup_raw(out, "</desc>\n");
	put_patterns(picture);
	if (picture->style)
		begin_alone(picture, title);
}

void picture_end(const struct picture *picture)
{
	if (picture->style)
		end_alone(picture);
	markup_raw(picture->out, "</svg>\n");
}

/* The tag of a group of parts in this state. */
static void put_group(const struct picture *picture, uint8_t state)
{
	markup_print(picture->out, "<g class=\"%s\"", band_state_class(state));
	if (pattern_of(state))
		markup_print(picture->out, " fill=\"url(#%s-%s)\"", picture->id,
			     band_state_class(state));
	markup_raw(picture->out, ">");
}

void picture_begin_state(const struct picture *picture, uint8_t state)
{
	put_group(picture, state);
	markup_raw(picture->out, "\n");
}

void picture_end_state(const struct picture *picture)
{
	markup_raw(picture->out, "</g>\n");
}

static int round_of(double value)
{
	return (int)(value + .5);
}

void picture_part(const struct picture *picture, const struct picture_box *box, const char *tip)
{
	/* Whole numbers print several times as fast as fractions, and there may be thousands. */
	const int x = round_of(100000 * box->x), end = round_of(100000 * (box->x + box->width));
	const int y = round_of(10 * box->y), height = round_of(10 * box->height);

	markup_print(picture->out,
		     "<rect x=\"%d.%03d%%\" y=\"%d.%d\" width=\"%d.%03d%%\" "
		     "height=\"%d.%d\"><title>",
		     x / 1000, x % 1000, y / 10, y % 10, (end - x) / 1000, (end - x) % 1000,
		     height / 10, height % 10);
	markup_text(picture->out, tip);
	markup_raw(picture->out, "</title></rect>\n");
}

char *picture_length(int64_t ns, char text[BW_DURATION_TEXT])
{
	const int64_t step = ns < 5 * MINUTE_NS ? BW_S : MINUTE_NS;

	return bw_duration_format(ns / step * step, text);
}

char *picture_tip(uint8_t state, int64_t from_ns, int64_t until_ns, char text[PICTURE_TIP])
{
	const struct local_clock utc = local_clock_utc();
	char from[LOCAL_CLOCK_TEXT], until[LOCAL_CLOCK_TEXT], length[BW_DURATION_TEXT];

	snprintf(text, PICTURE_TIP, "%s: %s to %s UTC, %s", band_state_name(state),
		 local_clock_minute(&utc, from_ns, from), local_clock_minute(&utc, until_ns, until),
		 picture_length(until_ns - from_ns, length));
	return text;
}

static void put_label(const struct picture *picture, const struct picture_axis *axis,
		      const struct tick *tick, double x)
{
	markup_print(picture->out, "<text class=\"tick%s%s\" x=\"%.3f%%\" y=\"%.1f\">",
		     tick->strong ? " strong" : "",
		     x < EDGE       ? " first"
		     : x > 1 - EDGE ? " last"
				    : "",
		     100 * x, axis->y);
	markup_text(picture->out, tick->label);
	markup_raw(picture->out, "</text>\n");
}

void picture_axis(const struct picture *picture, const struct picture_axis *axis)
{
	struct tick list[TICKS_MAX];
	const unsigned count = ticks(axis->clock, axis->from_ns, axis->until_ns, TICKS, list);

	for (unsigned n = 0; n < count; n++) {
		const double x = (double)(list[n].at_ns - axis->from_ns) /
				 (double)(axis->until_ns - axis->from_ns);

		if (axis->grid_bottom > axis->grid_top)
			markup_print(picture->out,
				     "<line class=\"grid\" x1=\"%.3f%%\" x2=\"%.3f%%\" y1=\"%.1f\" "
				     "y2=\"%.1f\"/>\n",
				     100 * x, 100 * x, axis->grid_top, axis->grid_bottom);
		put_label(picture, axis, &list[n], x);
	}
}

void picture_swatches(const struct picture *picture)
{
	markup_raw(picture->out, "<svg class=\"picture hidden\" width=\"0\" height=\"0\" "
				 "aria-hidden=\"true\">");
	put_patterns(picture);
	markup_raw(picture->out, "</svg>\n");
}

void picture_swatch(const struct picture *picture, uint8_t state)
{
	markup_print(picture->out,
		     "<svg class=\"picture swatch\" width=\"%d\" height=\"%d\" "
		     "aria-hidden=\"true\">",
		     SWATCH_WIDTH, SWATCH_HEIGHT);
	put_group(picture, state);
	markup_print(picture->out, "<rect width=\"%d\" height=\"%d\"/></g></svg>", SWATCH_WIDTH,
		     SWATCH_HEIGHT);
}
