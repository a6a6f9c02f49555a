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
		group_add_group(&sums->targets[roster->networks[n].target].group, &network->group);
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

struct sums_member sums_member(const struct block *block, enum bw_verdict told)
{
	struct sums_member member = {.verdict = (enum bw_verdict)block->verdict};

	if (member.verdict == BW_UNKNOWN)
		member.reasons = block->reasons | (told == BW_DARK ? GROUP_WAS_DARK : 0);
	return member;
}

void sums_recount_block(struct sums *sums, const struct roster *roster, uint32_t number,
			const struct sums_member *was, const struct sums_member *is)
{
	struct group *group = &sums->networks[roster->blocks[number].network].group;

	group_remove(group, was->verdict, was->reasons);
	group_add(group, is->verdict, is->reasons);
}

void sums_recount_network(struct sums *sums, const struct roster *roster, uint32_t network,
			  const struct group *was)
{
	struct group *group = &sums->targets[roster->networks[network].target].group;

	group_remove_group(group, was);
	group_add_group(group, &sums->networks[network].group);
}

void sums_restore(struct sums *sums, const struct roster *roster, uint32_t number,
		  const struct sums_member *is)
{
	uint32_t n = roster->blocks[number].network;
	struct sum *network = &sums->networks[n];
	struct sum *target = &sums->targets[roster->networks[n].target];
	const struct group was = network->group;

	sums_recount_block(sums, roster, number, &(struct sums_member){BW_UNKNOWN, 0}, is);
	network->verdict = group_verdict_held(&network->group);
	sums_recount_network(sums, roster, n, &was);
	target->verdict = group_verdict_held(&target->group);
}
