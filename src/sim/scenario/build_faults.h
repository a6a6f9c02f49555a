/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_BUILD_FAULTS_H
#define SIM_SCENARIO_BUILD_FAULTS_H

#include "sim/scenario/builder.h"

/*
 * Adds the faults, the vantage's faults, the spoofers and the moves of the scenario to the
 * world. Returns 0, or an error with its place in the scenario's file.
 */
int build_faults(struct builder *builder);

#endif
