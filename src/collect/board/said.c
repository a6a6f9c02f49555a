/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/said.h"

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

static struct group sum_network(const struct board *board, const struct board_network *network,
				uint32_t vantage, int64_t t_ns)
{
	struct group sum = {.never_seen = 0};

	for (uint32_t n = network->first; n > 0; n = board_block(board, n - 1)->next) {
		const struct board_view *seen = board_view(board_block(board, n - 1), vantage);

		if (seen)
			add(&sum, &seen->claims, t_ns);
	}
	return sum;
}

enum bw_verdict said_sum(const struct board *board, uint32_t target, uint32_t vantage, int64_t t_ns)
{
	struct group whole = {.never_seen = 0};
	uint32_t n = board_target(board, target)->networks;

	for (; n > 0; n = board_network(board, n - 1)->next) {
		const struct group sum =
			sum_network(board, board_network(board, n - 1), vantage, t_ns);

		if (group_total(&sum) > 0)
			group_add_group(&whole, &sum);
	}
	return group_verdict(&whole);
}
