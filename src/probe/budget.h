/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_BUDGET_H
#define PROBE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * Token buckets in the form of GCRA (ITU-T I.371): one time of 8 bytes for each subject,
 * and nothing to refill. Each block has a bucket that no mode of operation exceeds: 1
 * probe a second with bursts of 20. Rate limiting of answers begins near one probe a
 * second and block, and is rare at 0.39 (Guo, Heidemann: Detecting ICMP rate limiting in
 * the Internet, PAM 2018). The hourly budget of rounds is lower.
 */
struct budget {
	int64_t interval_ns, tolerance_ns;
};

/* What a subject has spent. All zero: nothing. */
struct budget_spent {
	int64_t due_ns; /* theoretical arrival time */
};

/* One probe each INTERVAL_NS on average, BURST at once. */
struct budget budget_of(int64_t interval_ns, uint32_t burst);

/* When the next probe may be sent: NOW or later. Takes nothing. */
struct bw_mono budget_next(const struct budget *budget, struct budget_spent spent,
			   struct bw_mono now);

/* How many probes may be sent at once at NOW. */
uint32_t budget_left(const struct budget *budget, struct budget_spent spent, struct bw_mono now);

/* Takes one probe; false (and takes nothing) when budget_next() is after NOW. */
bool budget_take(const struct budget *budget, struct budget_spent *spent, struct bw_mono now);

/*
 * What was spent of a budget that refills within minutes, in 14 bits: the time in 1/4 s,
 * rounded down, modulo 68 minutes. Rounding returns less than 1/4 s. A subject that was
 * idle for a multiple of 68 minutes may seem to have spent something; it then waits at
 * most until the budget is full again.
 */
#define BUDGET_NOTE_BITS 14
#define BUDGET_NOTE_MAX ((1U << BUDGET_NOTE_BITS) - 1)
uint16_t budget_note(struct budget_spent spent);
struct budget_spent budget_recall(const struct budget *budget, uint16_t note, struct bw_mono now);

#endif
