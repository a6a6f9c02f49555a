/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_RUN_SINK_KEYS_H
#define CONF_RUN_RUN_SINK_KEYS_H

#include "conf/keys/keys.h"

/* Private to conf/run: the keys of one sink (struct conf_run_sink), of all types. */
extern const struct keys_group run_sink_keys;

#endif
