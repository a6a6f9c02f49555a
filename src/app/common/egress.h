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

/* Whose routes are looked up, and how. All are borrowed. */
struct egress_wish {
	const struct roster *roster;
	const struct permit *permit;
	const struct conf_probing *options; /* --interface and --source limit the routes */
	const struct catalog_references *references;
};

/*
 * The routes of one moment. The egress of each block is looked up by an address of it; of more
 * than 65,536 blocks, those of a network have the route of the first. A block without a route has
 * ROSTER_NO_EGRESS. Sentinels are the references, the default gateway of each family, and the
 * gateway of each egress; those without a route are left out.
 */
struct egress_routes {
	struct egress_set set;   /* begins with the egresses that were known before */
	uint8_t *blocks;         /* egress by block */
	struct roster sentinels; /* a roster of sentinels alone */
};

/*
 * Asks the kernel for the routes of WISH. BEFORE: the egresses that keep their numbers; NULL:
 * none. Sends nothing, logs nothing. Returns 0 or one of: BW_ERR_MISSING or -ENETDOWN, there is no
 * such interface or source address; BW_ERR_LIMIT, more than BW_EGRESS_MAX pairs; -ENOMEM; -errno
 * of the kernel. egress_routes_fini() in any case.
 */
int egress_look(struct egress_routes *routes, const struct egress_wish *wish,
		const struct egress_set *before, struct bw_err *err);
void egress_routes_fini(struct egress_routes *routes);

/*
 * The first look: fills SET, the egress of each block of ROSTER and its sentinels, and exempts
 * gateways in PERMIT, because they often have private addresses. Logs what has no route. Returns as
 * egress_look().
 */
int egress_find(struct egress_set *set, struct roster *roster, struct permit *permit,
		const struct conf_probing *options, const struct catalog_references *references,
		struct bw_err *err);

#endif
