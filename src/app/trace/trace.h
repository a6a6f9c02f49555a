/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TRACE_H
#define APP_TRACE_H

#include "app/common/command.h"

/*
 * The command `trace`: traceroute to addresses, or to one host of each block of a target.
 *
 * Exit codes: 0, every destination was reached; 1, some were; 2, none was.
 */
extern const struct command trace_command;

#endif
