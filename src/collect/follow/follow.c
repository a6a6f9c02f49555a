/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/follow/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/board/board_vantage.h"
#include "collect/follow/follow_conditions.h"
#include "collect/follow/follow_facts.h"

struct follow_heard {
	uint32_t vantage;
	int64_t from_ns, until_ns;
};

struct follow_health {
	uint32_t vantage;
	bool healthy;
	int64_t at_ns;
};

struct follow_title {
	char *target, *title;
};

void follow_init(struct follow *follow, struct board *board, const struct fleet *fleet,
		 struct dark_events *dark_events)
{
	*follow = (struct follow){
		.board = board,
		.fleet = fleet,
		.facts = array_of(sizeof(struct follow_fact)),
		.heard = array_of(sizeof(struct follow_heard)),
		.health = array_of(sizeof(struct follow_health)),
		.titles = array_of(sizeof(struct follow_title)),
	};
	follow_dark_init(&follow->dark, board, fleet, dark_events);
}

static struct follow_heard *heard_at(const struct follow *follow, uint32_t n)
{
	return array_at(&follow->heard, n);
}

static struct follow_health *health_at(const struct follow *follow, uint32_t n)
{
	return array_at(&follow->health, n);
}

static struct follow_title *title_at(const struct follow *follow, uint32_t n)
{
	return array_at(&follow->titles, n);
}

static void clear(struct follow *follow)
{
	follow_dark_drop(&follow->dark);
	for (uint32_t n = 0; n < follow->facts.count; n++)
		free(follow_facts_at(follow, n)->target);
	for (uint32_t n = 0; n < follow->titles.count; n++) {
		free(title_at(follow, n)->target);
		free(title_at(follow, n)->title);
	}
	follow->facts.count = follow->heard.count = follow->health.count = 0;
	follow->titles.count = 0;
}

void follow_drop(struct follow *follow)
{
	for (uint32_t n = 0; n < follow->facts.count; n++)
		if (follow_facts_at(follow, n)->saves_conditions)
			follow_conditions_drop(follow->board, &follow_facts_at(follow, n)->fact);
	clear(follow);
}

void follow_fini(struct follow *follow)
{
	clear(follow);
	array_fini(&follow->facts);
	array_fini(&follow->heard);
	array_fini(&follow->health);
	array_fini(&follow->titles);
	follow_dark_fini(&follow->dark);
}

static int add_fact(struct follow *follow, const struct follow_fact *fact)
{
	struct follow_fact kept = *fact;

	kept.target = strdup(fact->fact.target);
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
	const struct follow_fact fact = {
		.fact = {.vantage = vantage,
			 .target = block->target,
			 .block = block->block,
			 .claim = claim_of(follow, record->head.time.ns, since, since,
					   block->verdict),
			 .has_conditions = true,
			 .conditions = (uint16_t)block->conditions},
		.network = block->network,
		.has_network = true,
	};

	return add_fact(follow, &fact);
}

/* An event of a block knows the bounds of the change, which block records do not. */
static int take_event(struct follow *follow, uint32_t vantage, const struct record *record)
{
	const struct record_event *event = &record->event;
	struct follow_fact fact = {
		.fact = {.vantage = vantage,
			 .target = event->target,
			 .claim = claim_of(follow, event->detected.ns, event->latest.ns,
					   event->earliest.ns, event->to)},
	};

	if (event->scope != BW_SCOPE_BLOCK || event->withdraws != 0 ||
	    bw_prefix_parse(event->subject, &fact.fact.block, NULL) < 0)
		return 0;
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

/* A record counts for some rounds of its vantage; those that follow each other are one span. */
static int take_heard(struct follow *follow, uint32_t vantage, const struct record *record)
{
	const int64_t round = fleet_round_ns(&follow->fleet->list[vantage]);
	const uint32_t count = follow->heard.count;
	struct follow_heard *last = count ? heard_at(follow, count - 1) : NULL;
	const int64_t t = time_of(follow, record->head.time.ns);
	const struct follow_heard now = {vantage, t, t + follow->fleet->stale_after * round};

	if (last && last->vantage == vantage && t >= last->from_ns && t <= last->until_ns) {
		if (now.until_ns > last->until_ns)
			last->until_ns = now.until_ns;
		return 0;
	}
	return array_add(&follow->heard, &now) < 0 ? -ENOMEM : 0;
}

static int take_health(struct follow *follow, uint32_t vantage, const struct record *record)
{
	const struct follow_health health = {vantage, record->vantage.healthy,
					     time_of(follow, record->head.time.ns)};

	if (heard_knows(&follow->board->vantages[vantage].heard, health.at_ns, health.healthy))
		return 0;
	return array_add(&follow->health, &health) < 0 ? -ENOMEM : 0;
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
		return take_health(follow, vantage, record);
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
	for (uint32_t n = 0; n < follow->fleet->count; n++) {
		if (strcmp(follow->fleet->list[n].name, record->head.vantage) == 0) {
			int result = take_heard(follow, n, record);

			if (result == 0)
				result = take_what_it_says(follow, n, record);
			return result < 0 ? result : follow_dark_take(&follow->dark, n, record);
		}
	}
	return 0;
}

static int save_heard(const struct follow *follow, const struct store *store, struct bw_err *err)
{
	int result = 0;

	for (uint32_t n = 0; n < follow->heard.count && result == 0; n++) {
		const struct follow_heard *heard = heard_at(follow, n);
		const int64_t deadline =
			fleet_deadline(follow->fleet, &follow->fleet->list[heard->vantage]);
		const struct store_heard row = {
			.vantage = follow->fleet->list[heard->vantage].name,
			.from_ns = heard_start(&follow->board->vantages[heard->vantage].heard,
					       heard->from_ns),
			.until_ns = heard->until_ns < deadline ? heard->until_ns : deadline,
		};

		result = store->ops->put_heard(store->self, &row, err);
	}
	for (uint32_t n = 0; n < follow->health.count && result == 0; n++) {
		const struct follow_health *health = health_at(follow, n);
		const struct store_health row = {
			.vantage = follow->fleet->list[health->vantage].name,
			.at_ns = health->at_ns,
			.healthy = health->healthy,
		};

		result = store->ops->put_health(store->self, &row, err);
	}
	return result;
}

int follow_save(struct follow *follow, const struct store *store, struct bw_err *err)
{
	int result = follow_facts_save(follow, store, err);

	if (result == 0)
		result = save_heard(follow, store, err);
	for (uint32_t n = 0; n < follow->titles.count && result == 0; n++)
		result = store->ops->put_title(store->self, title_at(follow, n)->target,
					       title_at(follow, n)->title, err);
	return result < 0 ? result : follow_dark_save(&follow->dark, store, err);
}

/* The times between rounds, which vantage records tell, have become known to the fleet. */
static void keep_rounds(const struct follow *follow)
{
	for (uint32_t n = 0; n < fleet_all(follow->fleet); n++)
		board_set_round(follow->board, n, fleet_round_ns(&follow->fleet->list[n]));
}

static int keep_heard(const struct follow *follow)
{
	int result = 0;

	for (uint32_t n = 0; n < follow->heard.count && result == 0; n++) {
		const struct follow_heard *heard = heard_at(follow, n);

		result = board_hear(follow->board, heard->vantage, heard->from_ns, heard->until_ns);
		board_shorten(follow->board, heard->vantage,
			      fleet_deadline(follow->fleet, &follow->fleet->list[heard->vantage]));
	}
	for (uint32_t n = 0; n < follow->health.count && result == 0; n++) {
		const struct follow_health *health = health_at(follow, n);

		result = board_say_health(follow->board, health->vantage, health->at_ns,
					  health->healthy);
	}
	return result;
}

static int keep_fact(const struct follow *follow, const struct follow_fact *fact)
{
	const struct board_place place = follow_facts_place(fact);
	int result = fact->has_network ? board_place(follow->board, &place) : 0;

	if (result == 0)
		result = board_take(follow->board, &fact->fact);
	if (result == 0 && fact->fact.has_conditions)
		follow_conditions_keep(follow->board, &fact->fact, fact->saves_conditions);
	return result == BW_ERR_LIMIT ? 0 : result;
}

int follow_keep(struct follow *follow)
{
	int result;

	keep_rounds(follow);
	result = keep_heard(follow);
	for (uint32_t n = 0; n < follow->facts.count && result == 0; n++)
		result = keep_fact(follow, follow_facts_at(follow, n));
	for (uint32_t n = 0; n < follow->titles.count && result == 0; n++)
		result = board_title(follow->board, title_at(follow, n)->target,
				     title_at(follow, n)->title);
	if (result == 0)
		result = follow_dark_keep(&follow->dark);
	clear(follow);
	return result;
}
