/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BUILD_OPINION_H
#define TARGET_BUILD_OPINION_H

#include <blockwatch/target.h>

#include "base/addr/range_set.h"

/*
 * Compares the space of a country with what a second source says that it is: in both, only in
 * the first, only in the second. The holder of an address and the place of its use differ, and
 * databases of places are wrong in places; so nothing is merged. Both sets are disjoint.
 * Returns 0 or -ENOMEM.
 */
int opinion_make(const struct range_set *first, const struct range_set *second,
		 struct bw_target *target);

#endif
