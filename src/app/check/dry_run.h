/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_PLAN_H
#define APP_PLAN_H

#include <stdbool.h>

#include "app/common/session.h"

/*
 * --dry-run: prints on standard output whom a check would ask and how, at most
 * so many hosts a block as it would try: ADDRESS METHOD BLOCK TARGET, a line
 * each, or JSON Lines with these fields; then the sentinels. A summary goes to
 * standard error. Sends nothing.
 */
void plan_print(const struct probing *probing, bool json);

#endif
