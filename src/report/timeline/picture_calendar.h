/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TIMELINE_PICTURE_CALENDAR_H
#define REPORT_TIMELINE_PICTURE_CALENDAR_H

#include "report/timeline/calendar.h"
#include "report/timeline/picture.h"

/* A calendar as a picture: a row a day, hours from left to right. */
struct picture_calendar {
	const char *title, *description;
	const struct local_clock *clock;
	const struct calendar *calendar;
};

/* Writes it. PICTURE has its height already, by picture_calendar_height(). */
void picture_calendar(const struct picture *picture, const struct picture_calendar *of);

int picture_calendar_height(const struct calendar *calendar);

#endif
