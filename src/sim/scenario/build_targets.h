/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_BUILD_TARGETS_H
#define SIM_SCENARIO_BUILD_TARGETS_H

#include "sim/scenario/builder.h"

/* The targets and their networks. Errors have their place in the scenario's file. */

/* Adds the targets, their networks and blocks to the simulation. Returns 0 or an error. */
int build_targets(struct builder *builder);

/*
 * Lists hosts in the targets that have no file: the share of the world's hosts that a
 * target knows. The world is sealed. Returns 0 or -ENOMEM.
 */
int build_targets_list_hosts(struct builder *builder);

#endif
