/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_MACHINE_CLOCK_H
#define SYS_MACHINE_CLOCK_H

#include <stdbool.h>

#include <blockwatch/time.h>

/*
 * The clocks of the machine. The kernel stamps captured frames with wall time, all
 * reckoning is in monotonic time. A struct clock knows the offset between the two.
 */

#define CLOCK_STEP_NS BW_S /* a larger change of the offset between two samples is a step */

/* All zero before the first clock_follow(). */
struct clock {
	bool started;
	struct bw_now last;          /* the last sample */
	int64_t offset_ns;           /* wall minus monotonic, at that sample */
	int64_t former_offset_ns;    /* before the last step */
	struct bw_mono former_until; /* until then, frames stamped before that step may arrive */
};

/* Both clocks at the same moment, within a microsecond unless the machine is overloaded. */
struct bw_now clock_now(void);

/*
 * Takes a sample. When the wall clock was set, or the machine was suspended, since the last
 * one (a step), frames stamped before that are still converted with the former offset.
 */
void clock_follow(struct clock *clock, struct bw_now now);

/* Converts the kernel's time stamp of a frame to monotonic time, also shortly after a step. */
struct bw_mono clock_mono(const struct clock *clock, struct bw_wall wall);

#endif
