/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/collector.h"

#include <stdlib.h>

#include "collect/agreement.h"
#include "collect/board/revise.h"
#include "collect/catch_up.h"
#include "collect/follow/follow_forget.h"
#include "collect/follow/follow_load.h"
#include "collect/follow/follow_repeats.h"
#include "collect/lead.h"
#include "collect/load.h"

#define FORGET_EVERY_NS (600 * BW_S)
#define FORGET_STEP_NS (50 * BW_MS)  /* between steps, while there is more */
#define SETTLE_AFTER_NS (600 * BW_S) /* most is said once more by then */
#define MERGE_EVERY_NS (200 * BW_MS) /* what comes in between is merged together */

/* This collector tells from now on: what others have told, and to whom, it reads again. */
static int begin_to_lead(struct collector *collector, struct bw_err *err)
{
	int result = webhooks_load(&collector->webhooks, &collector->fleet, &collector->board,
				   &collector->store, err);

	collector->leads = result == 0;
	return result;
}

int collector_open(struct collector *collector, struct store store, struct bw_wall now,
		   struct bw_err *err)
{
	int result;

	collector->store = store;
	collector->store_watch.stores = true;
	collector->has_news = true;
	collector->board.needed_ns = retention_begin(&collector->retention, now.ns);
	teller_init(&collector->teller, &collector->fleet, &collector->webhooks, &collector->zones,
		    &collector->dark_events);
	target_zones_init(&collector->zones);
	hourly_init(&collector->hourly);
	result = agreement_reach(collector, err);
	if (result == 0)
		result = load(collector, err);
	if (result < 0)
		return result;
	collector->admit = (struct admit){
		.seen = collector->seen,
		.fleet = &collector->fleet,
		.store = &collector->store,
		.follow = &collector->follow,
		.hourly = &collector->hourly,
	};
	result = follow_begin(&collector->follow, &collector->store, now.ns, err);
	if (result == 0)
		result = teller_load(&collector->teller, &collector->board, &collector->store, err);
	if (result == 0 && lead_holds(&collector->store))
		result = begin_to_lead(collector, err);
	return result;
}

static int read_again(struct collector *collector, struct bw_err *err)
{
	int result = load_again(collector, err);

	if (result < 0)
		return result;
	collector->admit.seen = collector->seen;
	return teller_reload(&collector->teller, &collector->board, &collector->store, err);
}

/* Takes what other collectors have written. */
static void refresh(struct collector *collector)
{
	const struct store *store = &collector->store;
	struct bw_err err = {.code = 0};
	int result;

	if (!store->ops->take_news || (!store->ops->take_news(store->self) && !collector->lags))
		return;
	result = collector->lags ? BW_ERR_MISSING
				 : catch_up(collector->seen, &collector->follow, &collector->fleet,
					    store, &err);
	if (result == BW_ERR_MISSING)
		collector->lags = read_again(collector, &err) < 0;
	collector->has_news = true;
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

/* Whether a request was not taken because all had to be read anew, and that is done now. */
static bool misses_some(struct collector *collector, const struct admit_result *result)
{
	if (result->status != 503 || collector->admit.why.code != BW_ERR_MISSING)
		return false;
	collector->lags = true;
	refresh(collector);
	return !collector->lags;
}

struct admit_result collector_take(struct collector *collector, const struct fleet_member *member,
				   const char *text, size_t length, struct bw_wall now,
				   struct json_out *out)
{
	struct admit_result result;

	refresh(collector);
	result = admit_request(&collector->admit, member, text, length, now, out);
	if (misses_some(collector, &result)) {
		free(json_out_take(out));
		json_out_init_heap(out, false);
		result = admit_request(&collector->admit, member, text, length, now, out);
	}
	count_result(collector, &result, length, now);
	return result;
}

struct admit_result collector_take_messages(struct collector *collector,
					    struct admit_message *messages, size_t count,
					    struct bw_wall now, char reason[ADMIT_REASON])
{
	struct admit_result result;
	size_t bytes = 0;

	refresh(collector);
	result = admit_messages(&collector->admit, messages, count, now, reason);
	if (misses_some(collector, &result))
		result = admit_messages(&collector->admit, messages, count, now, reason);
	for (size_t i = 0; i < count; i++)
		bytes += messages[i].length;
	count_result(collector, &result, bytes, now);
	if (result.status == 200) {
		collector->stream.taken += result.taken + result.known;
		collector->stream.refused += result.refused;
	}
	return result;
}

/* In a transaction, because other collectors put some meanwhile. */
static void forget_records(struct collector *collector, struct bw_wall before, bool *ret_more)
{
	const struct store *store = &collector->store;
	int result = lead_begin(store, NULL);

	if (result < 0)
		return;
	result = store->ops->forget_records(store->self, before, ret_more, NULL);
	if (result == 0)
		result = store->ops->commit(store->self, NULL);
	if (result < 0)
		store->ops->rollback(store->self);
}

static void forget_merged(struct collector *collector, int64_t now_ns, bool *ret_more)
{
	const struct retained retained = {&collector->board, &collector->fleet, &collector->teller};

	(void)retention_forget(&collector->retention, &retained, &collector->store, now_ns,
			       ret_more, NULL);
}

/* A little at a time: records that come meanwhile wait for no more than that. */
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
	if (collector->keep_records_ns != 0 && collector->leads)
		forget_records(collector, before, &more);
	collector->forgets = collector->forgets || more;
	forget_merged(collector, now_ns, &more);
	collector->forgets = collector->forgets || more;
	return now_ns + (collector->forgets ? FORGET_STEP_NS : FORGET_EVERY_NS);
}

/* In a transaction that knows what others have taken. */
static int run_settle(struct collector *collector, int64_t before_ns, bool *ret_more)
{
	const struct store *store = &collector->store;
	int result = lead_begin(store, NULL);

	if (result < 0)
		return result;
	result = catch_up(collector->seen, &collector->follow, &collector->fleet, store, NULL);
	collector->has_news = collector->has_news || result > 0;
	collector->lags = result == BW_ERR_MISSING;
	if (result >= 0)
		result =
			follow_repeats_settle(&collector->follow, before_ns, store, ret_more, NULL);
	if (result == 0)
		result = store->ops->commit(store->self, NULL);
	if (result < 0)
		store->ops->rollback(store->self);
	return result;
}

/* What fails is tried again later, as in forget(). */
static int64_t settle(struct collector *collector, int64_t now_ns)
{
	const int64_t due =
		collector->settled.ns + (collector->settles ? FORGET_STEP_NS : FORGET_EVERY_NS);
	bool more = false;

	if (now_ns < due)
		return due;
	collector->settled.ns = now_ns;
	collector->settles = run_settle(collector, now_ns - SETTLE_AFTER_NS, &more) == 0 && more;
	return now_ns + (collector->settles ? FORGET_STEP_NS : FORGET_EVERY_NS);
}

static void merge(struct collector *collector, int64_t now_ns)
{
	struct bw_err err = {.code = 0};
	int result = revise(&collector->board, now_ns);

	if (result < 0)
		bw_err_set(&err, result, "%s", bw_error_text(result));
	else if (collector->leads)
		result = teller_run(&collector->teller, &collector->board, now_ns,
				    &collector->store, &err);
	else
		result = teller_follow(&collector->teller, &collector->board, &collector->store,
				       &err);
	collector->has_news = result < 0; /* it is tried again */
	if (result < 0 && result != BW_ERR_PRIVILEGE)
		store_watch_failed(&collector->store_watch, &err, 0, now_ns);
	collector->merge_failed = result < 0;
	collector->merged_ns = now_ns;
}

/*
 * One collector tells what has changed. One that begins to reads what was told, and compares that
 * with all that has changed since it was the last time, or since its start.
 */
static void mind_lead(struct collector *collector)
{
	struct webhooks *webhooks = &collector->webhooks;
	const bool may = lead_holds(&collector->store);

	if (may == collector->leads || (may && collector->lags))
		return;
	collector->has_news = true;
	if (may &&
	    teller_follow(&collector->teller, &collector->board, &collector->store, NULL) == 0 &&
	    begin_to_lead(collector, NULL) == 0)
		collector->teller.is_stale = true;
	if (may)
		return;
	collector->leads = false;
	for (size_t n = 0; n < webhooks->count; n++)
		webhooks->list[n].waits = false;
}

/* A clock that was set back must not stop what is paced by it. */
static void follow_clock(struct collector *collector, int64_t now_ns)
{
	if (now_ns < collector->merged_ns)
		collector->merged_ns = now_ns - MERGE_EVERY_NS;
	if (now_ns < collector->forgotten.ns)
		collector->forgotten.ns = now_ns;
	if (now_ns < collector->settled.ns)
		collector->settled.ns = now_ns;
}

/* What one collector alone does as time goes by. */
static int64_t tick_of_leader(struct collector *collector, struct bw_wall now)
{
	const int64_t hourly = hourly_tick(&collector->hourly, &collector->store, now.ns);
	const int64_t watch =
		webhooks_watch(&collector->webhooks, &collector->fleet, now, &collector->store);
	const int64_t settled = collector->lags ? INT64_MAX : settle(collector, now.ns);
	const int64_t next = hourly < watch ? hourly : watch;

	return settled < next ? settled : next;
}

struct bw_wall collector_tick(struct collector *collector, struct bw_wall now)
{
	int64_t next, deadline;

	follow_clock(collector, now.ns);
	refresh(collector);
	mind_lead(collector);
	next = collector->leads ? tick_of_leader(collector, now) : INT64_MAX;
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
	hourly_fini(&collector->hourly);
	load_fini(collector);
	teller_fini(&collector->teller);
	target_zones_fini(&collector->zones);
	if (collector->store.ops)
		collector->store.ops->free(collector->store.self);
	*collector = (struct collector){.seen = NULL};
}
