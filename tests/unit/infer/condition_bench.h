/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_CONDITION_BENCH_H
#define TEST_CONDITION_BENCH_H

#include "infer/condition/condition.h"
#include "infer/condition/observe.h"

/* A block of 40 candidates, ten in each part, and the probes of one round to it. */

#define HOSTS 40
#define ROUND (60 * BW_S)
#define RTT (80 * BW_MS)
#define USUAL_TTL 60
#define BORDER 39
#define BORDER_TTL 250

struct bench {
	struct condition condition;
	struct condition_evidence evidence;
	struct block block;
	struct evidence_log log;
	struct observe_probes asked;
	struct bw_mono now;
};

/* *state is a new bench: the block is up, and every fourth of its first 28 hosts is hot. */
int bench_setup(void **state);

uint8_t bench_part_of(uint16_t host);

/* A probe of this round to HOST, answered or not. */
void bench_ask(struct bench *bench, uint16_t host, bool answered);

/* Ends the round. Returns the conditions. */
unsigned bench_end_round(struct bench *bench);

/* Rounds in which one host is probed and answers, TIMES for each host. Returns all conditions. */
unsigned bench_all_answer(struct bench *bench, unsigned times);

/* Rounds in which a host of the upper half is silent and two of the lower half answer. */
unsigned bench_lose_upper_half(struct bench *bench, unsigned from, unsigned rounds);

#endif
