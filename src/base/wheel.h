/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_WHEEL_H
#define BASE_WHEEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * A hierarchical hashed timing wheel (Varghese and Lauck, SOSP 1987) over the numbers
 * 0..count-1, each of which has at most one deadline. Arming, cancelling and expiring take O(1)
 * and allocate nothing. Memory: 200 kB and 12 bytes for each number; memory of numbers that were
 * never armed is not touched. Equal deadlines expire in the order in which they were armed. A
 * deadline never expires early, and at most one tick late. A deadline 2^40 ticks ahead or more
 * (34 years of 1 ms) expires one tick before that limit.
 */
struct wheel;

/* COUNT numbers, ticks of TICK_NS (such as 1 ms), times from START on. NULL: out of memory. */
struct wheel *wheel_new(uint32_t count, int64_t tick_ns, struct bw_mono start);
void wheel_free(struct wheel *wheel);

/* Raises the count; armed numbers stay armed. Returns 0 or -ENOMEM. */
int wheel_grow(struct wheel *wheel, uint32_t count);

/* Sets or moves the deadline of ID. One that has passed expires at the next wheel_expire(). */
void wheel_arm(struct wheel *wheel, uint32_t id, struct bw_mono at);
void wheel_cancel(struct wheel *wheel, uint32_t id);
bool wheel_is_armed(const struct wheel *wheel, uint32_t id);

/*
 * Removes one number whose deadline is not after NOW, in the order of deadlines (to the tick).
 * Returns false when there is none. The caller may arm and cancel between calls.
 */
bool wheel_expire(struct wheel *wheel, struct bw_mono now, uint32_t *ret_id);

/*
 * The number that wheel_expire() returns next if the wheel does not change, so that the caller
 * can prefetch its memory. Returns false when it is not known.
 */
bool wheel_coming(const struct wheel *wheel, uint32_t *ret_id);

/*
 * When to call wheel_expire() next: at the earliest deadline, rounded up to the tick, or earlier
 * when the wheel has to prepare for it. In that case the call returns false and this time moves
 * on: after wheel_expire() returned false it is later than the NOW of that call. BW_NEVER when
 * nothing is armed.
 */
struct bw_mono wheel_next(const struct wheel *wheel);

#endif
