/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The damping is that of RFC 2439. A single block is taken to have exponential phases. Its flapping
 * is one event for as long as it lasts, so none of its phases may look like an outage. In a
 * flapping with phases of a least length and an exponential rest of the same mean, one of the later
 * phases exceeds twice the longest of those before it in 25 of 100 cases, but (3 + 2 / count) times
 * the longest in one of 70. Such a phase is looked for from the second one on.
 *
 * Blocks that are silent together: down phases of unstable lines have a least length, which
 * repair or routing needs, and an exponential rest. Mean and standard deviation describe such a
 * distribution: a phase exceeds mean + k deviations with probability exp(-1 - k). That is .7 %
 * for 4. The deviation is known badly when there are few phases, so it is taken as at least
 * 2 mean / sqrt(count).
 *
 * An outage that follows a flapping comes when the flapping has ended, so the up phase before it
 * is longer than usual. Up phases longer than mean + .45 deviations are one in four. A silence
 * after such a phase is compared with a typical down phase instead of the longest. With a higher
 * limit, one flapping in five ends in an up phase that is not long enough
 * (tests/bench/RESULTS.md).
 */
#include "infer/flap.h"

#include <math.h>

#define PENALTY_MAX 4        /* times the threshold of flapping */
#define MEAN_PHASES 7        /* mean lengths: exp(-7) is one in a thousand */
#define TIMES_LONGEST 2      /* no more than this is asked for of blocks that flap together, */
#define TIMES_ALONE 3        /* and no more than this of one that flaps alone, ... */
#define TIMES_FEW 2          /* ... and so much more, divided by the number of phases */
#define DOWN_DEVIATIONS 4    /* above the mean: no phase of this flapping is that long */
#define UP_DEVIATIONS 0.45F  /* above the mean: the flapping has probably ended */
#define UPS_MIN 16           /* fewer up phases say nothing about that */
#define CALM_NS (288 * BW_S) /* then silent for so long: dark, five minutes until it is said */
#define FEW 2.0F             /* so many means / sqrt(count) is the deviation at least */
#define SECONDS(ns) ((float)(ns) / (float)BW_S)

float flap_decay(float penalty, int64_t elapsed_ns, int64_t half_life_ns)
{
	if (elapsed_ns <= 0)
		return penalty;
	return penalty * exp2f(-(float)elapsed_ns / (float)half_life_ns);
}

float flap_add(float penalty, int64_t elapsed_ns, const struct infer_params *params)
{
	return fminf(flap_decay(penalty, elapsed_ns, params->flap_half_life_ns) + 1,
		     PENALTY_MAX * params->flap_enter);
}

bool flap_enters(float penalty, const struct infer_params *params)
{
	return penalty >= params->flap_enter;
}

bool flap_leaves(float penalty, int64_t elapsed_ns, const struct infer_params *params)
{
	return flap_decay(penalty, elapsed_ns, params->flap_half_life_ns) < params->flap_leave;
}

static void add_down(struct flap_phases *phases, int64_t down_ns)
{
	phases->count++;
	phases->down_ns += down_ns;
	phases->down_squares += SECONDS(down_ns) * SECONDS(down_ns);
	if (phases->longest_ns < down_ns)
		phases->longest_ns = down_ns;
}

/* The up phase before the first down phase is no part of the flapping. */
static void add_up(struct flap_phases *phases, float up_s)
{
	phases->last_up_s = up_s;
	if (phases->count == 0)
		return;
	phases->ups++;
	phases->up_s += up_s;
	phases->up_squares += up_s * up_s;
}

void flap_note(struct flap_phases *phases, const struct infer_params *params, float penalty,
	       bool is_back, int64_t phase_ns)
{
	if (penalty - 1 < params->flap_leave / 2)
		*phases = (struct flap_phases){0};
	else if (is_back)
		add_down(phases, phase_ns);
	else
		add_up(phases, SECONDS(phase_ns));
}

/* The length that a phase hardly exceeds, in s. */
static float limit_s(float sum, float squares, uint32_t count, float deviations)
{
	float mean = sum / (float)count;
	float variance = fmaxf(squares / (float)count - mean * mean, 0);

	return mean + deviations * fmaxf(sqrtf(variance), FEW * mean / sqrtf((float)count));
}

/* The last up phase is not one of those that are compared with. */
static bool is_calm(const struct flap_phases *phases)
{
	float up_s = phases->last_up_s;

	return phases->ups > UPS_MIN &&
	       up_s > limit_s(phases->up_s - up_s, phases->up_squares - up_s * up_s,
			      phases->ups - 1, UP_DEVIATIONS);
}

/* AFTER_NS, but at least the longest down phase and at most MOST_NS. */
static int64_t by_longest(const struct flap_phases *phases, int64_t after_ns, int64_t most_ns)
{
	if (after_ns > most_ns)
		return most_ns;
	return after_ns > phases->longest_ns ? after_ns : phases->longest_ns;
}

static int64_t mean_down_ns(const struct flap_phases *phases)
{
	return phases->count ? phases->down_ns / phases->count : 0;
}

static int64_t most_alone_ns(const struct flap_phases *phases)
{
	return phases->count ? TIMES_ALONE * phases->longest_ns +
				       TIMES_FEW * phases->longest_ns / phases->count
			     : 0;
}

int64_t flap_dark_after_ns(const struct flap_phases *phases, bool together,
			   const struct infer_params *params)
{
	int64_t most_ns = together ? TIMES_LONGEST * phases->longest_ns : most_alone_ns(phases);
	int64_t after_ns = by_longest(phases, MEAN_PHASES * mean_down_ns(phases), most_ns);

	return after_ns > params->confirm_ns ? after_ns : params->confirm_ns;
}

static int64_t shared_limit_ns(const struct flap_phases *phases)
{
	float after_s = limit_s(SECONDS(phases->down_ns), phases->down_squares, phases->count,
				DOWN_DEVIATIONS);

	return by_longest(phases, (int64_t)(after_s * (float)BW_S),
			  TIMES_LONGEST *
				  (phases->longest_ns + phases->longest_ns / phases->count));
}

int64_t flap_shared_dark_after_ns(const struct flap_phases *phases,
				  const struct infer_params *params)
{
	int64_t after_ns = phases->count ? shared_limit_ns(phases) : 0;
	int64_t calm_ns = mean_down_ns(phases);

	if (calm_ns < CALM_NS)
		calm_ns = CALM_NS;
	if (after_ns > calm_ns && is_calm(phases))
		after_ns = calm_ns;
	return after_ns > params->confirm_ns ? after_ns : params->confirm_ns;
}
