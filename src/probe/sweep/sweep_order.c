/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/sweep/sweep_order.h"

#include <assert.h>

#include "base/rng.h"

struct sweep_order sweep_order_of(uint64_t count, uint64_t seed, uint32_t shard, uint32_t shards)
{
	assert(shards > 0 && shard < shards);
	return (struct sweep_order){
		.permute = permutation_of(count, seed),
		.share = count > shard ? (count - shard + shards - 1) / shards : 0,
		.shard = shard,
		.shards = shards,
	};
}

uint64_t sweep_order_at(const struct sweep_order *order, uint64_t n)
{
	assert(n < order->share);
	return permutation_at(&order->permute, n * order->shards + order->shard);
}

/* Undoes permutation_at(): the rounds of its Feistel network, last one first. */
static uint64_t decipher(const struct permutation *permute, uint64_t n)
{
	const unsigned rounds = sizeof(permute->keys) / sizeof(permute->keys[0]);
	uint64_t mask = (UINT64_C(1) << permute->half_bits) - 1;
	uint64_t left = n >> permute->half_bits, right = n & mask;

	for (unsigned i = rounds; i-- > 0;) {
		uint64_t before = right ^ (rng_mix(left ^ permute->keys[i]) & mask);

		right = left;
		left = before;
	}
	return left << permute->half_bits | right;
}

bool sweep_order_find(const struct sweep_order *order, uint64_t number, uint64_t *ret_n)
{
	uint64_t n = number;

	do {
		n = decipher(&order->permute, n);
	} while (n >= order->permute.size);
	if (n % order->shards != order->shard)
		return false;
	*ret_n = n / order->shards;
	return true;
}
