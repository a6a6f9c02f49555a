/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_REQUEST_H
#define VANTAGE_WATCH_ROUND_REQUEST_H

#include "vantage/watch/schedule/allowance.h"

/* How a host of a block is asked next. */
struct request {
	struct probe probe; /* without its tag */
	unsigned method;    /* index of probe.method among the host's methods */
	float availability; /* 0..1: the chance that it answers while its block is up */
};

/*
 * In a check: by the host's methods one after the other, with the availability that the
 * target states. X: the evidence of the round so far.
 */
struct request request_stated(const struct ledger *ledger, uint32_t block,
			      const struct evidence_log *x, uint16_t host);

/*
 * While blocks are watched for long: a host that answered is asked as it was then, but for
 * each third probe of a round; the availability is what was learned.
 */
struct request request_learned(const struct allowance *allowance, uint32_t block,
			       const struct evidence_log *x, uint16_t host);

/* The learned availability for the next probe to HOST by this method. */
float request_availability(const struct allowance *allowance, uint32_t block,
			   const struct evidence_log *x, uint16_t host, unsigned method);

/*
 * The block was not asked for ELAPSED_NS (the vantage was blind, asleep or not running): if
 * its hosts may have gone off meanwhile, all of them are in doubt.
 */
void request_doubt_after(const struct allowance *allowance, uint32_t block, int64_t elapsed_ns);

#endif
