/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TRACE_DRY_RUN_H
#define APP_TRACE_DRY_RUN_H

#include <stdio.h>

#include "app/trace/trace_destinations.h"

/*
 * Prints what would be traced to OUT, a line a trace, and logs how many. With JSON, a line is
 * an object with host, method, flow, block, target and route (whether there is one).
 * Destinations that may not be probed are left out; the session has warned of them.
 */
void trace_dry_run_print(const struct trace_destinations *destinations, bool json, FILE *out);

#endif
