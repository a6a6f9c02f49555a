/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/board/terms.h"

#include <errno.h>

int terms_connect(struct board *board, uint32_t vantage, int64_t t_ns, uint64_t network)
{
	const struct board_upstream upstream = {t_ns, network};

	return array_add(&board->vantages[vantage].upstreams, &upstream) < 0 ? -ENOMEM : 0;
}

int terms_demand(struct board *board, int64_t t_ns, unsigned quorum)
{
	const struct board_term term = {t_ns, quorum};

	return array_add(&board->terms, &term) < 0 ? -ENOMEM : 0;
}

uint64_t terms_upstream_at(const struct board_vantage *vantage, int64_t t_ns)
{
	const struct array *list = &vantage->upstreams;

	for (uint32_t n = list->count; n > 0; n--) {
		const struct board_upstream *upstream = array_at(list, n - 1);

		if (upstream->from_ns <= t_ns || n == 1)
			return upstream->network;
	}
	return 0;
}

unsigned terms_quorum_at(const struct board *board, int64_t t_ns)
{
	for (uint32_t n = board->terms.count; n > 0; n--) {
		const struct board_term *term = array_at(&board->terms, n - 1);

		if (term->from_ns <= t_ns || n == 1)
			return term->quorum;
	}
	return 0;
}
