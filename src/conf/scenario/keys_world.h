/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_SCENARIO_KEYS_WORLD_H
#define CONF_SCENARIO_KEYS_WORLD_H

#include "conf/keys/keys.h"

/* Private to conf/scenario: the keys of the world and of what is in it. */
extern const struct keys_group scenario_link_group;
extern const struct keys_group scenario_profile_group; /* of a list */
extern const struct keys_group scenario_world_group;   /* the same without a name */
extern const struct keys_group scenario_router_group;
extern const struct keys_group scenario_target_group;

#endif
