/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/machine/clock.h"

#include <time.h>

#define SAMPLES 4             /* tries for a pair of readings close to each other */
#define CLOSE_NS (2 * BW_US)  /* readings this close are good enough */
#define AHEAD_NS (50 * BW_MS) /* a frame this far in the future was stamped by another offset */
#define FORMER_NS (10 * BW_S)

static int64_t read_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * BW_S + t.tv_nsec;
}

/* A preemption between the two readings would shift every RTT: take the closest pair. */
struct bw_now clock_now(void)
{
	struct bw_now best = {{0}, {0}};
	int64_t best_gap = INT64_MAX;

	for (int i = 0; i < SAMPLES && best_gap > CLOSE_NS; i++) {
		int64_t before = read_ns(CLOCK_MONOTONIC);
		int64_t wall = read_ns(CLOCK_REALTIME);
		int64_t gap = read_ns(CLOCK_MONOTONIC) - before;

		if (gap < best_gap) {
			best_gap = gap;
			best = (struct bw_now){{before + gap / 2}, {wall}};
		}
	}
	return best;
}

void clock_follow(struct clock *clock, struct bw_now now)
{
	int64_t offset = now.wall.ns - now.mono.ns;
	int64_t step = clock->started ? offset - clock->offset_ns : 0;

	if (!clock->started) {
		clock->former_offset_ns = offset;
		clock->former_until = now.mono;
		clock->started = true;
	} else if (step > CLOCK_STEP_NS || step < -CLOCK_STEP_NS) {
		clock->former_offset_ns = clock->offset_ns;
		clock->former_until = bw_mono_add(now.mono, FORMER_NS);
	}
	clock->offset_ns = offset;
	clock->last = now;
}

/* How well a frame fits that is read at NOW: its age, and none from the future. */
static int64_t misfit(struct bw_mono now, struct bw_mono at)
{
	int64_t age = bw_mono_since(now, at);

	return age < -AHEAD_NS ? INT64_MAX : age < 0 ? -age : age;
}

struct bw_mono clock_mono(const struct clock *clock, struct bw_wall wall)
{
	struct bw_mono now = clock->last.mono;
	struct bw_mono at = {wall.ns - clock->offset_ns};
	struct bw_mono former = {wall.ns - clock->former_offset_ns};

	if (bw_mono_before(now, clock->former_until) && misfit(now, former) < misfit(now, at))
		return former;
	return at;
}
