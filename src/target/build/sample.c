/* SPDX-License-Identifier: Apache-2.0 */
#include "target/build/sample.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/addr_key.h"
#include "base/rng.h"
#include "target/network.h"

/* A network among those of its AS. */
struct member {
	struct bw_network *network;
	uint64_t blocks;
};

static int compare_members(const void *x, const void *y)
{
	const struct bw_network *a = ((const struct member *)x)->network;
	const struct bw_network *b = ((const struct member *)y)->network;

	if (a->asn != b->asn)
		return a->asn < b->asn ? -1 : 1;
	return bw_prefix_compare(&a->prefix, &b->prefix);
}

/* The block with most hosts of those from FIRST up to END; without any, one by chance. */
static uint64_t choose(const struct network_block *blocks, uint64_t first, uint64_t end,
		       uint64_t chance)
{
	uint64_t best = first + chance % (end - first);

	for (uint64_t i = first; i < end; i++)
		if (blocks[i].host_count > blocks[best].host_count)
			best = i;
	return best;
}

/* Keeps a block and its hosts, behind those that are kept already. */
static void keep(struct bw_network *network, const struct network_block *block, size_t *hosts)
{
	network->blocks.list[network->blocks.count++] = block->prefix;
	if (block->host_count > 0)
		memmove(&network->hosts[*hosts], &network->hosts[block->first_host],
			block->host_count * sizeof(*network->hosts));
	*hosts += block->host_count;
}

static int take_blocks(struct bw_network *network, const struct network_block *blocks,
		       uint64_t total, uint64_t count, uint64_t seed)
{
	struct addr_key key = addr_key_of(&network->prefix.addr);
	bool is_sparse = network_is_sparse(network);
	size_t hosts = 0;

	network->blocks.list =
		(struct bw_prefix *)calloc(count, sizeof(*network->blocks.list));
	if (!network->blocks.list)
		return -ENOMEM;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t chance = rng_mix(rng_mix(seed ^ key.hi ^ key.lo) + i);

		keep(network,
		     &blocks[choose(blocks, total * i / count, total * (i + 1) / count, chance)],
		     &hosts);
	}
	network->host_count = hosts;
	/* Of a sparse network the blocks with hosts are watched, with no list of them. */
	if (is_sparse) {
		free(network->blocks.list);
		network->blocks = (struct bw_prefixes){0};
	}
	return 0;
}

static int sample_network(struct bw_network *network, uint64_t total, uint64_t count, uint64_t seed)
{
	struct network_block block = {0}, *blocks;
	uint64_t n = 0;
	int result;

	if (total <= count)
		return 0;
	blocks = (struct network_block *)calloc(total, sizeof(*blocks));
	if (!blocks)
		return -ENOMEM;
	while (n < total && network_next_block(network, &block))
		blocks[n++] = block;
	result = take_blocks(network, blocks, n, count, seed);
	free(blocks);
	return result;
}

static int sample_group(const struct member *members, size_t size, uint64_t count, uint64_t seed)
{
	uint64_t total = 0;
	int result = 0;

	for (size_t i = 0; i < size; i++)
		total += members[i].blocks;
	for (size_t i = 0; i < size && result == 0 && total > count; i++) {
		uint64_t share = count * members[i].blocks / total;

		result = sample_network(members[i].network, members[i].blocks,
					share > 0 ? share : 1, seed);
	}
	return result;
}

int sample_take(struct bw_target *target, uint64_t count, uint64_t seed)
{
	size_t size = target->network_count;
	struct member *members = (struct member *)calloc(size + 1, sizeof(*members));
	int result = members ? 0 : -ENOMEM;

	for (size_t i = 0; i < size && members; i++)
		members[i] = (struct member){&target->networks[i],
					     network_count_blocks(&target->networks[i])};
	if (members)
		qsort(members, size, sizeof(*members), compare_members);
	for (size_t i = 0, end; i < size && result == 0; i = end) {
		uint32_t asn = members[i].network->asn;

		end = i + 1;
		while (end < size && asn != 0 && members[end].network->asn == asn)
			end++;
		result = sample_group(&members[i], end - i, count, seed);
	}
	free(members);
	return result;
}
