/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/hourly/hourly_day.h"

void hourly_day_clear(struct hourly_day *day)
{
	for (unsigned n = 0; n < HOURLY_HOURS; n++)
		hourly_sum_clear(&day->hours[n]);
}

size_t hourly_day_encode(const struct hourly_day *day, uint8_t *to)
{
	uint8_t *at = to + 3;
	uint32_t set = 0;

	for (unsigned n = 0; n < HOURLY_HOURS; n++) {
		if (day->hours[n].rounds == 0)
			continue;
		set |= 1U << n;
		at = hourly_sum_encode(&day->hours[n], at);
	}
	for (unsigned n = 0; n < 3; n++)
		to[n] = (uint8_t)(set >> 8 * n);
	return (size_t)(at - to);
}

/* Whether all of it can be read. */
static bool is_whole(const void *bytes, size_t length)
{
	struct cursor c = cursor_of(bytes, length);
	uint32_t set = cursor_u8(&c);
	struct hourly_sum sum;

	set |= (uint32_t)cursor_u8(&c) << 8;
	set |= (uint32_t)cursor_u8(&c) << 16;
	for (; set != 0; set &= set - 1)
		hourly_sum_decode(&c, &sum);
	return !c.failed && cursor_left(&c) == 0;
}

bool hourly_day_merge(struct hourly_day *day, const void *bytes, size_t length)
{
	const uint8_t *set = bytes;
	struct cursor c = cursor_of(bytes, length);
	struct hourly_sum sum;

	if (!is_whole(bytes, length))
		return false;
	cursor_skip(&c, 3);
	for (unsigned n = 0; n < HOURLY_HOURS; n++) {
		if (!(set[n / 8] >> n % 8 & 1))
			continue;
		hourly_sum_decode(&c, &sum);
		hourly_sum_merge(&day->hours[n], &sum);
	}
	return true;
}
