/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_FOLLOW_LIMITS_H
#define COLLECT_FOLLOW_FOLLOW_LIMITS_H

#include "collect/follow/follow.h"

#define FOLLOW_NAME_MAX 255 /* bytes of the name of a target: what paths of the API can hold */

/*
 * How much one vantage may fill, so that one that lies takes neither the memory of the collector
 * nor the place of the others. Each record is compared with what is on the board, so that one
 * request may go beyond them.
 */
#define FOLLOW_BLOCKS_MAX 100000  /* blocks that it speaks of */
#define FOLLOW_CLAIMS_MAX 5000000 /* verdicts with their beginnings, of all blocks */
#define FOLLOW_CHANGES_MAX 20000  /* of these, of one block, as soon as it is busy: */
#define FOLLOW_BUSY 200000        /* claims of all blocks */
#define FOLLOW_TARGETS_MAX 10000  /* of all vantages together */
#define FOLLOW_HEALTH_MAX 200000  /* statements on its own health */
#define FOLLOW_SPANS_MAX 200000   /* times in which it was heard of */

/* Why a new record of a vantage is not taken; NULL: it is within the limits. */
const char *follow_limits_check(const struct follow *follow, uint32_t vantage,
				const struct record *record);

#endif
