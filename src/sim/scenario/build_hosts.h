/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_BUILD_HOSTS_H
#define SIM_SCENARIO_BUILD_HOSTS_H

#include "sim/scenario/builder.h"

/*
 * The hosts of the blocks: kinds of hosts, profiles, and the hosts that a target file
 * lists. Errors have their place in the scenario's file.
 */

/* Loss as a scenario gives it, which is loss on the way out only. */
struct sim_link build_hosts_link(const struct scenario_link *from);

/* A profile of the scenario, with hosts of one target or network. */
struct build_hosts_spec {
	const char *profile; /* name of one of the scenario's profiles; NULL: `world` */
	const struct scenario_hosts *hosts;
	size_t host_count;
	const struct build_field *field; /* the target or network, for errors */
};

/* Adds a profile to the world. Returns its number or an error. */
int build_hosts_profile(struct builder *builder, const struct build_hosts_spec *spec);

/* Adds the hosts that a target file lists to the world. Returns 0 or an error. */
int build_hosts_add_listed(struct builder *builder, const struct scenario_target *from,
			   const struct bw_target *target, const struct build_field *field);

#endif
