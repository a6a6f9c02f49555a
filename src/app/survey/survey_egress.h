/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_SURVEY_SURVEY_EGRESS_H
#define APP_SURVEY_SURVEY_EGRESS_H

#include "app/common/egress.h"
#include "app/survey/survey_input.h"
#include "sys/net/route.h"

/*
 * Finds the egress of each address family of a survey. All probes of a family must leave by
 * the same interface and source address. The routes of up to 4096 addresses, spread evenly
 * over the input, are looked up. Sends nothing.
 *
 * SET is empty at first. Returns 0, or one of: BW_ERR_NO_ROUTE; BW_ERR_VALUE, the addresses
 * of a family need more than one egress; BW_ERR_MISSING, there is no such interface or
 * source address; -errno of the kernel. Logs an address without a route if others have one.
 */
int survey_egress_find(const struct survey_input *input, const struct survey_options *options,
		       struct egress_set *set, struct bw_err *err);

/* The egress of one family, as far as routes have been added. Starts zeroed. */
struct survey_egress {
	bool found, loopback_found;
	struct bw_egress egress, loopback;
	uint64_t unrouted; /* addresses without a route */
	struct bw_addr first_unrouted;
};

/*
 * Adds the route to one address. A route through the loopback interface counts only if all
 * of the addresses belong to this machine. Returns 0, or BW_ERR_VALUE if the route needs
 * another egress than those before.
 */
int survey_egress_add(struct survey_egress *family, const struct bw_addr *addr,
		      const struct route *route, struct bw_err *err);

#endif
