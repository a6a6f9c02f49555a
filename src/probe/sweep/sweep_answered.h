/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_ANSWERED_H
#define PROBE_SWEEP_ANSWERED_H

#include "probe/sweep/sweep_layout.h"
#include "probe/sweep/sweep_marks.h"

/* Calls TAKE for each address that has answered, in ascending order, with its passes. */
void sweep_answered_each(const struct sweep_layout *layout, const struct sweep_marks *marks,
			 void (*take)(void *self, const struct bw_addr *addr, uint32_t passes),
			 void *self);

#endif
