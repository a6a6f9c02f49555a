/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_REQUEST_H
#define VANTAGE_WATCH_ROUND_REQUEST_H

#include "vantage/watch/schedule/allowance.h"

/* How a host of a block is probed next. */
struct request {
	struct probe probe; /* without its tag */
	unsigned method;    /* index of probe.method among the host's methods */
	float availability; /* 0..1: the probability of an answer while its block is up */
	float resting;      /* the same while the hosts of the block are at rest; at most that */
};

/*
 * In a check: the methods of the host take turns (evidence_method()), and the availability is
 * what the target states, less what its age makes of it (roster_weigh.h). X: the evidence of the
 * round so far.
 */
struct request request_stated(const struct ledger *ledger, uint32_t block,
			      const struct evidence_log *x, uint16_t host);

/*
 * The same for a hot host, which an earlier check knew (vantage/ledger/memory.h): the method that
 * it answered comes first, and its availability is the learned rate, less what the age of the
 * block's last answer makes of it.
 */
struct request request_recalled(const struct ledger *ledger, uint32_t block,
				const struct evidence_log *x, uint16_t host);

/*
 * In a recurring watch: a hot host is probed by the method that it answered, except in each third
 * probe of a round, which uses its next method. Patience is 3 smoothed round-trip times, at least
 * 1 s and at most params.timeout_ns; or ledger_late_ns(). The availability is
 * request_availability().
 */
struct request request_learned(const struct allowance *allowance, uint32_t block,
			       const struct evidence_log *x, uint16_t host);

/* REQUEST as a piece of evidence, before it is sent. */
struct evidence request_evidence(const struct ledger *ledger, uint32_t block,
				 const struct request *request);

/*
 * The learned availability for the next probe to HOST by METHOD: lower after silences in X, with
 * the time that a block is down, if it went down at rest, under a rate limit, and for a method
 * that a hot host has not answered; at most 0.5 before the block has ever answered.
 */
float request_availability(const struct allowance *allowance, uint32_t block,
			   const struct evidence_log *x, uint16_t host, unsigned method);

/*
 * The block was not probed for ELAPSED_NS (the vantage was blind, asleep or not running). After
 * more than 4 intervals (allowance_interval_ns()), if its hosts may have gone off meanwhile, all
 * hot hosts become doubted.
 */
void request_doubt_after(const struct allowance *allowance, uint32_t block, int64_t elapsed_ns);

#endif
