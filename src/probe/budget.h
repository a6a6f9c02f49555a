/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_BUDGET_H
#define PROBE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * Token buckets as GCRA (ITU-T I.371): of a subject there is one time, 8 bytes, and
 * nothing to refill. Each block has one that no mode can exceed: 1 probe a second with
 * bursts of 20. Answers begin to be rationed near one probe a second and block, and
 * hardly anywhere at 0.39 (Guo, Heidemann: Detecting ICMP rate limiting in the
 * Internet, PAM 2018); rounds are held to less by the hour.
 */
struct budget {
	int64_t interval_ns, tolerance_ns;
};

/* What one subject has had. All zeros: nothing. */
struct budget_spent {
	int64_t due_ns; /* theoretical arrival time */
};

/* One probe each INTERVAL_NS on average, BURST at once. */
struct budget budget_of(int64_t interval_ns, uint32_t burst);

/* When a probe may be had: NOW or later. Takes nothing. */
struct bw_mono budget_next(const struct budget *budget, struct budget_spent spent,
			   struct bw_mono now);

/* How many probes may be had at once at NOW. */
uint32_t budget_left(const struct budget *budget, struct budget_spent spent, struct bw_mono now);

/* Takes one probe; false (and takes nothing) when budget_next() is after NOW. */
bool budget_take(const struct budget *budget, struct budget_spent *spent, struct bw_mono now);

/*
 * What was spent of a budget that is whole again within minutes, in 14 bits: in 1/4 s
 * rounded down, modulo 68 minutes. A note gives back less than 1/4 s. Who has rested for
 * just a multiple of 68 minutes seems to have had some, and waits for no longer than
 * until the budget is whole once more.
 */
#define BUDGET_NOTE_BITS 14
#define BUDGET_NOTE_MAX ((1U << BUDGET_NOTE_BITS) - 1)
uint16_t budget_note(struct budget_spent spent);
struct budget_spent budget_recall(const struct budget *budget, uint16_t note, struct bw_mono now);

#endif
