/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_BUILD_RESTARTS_H
#define SIM_SCENARIO_BUILD_RESTARTS_H

#include "sim/scenario/builder.h"

/* Whether a fault of the vantage is one of its program, not of the world. */
bool build_restarts_is(const struct scenario_vantage_fault *fault);

/* Lists the restarts and reloads of the scenario by time. Returns 0, -ENOMEM or BW_ERR_LIMIT. */
int build_restarts(struct builder *builder);

#endif
