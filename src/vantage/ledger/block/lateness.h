/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_LATENESS_H
#define VANTAGE_LEDGER_BLOCK_LATENESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How many of the answers of a block, or of all blocks of a target, come later than a probe is
 * waited for, and how late these are. All zeros: nothing has been heard yet. It does not change
 * while nothing answers, so what a block has learned lasts through its outage, whatever its
 * siblings answer meanwhile.
 */
struct lateness {
	uint32_t late_us; /* after which about 85 % of the late ones have come; 0: none was late */
	uint16_t share;   /* of the late ones in all answers, in 1/65535 */
	uint16_t answers; /* on which that rests; stops at its limit */
};

_Static_assert(sizeof(struct lateness) <= 8, "the lateness of a block takes over 8 bytes");

#define LATENESS_TARGET 120 /* answers on which the lateness of a target rests at most, */
#define LATENESS_BLOCK 24   /* and that of a block, which has far fewer of them */

/*
 * An answer came RTT_NS after its probe, whether it was still waited for or not. It is late when
 * that is more than TIMEOUT_NS. It counts for one in MOST, or in as many as there were.
 */
void lateness_note(struct lateness *lateness, unsigned most, int64_t timeout_ns, int64_t rtt_ns);

/* How long to wait where answers come after LATE_NS: an eighth longer, at most 45 s. */
int64_t lateness_wait_ns(int64_t late_ns);

/* The same for the next answers, by what 85 % of the late ones take; 0 unless a tenth are late. */
int64_t lateness_patience_ns(const struct lateness *lateness);

/*
 * The share of late answers, and what was learned before a restart: such a share of ANSWERS, or of
 * MOST.
 */
double lateness_share(const struct lateness *lateness);
void lateness_restore(struct lateness *lateness, unsigned most, uint32_t answers, double share,
		      int64_t late_ns);

#endif
