/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_KEYS_H
#define CONF_RUN_KEYS_H

#include "conf/keys/keys.h"

/* Private to conf/run: the table of keys; its values are a struct conf_run. */
extern const struct keys_group run_keys;

#endif
