/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_TALLY_H
#define VANTAGE_LEDGER_BLOCK_TALLY_H

#include <stdint.h>

#define TALLY_RTTS 16

/* The probes and replies of one round of a block, for its record. */
struct tally {
	uint32_t sent, replies;
	int64_t rtt_ns[TALLY_RTTS]; /* of the first TALLY_RTTS replies */
};

/* Of the round-trip times that are kept; all -1 without a reply. */
struct tally_rtts {
	int64_t min_ns, median_ns, max_ns;
};

/* Counts a reply. Its round-trip time is kept for the first TALLY_RTTS replies only. */
void tally_reply(struct tally *tally, int64_t rtt_ns);

/* How many entries of rtt_ns[] are filled. */
uint32_t tally_rtt_count(const struct tally *tally);
struct tally_rtts tally_rtts(const struct tally *tally);

/* SRTT_US smoothed by the round-trip times that are kept, in microseconds; 0: not known. */
uint32_t tally_smooth(const struct tally *tally, uint32_t srtt_us);

/* The longest round-trip time that is kept; 0 without a reply. */
int64_t tally_longest_rtt(const struct tally *tally);

#endif
