/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_BUILD_ROUTES_H
#define SIM_SCENARIO_BUILD_ROUTES_H

#include "sim/scenario/builder.h"

/*
 * Adds the route changes. Call after build_targets() and before build_faults(). Returns 0 or an
 * error with its place in the scenario's file.
 */
int build_routes(struct builder *builder);

#endif
