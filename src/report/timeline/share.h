/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TIMELINE_SHARE_H
#define REPORT_TIMELINE_SHARE_H

#include "report/timeline/band.h"

/* Which share of many bands is in which state, in columns of equal length. */
#define SHARE_COLUMNS 500

struct share {
	int64_t from_ns, until_ns;
	uint32_t bands;                       /* that were added */
	float of[SHARE_COLUMNS][BAND_STATES]; /* bands; the sum of a column is BANDS */
};

/* Starts as {FROM, UNTIL}. The band begins and ends there. */
void share_add(struct share *share, const struct band *band);

#endif
