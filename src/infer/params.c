/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/params.h"

#include "infer/excursion.h"

struct infer_params infer_params_default(void)
{
	return (struct infer_params){
		.confirm_ns = 5 * BW_S,
		.followup_ns = BW_S,
		.sample_gap_ns = 100 * BW_MS,
		.timeout_ns = 3 * BW_S,
		.sample = 3,
		.distinct = 3,
		.group = 3,
		.probes_max = EXCURSION_MAX,
		.dark_nats = 6.907F,
	};
}
