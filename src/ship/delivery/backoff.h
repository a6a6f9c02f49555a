/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_DELIVERY_BACKOFF_H
#define SHIP_DELIVERY_BACKOFF_H

#include <blockwatch/time.h>

#include "base/rng.h"

/*
 * How long to wait after a failure: a random time up to a limit that doubles with each
 * failure in a row ("full jitter"), so that many vantages do not come back to a receiver in
 * the same second. The first limit is BACKOFF_FIRST_NS, the largest BACKOFF_MOST_NS.
 */
#define BACKOFF_FIRST_NS (1 * BW_S)
#define BACKOFF_MOST_NS (300 * BW_S)

struct backoff {
	unsigned failures; /* in a row */
};

/*
 * One more failure. Returns the time to wait. AT_LEAST_NS is what the receiver asked for
 * (Retry-After; 0: nothing); the jitter comes on top of it, at most a quarter of it or the limit,
 * whichever is larger.
 */
int64_t backoff_fail(struct backoff *backoff, int64_t at_least_ns, struct rng *rng);

/* It worked: the next failure waits briefly again. */
void backoff_reset(struct backoff *backoff);

#endif
