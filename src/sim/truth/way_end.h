/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TRUTH_WAY_END_H
#define SIM_TRUTH_WAY_END_H

#include "sim/truth/ground_truth.h"

/*
 * Where the way to an address ends, as a perfect traceroute would see it. Routers that never
 * answer in this family are passed over. A hop of routers that share the load has several
 * addresses, of which a flow meets one.
 */
struct sim_way_hop {
	uint8_t ttl;   /* 0: there is no such hop */
	uint8_t count; /* addresses */
	struct bw_addr addrs[SIM_PARALLEL_MAX];
};

struct sim_way_end {
	bool ends;                /* a fault ends it; else packets reach the block */
	enum sim_fault_kind kind; /* of that fault */
	struct sim_way_hop last;  /* the last hop that answers */
	struct sim_way_hop next;  /* the first that would answer behind it; none: the block */
};

struct sim_way_query {
	unsigned vantage;
	int vantage_path; /* that its routes begin with; -1: none */
	struct bw_addr addr;
	int64_t at_ns;
};

/* Finds it. Returns false when no block has the address, or one beside the vantage has. */
bool way_end_find(const struct ground_truth *truth, const struct sim_way_query *query,
		  struct sim_way_end *ret_end);

#endif
