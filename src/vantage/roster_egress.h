/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_ROSTER_EGRESS_H
#define VANTAGE_ROSTER_EGRESS_H

#include "vantage/roster.h"

/* The egress of blocks: the interface and source address that probes to them leave by. */

/* An address of the block, to look its route up: its first host, or the first address. */
struct bw_addr roster_egress_sample(const struct roster *roster, uint32_t block);

/* Sets the egress of all blocks by family. For tests, and where routes are not looked up. */
void roster_egress_set(struct roster *roster, uint8_t v4, uint8_t v6);

#endif
