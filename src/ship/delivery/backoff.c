/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/delivery/backoff.h"

static int64_t limit_of(unsigned failures)
{
	int64_t limit = BACKOFF_FIRST_NS;

	for (unsigned i = 1; i < failures && limit < BACKOFF_MOST_NS; i++)
		limit *= 2;
	return limit < BACKOFF_MOST_NS ? limit : BACKOFF_MOST_NS;
}

int64_t backoff_fail(struct backoff *backoff, int64_t at_least_ns, struct rng *rng)
{
	int64_t limit;

	if (backoff->failures < 64)
		backoff->failures++;
	limit = limit_of(backoff->failures);
	if (at_least_ns > 0 && at_least_ns / 4 > limit)
		limit = at_least_ns / 4;
	return at_least_ns + 1 + (int64_t)rng_below(rng, (uint64_t)limit);
}

void backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}
