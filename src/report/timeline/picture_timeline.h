/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TIMELINE_PICTURE_TIMELINE_H
#define REPORT_TIMELINE_PICTURE_TIMELINE_H

#include "report/timeline/picture.h"
#include "report/timeline/share.h"

/*
 * A timeline: above the share of the blocks in each state, below a band a row. Both end at UNTIL,
 * which is now at the latest.
 */
struct picture_row {
	char *label, *note; /* owned; note stands at the right end */
	enum bw_scope scope;
	struct band band; /* of the time of the picture */
};

struct picture_timeline {
	const char *title, *description;
	const struct local_clock *clock;
	int64_t from_ns, until_ns;
	const struct share *share; /* NULL: it is left out */
	const struct picture_row *rows;
	uint32_t count;
};

/* Writes it. PICTURE has its height already, by picture_timeline_height(). */
void picture_timeline(const struct picture *picture, const struct picture_timeline *timeline);

int picture_timeline_height(const struct picture_timeline *timeline);

/* Frees what a row owns. */
void picture_row_fini(struct picture_row *row);

#endif
