/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct follow_fact {
	struct board_fact fact;
	char *target; /* what fact.target points to */
};

struct follow_heard {
	uint32_t vantage;
	bool healthy;
	int64_t from_ns, to_ns;
};

struct follow_title {
	char *target, *title;
};

void follow_init(struct follow *follow, struct board *board, const struct fleet *fleet)
{
	*follow = (struct follow){
		.board = board,
		.fleet = fleet,
		.facts = array_of(sizeof(struct follow_fact)),
		.heard = array_of(sizeof(struct follow_heard)),
		.titles = array_of(sizeof(struct follow_title)),
	};
}

static struct follow_fact *fact_at(const struct follow *follow, uint32_t n)
{
	return array_at(&follow->facts, n);
}

static struct follow_heard *heard_at(const struct follow *follow, uint32_t n)
{
	return array_at(&follow->heard, n);
}

static struct follow_title *title_at(const struct follow *follow, uint32_t n)
{
	return array_at(&follow->titles, n);
}

void follow_drop(struct follow *follow)
{
	for (uint32_t n = 0; n < follow->facts.count; n++)
		free(fact_at(follow, n)->target);
	for (uint32_t n = 0; n < follow->titles.count; n++) {
		free(title_at(follow, n)->target);
		free(title_at(follow, n)->title);
	}
	follow->facts.count = follow->heard.count = follow->titles.count = 0;
}

void follow_fini(struct follow *follow)
{
	follow_drop(follow);
	array_fini(&follow->facts);
	array_fini(&follow->heard);
	array_fini(&follow->titles);
}

/* How long what a vantage says counts follows from its round, which it tells. */
static void set_rounds(const struct follow *follow)
{
	for (uint32_t n = 0; n < follow->fleet->count; n++) {
		struct board_vantage *vantage = &follow->board->vantages[n];

		vantage->round_ns = fleet_round_ns(&follow->fleet->list[n]);
		vantage->heard.stale_ns = follow->fleet->stale_after * vantage->round_ns;
	}
}

static int add_fact(struct follow *follow, const struct board_fact *fact)
{
	struct follow_fact kept = {*fact, strdup(fact->target)};

	kept.fact.target = kept.target;
	if (kept.target && array_add(&follow->facts, &kept) >= 0)
		return 0;
	free(kept.target);
	return -ENOMEM;
}

/* A time before 1970, or after now, is not believed. */
static int64_t time_of(const struct follow *follow, int64_t ns)
{
	if (ns < 0)
		return 0;
	return ns < follow->now_ns ? ns : follow->now_ns;
}

/* Nor is one that is behind what it says itself. */
static struct claim claim_of(const struct follow *follow, int64_t said_ns, int64_t since_ns,
			     int64_t earliest_ns, enum bw_verdict verdict)
{
	struct claim claim = {.said_ns = time_of(follow, said_ns), .verdict = (uint8_t)verdict};

	claim.since_ns = since_ns > 0 && since_ns < claim.said_ns ? since_ns : claim.said_ns;
	claim.earliest_ns =
		earliest_ns > 0 && earliest_ns < claim.since_ns ? earliest_ns : claim.since_ns;
	return claim;
}

static int take_block(struct follow *follow, uint32_t vantage, const struct record *record)
{
	const struct record_block *block = &record->block;
	const int64_t since = block->since.ns;

	return add_fact(follow, &(struct board_fact){
					.vantage = vantage,
					.target = block->target,
					.network = block->network,
					.block = block->block,
					.claim = claim_of(follow, record->head.time.ns, since,
							  since, block->verdict),
					.has_conditions = true,
					.conditions = (uint16_t)block->conditions,
				});
}

/* An event of a block knows the bounds of the change, which block records do not. */
static int take_event(struct follow *follow, uint32_t vantage, const struct record *record)
{
	const struct record_event *event = &record->event;
	struct board_fact fact = {
		.vantage = vantage,
		.target = event->target,
		.claim = claim_of(follow, event->detected.ns, event->latest.ns, event->earliest.ns,
				  event->to),
	};
	const struct board_block *block;

	if (event->scope != BW_SCOPE_BLOCK || event->withdraws != 0 ||
	    bw_prefix_parse(event->subject, &fact.block, NULL) < 0)
		return 0;
	block = board_find_block(follow->board, event->target, &fact.block);
	if (!block)
		return 0; /* its first block record comes soon */
	fact.network = board_network(follow->board, block->network)->prefix;
	return add_fact(follow, &fact);
}

static int take_title(struct follow *follow, const struct record_target *target)
{
	const struct board_target *known = board_find_target(follow->board, target->target);
	struct follow_title title;

	if (!target->title || (known && known->title && strcmp(known->title, target->title) == 0))
		return 0;
	title = (struct follow_title){strdup(target->target), strdup(target->title)};
	if (title.target && title.title && array_add(&follow->titles, &title) >= 0)
		return 0;
	free(title.target);
	free(title.title);
	return -ENOMEM;
}

/* Records that follow each other closely and say the same are one span. */
static int take_heard(struct follow *follow, uint32_t vantage, const struct record *record)
{
	const struct heard *heard = &follow->board->vantages[vantage].heard;
	const uint32_t count = follow->heard.count;
	struct follow_heard *last = count ? heard_at(follow, count - 1) : NULL;
	const int64_t t = time_of(follow, record->head.time.ns);
	struct follow_heard now = {vantage, heard_was_healthy(heard, t), t, t};

	if (last && last->vantage == vantage)
		now.healthy = last->healthy;
	if (record->type == RECORD_VANTAGE)
		now.healthy = record->vantage.healthy;
	if (last && last->vantage == vantage && last->healthy == now.healthy && t >= last->to_ns &&
	    t - last->to_ns <= heard->stale_ns) {
		last->to_ns = t;
		return 0;
	}
	return array_add(&follow->heard, &now) < 0 ? -ENOMEM : 0;
}

static int take_what_it_says(struct follow *follow, uint32_t vantage, const struct record *record)
{
	switch (record->type) {
	case RECORD_BLOCK:
		return take_block(follow, vantage, record);
	case RECORD_EVENT:
		return take_event(follow, vantage, record);
	case RECORD_TARGET:
		return take_title(follow, &record->target);
	case RECORD_VANTAGE:
	case RECORD_PROBE:
	case RECORD_SURVEY:
	case RECORD_TRACE:
	case RECORD_CONDITION:
		break;
	}
	return 0;
}

int follow_take(struct follow *follow, const struct record *record, struct bw_wall now)
{
	follow->now_ns = now.ns;
	if (record->type == RECORD_VANTAGE)
		set_rounds(follow);
	for (uint32_t n = 0; n < follow->fleet->count; n++) {
		if (strcmp(follow->fleet->list[n].name, record->head.vantage) == 0) {
			const int result = take_heard(follow, n, record);

			return result < 0 ? result : take_what_it_says(follow, n, record);
		}
	}
	return 0;
}

static int save_fact(const struct follow *follow, const struct board_fact *fact,
		     const struct store *store, struct bw_err *err)
{
	const struct store_claim row = {
		.vantage = follow->fleet->list[fact->vantage].name,
		.target = fact->target,
		.network = fact->network,
		.block = fact->block,
		.claim = fact->claim,
	};

	if (board_knows(follow->board, fact))
		return 0;
	return store->ops->put_claim(store->self, &row, err);
}

int follow_save(struct follow *follow, const struct store *store, struct bw_err *err)
{
	int result = 0;

	for (uint32_t n = 0; n < follow->facts.count && result == 0; n++)
		result = save_fact(follow, &fact_at(follow, n)->fact, store, err);
	for (uint32_t n = 0; n < follow->heard.count && result == 0; n++) {
		const struct follow_heard *heard = heard_at(follow, n);
		const struct store_heard row = {
			.vantage = follow->fleet->list[heard->vantage].name,
			.from_ns = heard_start(&follow->board->vantages[heard->vantage].heard,
					       heard->from_ns, heard->healthy),
			.to_ns = heard->to_ns,
			.healthy = heard->healthy,
		};

		result = store->ops->put_heard(store->self, &row, err);
	}
	for (uint32_t n = 0; n < follow->titles.count && result == 0; n++)
		result = store->ops->put_title(store->self, title_at(follow, n)->target,
					       title_at(follow, n)->title, err);
	return result;
}

int follow_keep(struct follow *follow)
{
	int result = 0;

	for (uint32_t n = 0; n < follow->heard.count && result == 0; n++) {
		const struct follow_heard *heard = heard_at(follow, n);

		result = board_hear(follow->board, heard->vantage, heard->from_ns, heard->to_ns,
				    heard->healthy);
	}
	for (uint32_t n = 0; n < follow->facts.count && result == 0; n++) {
		result = board_take(follow->board, &fact_at(follow, n)->fact);
		if (result == BW_ERR_LIMIT)
			result = 0;
	}
	for (uint32_t n = 0; n < follow->titles.count && result == 0; n++)
		result = board_title(follow->board, title_at(follow, n)->target,
				     title_at(follow, n)->title);
	follow_drop(follow);
	return result;
}

/* -1 for a vantage that is not configured any more: what it said counts no more. */
static int number_of(const struct follow *follow, const char *vantage)
{
	for (size_t n = 0; n < follow->fleet->count; n++)
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
		.network = row->network,
		.block = row->block,
		.claim = row->claim,
	};
	int result = vantage < 0 ? 0 : board_take(follow->board, &fact);

	return result == BW_ERR_LIMIT ? 0 : result;
}

static int load_heard(void *arg, const struct store_heard *row)
{
	struct follow *follow = arg;
	const int vantage = number_of(follow, row->vantage);

	if (vantage < 0)
		return 0;
	return board_hear(follow->board, (uint32_t)vantage, row->from_ns, row->to_ns, row->healthy);
}

static int load_title(void *arg, const char *target, const char *title)
{
	struct follow *follow = arg;

	return board_title(follow->board, target, title);
}

int follow_load(struct follow *follow, const struct store *store, struct bw_err *err)
{
	int result;

	set_rounds(follow);
	result = store->ops->each_heard(store->self, load_heard, follow, err);
	if (result == 0)
		result = store->ops->each_claim(store->self, load_claim, follow, err);
	if (result == 0)
		result = store->ops->each_title(store->self, load_title, follow, err);
	return result;
}
