/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hidden Markov model with a handful of states, updated by Bayes' rule. Counts that decay can be
 * either quick or sure. This is both: one answer after two silences makes loss a hundred times as
 * likely, and one that follows at once takes that back.
 */
#include "infer/evidence/line.h"

#include <math.h>

#include "infer/evidence/belief.h"

#define DAY_NS (86400 * BW_S)
#define MEAN_SOUND_NS (100 * DAY_NS) /* until a sound line begins to lose packets */
#define MEAN_LOSSY_NS (DAY_NS / 2)   /* until a lossy one is in another state */
#define BEGINNING_NS (60 * BW_S)     /* before the first update */
#define DRIFT_MIN_NS BW_S            /* before that the states stay as they are */
#define NEGLIGIBLE (-10.0F)          /* log-probability of a state that changes no mean */
#define TYPICAL 0.9F                 /* availability of hosts of which only a sum is known */
#define DELAYED_LOSSY 0.33F          /* share of the answers that a queue delays which overflows */
#define DELAYED_PRIOR 1              /* so many of ... */
#define REPLIES_PRIOR 100            /* ... these are delayed by chance, before more is known */
#define REPLIES_MAX 2000             /* older ones count half */
#define RESTORED 1e-3F               /* weight of each lossy state after a restart */

/*
 * What loss takes away is learned as lower availabilities within an hour, so that the last state
 * stands for more loss than it says.
 */
static const float shares[LINE_STATES] = {1, .75F, .6F, .5F, .4F, .32F, .25F};
static const float log_shares[LINE_STATES] = {0,       -.2877F,  -.5108F, -.6931F,
					      -.9163F, -1.1394F, -1.3863F};

float line_share(unsigned state)
{
	return shares[state];
}

void line_add_reply(struct line_evidence *evidence)
{
	for (unsigned i = 0; i < LINE_STATES; i++)
		evidence->likelihood[i] += log_shares[i];
}

void line_add_delay(struct line_belief *line, struct line_evidence *evidence, bool delayed)
{
	float usual = (DELAYED_PRIOR + line->delayed) / (REPLIES_PRIOR + line->replies);

	for (unsigned i = 1; delayed && i < LINE_STATES; i++)
		evidence->likelihood[i] += fmaxf(logf(DELAYED_LOSSY / usual), 0);
	line->replies++;
	line->delayed += delayed;
	if (line->replies >= REPLIES_MAX) {
		line->replies /= 2;
		line->delayed /= 2;
	}
}

void line_add_silence(struct line_evidence *evidence, float availability)
{
	for (unsigned i = 0; i < LINE_STATES; i++)
		evidence->likelihood[i] += belief_of_silence(availability * shares[i]);
}

void line_add_missing(struct line_evidence *evidence, float expected)
{
	for (unsigned i = 0; i < LINE_STATES; i++)
		evidence->likelihood[i] +=
			expected / TYPICAL * belief_of_silence(TYPICAL * shares[i]);
}

/* Makes them log-probabilities, whose sum is 1. Returns by how much they are less now. */
static float normalise(float odds[LINE_STATES])
{
	float most = odds[0], sum = 0, excess;

	for (unsigned i = 1; i < LINE_STATES; i++)
		most = fmaxf(most, odds[i]);
	for (unsigned i = 0; i < LINE_STATES; i++)
		sum += expf(odds[i] - most);
	excess = most + logf(sum);
	for (unsigned i = 0; i < LINE_STATES; i++)
		odds[i] -= excess;
	return excess;
}

/* What the states are after ELAPSED_NS in which nothing was seen. */
static void drift(float odds[LINE_STATES], int64_t elapsed_ns)
{
	float p[LINE_STATES], sum = 0, lossy = 0, begins, ends;

	begins = -expm1f(-(float)elapsed_ns / (float)MEAN_SOUND_NS);
	ends = -expm1f(-(float)elapsed_ns / (float)MEAN_LOSSY_NS);
	for (unsigned i = 0; i < LINE_STATES; i++)
		sum += p[i] = expf(odds[i]);
	lossy = sum - p[0];
	/* What leaves a lossy state goes to all alike. */
	odds[0] = logf(p[0] * (1 - begins) + lossy * ends / LINE_STATES);
	for (unsigned i = 1; i < LINE_STATES; i++)
		odds[i] = logf(p[i] * (1 - ends) + lossy * ends / LINE_STATES +
			       p[0] * begins / (LINE_STATES - 1));
	(void)normalise(odds);
}

void line_sound(float log_odds[LINE_STATES])
{
	log_odds[0] = 0;
	for (unsigned i = 1; i < LINE_STATES; i++)
		log_odds[i] = -INFINITY;
}

static void begin(float odds[LINE_STATES])
{
	line_sound(odds);
	drift(odds, BEGINNING_NS);
}

/* Brings both up to NOW; not more often than each DRIFT_MIN_NS, as there may be many blocks. */
static void update(struct line_belief *line, struct bw_mono now)
{
	int64_t elapsed_ns = bw_mono_since(now, line->at);

	if (line->at.ns == 0) {
		begin(line->odds);
		begin(line->pending);
	} else if (elapsed_ns < DRIFT_MIN_NS) {
		return;
	} else {
		drift(line->odds, elapsed_ns);
		drift(line->pending, elapsed_ns);
	}
	line->at = now;
}

void line_forget_pending(struct line_belief *line)
{
	for (unsigned i = 0; i < LINE_STATES; i++)
		line->pending[i] = line->odds[i];
}

void line_learn(struct line_belief *line, const struct line_evidence *evidence, struct bw_mono now)
{
	update(line, now);
	for (unsigned i = 0; i < LINE_STATES; i++)
		line->odds[i] += evidence->likelihood[i];
	(void)normalise(line->odds);
	line_forget_pending(line);
}

float line_miss(struct line_belief *line, float availability, struct bw_mono now)
{
	update(line, now);
	for (unsigned i = 0; i < LINE_STATES; i++)
		line->pending[i] += belief_of_silence(availability * shares[i]);
	return -normalise(line->pending);
}

void line_restore(struct line_belief *line, float expected, float replied, struct bw_mono now)
{
	struct line_evidence evidence = {0};
	float missing = fmaxf(expected - replied, 0);

	line->at.ns = 0;
	update(line, now);
	for (unsigned i = 1; i < LINE_STATES; i++)
		line->odds[i] = logf(RESTORED);
	for (unsigned i = 0; i < LINE_STATES; i++)
		evidence.likelihood[i] = replied * log_shares[i];
	line_add_missing(&evidence, missing);
	line_learn(line, &evidence, now);
}

void line_states(const struct line_belief *line, struct bw_mono now, float log_odds[LINE_STATES])
{
	struct line_belief there = *line;

	update(&there, now);
	for (unsigned i = 0; i < LINE_STATES; i++)
		log_odds[i] = there.odds[i];
}

float line_mean_share(const float log_odds[LINE_STATES])
{
	float mean = 0;

	for (unsigned i = 0; i < LINE_STATES; i++)
		if (log_odds[i] > NEGLIGIBLE)
			mean += expf(log_odds[i]) * shares[i];
	return mean;
}
