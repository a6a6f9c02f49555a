/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline/calendar.h"

#include <errno.h>

/* A time of one day in which the clock was not set. */
struct stretch {
	int64_t day, from_ns, until_ns;
	int64_t again_ns; /* until then the clock shows times for the second time */
};

static int32_t second_of(const struct local_clock *clock, int64_t day, int64_t t_ns)
{
	const int64_t second = (local_clock_shows(clock, t_ns) - day * LOCAL_CLOCK_DAY_NS) / BW_S;
	const int64_t most = LOCAL_CLOCK_DAY_NS / BW_S;

	return (int32_t)(second < 0 ? 0 : second > most ? most : second);
}

static int add(struct calendar *calendar, const struct local_clock *clock,
	       const struct stretch *stretch, uint8_t state)
{
	/* The end is shown by the clock as it was just before. */
	const struct calendar_piece piece = {
		.day = stretch->day,
		.from_s = second_of(clock, stretch->day, stretch->from_ns),
		.until_s = second_of(clock, stretch->day, stretch->until_ns - 1) + 1,
		.state = state,
		.again = stretch->until_ns <= stretch->again_ns,
	};

	if (stretch->until_ns <= stretch->from_ns)
		return 0;
	return array_add(&calendar->pieces, &piece) < 0 ? -ENOMEM : 0;
}

/* A part of the band within a stretch, cut where times are shown for the second time. */
static int add_part(struct calendar *calendar, const struct local_clock *clock,
		    const struct stretch *stretch, uint8_t state)
{
	struct stretch one = *stretch;
	int result = 0;

	if (one.from_ns < one.again_ns && one.again_ns < one.until_ns) {
		one.until_ns = one.again_ns;
		result = add(calendar, clock, &one, state);
		one.from_ns = one.again_ns;
		one.until_ns = stretch->until_ns;
	}
	return result < 0 ? result : add(calendar, clock, &one, state);
}

/* The parts of the band from *N on that touch the stretch. */
static int add_stretch(struct calendar *calendar, const struct local_clock *clock,
		       const struct band *band, uint32_t *n, const struct stretch *stretch)
{
	int result = 0;

	while (*n < band->parts.count && result == 0) {
		const struct band_part *part = band_get(band, *n);
		const int64_t end = band_end(band, *n);
		struct stretch one = *stretch;

		if (part->from_ns >= stretch->until_ns)
			break;
		if (part->from_ns > one.from_ns)
			one.from_ns = part->from_ns;
		if (end < one.until_ns)
			one.until_ns = end;
		result = add_part(calendar, clock, &one, part->state);
		if (end > stretch->until_ns)
			break;
		++*n;
	}
	return result;
}

static int add_day(struct calendar *calendar, const struct local_clock *clock,
		   const struct band *band, uint32_t *n, int64_t day)
{
	const int64_t from = local_clock_midnight(clock, day);
	const int64_t until = local_clock_midnight(clock, day + 1);
	const int64_t change = local_clock_change(clock, from, until);
	struct stretch stretch = {.day = day, .from_ns = from, .until_ns = change, .again_ns = 0};
	int64_t back;
	int result = add_stretch(calendar, clock, band, n, &stretch);

	if (result < 0 || change == until)
		return result;
	back = local_clock_shows(clock, change - 1) + 1 - local_clock_shows(clock, change);
	stretch.from_ns = change;
	stretch.until_ns = until;
	stretch.again_ns = back > 0 ? change + back : 0;
	return add_stretch(calendar, clock, band, n, &stretch);
}

int calendar_make(struct calendar *calendar, const struct local_clock *clock,
		  const struct band *band)
{
	uint32_t n = 0;
	int result = 0;

	*calendar = (struct calendar){
		.first_day = local_clock_day(clock, band->from_ns),
		.last_day = local_clock_day(clock, band->until_ns - 1),
		.pieces = array_of(sizeof(struct calendar_piece)),
	};
	for (int64_t day = calendar->first_day; day <= calendar->last_day && result == 0; day++)
		result = add_day(calendar, clock, band, &n, day);
	return result;
}

void calendar_fini(struct calendar *calendar)
{
	array_fini(&calendar->pieces);
}
