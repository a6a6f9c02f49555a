/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_PACKET_LIMITS_H
#define SIM_PACKET_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

/*
 * Rate limits: the token buckets of routers, for their ICMP errors, and of blocks, for
 * the answers of their hosts. They are the only state of routers and blocks that probes
 * change.
 */

/*
 * A token bucket as one number (the generic cell rate algorithm, ITU-T I.371): the time
 * at which it will be full again, less one token. All zeros: full.
 */
struct bucket {
	int64_t due_ns;
};

/* Takes a token if there is one. A burst below 1 counts as 1. RATE_PPS is above 0. */
bool bucket_take(struct bucket *bucket, double rate_pps, double burst, int64_t at_ns);

struct limits {
	struct array buckets; /* struct bucket */
};

void limits_init(struct limits *limits);
void limits_fini(struct limits *limits);

/*
 * Adds COUNT full buckets that follow each other in number. Returns 0 and the number of
 * the first, or -ENOMEM.
 */
int limits_add(struct limits *limits, uint32_t count, uint32_t *ret_first);

/* Takes a token from bucket N, which exists. */
bool limits_take(struct limits *limits, uint32_t n, double rate_pps, double burst, int64_t at_ns);

#endif
