/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SIMULATE_SIMULATE_H
#define APP_SIMULATE_SIMULATE_H

#include "app/common/command.h"

/*
 * `blockwatch simulate SCENARIO`: runs the engine and the inference against a simulated
 * Internet in virtual time. Opens no network.
 *
 * simulate.c has the options and the course of a run, `sim` has the mechanism. simulate_text
 * has what is printed without --json; the score is printed by sim/score.
 */
extern const struct command simulate_command;

#endif
