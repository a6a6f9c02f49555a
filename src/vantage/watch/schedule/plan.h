/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_PLAN_H
#define VANTAGE_WATCH_SCHEDULE_PLAN_H

#include <stdint.h>

/* How a target is watched for long. */
struct vantage_plan {
	int64_t round_ns;       /* between two rounds of a block, jittered by 10 % */
	int64_t confirm_ns;     /* evidence for a change reaches over at least this */
	double probes_per_hour; /* of each block, at most */
};

#endif
