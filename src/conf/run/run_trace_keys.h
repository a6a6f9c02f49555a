/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_RUN_TRACE_KEYS_H
#define CONF_RUN_RUN_TRACE_KEYS_H

#include "conf/keys/keys.h"

/* Private to conf/run: the keys of "trace" (struct conf_run_trace). */
extern const struct keys_group run_trace_keys;

#endif
