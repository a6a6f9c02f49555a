/* SPDX-License-Identifier: Apache-2.0 */
#ifndef APP_WAYS_H
#define APP_WAYS_H

#include "app/common/session.h"

/*
 * Finds the ways out (interface, source address) for all networks, references
 * and default gateways, under --interface and --source, and makes sentinels of
 * the latter two. Networks without a route keep ROSTER_NO_EGRESS and are warned
 * of. Returns 0; BW_ERR_MISSING for an interface or source that there is not;
 * BW_ERR_LIMIT for more than BW_EGRESS_MAX ways; -errno.
 */
int ways_find(struct probing *probing, const struct conf_probing *options,
	      const struct catalog_references *references, struct bw_err *err);

#endif
