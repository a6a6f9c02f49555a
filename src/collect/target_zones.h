/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TARGET_ZONES_H
#define COLLECT_TARGET_ZONES_H

#include "base/array.h"
#include "target/zone.h"

/*
 * The time zones of targets. Records do not carry one, so it follows from the name: a target that
 * is named as a country, by its alpha-2 code ("kp"), has the zone of that country.
 */
struct target_zones {
	struct array list; /* private: those that were read */
};

void target_zones_init(struct target_zones *zones);
void target_zones_fini(struct target_zones *zones);

/*
 * The zone of a target and its name ("Asia/Pyongyang"), borrowed until target_zones_fini(). NULL:
 * it is not known, or this machine does not have it.
 */
const struct zone *target_zones_get(struct target_zones *zones, const char *target,
				    const char **ret_name);

#endif
