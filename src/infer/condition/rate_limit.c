/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rate-limited: a CUSUM (Page 1954) over probes that follow an answer within three seconds.
 * It tests that half of them are silent against twice the share of silence that is usual for
 * probes that do not follow closely. Follow-ups do not count, because they are sent when a
 * host was silent or slow. So now and then an answered round sends extra probes to other
 * hosts that answered last time (extra.c). The weight of one round is limited, because a
 * burst of loss makes one bad round.
 */
#include "infer/condition/rate_limit.h"

#include <math.h>

#define STEPS 255.0F
#define MISSED_GAIN 0.0625F
#define CLOSE_NS (3 * BW_S) /* a probe this soon after an answer follows closely */
#define LIMITED_FAILS 0.5F  /* share of close probes that fail under a rate limit */
#define USUAL_MIN 0.1F      /* share that fails anyway: at least this, ... */
#define USUAL_MAX 0.4F      /* ... and with more nothing can be told */
#define ROUND_NATS_MAX 2.5F
#define ENTER_NATS 8.0F
#define LEAVE_NATS 2.0F
#define NATS_MAX 12.0F
#define LIMITED_FACTOR 0.5F

void rate_limit_restore(struct condition_evidence *ce)
{
	ce->rate_limit = ENTER_NATS;
}

static void learn_share(uint8_t *share, bool hit, float gain)
{
	float value = (float)*share;

	*share = (uint8_t)lrintf(value + ((hit ? STEPS : 0) - value) * gain);
}

/* What one probe to a host that is there says of rationing, in nats. */
float rate_limit_nats(struct condition *cond, const struct evidence *e, bool extra)
{
	int64_t gap = condition_since_heard(cond, e->sent);
	bool answered = e->state == EVIDENCE_REPLY;
	float usual = fmaxf(2 * (float)cond->missed / STEPS, USUAL_MIN);

	if (gap >= RATE_LIMIT_SPACED_NS)
		learn_share(&cond->missed, !answered, MISSED_GAIN);
	if (!extra || gap >= CLOSE_NS || usual > USUAL_MAX)
		return 0;
	return answered ? logf(LIMITED_FAILS / (1 - usual)) : logf(LIMITED_FAILS / usual);
}

void rate_limit_judge(struct condition *cond, struct condition_evidence *ce, float nats)
{
	ce->rate_limit = fminf(fmaxf(ce->rate_limit + fminf(nats, ROUND_NATS_MAX), 0), NATS_MAX);
	if (ce->rate_limit >= ENTER_NATS)
		condition_set(cond, BW_RATE_LIMITED, true);
	else if (ce->rate_limit < LEAVE_NATS)
		condition_set(cond, BW_RATE_LIMITED, false);
}

float rate_limit_factor(const struct condition *cond, struct bw_mono now)
{
	return condition_has(cond, BW_RATE_LIMITED) &&
			       condition_since_heard(cond, now) < RATE_LIMIT_SPACED_NS
		       ? LIMITED_FACTOR
		       : 1;
}
