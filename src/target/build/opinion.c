/* SPDX-License-Identifier: Apache-2.0 */
#include "target/build/opinion.h"

#include <errno.h>

#include "target/build/networks.h"
#include "target/origin.h"

int opinion_make(const struct range_set *first, const struct range_set *second,
		 struct bw_target *target)
{
	struct bw_origin *origin = origin_of(target);
	struct range_set sets[BW_OPINIONS] = {0};
	int result = origin ? range_set_common(first, second, &sets[BW_OPINION_BOTH]) : -ENOMEM;

	if (result == 0)
		result = range_set_without(first, second, &sets[BW_OPINION_ONLY_FIRST]);
	if (result == 0)
		result = range_set_without(second, first, &sets[BW_OPINION_ONLY_SECOND]);
	for (int i = 0; i < BW_OPINIONS && result == 0; i++)
		result = networks_prefixes(&sets[i], &origin->second[i]);
	for (int i = 0; i < BW_OPINIONS; i++)
		range_set_fini(&sets[i]);
	if (result == 0)
		origin->has_second = true;
	return result;
}
