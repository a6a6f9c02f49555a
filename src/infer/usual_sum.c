/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/usual_sum.h"

#include <math.h>

#define KEPT 0.75F       /* of the counts of the rounds before */
#define ROUND_LOST 1.5F  /* a round of a block counts no more lost probes */
#define DROPPED_MAX 0.5F /* a larger present loss of a block counts as this */

/*
 * The lost probes of a round. Where a share is lost, that share of the hosts that were silent once
 * is silent again, leaves the hot list and is not heard of: each host that answers after a silence
 * stands for those, too. One block with much loss is not loss of all.
 */
static float lost_in(const struct usual_round *round, const struct usual *u)
{
	float share = fminf((float)usual_loss(u->loss_now), DROPPED_MAX);

	return fminf(round->lost * (1 + 2 * share / (1 - share)), ROUND_LOST);
}

void usual_sum_add(struct usual_sum *sum, const struct usual *u, const struct usual_round *round)
{
	float lost = lost_in(round, u);

	if (round->answered <= 0)
		return;
	sum->round_answered += round->answered;
	sum->round_lost += lost;
	sum->round_expected += (float)usual_loss(u->loss) * (round->answered + lost);
	sum->lost += round->lost;
	sum->answered += round->answered;
	sum->expected += (float)usual_loss(u->loss) * (round->answered + round->lost);
	if (round->rtt_ns < 0)
		return;
	sum->blocks++;
	sum->slow += usual_is_slow(u);
	sum->delay += u->delay;
	sum->delay_now += u->delay_now;
}

static int weigh_loss(const struct usual_sum *sum)
{
	float probes = sum->round_answered + sum->round_lost;
	float weight = usual_weigh_loss(sum->round_expected / probes, sum->round_answered,
					sum->round_lost, sum->range[BW_RANGE_LOSS].is_out);

	return (int)lroundf(fmaxf(weight, -OUT_OF_RANGE_FULL));
}

static int weigh_delay(const struct usual_sum *sum)
{
	if (2 * sum->slow >= sum->blocks)
		return OUT_OF_RANGE_ROUND;
	return -OUT_OF_RANGE_ROUND / 2;
}

static void begin_round(struct usual_sum *sum)
{
	sum->answered *= KEPT;
	sum->lost *= KEPT;
	sum->expected *= KEPT;
	sum->round_answered = sum->round_lost = sum->round_expected = 0;
	sum->blocks = sum->slow = 0;
	sum->delay = sum->delay_now = 0;
}

void usual_sum_end_round(struct usual_sum *sum, uint32_t began_s, uint32_t now_s,
			 enum out_of_range_step ret_steps[BW_RANGES])
{
	ret_steps[BW_RANGE_LOSS] = ret_steps[BW_RANGE_DELAY] = OUT_OF_RANGE_SAME;
	if (sum->round_answered > 0)
		ret_steps[BW_RANGE_LOSS] = out_of_range_round(&sum->range[BW_RANGE_LOSS],
							      weigh_loss(sum), began_s, now_s);
	if (sum->blocks > 0) {
		sum->delay_mean = (uint16_t)lroundf(sum->delay / (float)sum->blocks);
		sum->delay_now_mean = (uint16_t)lroundf(sum->delay_now / (float)sum->blocks);
		ret_steps[BW_RANGE_DELAY] = out_of_range_round(&sum->range[BW_RANGE_DELAY],
							       weigh_delay(sum), began_s, now_s);
	}
	begin_round(sum);
}

static double share(float part, float of)
{
	return of > 0 ? (double)fminf(part / of, 1) : 0;
}

double usual_sum_loss_now(const struct usual_sum *sum)
{
	return share(sum->lost, sum->answered + sum->lost);
}

double usual_sum_loss(const struct usual_sum *sum)
{
	return share(sum->expected, sum->answered + sum->lost);
}
