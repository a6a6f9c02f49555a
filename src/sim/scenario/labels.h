/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCENARIO_LABELS_H
#define SIM_SCENARIO_LABELS_H

#include "sim/scenario/simulation.h"

/*
 * What tables of ranges would say of an address: the AS and country of a router, the country of a
 * target's border router. Leaves what is not known as it is. SELF is the simulation (struct
 * path_plan, `label`).
 */
void labels_find(const void *self, const struct bw_addr *addr, uint32_t *ret_asn,
		 char ret_country[3]);

/* Whether TEXT, the name of a router of the scenario or an address, is that of ADDR. */
bool labels_is_router(const struct scenario *scenario, const char *text,
		      const struct bw_addr *addr);

#endif
