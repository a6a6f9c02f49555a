/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_TARGETS_H
#define SIM_SCENARIO_TARGETS_H

#include "sim/scenario/build.h"

/* Private to land.c and folk.c. */

/* A field of the scenario's file: the target or network that is being built. */
struct land_field {
	char text[64];
};

/*
 * folk.c: a profile of the world with these hosts. NAME: of the scenario's profiles,
 * NULL: `world`; FIELD: whom to blame. Returns its number.
 */
struct land_folk {
	const char *profile;
	const struct scenario_hosts *hosts;
	size_t host_count;
	const struct land_field *field;
};
int land_profile(struct build *build, const struct land_folk *folk);

/* Puts the hosts that a target file lists into the world. */
int land_add_listed(struct build *build, const struct scenario_target *from,
		    const struct bw_target *target, const struct land_field *field);

#endif
