/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/params.h"

#include <math.h>

#include "infer/evidence/evidence.h"

#define DAY_NS (86400 * BW_S)
#define YEAR_DAYS 365.25
#define RATE_MIN 1e-6
#define DARK_DOUBT_MAX 0.1 /* dark is said with a confidence of .9 at least */

struct infer_params infer_params_default(void)
{
	return (struct infer_params){
		.confirm_ns = 5 * BW_S,
		.followup_ns = BW_S,
		.group_gap_ns = BW_S,
		.widen_gap_ns = BW_S,
		.sample_gap_ns = 100 * BW_MS,
		.timeout_ns = 3 * BW_S,
		.grace_ns = 0,
		.sample = 3,
		.recovery = 3,
		.search = EVIDENCE_MAX,
		.distinct = 3,
		.group = 3,
		.probes_max = EVIDENCE_MAX,
		.dark_nats = 6.907F,
		.start_nats = 0,
		.mean_up_ns = 10 * DAY_NS,
		.drift_min_ns = 60 * BW_S,
		.mean_dark_ns = DAY_NS / 12,
		.flap_enter = 3,
		.flap_leave = 1,
		.flap_half_life_ns = 3600 * BW_S,
	};
}

struct infer_params infer_params_rounds(double false_dark_per_year)
{
	struct infer_params params = infer_params_default();
	double rate = fmax(false_dark_per_year, RATE_MIN) / YEAR_DAYS;
	double mean_up_days = (double)params.mean_up_ns / (double)DAY_NS;

	params.group_gap_ns = 300 * BW_MS;
	params.sample = 1;
	params.start_nats = 4.595F; /* .99, as Trinocular starts */
	params.search = 2;
	params.grace_ns = BW_S;
	params.dark_nats = (float)-log(fmin(rate * mean_up_days, DARK_DOUBT_MAX));
	return params;
}
