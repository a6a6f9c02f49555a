/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_HOURLY_HOURLY_DAY_H
#define COLLECT_HOURLY_HOURLY_DAY_H

#include "collect/hourly/hourly_sum.h"

/*
 * The 24 hours of a day in UTC of one vantage and one subject, as the store has them in a row:
 * three bytes say of which hours there is a sum (bit N of the number that has the lowest byte
 * first: hour N), and their sums follow.
 */
#define HOURLY_HOURS 24
#define HOURLY_DAY_BYTES (3 + HOURLY_HOURS * HOURLY_SUM_BYTES)

struct hourly_day {
	struct hourly_sum hours[HOURLY_HOURS];
};

void hourly_day_clear(struct hourly_day *day);

/* Writes at most HOURLY_DAY_BYTES. Returns how many. */
size_t hourly_day_encode(const struct hourly_day *day, uint8_t *to);

/* Adds the sums of a row to the day. False: the row is damaged, and of it nothing is added. */
bool hourly_day_merge(struct hourly_day *day, const void *bytes, size_t length);

#endif
