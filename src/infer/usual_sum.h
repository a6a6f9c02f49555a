/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_USUAL_SUM_H
#define INFER_USUAL_SUM_H

#include "infer/usual.h"

/*
 * The same for a network or target: what its blocks have shown, compared with what is usual of
 * these very blocks. So nothing changes when some of them go dark. Loss has left its range when
 * all probes together show it, delay when at least half of the blocks that answer are slow.
 */
struct usual_sum {
	struct out_of_range range[BW_RANGES]; /* by enum bw_range */
	float answered, lost, expected;       /* present probes, and the lost ones usual of them */
	float round_answered, round_lost, round_expected; /* of the present round */
	uint32_t blocks, slow;                            /* that answered in the present round */
	float delay, delay_now;                           /* of these, added up */
	uint16_t delay_mean, delay_now_mean;              /* of the last round with an answer */
};

/* A block of the sum, whose usual range is known, has ended a round. */
void usual_sum_add(struct usual_sum *sum, const struct usual *usual,
		   const struct usual_round *round);

/* The end of a round of the sum, as usual_end_round(). Nothing changes without an answer. */
void usual_sum_end_round(struct usual_sum *sum, uint32_t began_s, uint32_t now_s,
			 enum out_of_range_step ret_steps[BW_RANGES]);

/* Shares of the present probes, 0..1: lost, and usually lost. */
double usual_sum_loss_now(const struct usual_sum *sum);
double usual_sum_loss(const struct usual_sum *sum);

#endif
