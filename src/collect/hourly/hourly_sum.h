/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_HOURLY_HOURLY_SUM_H
#define COLLECT_HOURLY_HOURLY_SUM_H

#include <stdbool.h>

#include "base/cursor.h"

/*
 * What the block records of an hour add up to: rounds, probes, and how the round-trip times are
 * spread. Sums of different vantages, blocks or hours can be merged into one.
 *
 * Of each round that was answered, the median of its round-trip times is counted in one of
 * HOURLY_BINS bins. A bin is 2^(1/8) times as wide as the one before: bin N begins at
 * 2^(N/8) microseconds. So quantiles are exact to 4.5 %, from 1 us to half an hour.
 */
#define HOURLY_BINS 256
#define HOURLY_NO_RTT HOURLY_BINS /* stands for no round-trip time */

struct hourly_sum {
	uint64_t rounds, answered; /* rounds with a probe, and those of them with a reply */
	uint64_t sent, replies;    /* probes, and those of them with a reply */
	uint16_t first, end;       /* the bins from FIRST to before END are set; equal: none */
	uint32_t bins[HOURLY_BINS];
};

/* A round of a block. */
struct hourly_round {
	uint32_t sent;    /* more than 0 */
	uint32_t replies; /* those above SENT do not count */
	unsigned bin;     /* of its round-trip time, or HOURLY_NO_RTT */
};

/* The bin of a round-trip time; negative: HOURLY_NO_RTT. */
unsigned hourly_bin(int64_t rtt_ns);

void hourly_sum_clear(struct hourly_sum *sum);
void hourly_sum_add(struct hourly_sum *sum, const struct hourly_round *round);
void hourly_sum_merge(struct hourly_sum *sum, const struct hourly_sum *other);

/* The share of probes without a reply, and of rounds with one, 0..1; negative: there were none. */
double hourly_sum_loss(const struct hourly_sum *sum);
double hourly_sum_answered(const struct hourly_sum *sum);

/* The round-trip time that the share P (0..1) of rounds does not exceed; negative: not known. */
double hourly_sum_rtt_ms(const struct hourly_sum *sum, double p);

/* At most so many bytes are one sum. */
#define HOURLY_SUM_BYTES 1600

/* Writes it. Returns the place behind it. */
uint8_t *hourly_sum_encode(const struct hourly_sum *sum, uint8_t *to);

/* Reads what was written; after bytes that are none, the cursor has failed. */
void hourly_sum_decode(struct cursor *c, struct hourly_sum *ret_sum);

#endif
