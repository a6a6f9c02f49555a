/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_CLAIMS_H
#define COLLECT_BOARD_CLAIMS_H

#include <stdbool.h>

#include <blockwatch/time.h>
#include <blockwatch/verdict.h>

#include "base/array.h"

/*
 * What one vantage has said of one block, as claims: "the verdict has been V since S", last said
 * at T. At each time the claim holds that was said last, of those that hold from that time or
 * earlier. So a vantage that goes back to an earlier claim takes back what it said in between.
 * Records come late, twice and in any order; the claims, and what follows from them, do not depend
 * on the order.
 */
struct claim {
	int64_t said_ns;     /* when it was said last */
	int64_t since_ns;    /* from when on it holds; at most said_ns */
	int64_t earliest_ns; /* when the verdict before was last certain; at most since_ns */
	uint8_t verdict;
};

/* Claims of one verdict and one bucket are the same claim. */
static inline int64_t claim_bucket(const struct claim *claim)
{
	return claim->since_ns / BW_MS;
}

/* A verdict that holds from AT until the next change. */
struct change {
	int64_t at_ns, earliest_ns; /* as of the claim */
	uint8_t verdict;
};

struct claims {
	struct array said;    /* struct claim, by said_ns, then since_ns */
	struct array changes; /* struct change, by at_ns; follows from `said` */
};

void claims_init(struct claims *claims);
void claims_fini(struct claims *claims);

/*
 * Adds one. Returns the time from which on the changes, or their bounds, are different; INT64_MAX
 * when none is, which includes a claim that is known; or a negative error: -ENOMEM.
 */
int64_t claims_add(struct claims *claims, const struct claim *claim);

/* Whether the claim would change nothing but the time when the last one was said. */
bool claims_knows(const struct claims *claims, const struct claim *claim);

/* The one that was said last; NULL: there is none. */
const struct claim *claims_last(const struct claims *claims);

/* The number of the first change behind T. */
uint32_t claims_after(const struct claims *claims, int64_t t_ns);

/*
 * How many of the claims were said before T and are not needed for what holds from T on: all but
 * the last of those. They are the first ones of `said`.
 */
uint32_t claims_old(const struct claims *claims, int64_t t_ns);

/* Forgets the first COUNT claims, and what followed from them. Returns 0 or -ENOMEM. */
int claims_forget(struct claims *claims, uint32_t count);

/* The last change at or before T; NULL: nothing was said of that time. */
const struct change *claims_at(const struct claims *claims, int64_t t_ns);

#endif
