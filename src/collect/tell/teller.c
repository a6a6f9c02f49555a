/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/teller.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/lead.h"
#include "collect/tell/event_text.h"
#include "collect/tell/outage_facts.h"

#define EVENTS_STEP 1000 /* that are read at once */

/* One run. */
struct run {
	struct teller *teller;
	const struct board *board;
	int64_t now_ns;
	const struct store *store;
	struct bw_err *err;
};

void teller_init(struct teller *teller, const struct fleet *fleet, struct webhooks *webhooks,
		 struct target_zones *zones, const struct dark_events *dark_events)
{
	*teller = (struct teller){
		.fleet = fleet,
		.webhooks = webhooks,
		.zones = zones,
		.pending = array_of(sizeof(struct teller_event)),
	};
	outage_book_init(&teller->book, dark_events);
}

static struct teller_event *pending_at(const struct teller *teller, uint32_t n)
{
	return array_at(&teller->pending, n);
}

void teller_clear(struct teller *teller)
{
	for (uint32_t n = 0; n < teller->pending.count; n++)
		free(pending_at(teller, n)->text);
	teller->pending.count = 0;
}

void teller_fini(struct teller *teller)
{
	teller_clear(teller);
	array_fini(&teller->pending);
	outage_book_fini(&teller->book);
}

static int out_of_memory(const struct run *run)
{
	return bw_err_set(run->err, -ENOMEM, "out of memory");
}

static size_t find_vantages(const struct run *run, const struct subject *subject,
			    enum bw_verdict verdict, const char **names)
{
	uint32_t numbers[BOARD_VANTAGES_MAX];
	const size_t count =
		outage_facts_saying(run->board, subject, verdict, run->now_ns, numbers);

	for (size_t n = 0; n < count; n++)
		names[n] = run->teller->fleet->list[numbers[n]].name;
	return count;
}

static int keep(const struct run *run, const struct event *event)
{
	const struct teller_event told = {event->id, event_text(event)};
	int result;

	if (!told.text || array_add(&run->teller->pending, &told) < 0) {
		free(told.text);
		return out_of_memory(run);
	}
	run->teller->last_id = event->id;
	result = run->store->ops->put_event(run->store->self, event->id, event->now_ns, told.text,
					    run->err);
	return result < 0 ? result
			  : webhooks_tell(run->teller->webhooks, event, told.text, run->store,
					  run->err);
}

/* Of an outage that begins: how, where the path ends, and whether it comes again and again. */
static void describe(const struct run *run, uint32_t number, struct event *event,
		     struct series *series)
{
	const struct outage_book *book = &run->teller->book;
	const struct outage_entry *entry = outage_book_get(book, number);
	const char *name;
	const struct zone *zone = target_zones_get(run->teller->zones, event->target, &name);

	event->onset = entry->onset;
	event->path = entry->path;
	if (outage_facts_series(book, run->board, number, zone, series))
		event->series = series;
}

/* The vantages whose word it is that an outage begins. */
static size_t find_witnesses(const struct run *run, const struct outage_entry *entry,
			     const char **names)
{
	uint32_t numbers[BOARD_VANTAGES_MAX];
	const size_t count = outage_facts_vantages(run->board, entry, run->now_ns, numbers);

	for (size_t n = 0; n < count; n++)
		names[n] = run->teller->fleet->list[numbers[n]].name;
	return count;
}

/* Of the outage that has begun or ended, if it is one. */
static void add_outage(const struct run *run, const struct subject *subject, struct event *event,
		       struct series *series, const char **names)
{
	const struct outage_book *book = &run->teller->book;
	const uint32_t last = event->to == BW_DARK ? outage_book_last(book, subject->merged) : 0;
	const struct outage_entry *told;

	if (last > 0) {
		describe(run, last - 1, event, series);
		event->vantage_count = find_witnesses(run, outage_book_get(book, last - 1), names);
	} else {
		event->vantage_count = find_vantages(run, subject, event->to, names);
	}
	if (event->from != BW_DARK)
		return;
	told = outage_book_told(book, subject->merged);
	event->withdrawn = !told;
	event->outage = told && told->outage.end_ns != INT64_MAX ? &told->outage : NULL;
	if (told)
		describe(run, outage_book_find(book, told->id) - 1, event, series);
}

static int tell(const struct run *run, const struct subject *subject, enum bw_verdict from,
		const struct interval *interval)
{
	const char *names[BOARD_VANTAGES_MAX];
	char text[SUBJECT_TEXT];
	const struct board_target *target = board_target(run->board, subject->target);
	struct series series;
	struct event event = {
		.id = run->teller->last_id + 1,
		.now_ns = run->now_ns,
		.target = target->name,
		.title = target->title,
		.scope = subject->scope,
		.subject = subject_format(run->board, subject, text),
		.from = from,
		.to = timeline_verdict(interval),
		.interval = interval,
		.vantages = names,
	};

	add_outage(run, subject, &event, &series, names);
	return keep(run, &event);
}

/* With which outage a subject is told to be dark, by its number from 1; 0: it is not dark. */
static uint32_t outage_told(const struct run *run, const struct subject *subject,
			    enum bw_verdict now)
{
	return now == BW_DARK ? outage_book_last(&run->teller->book, subject->merged) : 0;
}

/* Tells what differs from what was told of this subject. */
static int compare(const struct run *run, const struct subject *subject)
{
	const struct interval *interval = timeline_at(subject->merged, run->now_ns);
	const enum bw_verdict now = timeline_verdict(interval);
	const enum bw_verdict told = (enum bw_verdict)subject->merged->told;
	const uint32_t outage = outage_told(run, subject, now);
	char text[SUBJECT_TEXT];
	struct store_told row = {
		.target = board_target(run->board, subject->target)->name,
		.scope = subject->scope,
		.verdict = now,
		.outage = outage > 0 ? outage_book_get(&run->teller->book, outage - 1)->id : 0,
	};
	int result = 0;

	if (now == BW_UNKNOWN || now == told)
		return 0;
	row.subject = subject_format(run->board, subject, text);
	if (told != BW_UNKNOWN || now != BW_UP) {
		result = tell(run, subject, told, interval);
		row.event = run->teller->last_id;
	}
	return result < 0 ? result : run->store->ops->put_told(run->store->self, &row, run->err);
}

static int look(void *arg, const struct subject *subject)
{
	const struct run *run = arg;
	int64_t from_ns = subject->merged->changed_ns;
	int result;

	if (from_ns == INT64_MAX)
		return 0;
	/* What was before that is not told as if it were new. */
	if (from_ns < run->board->needed_ns)
		from_ns = run->board->needed_ns;
	result = outage_book_revise(&run->teller->book, run->board, subject, from_ns, run->store,
				    run->err);
	return result < 0 ? result : compare(run, subject);
}

static bool has_changed(const struct board *board)
{
	for (uint32_t n = 0; n < board->targets.count; n++)
		if (board_target(board, n)->merged.changed_ns != INT64_MAX)
			return true;
	for (uint32_t n = 0; n < board->networks.count; n++)
		if (board_network(board, n)->merged.changed_ns != INT64_MAX)
			return true;
	for (uint32_t n = 0; n < board->blocks.count; n++)
		if (board_block(board, n)->merged.changed_ns != INT64_MAX)
			return true;
	return false;
}

/* All of it is in the database. */
static int settle(void *arg, const struct subject *subject)
{
	const struct run *run = arg;
	const enum bw_verdict now = timeline_verdict(timeline_at(subject->merged, run->now_ns));

	if (subject->merged->changed_ns != INT64_MAX && now != BW_UNKNOWN &&
	    now != (enum bw_verdict)subject->merged->told) {
		subject->merged->told = (uint8_t)now;
		subject->merged->told_outage = outage_told(run, subject, now);
	}
	subject->merged->changed_ns = INT64_MAX;
	return 0;
}

static int forget_outages(void *arg, const struct subject *subject)
{
	(void)arg;
	subject->merged->last_outage = 0;
	return 0;
}

/*
 * The book has taken what is lost; and when the database has gone away during the commit, nobody
 * knows whether it is lost. Both are read again before anything else is told.
 */
static void undo(struct run *run, uint64_t last_id)
{
	run->store->ops->rollback(run->store->self);
	teller_clear(run->teller);
	run->teller->last_id = last_id;
	run->teller->is_stale = true;
}

static int read_again(struct run *run)
{
	return run->teller->is_stale ? teller_reload(run->teller, run->board, run->store, run->err)
				     : 0;
}

int teller_run(struct teller *teller, const struct board *board, int64_t now_ns,
	       const struct store *store, struct bw_err *err)
{
	struct run run = {teller, board, now_ns, store, err};
	const uint64_t last_id = teller->last_id;
	int result;

	if (!has_changed(board))
		return 0;
	result = lead_begin(store, err);
	if (result < 0)
		return result;
	result = read_again(&run);
	if (result == 0)
		result = subject_each(board, look, &run);
	if (result == 0)
		result = store->ops->commit(store->self, err);
	if (result < 0)
		undo(&run, last_id);
	else
		subject_each(board, settle, &run);
	return result;
}

struct load {
	const struct outage_book *book;
	const struct board *board;
	const struct store *store;
	struct bw_err *err;
};

static int load_told(void *arg, const struct subject *subject)
{
	const struct load *load = arg;
	char text[SUBJECT_TEXT];
	struct store_told row = {
		.target = board_target(load->board, subject->target)->name,
		.subject = subject_format(load->board, subject, text),
		.scope = subject->scope,
	};
	const int result = load->store->ops->get_told(load->store->self, &row, load->err);

	subject->merged->told = (uint8_t)row.verdict;
	subject->merged->told_outage = outage_book_find(load->book, row.outage);
	return result;
}

int teller_load(struct teller *teller, const struct board *board, const struct store *store,
		struct bw_err *err)
{
	struct load load = {&teller->book, board, store, err};
	int result = outage_book_load(&teller->book, board, store, err);

	if (result == 0)
		result = store->ops->last_event(store->self, &teller->last_id, err);
	return result < 0 ? result : subject_each(board, load_told, &load);
}

static int add_pending(void *arg, uint64_t id, const char *text)
{
	struct teller *teller = arg;
	const struct teller_event told = {id, strdup(text)};

	if (!told.text || array_add(&teller->pending, &told) < 0) {
		free(told.text);
		return -ENOMEM;
	}
	teller->last_id = id;
	return 0;
}

static int read_events(struct teller *teller, const struct store *store, struct bw_err *err)
{
	uint64_t last;
	int result;

	do {
		last = teller->last_id;
		result = store->ops->events_after(store->self, last, EVENTS_STEP, add_pending,
						  teller, err);
	} while (result == 0 && teller->last_id > last);
	return result;
}

/* A network without blocks is there until the leader has told that it is gone. */
static int settle_gone(void *arg, const struct subject *subject)
{
	(void)arg;
	if (subject->scope == BW_SCOPE_NETWORK && subject->merged->intervals.count == 0)
		subject->merged->changed_ns = INT64_MAX;
	return 0;
}

int teller_follow(struct teller *teller, const struct board *board, const struct store *store,
		  struct bw_err *err)
{
	struct outage_taking taking = {&teller->book, board};
	int result;

	if (teller->is_stale)
		return teller_reload(teller, board, store, err);
	result = read_events(teller, store, err);
	if (result == 0 && store->ops->each_new_outage)
		result = store->ops->each_new_outage(store->self, outage_book_take, &taking, err);
	if (result == 0)
		result = subject_each(board, settle_gone, NULL);
	return result;
}

int teller_reload(struct teller *teller, const struct board *board, const struct store *store,
		  struct bw_err *err)
{
	struct outage_book *book = &teller->book;
	int result = read_events(teller, store, err);
	const uint64_t last_id = teller->last_id;

	teller->is_stale = true;
	outage_book_fini(book);
	outage_book_init(book, book->dark_events);
	subject_each(board, forget_outages, NULL);
	if (result == 0)
		result = teller_load(teller, board, store, err);
	teller->last_id = last_id; /* what was told meanwhile comes with the next call */
	teller->is_stale = result < 0;
	return result;
}
