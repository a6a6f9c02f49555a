/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/score/subject.h"

/*
 * Takes the first outage of each block that ends after FROM. Where all of these overlap, all
 * blocks are dark. Otherwise the one that ends first ends before another begins, and the
 * search goes on from its end.
 */
bool subject_outage(const struct sim_world *world, const struct subject *subject, int64_t from,
		    struct sim_interval *ret_outage)
{
	for (;;) {
		int64_t start = INT64_MIN, end = INT64_MAX;

		for (uint32_t b = 0; b < subject->count; b++) {
			struct sim_interval outage;

			if (!sim_world_outage(world, subject->first + b, (struct bw_mono){from},
					      &outage))
				return false;
			start = outage.start.ns > start ? outage.start.ns : start;
			end = outage.end.ns < end ? outage.end.ns : end;
		}
		if (start < end) {
			*ret_outage = (struct sim_interval){{start}, {end}};
			return true;
		}
		from = end;
	}
}
