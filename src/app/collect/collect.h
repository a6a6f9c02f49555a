/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COLLECT_COLLECT_H
#define APP_COLLECT_COLLECT_H

#include "app/common/command.h"

/* What blockwatch-collector does. */
extern const struct command collect_command;

#endif
