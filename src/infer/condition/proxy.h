/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_PROXY_H
#define INFER_CONDITION_PROXY_H

#include "infer/condition/condition.h"

/* The condition proxy: one router answers for all addresses of the block. */

/* After a restart of a block that was one. */
void proxy_restore(struct condition *cond);

/* A reply of HOST. USUAL_NS: the block's smoothed round-trip time, 0 if not known. */
void proxy_reply(struct condition *cond, uint16_t host, uint8_t ttl, int64_t rtt_ns,
		 int64_t usual_ns);

/* A host did not answer. */
void proxy_silence(struct condition *cond);

/* Enters or leaves the condition. LISTED: the candidates are hosts that a list names. */
void proxy_judge(struct condition *cond, const struct block *block, bool listed);

#endif
