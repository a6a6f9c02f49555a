/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline/picture_timeline.h"

#include <stdio.h>
#include <stdlib.h>

#define AXIS 34 /* pixels: two lines of text */
#define SHARE_LABEL 16
#define SHARE 72
#define SHARE_GAP 12
#define ROW 38
#define ROW_LABEL 15
#define ROW_BAND 18 /* below the top of the row */
#define BAND 15
#define PARTS_MAX 200 /* of a row; with more it is drawn in so many columns */
#define COLUMNS 600

void picture_row_fini(struct picture_row *row)
{
	free(row->label);
	free(row->note);
	band_fini(&row->band);
}

static int share_height(const struct picture_timeline *timeline)
{
	return timeline->share ? SHARE_LABEL + SHARE + SHARE_GAP : 0;
}

int picture_timeline_height(const struct picture_timeline *timeline)
{
	return 2 * AXIS + share_height(timeline) + (int)timeline->count * ROW;
}

static double place(const struct picture_timeline *timeline, int64_t t_ns)
{
	return (double)(t_ns - timeline->from_ns) /
	       (double)(timeline->until_ns - timeline->from_ns);
}

static void put_axis_name(const struct picture *picture, const char *name, double y)
{
	markup_print(picture->out, "<text class=\"axis\" x=\"0\" y=\"%.1f\">", y);
	markup_text(picture->out, name);
	markup_raw(picture->out, "</text>\n");
}

static void put_axes(const struct picture *picture, const struct picture_timeline *timeline)
{
	const struct local_clock utc = local_clock_utc();
	const int bottom = picture->height - AXIS;
	struct picture_axis axis = {
		.clock = timeline->clock,
		.from_ns = timeline->from_ns,
		.until_ns = timeline->until_ns,
		.y = AXIS - 6,
		.grid_top = AXIS,
		.grid_bottom = bottom,
	};
	char name[LOCAL_CLOCK_NAME];

	put_axis_name(picture, local_clock_name(timeline->clock, name), 12);
	picture_axis(picture, &axis);
	if (!timeline->clock->offset_s)
		return;
	axis.clock = &utc;
	axis.y = bottom + 14;
	axis.grid_top = axis.grid_bottom;
	picture_axis(picture, &axis);
	put_axis_name(picture, "UTC", bottom + 30);
}

/* From the top: the worst above, what is up below. */
static double share_below(const struct share *share, uint32_t column, uint8_t state)
{
	double sum = 0;

	for (unsigned other = 0; other < BAND_STATES; other++)
		if (band_rank((uint8_t)other) <= band_rank(state))
			sum += share->of[column][other];
	return sum / share->bands;
}

static struct picture_box share_box(const struct share *share, uint32_t column, uint8_t state)
{
	const double height = (double)share->of[column][state] / share->bands;

	return (struct picture_box){
		.x = (double)column / SHARE_COLUMNS,
		.width = 1. / SHARE_COLUMNS,
		.y = AXIS + SHARE_LABEL + SHARE * (1 - share_below(share, column, state)),
		.height = SHARE * height,
	};
}

static bool is_same(double a, double b)
{
	return a - b < .05 && b - a < .05;
}

/* One state of all columns; neighbours of one height are one box. */
static void put_share_state(const struct picture *picture, const struct share *share, uint8_t state)
{
	char tip[PICTURE_TIP];

	for (uint32_t n = 0; n < SHARE_COLUMNS;) {
		struct picture_box box = share_box(share, n, state);
		uint32_t next = n + 1;

		for (; next < SHARE_COLUMNS; next++) {
			const struct picture_box other = share_box(share, next, state);

			if (!is_same(box.y, other.y) || !is_same(box.height, other.height))
				break;
		}
		box.width = (double)(next - n) / SHARE_COLUMNS;
		snprintf(tip, sizeof(tip), "%s: %.0f %% of the blocks", band_state_name(state),
			 100 * box.height / SHARE);
		if (box.height >= .05)
			picture_part(picture, &box, tip);
		n = next;
	}
}

static void put_share(const struct picture *picture, const struct share *share)
{
	markup_print(picture->out,
		     "<text class=\"label\" x=\"0\" y=\"%d\">share of %u blocks</text>\n",
		     AXIS + 12, share->bands);
	for (unsigned state = 0; state < BAND_STATES; state++) {
		picture_begin_state(picture, (uint8_t)state);
		put_share_state(picture, share, (uint8_t)state);
		picture_end_state(picture);
	}
}

static int row_top(const struct picture_timeline *timeline, uint32_t n)
{
	return AXIS + share_height(timeline) + (int)n * ROW;
}

static void put_label(const struct picture *picture, const struct picture_row *row, int top)
{
	markup_print(picture->out, "<text class=\"label %s\" x=\"0\" y=\"%d\">",
		     bw_scope_name(row->scope), top + ROW_LABEL - 2);
	markup_text(picture->out, row->label);
	markup_print(picture->out, "</text>\n<text class=\"note\" x=\"100%%\" y=\"%d\">",
		     top + ROW_LABEL - 2);
	markup_text(picture->out, row->note);
	markup_raw(picture->out, "</text>\n");
}

static void put_band(const struct picture *picture, const struct picture_timeline *timeline,
		     const struct band *band, int top, uint8_t state)
{
	char tip[PICTURE_TIP];

	for (uint32_t n = 0; n < band->parts.count; n++) {
		const struct band_part *part = band_get(band, n);
		const double x = place(timeline, part->from_ns);
		const struct picture_box box = {
			.x = x,
			.width = place(timeline, band_end(band, n)) - x,
			.y = top + ROW_BAND,
			.height = BAND,
		};

		if (part->state == state)
			picture_part(picture, &box,
				     picture_tip(state, part->from_ns, band_end(band, n), tip));
	}
}

/* THIN, which is zero bytes, becomes what is drawn of a band with too many parts. */
static void make_thin(const struct picture *picture, const struct band *band, struct band *thin)
{
	if (band->parts.count > PARTS_MAX && band_thin(band, COLUMNS, thin) < 0)
		picture->out->failed = true;
}

static const struct band *drawn(const struct band *band, const struct band *thin)
{
	return band->parts.count > PARTS_MAX ? thin : band;
}

/* What is worse is drawn over its neighbours, so that it is seen however short it is. */
static void put_rows(const struct picture *picture, const struct picture_timeline *timeline)
{
	struct band *thin = calloc(timeline->count + 1, sizeof(*thin));

	picture->out->failed |= !thin;
	for (uint32_t n = 0; n < timeline->count && thin; n++)
		make_thin(picture, &timeline->rows[n].band, &thin[n]);
	for (unsigned rank = 0; rank < BAND_STATES && thin; rank++) {
		const uint8_t state = band_ranked(rank);

		picture_begin_state(picture, state);
		for (uint32_t n = 0; n < timeline->count; n++)
			put_band(picture, timeline, drawn(&timeline->rows[n].band, &thin[n]),
				 row_top(timeline, n), state);
		picture_end_state(picture);
	}
	for (uint32_t n = 0; n < timeline->count && thin; n++)
		band_fini(&thin[n]);
	free(thin);
}

void picture_timeline(const struct picture *picture, const struct picture_timeline *timeline)
{
	picture_begin(picture, timeline->title, timeline->description);
	put_axes(picture, timeline);
	if (timeline->share)
		put_share(picture, timeline->share);
	put_rows(picture, timeline);
	for (uint32_t n = 0; n < timeline->count; n++)
		put_label(picture, &timeline->rows[n], row_top(timeline, n));
	picture_end(picture);
}
