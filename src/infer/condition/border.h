/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_CONDITION_BORDER_H
#define INFER_CONDITION_BORDER_H

#include <blockwatch/addr.h>

#include "infer/condition/condition.h"

/* The condition border-only: only the border router of the block answers. */

/* After a restart of a block that was border-only: the first host that answers is the border. */
void border_restore(struct condition *cond);

/* The router FROM said that a host of the block is unreachable. */
void border_unreachable(struct condition *cond, const struct bw_addr *from);

/*
 * HOST of a block answered with this TTL. Returns true when the block is down and had many
 * hosts, and this must be its border: HOST is not on the hot list, and its TTL is not the usual
 * one. The block is border-only from then on.
 */
bool border_meets(struct condition *cond, const struct condition_evidence *ce,
		  const struct block *block, uint16_t host, uint8_t ttl);

/* Whether a reply of HOST is only the border's, and so no evidence that the block is up. */
bool border_is(const struct condition *cond, uint16_t host);

/*
 * E was not answered: DELIVERED is the share of replies that arrive, SURE whether its host used
 * to answer. A host counts once, since its second silence is no news.
 */
void border_miss(struct condition *cond, struct condition_evidence *ce, const struct evidence *e,
		 float delivered, bool sure);

/* How many hosts that used to answer are silent; and what all silent ones weigh, in nats. */
unsigned border_quiet_sure(const struct condition_evidence *ce);
float border_quiet_nats(const struct condition_evidence *ce);

/* Piece INDEX of the log was answered; DELIVERED as for border_miss(). */
void border_answer(struct condition *cond, struct condition_evidence *ce, const struct block *block,
		   const struct evidence_log *log, unsigned index, float delivered);

/* Enters the condition if all its demands are met. */
void border_judge(struct condition *cond, const struct condition_evidence *ce);

#endif
