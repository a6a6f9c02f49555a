/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_SAMPLE_H
#define SIM_SCORE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Samples of numbers and their statistics, and bins of stated probabilities. */

/* Statistics of a sample; all 0 for an empty one. */
struct score_numbers {
	uint64_t count;
	double mean, median, p95, most;
};

/* Numbers in the order of addition. All zeros: none yet. */
struct sample {
	double *list;
	size_t count, room;
	bool failed; /* out of memory: numbers are missing */
};

void sample_add(struct sample *sample, double value);

/* Sorts the sample. */
struct score_numbers sample_numbers(struct sample *sample);

void sample_fini(struct sample *sample);

#define SCORE_BINS 5 /* of stated probabilities: below .9, .99, .999, .9999, and the rest */

struct score_bin {
	uint64_t said, right; /* how many statements, and how many of them were true */
	double stated;        /* the mean of the stated probabilities */
};

/* Adds one statement of probability STATED. */
void sample_bin_add(struct score_bin bins[SCORE_BINS], double stated, bool right);

#endif
