/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_RATE_LIMIT_H
#define INFER_CONDITION_RATE_LIMIT_H

#include "infer/condition/condition.h"

/* The condition rate-limited: the block answers few probes in a time. */

/* A probe this long after the last answered one does not meet a rate limit. */
#define RATE_LIMIT_SPACED_NS (10 * BW_S)

/* After a restart of a block that was rate-limited. */
void rate_limit_restore(struct condition_evidence *ce);

/*
 * What a probe to a host that used to answer says for a rate limit, in nats. EXTRA: it was sent
 * to test that. Also learns how many spaced probes fail.
 */
float rate_limit_nats(struct condition *cond, const struct evidence *e, bool extra);

/* Adds what the probes of a round say, and enters or leaves the condition. */
void rate_limit_judge(struct condition *cond, struct condition_evidence *ce, float nats);

/* What the availability of a host is multiplied with for a probe at NOW; 1: no limit. */
float rate_limit_factor(const struct condition *cond, struct bw_mono now);

#endif
