/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PERMIT_H
#define PROBE_PERMIT_H

#include <blockwatch/addr.h>

#include "base/prefix_set.h"

/*
 * Who may be probed at all. Asked when candidates are chosen, so that no round
 * is wasted on them, and once more in the last function before a packet
 * leaves. The block list always wins.
 */
struct permit {
	const struct prefix_set *blocklist; /* NULL: none; sealed */
	const struct prefix_set *special;   /* NULL: special-purpose addresses are allowed */
	struct bw_addr exempt[4];           /* special-purpose and probed all the same: gateways */
	unsigned exempt_count;
};

/* 0, BW_ERR_BLOCKLISTED or BW_ERR_SPECIAL_PURPOSE. */
int permit_check(const struct permit *permit, const struct bw_addr *addr);

/* The same when it holds for every address of PREFIX; 0 when some may be probed. */
int permit_check_all(const struct permit *permit, const struct bw_prefix *prefix);

#endif
