/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow_conditions.h"

#include <string.h>

static struct board_view *view_of(const struct board *board, const struct board_fact *fact)
{
	const struct board_block *block = board_find_block(board, fact->target, &fact->block);

	return block ? board_view(block, fact->vantage) : NULL;
}

static bool is_last(const struct board_view *view, const struct board_fact *fact)
{
	return fact->has_conditions && (!view || fact->claim.said_ns >= view->last_ns);
}

bool follow_conditions_differ(const struct board_view *view, const struct board_fact *fact)
{
	return is_last(view, fact) && !(view->is_saved && view->saved == fact->conditions);
}

bool follow_conditions_count(const struct board_view *view, const struct board_fact *fact)
{
	return is_last(view, fact) && (!view || view->saves_conditions);
}

int follow_conditions_save(const struct fleet *fleet, const struct board_fact *fact,
			   const struct store *store, struct bw_err *err)
{
	const struct store_conditions row = {
		.vantage = fleet->list[fact->vantage].name,
		.target = fact->target,
		.block = fact->block,
		.said_ns = fact->claim.said_ns,
		.conditions = fact->conditions,
	};

	return store->ops->put_conditions(store->self, &row, err);
}

void follow_conditions_keep(const struct board *board, const struct board_fact *fact, bool saved)
{
	struct board_view *view = view_of(board, fact);

	if (!view)
		return;
	view->is_saved = saved || (view->is_saved && view->saved == view->conditions);
	view->saved = view->conditions;
}

void follow_conditions_drop(const struct board *board, const struct board_fact *fact)
{
	struct board_view *view = view_of(board, fact);

	if (view)
		view->is_saved = false;
}

struct load {
	const struct board *board;
	const struct fleet *fleet;
};

static int take(void *arg, const struct store_conditions *row)
{
	const struct load *load = arg;
	struct board_fact fact = {.target = row->target, .block = row->block};
	struct board_view *view;

	while (fact.vantage < fleet_all(load->fleet) &&
	       strcmp(load->fleet->list[fact.vantage].name, row->vantage) != 0)
		fact.vantage++;
	view = view_of(load->board, &fact);
	if (!view)
		return 0;
	view->last_ns = row->said_ns;
	view->conditions = view->saved = (uint16_t)(row->conditions & ((1U << BW_CONDITIONS) - 1));
	view->is_saved = true;
	return 0;
}

int follow_conditions_load(const struct board *board, const struct fleet *fleet,
			   const struct store *store, struct bw_err *err)
{
	struct load load = {board, fleet};

	return store->ops->each_conditions(store->self, take, &load, err);
}
