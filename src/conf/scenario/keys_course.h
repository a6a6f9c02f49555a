/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_SCENARIO_KEYS_COURSE_H
#define CONF_SCENARIO_KEYS_COURSE_H

#include "conf/keys/keys.h"

/* Private to conf/scenario: the keys of the vantage, of faults and of expectations. */
extern const struct keys_group scenario_vantage_group;
extern const struct keys_group scenario_route_change_group;
extern const struct keys_group scenario_fault_group;
extern const struct keys_group scenario_vantage_fault_group;
extern const struct keys_group scenario_spoofer_group;
extern const struct keys_group scenario_move_group;
extern const struct keys_group scenario_expect_group;
extern const struct keys_group scenario_limits_group;

#endif
