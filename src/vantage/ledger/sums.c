/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/ledger/sums.h"

#include <errno.h>
#include <stdlib.h>

static void start(struct sum *sum, struct bw_now now)
{
	sum->verdict = BW_UNKNOWN;
	sum->since = now.mono;
	history_start(&sum->outage.history, now.wall);
}

int sums_init(struct sums *sums, const struct roster *roster, struct bw_now now)
{
	sums->networks = calloc(roster->network_count + 1, sizeof(*sums->networks));
	sums->targets = calloc(roster->target_count + 1, sizeof(*sums->targets));
	if (!sums->networks || !sums->targets)
		return -ENOMEM;
	for (uint32_t n = 0; n < roster->network_count; n++) {
		struct sum *network = &sums->networks[n];

		start(network, now);
		for (uint32_t i = 0; i < roster->networks[n].block_count; i++)
			group_add(&network->group, BW_UNKNOWN, 0);
		group_add(&sums->targets[roster->networks[n].target].group, BW_UNKNOWN, 0);
	}
	for (uint32_t t = 0; t < roster->target_count; t++)
		start(&sums->targets[t], now);
	return 0;
}

void sums_fini(struct sums *sums)
{
	free(sums->networks);
	free(sums->targets);
}

void sums_recount_block(struct sums *sums, const struct roster *roster, uint32_t number,
			enum bw_verdict from, unsigned from_reasons, const struct block *block)
{
	struct group *group = &sums->networks[roster->blocks[number].network].group;

	group_remove(group, from, from_reasons);
	group_add(group, (enum bw_verdict)block->verdict, block->reasons);
}

void sums_recount_network(struct sums *sums, const struct roster *roster, uint32_t network,
			  enum bw_verdict from, unsigned from_reasons)
{
	struct group *group = &sums->targets[roster->networks[network].target].group;
	const struct sum *sum = &sums->networks[network];

	group_remove(group, from, from == BW_UNKNOWN ? from_reasons : 0);
	group_add(group, sum->verdict, sum->verdict == BW_UNKNOWN ? group_reasons(&sum->group) : 0);
}

void sums_restore(struct sums *sums, const struct roster *roster, uint32_t number,
		  const struct block *block)
{
	uint32_t n = roster->blocks[number].network;
	struct sum *network = &sums->networks[n];
	struct sum *target = &sums->targets[roster->networks[n].target];
	enum bw_verdict was = network->verdict;
	unsigned were = group_reasons(&network->group);

	sums_recount_block(sums, roster, number, BW_UNKNOWN, 0, block);
	network->verdict = group_verdict(&network->group);
	sums_recount_network(sums, roster, n, was, were);
	target->verdict = group_verdict(&target->group);
}
