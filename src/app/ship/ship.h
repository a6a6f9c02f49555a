/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SHIP_SHIP_H
#define APP_SHIP_SHIP_H

#include "app/common/command.h"

/*
 * `blockwatch ship --config FILE`: ships the spool of `run` to the network sinks.
 *
 * ship.c has the options. ship_run.c has the loop, ship_sink.c one sink, ship_lane.c one of its two
 * lanes; what decides is in src/ship.
 */
extern const struct command ship_command;

#endif
