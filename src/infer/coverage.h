/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_COVERAGE_H
#define INFER_COVERAGE_H

#include "infer/block.h"

/*
 * How well the hot list covers a block: how much the silence of all hosts that answered last
 * time would weigh.
 */
enum coverage {
	COVERAGE_POOR,  /* so little that a silence needs many probes to be judged */
	COVERAGE_SHORT, /* less than is wanted */
	COVERAGE_GOOD,
};

enum coverage coverage_of(const struct block *block);

/*
 * How many cold candidates an answered round should ask too, to find more hosts that answer.
 * CHANCE: 0..1, drawn for this round.
 */
unsigned coverage_cold_probes(const struct block *block, double chance);

#endif
