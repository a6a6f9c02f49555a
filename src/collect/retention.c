/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/retention.h"

#include <errno.h>

#include "base/day.h"
#include "collect/follow/follow_kept.h"
#include "collect/lead.h"
#include "collect/tell/outage_book_forget.h"

#define OUTAGES_MAX 500 /* that one call forgets */
#define CLAIMS_MAX 500  /* likewise, but those of one block more */
#define BLOCKS_MAX 5000 /* that one call looks at */
#define SUMS_MAX 500    /* that one call saves */

/*
 * Claims are forgotten a block at a time. What is needed of them begins with the interval, or the
 * outage, that holds at the horizon; of what was said before that, the last claim of each vantage
 * says all (claims_old()). So the history from the horizon on is the same as if nothing had been
 * forgotten, also when it is merged anew after a restart.
 */
struct pass {
	const struct retained *retained;
	const struct store *store;
	int64_t before_ns;
	struct bw_err *err;
};

/* The oldest claims of a view, which are not needed. */
struct old {
	uint32_t block, view, count;
};

int64_t retention_begin(const struct retention *retention, int64_t now_ns)
{
	return retention->keep_ns > 0 && retention->keep_ns < now_ns ? now_ns - retention->keep_ns
								     : 0;
}

static struct board_view *view_of(const struct board_block *block, uint32_t n)
{
	return array_at(&block->views, n);
}

/* Whether its timeline is up to date, and what is kept of the sums that it is in. */
static bool may_forget(const struct pass *pass, const struct board_block *block)
{
	const struct board *board = pass->retained->board;

	return block->dirty_ns == INT64_MAX &&
	       board_network(board, block->network)->merged.kept_ns >= pass->before_ns &&
	       board_target(board, block->target)->merged.kept_ns >= pass->before_ns;
}

/* Returns how many claims were found, or -ENOMEM. */
static int find_old(const struct pass *pass, uint32_t number, struct array *list)
{
	const struct board *board = pass->retained->board;
	const struct board_block *block = board_block(board, number);
	const int64_t needed = outages_needed(&block->merged, pass->before_ns);
	uint32_t found = 0;

	if (!may_forget(pass, block))
		return 0;
	for (uint32_t n = 0; n < block->views.count; n++) {
		const struct old old = {number, n, claims_old(&view_of(block, n)->claims, needed)};

		if (old.count > 0 && array_add(list, &old) < 0)
			return -ENOMEM;
		found += old.count;
	}
	return (int)found;
}

static int drop_old(const struct pass *pass, const struct old *old)
{
	const struct board *board = pass->retained->board;
	const struct board_block *block = board_block(board, old->block);
	const struct board_view *view = view_of(block, old->view);
	struct store_claim row = {
		.vantage = pass->retained->fleet->list[view->vantage].name,
		.target = board_target(board, block->target)->name,
		.block = block->prefix,
	};
	int result = 0;

	for (uint32_t n = 0; n < old->count && result == 0; n++) {
		row.claim = *(const struct claim *)array_at(&view->claims.said, n);
		result = pass->store->ops->drop_claim(pass->store->self, &row, pass->err);
	}
	return result;
}

/* They are deleted. */
static int forget_old(const struct pass *pass, const struct old *old)
{
	struct board *board = pass->retained->board;
	struct board_view *view = view_of(board_block(board, old->block), old->view);
	const int result = claims_forget(&view->claims, old->count);

	if (result == 0)
		board->vantages[view->vantage].claims -= old->count;
	return result;
}

static int end(const struct pass *pass, int result)
{
	if (result == 0)
		result = pass->store->ops->commit(pass->store->self, pass->err);
	if (result < 0)
		pass->store->ops->rollback(pass->store->self);
	return result;
}

static int drop_list(const struct pass *pass, const struct array *list)
{
	int result = lead_begin(pass->store, pass->err);

	if (result < 0)
		return result;
	for (uint32_t n = 0; n < list->count && result == 0; n++)
		result = drop_old(pass, array_at(list, n));
	return end(pass, result);
}

/* A collector that does not lead forgets them alone, and the store keeps them. */
static int forget_list(const struct pass *pass, const struct array *list)
{
	int result = lead_holds(pass->store) ? drop_list(pass, list) : 0;

	for (uint32_t n = 0; n < list->count && result == 0; n++)
		result = forget_old(pass, array_at(list, n));
	return result;
}

/* The sum that comes at place N: first the targets, then the networks. */
static struct subject sum_at(const struct board *board, uint32_t n)
{
	return n < board->targets.count
		       ? subject_get(board, BW_SCOPE_TARGET, n)
		       : subject_get(board, BW_SCOPE_NETWORK, n - board->targets.count);
}

static bool is_up_to_date(const struct board *board, const struct subject *sum)
{
	return board_target(board, sum->target)->dirty_ns == INT64_MAX;
}

/* The end of those from FROM on of which at most SUMS_MAX are to be saved. */
static uint32_t find_sums(const struct pass *pass, uint32_t from, uint32_t *ret_found)
{
	const struct board *board = pass->retained->board;
	const uint32_t count = board->targets.count + board->networks.count;
	uint32_t n = from;

	for (*ret_found = 0; n < count && n - from < BLOCKS_MAX && *ret_found < SUMS_MAX; n++) {
		const struct subject sum = sum_at(board, n);

		*ret_found +=
			is_up_to_date(board, &sum) && !follow_kept_is_saved(&sum, pass->before_ns);
	}
	return n;
}

static int save_sums(const struct pass *pass, uint32_t from, uint32_t until)
{
	const struct board *board = pass->retained->board;
	int result = lead_begin(pass->store, pass->err);

	if (result < 0)
		return result;
	for (uint32_t n = from; n < until && result == 0; n++) {
		const struct subject sum = sum_at(board, n);

		if (is_up_to_date(board, &sum) && !follow_kept_is_saved(&sum, pass->before_ns))
			result = follow_kept_save(board, &sum, pass->before_ns, pass->store,
						  pass->err);
	}
	return end(pass, result);
}

/* As with claims: a collector that does not lead keeps them alone. */
static int keep_sums(struct retention *retention, const struct pass *pass)
{
	const struct board *board = pass->retained->board;
	const bool saves = lead_holds(pass->store);
	uint32_t found, until = find_sums(pass, retention->sum, &found);
	const int result = saves && found > 0 ? save_sums(pass, retention->sum, until) : 0;

	for (; result == 0 && retention->sum < until; retention->sum++) {
		const struct subject sum = sum_at(board, retention->sum);

		if (is_up_to_date(board, &sum))
			follow_kept_hold(&sum, pass->before_ns, saves);
	}
	return result;
}

static void trim(const struct pass *pass, struct timeline *timeline)
{
	timeline_forget(timeline, outages_needed(timeline, pass->before_ns));
}

static void trim_sum(const struct pass *pass, struct timeline *timeline)
{
	if (timeline->kept_ns >= pass->before_ns)
		trim(pass, timeline);
}

/* After all blocks: the timelines that follow from theirs. */
static void trim_sums(const struct pass *pass)
{
	struct board *board = pass->retained->board;

	for (uint32_t n = 0; n < board->targets.count; n++)
		trim_sum(pass, &board_target(board, n)->merged);
	for (uint32_t n = 0; n < board->networks.count; n++)
		trim_sum(pass, &board_network(board, n)->merged);
	for (uint32_t n = 0; n < board->vantage_count; n++)
		trim(pass, &board->vantages[n].cut_off);
}

static int forget_claims(struct retention *retention, const struct pass *pass, bool *ret_more)
{
	struct board *board = pass->retained->board;
	struct array list = array_of(sizeof(struct old));
	uint32_t from = retention->block < board->blocks.count ? retention->block : 0, n = from;
	int result = 0, found = 0;

	for (; n < board->blocks.count && n - from < BLOCKS_MAX && found < CLAIMS_MAX; n++) {
		result = find_old(pass, n, &list);
		if (result < 0)
			break;
		found += result;
	}
	if (result >= 0)
		result = list.count > 0 ? forget_list(pass, &list) : 0;
	array_fini(&list);
	if (result < 0)
		return result;
	for (; from < n; from++)
		if (may_forget(pass, board_block(board, from)))
			trim(pass, &board_block(board, from)->merged);
	*ret_more = n < board->blocks.count;
	retention->block = n;
	if (!*ret_more)
		trim_sums(pass);
	return 0;
}

/* A step of a walk. */
static int forget_history(struct retention *retention, const struct pass *pass, bool *ret_more)
{
	const struct board *board = pass->retained->board;
	int result;

	*ret_more = true;
	if (retention->sum < board->targets.count + board->networks.count && retention->block == 0)
		return keep_sums(retention, pass);
	result = forget_claims(retention, pass, ret_more);
	if (result == 0 && !*ret_more)
		retention->before_ns = retention->sum = retention->block = 0;
	return result;
}

/* Whether it is over since before then, and nobody is to be told of it any more. */
static bool is_old(const struct pass *pass, const struct outage_entry *entry, uint32_t number)
{
	const bool open = entry->outage.end_ns == INT64_MAX;
	const struct timeline *timeline;

	if (open && !entry->withdrawn)
		return false;
	if ((open ? entry->outage.start_ns : entry->outage.end_ns) >= pass->before_ns)
		return false;
	timeline = subject_find(pass->retained->board, entry->scope, entry->target, entry->subject);
	return !timeline || timeline->told != BW_DARK || timeline->told_outage != number;
}

/* Marks those that are forgotten. Returns how many. */
static uint32_t mark_outages(const struct pass *pass, struct outage_book *book)
{
	uint32_t count = 0;

	/* The last one stays: its id is not given again. */
	for (uint32_t n = 0; n + 1 < book->entries.count && count < OUTAGES_MAX; n++) {
		struct outage_entry *entry = array_at(&book->entries, n);

		entry->forgotten = is_old(pass, entry, n + 1);
		count += entry->forgotten;
	}
	return count;
}

static int drop_outages(const struct pass *pass, const struct outage_book *book)
{
	int result = lead_begin(pass->store, pass->err);

	if (result < 0)
		return result;
	for (uint32_t n = 0; n < book->entries.count && result == 0; n++) {
		const struct outage_entry *entry = outage_book_get(book, n);

		if (entry->forgotten)
			result = pass->store->ops->drop_outage(pass->store->self, entry->id,
							       pass->err);
	}
	return end(pass, result);
}

static int forget_outages(const struct pass *pass, bool *ret_more)
{
	struct teller *teller = pass->retained->teller;
	struct array *entries = &teller->book.entries;
	uint32_t count;
	int result;

	if (teller->is_stale)
		return 0;
	count = mark_outages(pass, &teller->book);
	if (count == 0)
		return 0;
	result = lead_holds(pass->store) ? drop_outages(pass, &teller->book) : 0;
	if (result == 0)
		outage_book_forget(&teller->book, pass->retained->board);
	for (uint32_t n = 0; n < entries->count && result < 0; n++)
		((struct outage_entry *)array_at(entries, n))->forgotten = false;
	*ret_more = count == OUTAGES_MAX;
	return result;
}

/* What is in the store alone. */
static int forget_rows(const struct pass *pass, bool more[2])
{
	const struct store *store = pass->store;
	const int64_t day = day_number((struct bw_wall){pass->before_ns});
	int result;

	if (!lead_holds(store))
		return 0;
	result = store->ops->forget_events(store->self, pass->before_ns, &more[0], pass->err);
	return result < 0 ? result
			  : store->ops->forget_hourly_days(store->self, day, &more[1], pass->err);
}

int retention_forget(struct retention *retention, const struct retained *retained,
		     const struct store *store, int64_t now_ns, bool *ret_more, struct bw_err *err)
{
	struct pass pass = {retained, store, retention_begin(retention, now_ns), err};
	bool more[4] = {false};
	int result;

	*ret_more = false;
	if (pass.before_ns == 0)
		return 0;
	if (retention->before_ns == 0)
		retention->before_ns = pass.before_ns;
	pass.before_ns = retention->before_ns;
	if (pass.before_ns > retained->board->needed_ns)
		retained->board->needed_ns = pass.before_ns;
	result = forget_history(retention, &pass, &more[0]);
	if (result == 0)
		result = forget_outages(&pass, &more[1]);
	if (result == 0)
		result = forget_rows(&pass, &more[2]);
	*ret_more = result == 0 && (more[0] || more[1] || more[2] || more[3]);
	return result;
}
