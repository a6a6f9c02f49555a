/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow_repeats.h"

#include <errno.h>
#include <string.h>

#include "collect/follow/follow_conditions.h"
#include "collect/follow/follow_facts.h"
#include "collect/follow/repeat_part.h"

/* Whether the rows that are saved do not tell when this was said. */
static bool is_repeat(const struct follow_fact *kept)
{
	const struct board_view *view = kept->view;
	const struct board_fact *fact = &kept->fact;

	if (!view)
		return false;
	if (fact->has_conditions && !view->saves_conditions && fact->claim.said_ns > view->last_ns)
		return true;
	return !view->saves_claims && fact->claim.said_ns > claims_last(&view->claims)->said_ns;
}

/* Of the block records of a view the last one counts. */
static void mark_last(const struct follow *follow, uint32_t n)
{
	const struct follow_fact *kept = follow_facts_at(follow, n);
	struct board_view *view = kept->view;

	if (!is_repeat(kept) || !kept->fact.has_conditions)
		return;
	if (view->repeat == 0 || follow_facts_at(follow, view->repeat - 1)->fact.claim.said_ns <=
					 kept->fact.claim.said_ns)
		view->repeat = n + 1;
}

static int add(const struct follow *follow, uint32_t n, struct repeat_part *part)
{
	const struct follow_fact *kept = follow_facts_at(follow, n);
	const struct board_fact *fact = &kept->fact;
	const struct repeat repeat = {
		.vantage = follow->fleet->list[fact->vantage].name,
		.target = fact->target,
		.block = fact->block,
		.said_ns = fact->claim.said_ns,
		.has_conditions = fact->has_conditions,
	};

	if (!is_repeat(kept) || (fact->has_conditions && kept->view->repeat != n + 1))
		return 0;
	return repeat_part_add(part, &repeat);
}

int follow_repeats_save(const struct follow *follow, const struct store *store, struct bw_err *err)
{
	const uint32_t count = follow->facts.count;
	struct repeat_part part = {.bytes = array_of(1)};
	int result = 0;

	for (uint32_t n = 0; n < count; n++)
		mark_last(follow, n);
	for (uint32_t n = 0; n < count && result == 0; n++)
		result = add(follow, n, &part);
	if (result < 0)
		bw_err_set(err, result, "out of memory");
	else if (part.bytes.count > 0)
		result = store->ops->put_repeats(store->self, follow->now_ns, part.bytes.items,
						 part.bytes.count, err);
	for (uint32_t n = 0; n < count; n++)
		if (follow_facts_at(follow, n)->view)
			follow_facts_at(follow, n)->view->repeat = 0;
	array_fini(&part.bytes);
	return result;
}

/* The rows of a part, one after the other. */
struct walk {
	const struct follow *follow;
	const struct store *store;
	struct bw_err *err;
	const char *name; /* of the vantage NUMBER, within the part */
	uint32_t number;
	int (*take)(struct walk *walk, const struct repeat *repeat, struct board_view *view);
};

/* NULL: the board has no such view. */
static struct board_view *view_of(struct walk *walk, const struct repeat *repeat)
{
	const struct fleet *fleet = walk->follow->fleet;
	const struct board_block *block =
		board_find_block(walk->follow->board, repeat->target, &repeat->block);

	if (repeat->vantage != walk->name)
		walk->number = 0;
	walk->name = repeat->vantage;
	while (walk->number < fleet_all(fleet) &&
	       strcmp(fleet->list[walk->number].name, repeat->vantage) != 0)
		walk->number++;
	return block ? board_view(block, walk->number) : NULL;
}

static int take_part(void *arg, const void *bytes, size_t length)
{
	struct walk *walk = arg;
	struct repeat_reader reader;
	struct repeat repeat;
	int result = 0;

	walk->name = NULL;
	repeat_reader_init(&reader, bytes, length);
	while (result == 0 && repeat_reader_next(&reader, &repeat)) {
		struct board_view *view = view_of(walk, &repeat);

		if (view && claims_last(&view->claims))
			result = walk->take(walk, &repeat, view);
	}
	return result;
}

static struct board_fact fact_of(const struct walk *walk, const struct repeat *repeat,
				 const struct board_view *view)
{
	struct board_fact fact = {
		.vantage = walk->number,
		.target = repeat->target,
		.block = repeat->block,
		.claim = *claims_last(&view->claims),
		.has_conditions = repeat->has_conditions,
		.conditions = view->conditions,
	};

	fact.claim.said_ns = repeat->said_ns;
	return fact;
}

/* What was said last is that of which the rows say so: another claim would have been saved. */
static int load_one(struct walk *walk, const struct repeat *repeat, struct board_view *view)
{
	if (repeat->said_ns > claims_last(&view->claims)->said_ns) {
		const struct board_fact fact = fact_of(walk, repeat, view);

		(void)claims_add(&view->claims, &fact.claim);
	}
	if (repeat->has_conditions && repeat->said_ns > view->last_ns)
		view->last_ns = repeat->said_ns;
	return 0;
}

int follow_repeats_load(struct follow *follow, const struct store *store, struct bw_err *err)
{
	struct walk walk = {.follow = follow, .take = load_one};

	return store->ops->each_repeats(store->self, take_part, &walk, err);
}

static int save_claim(const struct walk *walk, const struct board_fact *fact)
{
	const struct store_claim row = {
		.vantage = walk->follow->fleet->list[fact->vantage].name,
		.target = fact->target,
		.block = fact->block,
		.claim = fact->claim,
	};

	return walk->store->ops->put_claim(walk->store->self, &row, walk->err);
}

/* What was said later once more is in a later part, or in the rows. */
static int settle_one(struct walk *walk, const struct repeat *repeat, struct board_view *view)
{
	const struct board_fact fact = fact_of(walk, repeat, view);
	int result = 0;

	if (repeat->said_ns >= claims_last(&view->claims)->said_ns)
		result = save_claim(walk, &fact);
	if (result == 0 && repeat->has_conditions && repeat->said_ns >= view->last_ns)
		result = follow_conditions_save(walk->follow->fleet, &fact, walk->store, walk->err);
	return result;
}

int follow_repeats_settle(const struct follow *follow, int64_t before_ns, const struct store *store,
			  bool *ret_more, struct bw_err *err)
{
	struct walk walk = {follow, store, err, NULL, 0, settle_one};

	return store->ops->take_repeats(store->self, before_ns, take_part, &walk, ret_more, err);
}
