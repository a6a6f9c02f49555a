/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_TRACK_H
#define VANTAGE_LEDGER_BLOCK_TRACK_H

#include "infer/condition/condition.h"
#include "probe/budget.h"
#include "vantage/roster.h"

/*
 * What is remembered of a block besides struct block while it is watched for long. A check
 * has none. One cache line, because each round needs nearly all of it; what few blocks need
 * lies apart and is found by the indices at the end.
 */
struct track {
	struct bw_mono last_round; /* when its last round ended */
	/* Of watch/schedule: */
	struct bw_mono slot;       /* its place in the round, before jitter */
	struct budget_spent spent; /* of its hourly budget */
	struct condition condition;
	uint32_t first_s;      /* watched since, in seconds of wall time */
	uint32_t srtt_us : 26; /* smoothed round-trip time; 0: not known */
	uint32_t urgent : 1;   /* of watch/schedule: its next round does not wait for anything */
	uint32_t control : 1;  /* of watch/round: its next round is that of a control */
	uint32_t told : 2;     /* by its last event: enum bw_verdict; unknown: there was none */
	/* Indices in outages.h and condition_store.h; 0: nothing is stored of this block. */
	uint64_t outage : 25, evidence : 25;
	/* Of watch/schedule: what its last round had of the pace. */
	uint64_t paced : BUDGET_NOTE_BITS;
};

#define TRACK_INDEX_MAX ((1U << 25) - 1)
#define TRACK_SRTT_MAX_US ((1U << 26) - 1) /* longer than any probe is listened for */

_Static_assert(sizeof(struct track) <= 64, "a track takes more than a cache line");
_Static_assert(25 + 25 + BUDGET_NOTE_BITS <= 64, "two indices and a note share 64 bits");
_Static_assert(ROSTER_BLOCKS_MAX <= TRACK_INDEX_MAX, "each block may need an index");

#endif
