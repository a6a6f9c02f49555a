/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/collector.h"

#include <errno.h>

#include "collect/board/revise.h"
#include "collect/follow/follow_forget.h"
#include "collect/follow/follow_load.h"

#define FORGET_EVERY_NS (600 * BW_S)
#define FORGET_STEP_NS (50 * BW_MS)  /* between steps, while there is more */
#define MERGE_EVERY_NS (200 * BW_MS) /* what comes in between is merged together */

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

int collector_open(struct collector *collector, struct store store, struct bw_wall now,
		   struct bw_err *err)
{
	const unsigned quorum = collector->board.quorum;
	int result;

	collector->store = store;
	collector->store_watch.stores = true;
	collector->has_news = true;
	board_init(&collector->board);
	collector->board.quorum = quorum;
	collector->board.needed_ns = retention_begin(&collector->retention, now.ns);
	dark_events_init(&collector->dark_events);
	teller_init(&collector->teller, &collector->fleet, &collector->webhooks, &collector->zones,
		    &collector->dark_events);
	target_zones_init(&collector->zones);
	follow_init(&collector->follow, &collector->board, &collector->fleet,
		    &collector->dark_events);
	hourly_init(&collector->hourly);
	collector->seen = seen_new();
	if (!collector->seen)
		return bw_err_set(err, -ENOMEM, "out of memory");
	collector->admit = (struct admit){
		.seen = collector->seen,
		.fleet = &collector->fleet,
		.store = &collector->store,
		.follow = &collector->follow,
		.hourly = &collector->hourly,
	};
	result = fleet_load(&collector->fleet, &collector->store, err);
	if (result < 0)
		return result;
	fill_board(&collector->board, &collector->fleet);
	result = seen_load(collector->seen, &collector->store, err);
	if (result == 0)
		result = follow_load(&collector->follow, &collector->store, err);
	if (result == 0)
		result = follow_begin(&collector->follow, &collector->store, now.ns, err);
	if (result == 0)
		result = teller_load(&collector->teller, &collector->board, &collector->store, err);
	return result < 0 ? result
			  : webhooks_load(&collector->webhooks, &collector->fleet,
					  &collector->board, &collector->store, err);
}

/* A refused request has tried nothing. BYTES is its length. */
static void count_result(struct collector *collector, const struct admit_result *result,
			 size_t bytes, struct bw_wall now)
{
	/* That records are taken does not make good that they could not be merged. */
	if (result->status == 200 && !collector->merge_failed)
		store_watch_succeeded(&collector->store_watch, bytes);
	else if (result->status == 503)
		store_watch_failed(&collector->store_watch, &collector->admit.why, bytes, now.ns);
	collector->has_news = collector->has_news || result->taken > 0;
	if (result->status != 200)
		return;
	collector->taken += result->taken;
	collector->known += result->known;
	collector->refused += result->refused;
}

struct admit_result collector_take(struct collector *collector, const struct fleet_member *member,
				   const char *text, size_t length, struct bw_wall now,
				   struct json_out *out)
{
	const struct admit_result result =
		admit_request(&collector->admit, member, text, length, now, out);

	count_result(collector, &result, length, now);
	return result;
}

struct admit_result collector_take_messages(struct collector *collector,
					    struct admit_message *messages, size_t count,
					    struct bw_wall now, char reason[ADMIT_REASON])
{
	const struct admit_result result =
		admit_messages(&collector->admit, messages, count, now, reason);
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += messages[i].length;
	count_result(collector, &result, bytes, now);
	if (result.status == 200) {
		collector->stream.taken += result.taken + result.known;
		collector->stream.refused += result.refused;
	}
	return result;
}

/* A little at a time: records that come meanwhile wait for no more than that. */
static void forget_merged(struct collector *collector, int64_t now_ns, bool *ret_more)
{
	const struct retained retained = {&collector->board, &collector->fleet, &collector->teller};

	(void)retention_forget(&collector->retention, &retained, &collector->store, now_ns,
			       ret_more, NULL);
}

static int64_t forget(struct collector *collector, int64_t now_ns)
{
	const struct store *store = &collector->store;
	const struct bw_wall before = {now_ns - collector->keep_records_ns};
	const int64_t due =
		collector->forgotten.ns + (collector->forgets ? FORGET_STEP_NS : FORGET_EVERY_NS);
	bool more = false;

	if (now_ns < due)
		return due;
	collector->forgotten.ns = now_ns;
	follow_forget(&collector->follow, store, now_ns, &more, NULL);
	collector->forgets = more;
	if (collector->keep_records_ns != 0)
		store->ops->forget_records(store->self, before, &more, NULL);
	collector->forgets = collector->forgets || more;
	forget_merged(collector, now_ns, &more);
	collector->forgets = collector->forgets || more;
	return now_ns + (collector->forgets ? FORGET_STEP_NS : FORGET_EVERY_NS);
}

static void merge(struct collector *collector, int64_t now_ns)
{
	struct bw_err err = {.code = 0};
	int result = revise(&collector->board, now_ns);

	if (result < 0)
		bw_err_set(&err, result, "%s", bw_error_text(result));
	else
		result = teller_run(&collector->teller, &collector->board, now_ns,
				    &collector->store, &err);
	collector->has_news = result < 0; /* it is tried again */
	if (result < 0)
		store_watch_failed(&collector->store_watch, &err, 0, now_ns);
	collector->merge_failed = result < 0;
	collector->merged_ns = now_ns;
}

/* A clock that was set back must not stop what is paced by it. */
static void follow_clock(struct collector *collector, int64_t now_ns)
{
	if (now_ns < collector->merged_ns)
		collector->merged_ns = now_ns - MERGE_EVERY_NS;
	if (now_ns < collector->forgotten.ns)
		collector->forgotten.ns = now_ns;
}

struct bw_wall collector_tick(struct collector *collector, struct bw_wall now)
{
	int64_t next, deadline;

	follow_clock(collector, now.ns);
	next = hourly_tick(&collector->hourly, &collector->store, now.ns);
	deadline = webhooks_watch(&collector->webhooks, &collector->fleet, now, &collector->store);
	next = deadline < next ? deadline : next;
	deadline = revise_deadline(&collector->board);
	if ((collector->has_news && now.ns >= collector->merged_ns + MERGE_EVERY_NS) ||
	    deadline <= now.ns)
		merge(collector, now.ns);
	deadline = forget(collector, now.ns); /* of what is merged */
	next = deadline < next ? deadline : next;
	deadline = store_watch_tick(&collector->store_watch, &collector->store,
				    !collector->merge_failed, now.ns);
	next = deadline < next ? deadline : next;
	deadline = collector->has_news ? collector->merged_ns + MERGE_EVERY_NS
				       : revise_deadline(&collector->board);
	return (struct bw_wall){deadline < next ? deadline : next};
}

void collector_fini(struct collector *collector)
{
	seen_free(collector->seen);
	follow_fini(&collector->follow);
	hourly_fini(&collector->hourly);
	dark_events_fini(&collector->dark_events);
	teller_fini(&collector->teller);
	target_zones_fini(&collector->zones);
	board_fini(&collector->board);
	fleet_fini(&collector->fleet);
	if (collector->store.ops)
		collector->store.ops->free(collector->store.self);
	*collector = (struct collector){.seen = NULL};
}
