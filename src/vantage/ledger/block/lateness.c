/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/block/lateness.h"

#include <math.h>

#include <blockwatch/time.h>

#define SHARE_UNIT 65535.0F
#define LATE_SHARE 0.1F /* of all answers: fewer than these are not waited for */
#define ANSWERS_GUESS 8 /* at first none is late, with the weight of so many answers */
#define LATE_GAIN 2     /* how late they come rises by half, ... */
#define LATE_FADES 64   /* ... and falls by a 64th of the difference: near .85 of all */
#define PATIENCE_MORE 8 /* waited for an eighth longer */
#define PATIENCE_MAX_NS (45 * BW_S)

static void follow(struct lateness *lateness, int64_t rtt_us)
{
	int64_t late_us = lateness->late_us;

	if (late_us == 0)
		late_us = rtt_us;
	else
		late_us += (rtt_us - late_us) / (rtt_us > late_us ? LATE_GAIN : LATE_FADES);
	lateness->late_us = late_us < UINT32_MAX ? (uint32_t)late_us : UINT32_MAX;
}

void lateness_note(struct lateness *lateness, unsigned most, int64_t timeout_ns, int64_t rtt_ns)
{
	bool late = rtt_ns > timeout_ns;
	float share = late ? SHARE_UNIT : 0, old = lateness->share;

	lateness->answers += lateness->answers < most;
	lateness->share =
		(uint16_t)lroundf(old + (share - old) / (float)(lateness->answers + ANSWERS_GUESS));
	if (late)
		follow(lateness, rtt_ns / BW_US);
}

double lateness_share(const struct lateness *lateness)
{
	return (double)lateness->share / (double)SHARE_UNIT;
}

void lateness_restore(struct lateness *lateness, unsigned most, uint32_t answers, double share,
		      int64_t late_ns)
{
	lateness->answers = (uint16_t)(answers < most ? answers : most);
	lateness->share = (uint16_t)lround(fmin(fmax(share, 0), 1) * (double)SHARE_UNIT);
	lateness->late_us = 0;
	if (late_ns > 0)
		follow(lateness, late_ns / BW_US);
}

int64_t lateness_wait_ns(int64_t late_ns)
{
	int64_t ns = late_ns + late_ns / PATIENCE_MORE;

	return ns < PATIENCE_MAX_NS ? ns : PATIENCE_MAX_NS;
}

int64_t lateness_patience_ns(const struct lateness *lateness)
{
	if ((float)lateness->share < LATE_SHARE * SHARE_UNIT)
		return 0;
	return lateness_wait_ns((int64_t)lateness->late_us * BW_US);
}
