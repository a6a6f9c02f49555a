/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_PATH_PLAN_H
#define VANTAGE_PATH_PLAN_H

#include <stdint.h>

#include <blockwatch/addr.h>

/* How a vantage traces the paths to its blocks. */
struct path_plan {
	int64_t every_ns;    /* the path to a block that is up is traced once in this time */
	uint8_t privacy_ttl; /* hops 1 to this are hidden in records; 0: none */
	/* Sets what is known of an address; leaves the rest as it is. NULL: nothing is known. */
	void (*label)(const void *self, const struct bw_addr *addr, uint32_t *ret_asn,
		      char ret_country[3]);
	const void *label_self;
};

static inline uint32_t path_plan_label(const struct path_plan *plan, const struct bw_addr *addr,
				       char ret_country[3])
{
	uint32_t asn = 0;

	ret_country[0] = '\0';
	if (plan->label)
		plan->label(plan->label_self, addr, &asn, ret_country);
	return asn;
}

#endif
