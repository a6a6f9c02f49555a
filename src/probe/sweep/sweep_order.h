/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_SWEEP_ORDER_H
#define PROBE_SWEEP_ORDER_H

#include <stdbool.h>

#include "base/permutation.h"

/*
 * The order of a sweep: a keyed permutation of the numbers of its space. A shard takes
 * every SHARDS-th of them. It works both ways: from N to the address, and from an address
 * to its N. The same seed gives the same order.
 */
struct sweep_order {
	struct permutation permute;
	uint64_t share;         /* how many addresses this shard asks */
	uint32_t shard, shards; /* shard: from 0 */
};

/* COUNT addresses, at least 1; SHARD below SHARDS. */
struct sweep_order sweep_order_of(uint64_t count, uint64_t seed, uint32_t shard, uint32_t shards);

/* The number of the address that is asked as the N-th of this shard; N is below share. */
uint64_t sweep_order_at(const struct sweep_order *order, uint64_t n);

/* As which of this shard the address NUMBER is asked; false: another shard asks it. */
bool sweep_order_find(const struct sweep_order *order, uint64_t number, uint64_t *ret_n);

#endif
