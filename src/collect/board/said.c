/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/said.h"

#include <errno.h>
#include <stdlib.h>

#include "infer/group.h"

/* Why a block is unknown by the change at LAST. */
static unsigned reasons_of(const struct claims *claims, const struct change *last)
{
	const struct change *first = array_at(&claims->changes, 0);

	while (last > first) {
		last--;
		if (last->verdict != BW_UNKNOWN)
			return BW_WHY_FEW_EVIDENCE |
			       (last->verdict == BW_DARK ? GROUP_WAS_DARK : 0);
	}
	return BW_WHY_NEVER_SEEN;
}

struct sums {
	const struct board *board;
	int64_t t_ns;
	struct said *list;
	struct group *networks, *wholes; /* by number of the vantage; of one network at a time */
};

static void add_view(const struct sums *sums, const struct board_view *view)
{
	const struct change *change = claims_at(&view->claims, sums->t_ns);
	const bool is_known = change && change->verdict < BW_BLOCK_VERDICTS;
	struct said *said = &sums->list[view->vantage];

	said->total++;
	said->of[is_known ? change->verdict : BW_UNKNOWN]++;
	if (is_known)
		group_add(&sums->networks[view->vantage], (enum bw_verdict)change->verdict,
			  change->verdict == BW_UNKNOWN ? reasons_of(&view->claims, change) : 0);
}

static void add_network(const struct sums *sums, const struct board_network *network)
{
	const struct group nothing = {.never_seen = 0};

	for (uint32_t n = network->first; n > 0; n = board_block(sums->board, n - 1)->next) {
		const struct board_block *block = board_block(sums->board, n - 1);

		for (uint32_t v = 0; v < block->views.count; v++)
			add_view(sums, array_at(&block->views, v));
	}
	for (uint32_t v = 0; v < sums->board->vantage_count; v++) {
		if (group_total(&sums->networks[v]) == 0)
			continue;
		group_add_group(&sums->wholes[v], &sums->networks[v]);
		sums->networks[v] = nothing;
	}
}

int said_by_all(const struct board *board, uint32_t target, int64_t t_ns, struct said *list)
{
	const uint32_t count = board->vantage_count;
	struct group *groups = calloc(2 * (size_t)count + 1, sizeof(*groups));
	const struct sums sums = {board, t_ns, list, groups, groups + count};

	if (!groups)
		return -ENOMEM;
	for (uint32_t n = board_target(board, target)->networks; n > 0;
	     n = board_network(board, n - 1)->next)
		add_network(&sums, board_network(board, n - 1));
	for (uint32_t v = 0; v < count; v++)
		list[v].verdict = group_verdict(&sums.wholes[v]);
	free(groups);
	return 0;
}
