/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_TRACE_EGRESS_H
#define APP_TRACE_EGRESS_H

#include "app/trace/trace_destinations.h"

/*
 * Asks the kernel for the route to each destination, as limited by --interface and --source in
 * OPTIONS, and fills in their egress and the egress table. Sends nothing. Destinations without
 * a route keep ROSTER_NO_EGRESS. Returns 0 or one of: BW_ERR_MISSING or -ENETDOWN, there is no
 * such interface or source address; BW_ERR_LIMIT, more than BW_EGRESS_MAX pairs; -ENOMEM;
 * -errno of the kernel.
 */
int trace_egress_find(struct trace_destinations *destinations, const struct conf_probing *options,
		      struct bw_err *err);

#endif
