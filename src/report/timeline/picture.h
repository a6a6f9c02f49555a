/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TIMELINE_PICTURE_H
#define REPORT_TIMELINE_PICTURE_H

#include "report/text/markup.h"
#include "report/timeline/band.h"
#include "report/timeline/local_clock.h"

/*
 * What pictures of time have in common: an SVG as wide as its place, in which lengths along the
 * axis are percentages and all others pixels, so that texts stay legible at any width. Each state
 * has a class, by which a style sheet gives it its colour, and a pattern over it.
 */
struct picture {
	struct markup *out;
	const char *id;    /* begins the ids of its elements; unlike others of the document */
	const char *style; /* of a picture that stands alone: its style sheet; else NULL */
	int height;        /* pixels */
};

/* A picture that stands alone is 960 pixels wide, with its title above and a legend below. */

/* Begins it. TITLE names it, DESCRIPTION says in words what is seen; both are escaped. */
void picture_begin(const struct picture *picture, const char *title, const char *description);
void picture_end(const struct picture *picture);

/* Begins and ends a group of parts in this state. */
void picture_begin_state(const struct picture *picture, uint8_t state);
void picture_end_state(const struct picture *picture);

/* A place: X and WIDTH are shares of the whole, 0 to 1; Y and HEIGHT pixels. */
struct picture_box {
	double x, width, y, height;
};

/* A part in that place; TIP is what it says when it is pointed at. */
void picture_part(const struct picture *picture, const struct picture_box *box, const char *tip);

/*
 * A duration for an eye: from five minutes on in whole minutes, else in whole seconds, rounded
 * down. Returns TEXT.
 */
char *picture_length(int64_t ns, char text[BW_DURATION_TEXT]);

/* Words for a tip: "dark: 22 Dec 2014 16:15 to 23 Dec 2014 01:46 UTC, 9 h 31 min". */
#define PICTURE_TIP 160
char *picture_tip(uint8_t state, int64_t from_ns, int64_t until_ns, char text[PICTURE_TIP]);

/*
 * The axis of a clock as labels with their feet at Y, and lines from GRID_TOP to GRID_BOTTOM where
 * these are different.
 */
struct picture_axis {
	const struct local_clock *clock;
	int64_t from_ns, until_ns;
	double y, grid_top, grid_bottom;
};
void picture_axis(const struct picture *picture, const struct picture_axis *axis);

/*
 * A box that shows the colour and the pattern of a state, for the words beside it. The patterns
 * stand once in the document, by picture_swatches(), under the id of the picture.
 */
void picture_swatches(const struct picture *picture);
void picture_swatch(const struct picture *picture, uint8_t state);

#endif
