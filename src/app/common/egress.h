/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_COMMON_EGRESS_H
#define APP_COMMON_EGRESS_H

#include <blockwatch/transport.h>

#include "conf/options/common.h"
#include "target/catalog/catalog_references.h"
#include "vantage/roster.h"

/* The pairs of interface and source address that probes leave by, each once. */
struct egress_set {
	struct bw_egress list[BW_EGRESS_MAX];
	uint8_t count;
};

/*
 * Asks the kernel for the routes to all networks of ROSTER, to the references and to the
 * default gateways, as limited by --interface and --source in OPTIONS. Sends nothing.
 *
 * Fills SET, which is empty at first, and the egress of each network; a network without a
 * route keeps ROSTER_NO_EGRESS, and the first one is logged. Adds references and gateways to
 * ROSTER as sentinels, and exempts gateways in PERMIT, because they often have private
 * addresses.
 *
 * Returns 0 or one of: BW_ERR_MISSING, there is no such interface or source address;
 * BW_ERR_LIMIT, more than BW_EGRESS_MAX pairs; -ENOMEM; -errno of the kernel.
 */
int egress_find(struct egress_set *set, struct roster *roster, struct permit *permit,
		const struct conf_probing *options, const struct catalog_references *references,
		struct bw_err *err);

#endif
