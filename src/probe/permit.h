/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PERMIT_H
#define PROBE_PERMIT_H

#include <blockwatch/prefix.h>

#include "base/addr/prefix_set.h"

/*
 * Which addresses may be probed. Checked when hosts are chosen, so that no round is
 * wasted on forbidden ones, and again for each packet in the last function before it
 * leaves. All zero: everything except special-purpose addresses. The block list takes
 * precedence over all exemptions.
 */
#define PERMIT_EXEMPT_MAX 32

struct permit {
	const struct prefix_set *blocklist; /* borrowed and sealed; NULL: nothing is on it */
	bool allow_reserved; /* special-purpose addresses are permitted that a host may have */
	uint8_t exempt_count;
	struct bw_addr exempt[PERMIT_EXEMPT_MAX]; /* these are: the default gateways */
};

/* Exempts ADDR from the special-purpose check. Returns 0, or BW_ERR_LIMIT. */
int permit_exempt(struct permit *permit, const struct bw_addr *addr);

/* 0, BW_ERR_BLOCKLISTED or BW_ERR_SPECIAL_PURPOSE. */
int permit_check(const struct permit *permit, const struct bw_addr *addr);

/*
 * The same for a whole block: 0 when some of it may be probed, as far as its
 * first and last address and the block list tell.
 */
int permit_check_block(const struct permit *permit, const struct bw_prefix *block);

/* Why a check refused ADDR, for people: "on the block list", "private-use (RFC 1918)". */
const char *permit_refusal(int refused, const struct bw_addr *addr);

#endif
