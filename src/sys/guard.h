/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_GUARD_H
#define SYS_GUARD_H

#include <blockwatch/transport.h>

#include "base/prefix_set.h"

/*
 * The last guard: asked for every packet, in the last function before it
 * leaves, whatever the callers above have checked already.
 */

#define GUARD_EXEMPT_MAX (2 * BW_EGRESS_MAX)

struct guard {
	const struct prefix_set *blocklist; /* borrowed and sealed; NULL: nothing is on it */
	bool allow_reserved;                /* lifts the special-purpose check for all */
	uint8_t exempt_count;
	struct bw_addr exempt[GUARD_EXEMPT_MAX]; /* lifts it for these: the default gateways */
};

/* Exempts ADDR from the special-purpose check. Returns 0, or BW_ERR_LIMIT. */
int guard_exempt(struct guard *guard, const struct bw_addr *addr);

/*
 * May this packet leave? Returns 0; BW_ERR_BLOCKLISTED (which nothing lifts);
 * BW_ERR_SPECIAL_PURPOSE; BW_ERR_INTERNAL when the bytes are no packet to the
 * destination that is named, so that what is checked is what is sent.
 */
int guard_check(const struct guard *guard, const struct bw_tx *tx);

#endif
