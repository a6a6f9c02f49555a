/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_RUN_NETWORK_H
#define CONF_RUN_NETWORK_H

#include "conf/run/run.h"

/*
 * Checks what the table of keys cannot say of network sinks: that there is a state directory for
 * their spool, the form of URLs, keys that need each other, headers that `ship` makes itself.
 * Returns 0 or BW_ERR_VALUE with the place of the sink.
 */
int run_network_check(const struct conf_run *conf, struct bw_err *err);

#endif
