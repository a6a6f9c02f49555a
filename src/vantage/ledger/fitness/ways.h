/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_FITNESS_WAYS_H
#define VANTAGE_LEDGER_FITNESS_WAYS_H

#include <blockwatch/transport.h>

#include "vantage/ledger/fitness/fitness.h"
#include "vantage/roster.h"

/*
 * The ways out of a vantage. A way is an interface, a source address and a family, so there is one
 * for each egress. The blocks of a family that have no route are on a way of their own, which is
 * never fit. Each way has its own signs of life and its own state (fitness.h): when one is lost,
 * the blocks on all others are watched on.
 *
 * A block is on the way of its egress in the roster. Ways have numbers: that of the egress, or
 * WAYS_NO_ROUTE for IPv4 and the next for IPv6. Without an egress table, as in replay, the ways are
 * the two families: 0 for IPv4, 1 for IPv6.
 */
#define WAYS_NO_ROUTE BW_EGRESS_MAX
#define WAYS_MAX (BW_EGRESS_MAX + 2)

struct ways {
	const struct bw_egress *egress; /* borrowed; NULL: the ways are the families */
	bool found;                     /* a way has reasons in `found` */
	uint32_t blocks[WAYS_MAX];      /* how many are on the way */
	struct fitness of[WAYS_MAX];
};

/* EGRESS: table of up to BW_EGRESS_MAX entries, which may grow; or NULL. No way has blocks. */
void ways_init(struct ways *ways, const struct bw_egress *egress, struct bw_mono now);

/*
 * Counts blocks by way, at the start and when routes have changed. A way that has blocks again is
 * judged from NOW on. Takes a look at each block.
 */
void ways_assign(struct ways *ways, const struct roster *roster, struct bw_mono now);

/* The number of the way of an egress (ROSTER_NO_EGRESS included) for a family. */
static inline unsigned ways_number(const struct ways *ways, uint8_t egress, int family)
{
	if (egress != ROSTER_NO_EGRESS)
		return egress;
	return (ways->egress ? WAYS_NO_ROUTE : 0U) + (family == 6);
}

/* The way that a block is on. */
static inline unsigned ways_of_block(const struct ways *ways, const struct roster *roster,
				     uint32_t block)
{
	uint8_t egress = roster->blocks[block].egress;

	if (egress != ROSTER_NO_EGRESS)
		return egress;
	return ways_number(ways, egress,
			   roster_network_of(roster, block)->network->prefix.addr.family);
}

/* False for a way without a route. */
static inline bool ways_is_real(unsigned way)
{
	return way < WAYS_NO_ROUTE;
}

/* The family of a way, 4 or 6; the name of its interface, "" when it has none. */
int ways_family(const struct ways *ways, unsigned way);
const char *ways_interface(const struct ways *ways, unsigned way);

/* True when at least one way with blocks is fit, or no way has blocks. */
bool ways_any_fit(const struct ways *ways);

/* True when a way with blocks and a route is blind. */
bool ways_any_blind(const struct ways *ways);

/* Adds REASONS to those that were found for a way (fitness_find_blind()). */
void ways_find_blind(struct ways *ways, unsigned way, unsigned reasons);

/*
 * After a reload: each way takes over the fitness of the same way of BEFORE (interface and source
 * are the same). Others begin anew.
 */
void ways_inherit(struct ways *ways, const struct ways *before);

#endif
