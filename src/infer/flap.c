/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/flap.h"

#include <math.h>

#define PENALTY_MAX 4 /* times the threshold of flapping */
#define MEAN_PHASES 7 /* mean lengths: exp(-7) is one in a thousand */

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

void flap_note(struct flap_phases *phases, const struct infer_params *params, float penalty,
	       bool is_back, int64_t down_ns)
{
	if (penalty - 1 < params->flap_leave / 2) {
		*phases = (struct flap_phases){0};
	} else if (is_back) {
		phases->count++;
		phases->down_ns += down_ns;
		if (phases->longest_ns < down_ns)
			phases->longest_ns = down_ns;
	}
}

int64_t flap_dark_after_ns(const struct flap_phases *phases, const struct infer_params *params)
{
	int64_t after = phases->count ? MEAN_PHASES * (phases->down_ns / phases->count) : 0;

	if (after < phases->longest_ns)
		after = phases->longest_ns;
	if (after > 2 * phases->longest_ns)
		after = 2 * phases->longest_ns;
	return after > params->confirm_ns ? after : params->confirm_ns;
}
