/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow_load.h"

#include <errno.h>
#include <string.h>

#include "collect/board/board_vantage.h"
#include "collect/board/terms.h"
#include "collect/follow/follow_conditions.h"
#include "collect/follow/follow_kept.h"
#include "collect/follow/follow_repeats.h"

/* -1: there is no room for so many vantages that are not configured any more. */
static int number_of(const struct follow *follow, const char *vantage)
{
	for (size_t n = 0; n < fleet_all(follow->fleet); n++)
		if (strcmp(follow->fleet->list[n].name, vantage) == 0)
			return (int)n;
	return -1;
}

static int load_claim(void *arg, const struct store_claim *row)
{
	struct follow *follow = arg;
	const int vantage = number_of(follow, row->vantage);
	const struct board_fact fact = {
		.vantage = (uint32_t)vantage,
		.target = row->target,
		.block = row->block,
		.claim = row->claim,
	};
	int result = vantage < 0 ? 0 : board_take(follow->board, &fact);

	return result == BW_ERR_LIMIT ? 0 : result;
}

static int load_place(void *arg, const struct store_place *row)
{
	struct follow *follow = arg;
	const struct board_place place = {row->target, row->network, row->block, row->said_ns};
	const int result = board_place(follow->board, &place);

	return result == BW_ERR_LIMIT ? 0 : result;
}

static int load_heard(void *arg, const struct store_heard *row)
{
	struct follow *follow = arg;
	const int vantage = number_of(follow, row->vantage);

	if (vantage < 0)
		return 0;
	return board_hear(follow->board, (uint32_t)vantage, row->from_ns, row->until_ns);
}

static int load_health(void *arg, const struct store_health *row)
{
	struct follow *follow = arg;
	const int vantage = number_of(follow, row->vantage);

	if (vantage < 0)
		return 0;
	return board_say_health(follow->board, (uint32_t)vantage, row->at_ns, row->healthy);
}

static int load_title(void *arg, const char *target, const char *title)
{
	struct follow *follow = arg;

	return board_title(follow->board, target, title);
}

static uint64_t upstream_of(uint32_t number, uint32_t asn)
{
	return asn ? asn : terms_own_upstream(number);
}

static int load_upstream(void *arg, const struct store_upstream *row)
{
	struct follow *follow = arg;
	const int vantage = number_of(follow, row->vantage);

	if (vantage < 0)
		return 0;
	return terms_connect(follow->board, (uint32_t)vantage, row->from_ns,
			     upstream_of((uint32_t)vantage, row->asn));
}

static int load_term(void *arg, const struct store_term *row)
{
	struct follow *follow = arg;

	return terms_demand(follow->board, row->from_ns, row->quorum);
}

int follow_load(struct follow *follow, const struct store *store, struct bw_err *err)
{
	const struct store_ops *ops = store->ops;
	int result;

	for (uint32_t n = 0; n < fleet_all(follow->fleet); n++)
		board_set_round(follow->board, n, fleet_round_ns(&follow->fleet->list[n]));
	result = ops->each_upstream(store->self, load_upstream, follow, err);
	if (result == 0)
		result = ops->each_term(store->self, load_term, follow, err);
	if (result == 0)
		result = ops->each_heard(store->self, load_heard, follow, err);
	for (uint32_t n = 0; n < fleet_all(follow->fleet) && result == 0; n++)
		board_shorten(follow->board, n,
			      fleet_deadline(follow->fleet, &follow->fleet->list[n]));
	if (result == 0)
		result = ops->each_health(store->self, load_health, follow, err);
	if (result == 0)
		result = ops->each_place(store->self, load_place, follow, err);
	if (result == 0)
		result = ops->each_claim(store->self, load_claim, follow, err);
	if (result == 0)
		result = follow_conditions_load(follow->board, follow->fleet, store, err);
	if (result == 0)
		result = follow_repeats_load(follow, store, err);
	if (result == 0)
		result = follow_kept_load(follow->board, store, err);
	if (result == 0)
		result = ops->each_title(store->self, load_title, follow, err);
	return result < 0 ? result : follow_dark_load(&follow->dark, store, err);
}

/* What is the first of its kind holds for all time before, too. */
static int begin_term(struct follow *follow, const struct store *store, int64_t now_ns,
		      struct bw_err *err)
{
	struct board *board = follow->board;
	const struct store_term row = {board->terms.count > 0 ? now_ns : 0, board->quorum};
	int result;

	if (board->terms.count > 0 && terms_quorum_at(board, INT64_MAX) == board->quorum)
		return 0;
	result = store->ops->put_term(store->self, &row, err);
	return result < 0 ? result : terms_demand(board, row.from_ns, row.quorum);
}

static int begin_upstream(struct follow *follow, uint32_t number, const struct store *store,
			  int64_t now_ns, struct bw_err *err)
{
	const struct board_vantage *vantage = &follow->board->vantages[number];
	const struct fleet_member *member = &follow->fleet->list[number];
	const uint64_t network = upstream_of(number, member->asn);
	const bool first = vantage->upstreams.count == 0;
	const struct store_upstream row = {member->name, first ? 0 : now_ns, member->asn};
	int result;

	if (!first && terms_upstream_at(vantage, INT64_MAX) == network)
		return 0;
	result = store->ops->put_upstream(store->self, &row, err);
	return result < 0 ? result : terms_connect(follow->board, number, row.from_ns, network);
}

int follow_begin(struct follow *follow, const struct store *store, int64_t now_ns,
		 struct bw_err *err)
{
	int result = store->ops->begin(store->self, err);

	if (result < 0)
		return result;
	result = begin_term(follow, store, now_ns, err);
	for (uint32_t n = 0; n < follow->fleet->count && result == 0; n++)
		result = begin_upstream(follow, n, store, now_ns, err);
	if (result == 0)
		result = store->ops->commit(store->self, err);
	if (result < 0)
		store->ops->rollback(store->self);
	return result;
}
