/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/load.h"

#include <errno.h>
#include <stdlib.h>

#include "collect/follow/follow_load.h"

static void fill_board(struct board *board, const struct fleet *fleet)
{
	const unsigned upstreams = fleet_upstreams(fleet);

	for (uint32_t n = 0; n < fleet_all(fleet); n++) {
		struct board_vantage *vantage = &board->vantages[n];

		vantage->former = n >= fleet->count;
		vantage->upstreams = array_of(sizeof(struct board_upstream));
		heard_init(&vantage->heard);
		timeline_init(&vantage->cut_off);
		vantage->dirty_ns = INT64_MAX;
	}
	board->vantage_count = (uint32_t)fleet_all(fleet);
	board->stale_after = fleet->stale_after;
	if (board->quorum > upstreams)
		board->quorum = upstreams;
}

static int read_all(struct collector *collector, struct bw_err *err)
{
	const struct store *store = &collector->store;
	int result = fleet_load(&collector->fleet, store, err);

	if (result < 0)
		return result;
	fill_board(&collector->board, &collector->fleet);
	result = seen_load(collector->seen, store, err);
	return result < 0 ? result : follow_load(&collector->follow, store, err);
}

/* As of one moment, where others may write meanwhile. */
static int read_at_once(struct collector *collector, struct bw_err *err)
{
	const struct store *store = &collector->store;
	int result;

	if (!store->ops->begin_load)
		return read_all(collector, err);
	result = store->ops->begin_load(store->self, err);
	if (result == 0)
		result = read_all(collector, err);
	store->ops->rollback(store->self);
	if (result == 0)
		store->ops->has_loaded(store->self);
	return result;
}

int load(struct collector *collector, struct bw_err *err)
{
	const unsigned quorum = collector->board.quorum;
	const int64_t needed_ns = collector->board.needed_ns;

	board_init(&collector->board);
	collector->board.quorum = quorum;
	collector->board.needed_ns = needed_ns;
	dark_events_init(&collector->dark_events);
	follow_init(&collector->follow, &collector->board, &collector->fleet,
		    &collector->dark_events);
	collector->seen = seen_new();
	if (!collector->seen)
		return bw_err_set(err, -ENOMEM, "out of memory");
	return read_at_once(collector, err);
}

void load_fini(struct collector *collector)
{
	seen_free(collector->seen);
	follow_fini(&collector->follow);
	dark_events_fini(&collector->dark_events);
	board_fini(&collector->board);
	fleet_fini(&collector->fleet);
	collector->seen = NULL;
}

/* The configured vantages, of which nothing has come. */
static void copy_configuration(const struct collector *from, struct collector *to)
{
	to->store = from->store;
	to->board.quorum = from->board.quorum;
	to->board.needed_ns = from->board.needed_ns;
	to->fleet.count = from->fleet.count;
	to->fleet.stale_after = from->fleet.stale_after;
	for (size_t n = 0; n < from->fleet.count; n++) {
		const struct fleet_member *member = &from->fleet.list[n];

		to->fleet.list[n] = (struct fleet_member){
			.name = member->name,
			.token = member->token,
			.asn = member->asn,
		};
	}
}

/* What was read has pointers to where it was read. */
static void move(struct collector *from, struct collector *to)
{
	from->board.filled = to->board.filled + 1;
	load_fini(to);
	follow_fini(&from->follow);
	to->fleet = from->fleet;
	to->seen = from->seen;
	to->board = from->board;
	to->dark_events = from->dark_events;
	follow_init(&to->follow, &to->board, &to->fleet, &to->dark_events);
}

int load_again(struct collector *collector, struct bw_err *err)
{
	struct collector *fresh = calloc(1, sizeof(*fresh));
	int result;

	if (!fresh)
		return bw_err_set(err, -ENOMEM, "out of memory");
	copy_configuration(collector, fresh);
	result = load(fresh, err);
	if (result == 0)
		move(fresh, collector);
	else
		load_fini(fresh);
	free(fresh);
	return result;
}
