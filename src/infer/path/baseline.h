/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_BASELINE_H
#define INFER_BASELINE_H

#include <blockwatch/time.h>

#include "infer/path/hop_table.h"
#include "infer/path/path.h"

/*
 * The usual path to a network, learned from traces that reached it: for each TTL the set of hops
 * that were seen there, how often each answers, and when it answered last. Several hops at a TTL
 * are the branches of a balancer, or yesterday's route: none of them is missing while another
 * answers. A TTL without a hop is silent while all is well, and never missing.
 *
 * All zeros: nothing is known.
 */
#define BASELINE_HOPS_MAX 26
#define BASELINE_FLOWS 2
#define BASELINE_RATE_MAX 255

struct baseline_hop {
	uint32_t hop;      /* in the table of hops */
	uint16_t age_min;  /* minutes from its last answer to the last trace; stops at its limit */
	uint8_t ttl : 6;   /* below PATH_TTL_MAX: that of the destination is no hop */
	uint8_t flows : 2; /* the flows that it was seen in, as a set */
	uint8_t rate;      /* the share of probes that it answered, of BASELINE_RATE_MAX */
};

struct baseline {
	struct bw_mono aged; /* its last trace, or up to a minute before */
	uint16_t traces;     /* that it was learned from; stops at its limit */
	uint8_t end;         /* TTL of the destination; 0: nothing is known */
	uint8_t count;
	struct baseline_hop hops[BASELINE_HOPS_MAX]; /* by TTL */
};

_Static_assert(sizeof(struct baseline_hop) == 8, "a hop of a baseline takes more than 8 bytes");
_Static_assert(sizeof(struct baseline) <= 240, "a baseline takes more than 240 bytes");

/*
 * Learns from a path that reached its destination, by a flow from 1 to BASELINE_FLOWS. Others are
 * passed over, as is, but for the first, one in which a hop stands twice. Where there is no room,
 * hops near the vantage and old ones give way.
 */
void baseline_learn(struct baseline *baseline, struct hop_table *table, const struct path *path,
		    unsigned flow, struct bw_mono now);

/* The hop at TTL that answers most often, if it answers at least every second probe; or NULL. */
const struct baseline_hop *baseline_usual(const struct baseline *baseline, uint8_t ttl);

/* The TTLs below the destination at which a hop usually answers, as a set (bit ttl - 1). */
uint64_t baseline_ttls(const struct baseline *baseline);

/* The highest TTL at which this hop was seen; 0: nowhere. */
uint8_t baseline_find(const struct baseline *baseline, uint32_t hop);

/* Whether this hop was seen at this TTL. */
bool baseline_has(const struct baseline *baseline, uint8_t ttl, uint32_t hop);

#endif
