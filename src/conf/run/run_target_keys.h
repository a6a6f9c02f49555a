/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_RUN_TARGET_KEYS_H
#define CONF_RUN_RUN_TARGET_KEYS_H

#include "conf/keys/keys.h"

/*
 * Private to conf/run: the keys of one target (struct conf_run_target) and of "limits"
 * (struct conf_run_limits), which targets have and the whole configuration.
 */
extern const struct keys_group run_target_keys;
extern const struct keys_group run_limit_keys;

#endif
