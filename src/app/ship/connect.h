/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_CONNECT_H
#define APP_SHIP_CONNECT_H

#include <stdio.h>

#include "conf/run/run.h"

/*
 * Sends each network sink of CONF an empty request and prints one line a sink to OUT: that it
 * answers, or what is wrong. Returns 0; BW_ERR_UNAVAILABLE with a message when a sink fails; what
 * outlets_new() returns.
 */
int connect_sinks(const struct conf_run *conf, FILE *out, struct bw_err *err);

#endif
