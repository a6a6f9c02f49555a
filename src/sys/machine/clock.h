/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_MACHINE_CLOCK_H
#define SYS_MACHINE_CLOCK_H

#include <stdbool.h>

#include <blockwatch/time.h>

/*
 * The clocks of the machine. The kernel stamps captured frames with wall time,
 * all reckoning is in monotonic time: a clock knows how far the two are apart.
 */

#define CLOCK_STEP_NS BW_S /* how far they must part between two samples to be a step */

/* Zeroed before the first clock_follow(). */
struct clock {
	bool started;
	struct bw_now last;         /* the latest sample */
	int64_t offset_ns;          /* wall - monotonic, at that sample */
	int64_t former_offset_ns;   /* before the latest step */
	struct bw_mono former_until; /* how long frames stamped before it may still turn up */
};

/* Both clocks at the same moment (within a microsecond unless the machine is overloaded). */
struct bw_now clock_now(void);

/*
 * Takes a new sample. Returns 0, or by how much the wall clock stepped since
 * the last one (ahead: positive) when that is more than CLOCK_STEP_NS: it was
 * set, or the machine was suspended (monotonic time stands still meanwhile).
 */
int64_t clock_follow(struct clock *clock, struct bw_now now);

/*
 * When the moment that the kernel stamped with WALL was. Frames stamped before
 * a step and read shortly after it come out right.
 */
struct bw_mono clock_mono(const struct clock *clock, struct bw_wall wall);

#endif
