/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow_facts.h"

#include "collect/follow/follow_conditions.h"
#include "collect/follow/follow_repeats.h"

struct board_place follow_facts_place(const struct follow_fact *fact)
{
	return (struct board_place){fact->target, fact->network, fact->fact.block,
				    fact->fact.claim.said_ns};
}

static int save_claim(const struct follow *follow, const struct board_fact *fact,
		      const struct claim *claim, const struct store *store, struct bw_err *err)
{
	const struct store_claim row = {
		.vantage = follow->fleet->list[fact->vantage].name,
		.target = fact->target,
		.block = fact->block,
		.claim = *claim,
	};

	return store->ops->put_claim(store->self, &row, err);
}

/*
 * Finds out whether a fact says anything new of its view. If so, all that the request says of the
 * view is saved, so that its order is known, and when that was said which held until now.
 */
static int compare_fact(const struct follow *follow, struct follow_fact *kept,
			const struct store *store, struct bw_err *err)
{
	const struct board_fact *fact = &kept->fact;
	const struct board_block *block =
		board_find_block(follow->board, fact->target, &fact->block);
	struct board_view *view = block ? board_view(block, fact->vantage) : NULL;
	const struct claim *last = view ? claims_last(&view->claims) : NULL;

	kept->view = view;
	if (view && follow_conditions_differ(view, fact))
		view->saves_conditions = true;
	if (!view || view->saves_claims || claims_knows(&view->claims, &fact->claim))
		return 0;
	view->saves_claims = true;
	return last ? save_claim(follow, fact, last, store, err) : 0;
}

static int save_fact(const struct follow *follow, struct follow_fact *kept,
		     const struct store *store, struct bw_err *err)
{
	const struct board_fact *fact = &kept->fact;
	const struct store_place placed = {kept->target, kept->network, fact->block,
					   fact->claim.said_ns};
	const struct board_place place = follow_facts_place(kept);
	int result = 0;

	if (kept->has_network && !board_knows_place(follow->board, &place))
		result = store->ops->put_place(store->self, &placed, err);
	kept->saves_conditions = follow_conditions_count(kept->view, fact);
	if (result == 0 && kept->saves_conditions)
		result = follow_conditions_save(follow->fleet, fact, store, err);
	if (result == 0 && (!kept->view || kept->view->saves_claims))
		result = save_claim(follow, fact, &fact->claim, store, err);
	return result;
}

int follow_facts_save(const struct follow *follow, const struct store *store, struct bw_err *err)
{
	const uint32_t count = follow->facts.count;
	int result = 0;

	for (uint32_t n = 0; n < count; n++)
		follow_facts_at(follow, n)->view = NULL;
	for (uint32_t n = 0; n < count && result == 0; n++)
		result = compare_fact(follow, follow_facts_at(follow, n), store, err);
	for (uint32_t n = 0; n < count && result == 0; n++)
		result = save_fact(follow, follow_facts_at(follow, n), store, err);
	if (result == 0)
		result = follow_repeats_save(follow, store, err);
	for (uint32_t n = 0; n < count; n++) {
		struct board_view *view = follow_facts_at(follow, n)->view;

		if (view)
			view->saves_claims = view->saves_conditions = false;
	}
	return result;
}
