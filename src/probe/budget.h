/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_BUDGET_H
#define PROBE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include <blockwatch/time.h>

/*
 * The token bucket of each block, which no mode can exceed: 1 probe a second
 * with bursts of 20. Answers begin to be rationed near one probe a second and
 * block, and hardly anywhere at 0.39 (Guo, Heidemann: Detecting ICMP rate limiting
 * in the Internet, PAM 2018); rounds are held to less by their hourly budget.
 * Kept as GCRA (ITU-T I.371): one time a block, 8 bytes, nothing to refill.
 */
struct budget {
	int64_t *due_ns; /* theoretical arrival time of each subject */
	uint32_t count;
	int64_t interval_ns, tolerance_ns;
};

/* For COUNT subjects, one probe each INTERVAL_NS on average, BURST at once. 0 or -ENOMEM. */
int budget_init(struct budget *budget, uint32_t count, int64_t interval_ns, uint32_t burst);
void budget_fini(struct budget *budget);

/* When SUBJECT may be probed: NOW or later. Takes nothing. */
struct bw_mono budget_next(const struct budget *budget, uint32_t subject, struct bw_mono now);

/* How many probes SUBJECT may have at once at NOW. */
uint32_t budget_left(const struct budget *budget, uint32_t subject, struct bw_mono now);

/* Takes one probe; false (and takes nothing) when budget_next() is after NOW. */
bool budget_take(const struct budget *budget, uint32_t subject, struct bw_mono now);

#endif
