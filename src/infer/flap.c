/* SPDX-License-Identifier: Apache-2.0 */
#include "infer/flap.h"

#include <math.h>

float flap_decay(float penalty, int64_t elapsed_ns, int64_t half_life_ns)
{
	if (elapsed_ns <= 0)
		return penalty;
	return penalty * exp2f(-(float)elapsed_ns / (float)half_life_ns);
}
