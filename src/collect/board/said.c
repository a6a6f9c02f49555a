/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/said.h"

#include <string.h>

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

static void add(struct group *network, const struct claims *claims, int64_t t_ns)
{
	const struct change *change = claims_at(claims, t_ns);

	if (!change || change->verdict >= BW_BLOCK_VERDICTS)
		return;
	group_add(network, (enum bw_verdict)change->verdict,
		  change->verdict == BW_UNKNOWN ? reasons_of(claims, change) : 0);
}

enum bw_verdict said_sum(const struct board *board, uint32_t target, uint32_t vantage, int64_t t_ns,
			 struct group *networks)
{
	struct group whole = {.never_seen = 0};

	memset(networks, 0, board->networks.count * sizeof(*networks));
	for (uint32_t n = 0; n < board->blocks.count; n++) {
		const struct board_block *block = board_block(board, n);
		const struct board_view *seen =
			block->target == target ? board_view(block, vantage) : NULL;

		if (seen)
			add(&networks[block->network], &seen->claims, t_ns);
	}
	for (uint32_t n = 0; n < board->networks.count; n++)
		if (group_total(&networks[n]) > 0)
			group_add_group(&whole, &networks[n]);
	return group_verdict(&whole);
}
