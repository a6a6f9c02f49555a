/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_TRUTH_FAULT_EFFECT_H
#define SIM_TRUTH_FAULT_EFFECT_H

#include "sim/truth/faults.h"

/* What the faults do to a probe: the nearest one ends its path, loss and delay add up. */
struct fault_effect {
	bool ends;                /* the path ends behind `hop` */
	unsigned hop;             /* 0: at the vantage */
	enum sim_fault_kind kind; /* of the fault that ends it */
	struct sim_loss loss;
	int64_t delay_ns;
};

/* A probe of vantage number VANTAGE to an address of a block, on a route. */
struct fault_query {
	unsigned vantage;
	const struct route *route;
	const struct sim_block *block;
	const struct bw_addr *addr;
	int64_t at_ns;
};

struct fault_effect fault_effect_of(const struct faults *faults, const struct fault_query *query);

#endif
