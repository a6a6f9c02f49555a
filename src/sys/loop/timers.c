/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/loop/timers.h"

#include <assert.h>

void timers_init(struct timers *timers, const struct timer *table, size_t count, void *self)
{
	assert(count <= TIMERS_MAX);
	*timers = (struct timers){.table = table, .count = count, .self = self};
	for (size_t i = 0; i < count; i++)
		timers->deadlines[i] = BW_NEVER;
}

void timers_set(struct timers *timers, size_t timer, struct bw_mono at)
{
	assert(timer < timers->count);
	timers->deadlines[timer] = at;
}

void timers_advance(struct timers *timers, size_t timer, struct bw_mono at)
{
	assert(timer < timers->count);
	timers->deadlines[timer] = bw_mono_min(timers->deadlines[timer], at);
}

void timers_run(struct timers *timers, size_t first, size_t last, struct bw_now now)
{
	assert(first <= last && last < timers->count);
	for (size_t i = first; i <= last; i++) {
		const struct timer *timer = &timers->table[i];

		if (bw_mono_before(now.mono, timers->deadlines[i]))
			continue;
		timers->deadlines[i] =
			timer->period_ns ? bw_mono_add(now.mono, timer->period_ns) : BW_NEVER;
		timer->handler(timers->self, now);
	}
}

struct bw_mono timers_deadline(const struct timers *timers)
{
	struct bw_mono next = BW_NEVER;

	for (size_t i = 0; i < timers->count; i++)
		next = bw_mono_min(next, timers->deadlines[i]);
	return next;
}
