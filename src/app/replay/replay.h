/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_REPLAY_REPLAY_H
#define APP_REPLAY_REPLAY_H

#include "app/common/command.h"

/*
 * `blockwatch replay CAPTURE...`: gives the verdicts and events that the probes in a capture
 * would have led to. Opens no network.
 *
 * replay.c has the options, replay_run the course of a replay. vantage/replay has the
 * mechanism. replay_print has what is printed without --json.
 */
extern const struct command replay_command;

#endif
