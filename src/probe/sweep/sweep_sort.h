/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_SORT_H
#define PROBE_SWEEP_SORT_H

#include <stddef.h>

#include "base/addr/addr_key.h"

/*
 * Sort addresses in place, by radix exchange, one bit after the other. Lists have
 * millions of addresses; a sort with an array of its own would double their memory.
 */
void sweep_sort_v4(uint32_t *list, size_t count);
void sweep_sort_v6(struct addr_key *list, size_t count);

#endif
