/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_BUILD_NETWORKS_H
#define TARGET_BUILD_NETWORKS_H

#include <blockwatch/target.h>

#include "target/build/announced.h"
#include "target/tables/address_origins.h"

/*
 * Makes the networks of a target of what the tables say.
 *
 * The space of a country is what is delegated to its holders, what a table of countries places
 * there, and what the ASes of interest originate. A table of ASes that has the country, too,
 * counts as a table of countries when nothing else says what the country has.
 *
 * With announced prefixes of a family, its networks are these, cut to the space; of prefixes in
 * each other the more specific one is a network, and what is left of the other. Without, its
 * networks are the delegations, cut to what a table of ASes knows, where there is one. What is
 * cut off is left out and counted. Prefixes that were asked for are networks as they are.
 *
 * A database (labels) only says the AS of a network whose AS is not known otherwise, where its
 * first and its last address agree, and what that AS is called.
 */
struct networks_inputs {
	struct range_set delegated, asked, excluded; /* any order, with overlaps */
	struct ranges ranges;                        /* sealed by networks_space() */
	struct announced announced;                  /* sealed by networks_make() */
	struct address_origins labels;               /* sealed; of databases alone */
	const uint32_t *ases;                        /* of interest */
	size_t as_count;
};

/*
 * The disjoint space of the country, without what is announced by ASes of interest. RET_SPACE
 * starts as {0}. Returns 0 or -ENOMEM.
 */
int networks_space(struct networks_inputs *inputs, struct range_set *ret_space);

/*
 * Fills networks and what is left out into TARGET. SPACE as networks_space() made it; it gets
 * what the ASes of interest announce. Returns 0 or -ENOMEM.
 */
int networks_make(struct networks_inputs *inputs, struct range_set *space,
		  struct bw_target *target);

/* The fewest prefixes of a disjoint set, touching ranges together. Returns 0 or -ENOMEM. */
int networks_prefixes(const struct range_set *set, struct bw_prefixes *ret_prefixes);

#endif
