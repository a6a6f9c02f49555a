/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_WHEEL_H
#define BASE_WHEEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * A hierarchical hashed timing wheel over numbers 0..count-1, each armed at
 * most once: O(1) to arm, cancel and expire, no allocation after start-up
 * (except growth), 12 bytes a number and 200 kB in all; memory of numbers that were
 * never armed is not touched. Equal deadlines expire in the order in which they were
 * armed; a deadline is never reported early and at most one tick late, but one that is
 * 2^40 ticks ahead or more (34 years of 1 ms) counts as one that is a tick less than
 * that ahead. Source: Varghese and Lauck, SOSP 1987.
 */
struct wheel;

/* COUNT numbers, a tick of TICK_NS (say 1 ms), no time before START. NULL: out of memory. */
struct wheel *wheel_new(uint32_t count, int64_t tick_ns, struct bw_mono start);
void wheel_free(struct wheel *wheel);

/* More numbers; those armed stay armed. 0 or -ENOMEM. */
int wheel_grow(struct wheel *wheel, uint32_t count);

/* Arms ID at AT (again: moves it). A time that has passed expires at the next advance. */
void wheel_arm(struct wheel *wheel, uint32_t id, struct bw_mono at);
void wheel_cancel(struct wheel *wheel, uint32_t id);
bool wheel_is_armed(const struct wheel *wheel, uint32_t id);

/*
 * Takes one number whose deadline is not after NOW out of the wheel, in order
 * of deadline (to the tick). Returns false when none is left. The caller may
 * arm and cancel freely between calls.
 */
bool wheel_expire(struct wheel *wheel, struct bw_mono now, uint32_t *ret_id);

/*
 * The number that wheel_expire() gives next, if that is known already and nothing comes
 * between: so that the caller can fetch what it will need. False: not known.
 */
bool wheel_coming(const struct wheel *wheel, uint32_t *ret_id);

/*
 * When to call wheel_expire() next: not after the moment at which the earliest
 * number expires, which is its deadline rounded up to the tick. It may be earlier,
 * when the wheel has to prepare for it; then that call gives nothing but moves
 * this time on: after a wheel_expire() that gave nothing it is always later than
 * the NOW of that call. BW_NEVER when nothing is armed.
 */
struct bw_mono wheel_next(const struct wheel *wheel);

#endif
