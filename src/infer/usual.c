/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loss is watched by a CUSUM (Page 1954) of two hypotheses: the usual loss, and a fifth of all
 * probes more; to be back it must be less than a tenth more. The usual loss is a mean over some
 * 1000 probes, the usual delay a median that moves by one step a round (Ma, Muthukrishnan,
 * Sandler: Frugal streaming, 2013), so single slow answers do not move it. While a quantity is
 * outside of its range, its usual value follows much more slowly: after some weeks the new state
 * is the usual one.
 */
#include "infer/usual.h"

#include <math.h>

#define SHARE_UNIT 65535.0
#define LOSS_MIN 0.03     /* less is not told apart */
#define LOSS_MAX 0.95     /* so that more can be told apart */
#define LOSS_MORE 0.2     /* what is clearly more */
#define LOSS_LEFT 0.1     /* more than that, and it is not back yet */
#define LOSS_PROBES 1024  /* that the usual loss rests on */
#define PRESENT_PROBES 16 /* the same of the present loss */
#define PRESENT_ROUNDS 4  /* of the present delay */
#define SLOWLY 16         /* so many times more slowly while outside of the range */
#define IN_QUESTION (OUT_OF_RANGE_FULL / 4) /* the same with such a score */
#define ROUND_LOSSES 4                      /* a round counts no more for the usual loss */
#define NATS_FULL 8.0                       /* evidence that fills the score */
#define AGE_MAX 7                           /* rounds: older silences are forgotten */
#define SILENCES_MAX 7
#define UNHEARD_MAX 3
#define WHOLE_ROUND 0.5F /* what is shorter does not count as a round without an answer */

#define SLOWER (USUAL_OCTAVE * 585 / 1000) /* by half */
#define SLOWER_SPREADS 4
#define SLOWER_NS (20 * BW_MS)

double usual_loss(uint16_t loss)
{
	return loss / SHARE_UNIT;
}

uint16_t usual_loss_of(double share)
{
	return (uint16_t)(fmin(fmax(share, 0), 1) * SHARE_UNIT + 0.5);
}

int64_t usual_rtt_ns(uint16_t delay)
{
	return delay == 0 ? -1 : (int64_t)(exp2(delay / (double)USUAL_OCTAVE) * (double)BW_US);
}

uint16_t usual_delay_of(int64_t rtt_ns)
{
	double us = (double)rtt_ns / (double)BW_US, units;

	if (rtt_ns < 0)
		return 0;
	units = us <= 1 ? 1 : log2(us) * USUAL_OCTAVE;
	return (uint16_t)(units < 1 ? 1 : fmin(units + 0.5, UINT16_MAX));
}

float usual_weigh_loss(double usual, float answered, float lost, bool is_out)
{
	double less = fmin(fmax(usual, LOSS_MIN), LOSS_MAX);
	double more = fmin(less + (is_out ? LOSS_LEFT : LOSS_MORE), (1 + less) / 2);
	double nats = lost * log(more / less) + answered * log((1 - more) / (1 - less));

	return (float)(nats * OUT_OF_RANGE_FULL / NATS_FULL);
}

void usual_forget_silences(struct usual *u)
{
	u->silences0 = u->silences1 = u->unheard = 0;
}

void usual_forget_present(struct usual *u)
{
	usual_forget_silences(u);
	u->loss_now = u->loss;
	u->delay_now = u->delay;
}

bool usual_is_learned(const struct usual *u)
{
	return u->rounds >= USUAL_LEARNED;
}

static void note_silence(struct usual *u, uint16_t host)
{
	u->age = 0;
	if (u->silences1 > 0 && u->silent_host[1] == host) {
		u->silences1 += u->silences1 < SILENCES_MAX;
		return;
	}
	if (u->silences0 > 0 && u->silent_host[0] == host) {
		u->silences0 += u->silences0 < SILENCES_MAX;
		return;
	}
	u->silent_host[1] = u->silent_host[0];
	u->silences1 = u->silences0;
	u->silent_host[0] = host;
	u->silences0 = 1;
}

void usual_note(struct usual *u, uint16_t host, bool answered, struct usual_round *round)
{
	if (!answered) {
		round->silent++;
		note_silence(u, host);
		return;
	}
	round->answered++;
	if (u->silences0 > 0 && u->silent_host[0] == host) {
		round->lost += (float)u->silences0;
		u->silences0 = 0;
	}
	if (u->silences1 > 0 && u->silent_host[1] == host) {
		round->lost += (float)u->silences1;
		u->silences1 = 0;
	}
}

void usual_hear_late(struct usual *u, uint16_t host)
{
	if (u->silences0 > 0 && u->silent_host[0] == host)
		u->silences0--;
	else if (u->silences1 > 0 && u->silent_host[1] == host)
		u->silences1--;
	u->unheard -= u->unheard > 0;
}

/* The share A/(A+B) of the samples of a round, with the weight of so many of TOTAL probes. */
static uint16_t mean(uint16_t old, float lost, float answered, float total)
{
	float probes = lost + answered, share = probes > 0 ? lost / probes : 0;
	float weight = probes < total ? probes / total : 1;

	return (uint16_t)((float)old + weight * (share * (float)SHARE_UNIT - (float)old) + 0.5F);
}

/* One round of SLOWLY, evenly spread. */
static bool is_chosen(uint32_t now_s)
{
	return (now_s * UINT32_C(2654435761)) % (SLOWLY * 8191U) < 8191;
}

/* Whether this round counts for what is usual: fewer do while the range is left. */
static bool is_usual(const struct out_of_range *range, uint32_t now_s)
{
	return (!range->is_out && range->score < IN_QUESTION) || is_chosen(now_s);
}

static void learn_loss(struct usual *u, const struct out_of_range *range,
		       const struct usual_round *round)
{
	float lost = fminf(round->lost, ROUND_LOSSES);
	float total = usual_is_learned(u) ? LOSS_PROBES : 1 + (float)u->rounds;

	u->loss_now = mean(u->loss_now, round->lost, round->answered, PRESENT_PROBES);
	if (is_usual(range, round->now_s))
		u->loss = mean(u->loss, lost, round->answered, total);
}

/* One step of a median; at first a mean. */
static uint16_t follow(uint16_t old, int sample, unsigned rounds)
{
	if (rounds < USUAL_LEARNED)
		return (uint16_t)(old + (sample - (int)old) / (int)(rounds + 1));
	return (uint16_t)(old + (sample > old) - (sample < old));
}

static void learn_delay(struct usual *u, const struct out_of_range *range, uint16_t sample,
			uint32_t now_s)
{
	int distance = sample > u->delay ? sample - u->delay : u->delay - sample;

	if (u->delay == 0 || u->rounds == 0) {
		u->delay = u->delay_now = sample;
		return;
	}
	u->delay_now = (uint16_t)(u->delay_now + ((int)sample - u->delay_now) / PRESENT_ROUNDS);
	if (!range->is_out)
		u->spread = follow(u->spread, distance, u->rounds);
	if (is_usual(range, now_s))
		u->delay = follow(u->delay, sample, u->rounds);
}

/* How far the present delay is above the usual one, as a share of the way to the limit. */
static double above(const struct usual *u)
{
	double over = (double)u->delay_now - u->delay;
	double limit = fmax(SLOWER, SLOWER_SPREADS * (double)u->spread);
	int64_t ns = usual_rtt_ns(u->delay_now) - usual_rtt_ns(u->delay);

	return fmin(over / limit, (double)ns / (double)SLOWER_NS);
}

bool usual_is_slow(const struct usual *u)
{
	return above(u) >= 1;
}

static int weigh_delay(const struct usual *u, bool is_out, float length)
{
	double way = above(u);

	if (way >= 1)
		return (int)(OUT_OF_RANGE_ROUND * length);
	return way >= 0.5 && is_out ? 0 : -OUT_OF_RANGE_ROUND / 2;
}

/* In a round with an answer: the rounds without one before it are lost probes, one each. */
static float take_unheard(struct usual *u, const struct usual_round *round)
{
	float lost = fmaxf(round->lost, u->unheard);

	u->unheard = 0;
	return lost;
}

void usual_end_round(struct usual *u, struct out_of_range ranges[BW_RANGES],
		     struct usual_round *round, enum out_of_range_step ret_steps[BW_RANGES])
{
	struct out_of_range *by_loss = &ranges[BW_RANGE_LOSS], *by_delay = &ranges[BW_RANGE_DELAY];
	float length = fminf(fmaxf(round->length, 0), 1);
	float loss;

	ret_steps[BW_RANGE_LOSS] = ret_steps[BW_RANGE_DELAY] = OUT_OF_RANGE_SAME;
	if (u->age == AGE_MAX)
		usual_forget_silences(u);
	else
		u->age++;
	if (round->answered <= 0) {
		u->unheard +=
			u->unheard < UNHEARD_MAX && round->silent > 0 && length >= WHOLE_ROUND;
		return;
	}
	round->lost = take_unheard(u, round);
	loss = usual_weigh_loss(usual_loss(u->loss), round->answered, round->lost, by_loss->is_out);
	learn_loss(u, by_loss, round);
	if (round->rtt_ns >= 0)
		learn_delay(u, by_delay, usual_delay_of(round->rtt_ns), round->now_s);
	if (!usual_is_learned(u)) {
		u->rounds++;
		return;
	}
	ret_steps[BW_RANGE_LOSS] =
		out_of_range_round(by_loss, (int)lroundf(fminf(loss, OUT_OF_RANGE_ROUND * length)),
				   round->began_s, round->now_s);
	if (round->rtt_ns >= 0)
		ret_steps[BW_RANGE_DELAY] =
			out_of_range_round(by_delay, weigh_delay(u, by_delay->is_out, length),
					   round->began_s, round->now_s);
}
