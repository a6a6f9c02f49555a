/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/outage_book.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void outage_book_init(struct outage_book *book, const struct dark_events *dark_events)
{
	*book = (struct outage_book){
		.entries = array_of(sizeof(struct outage_entry)),
		.dark_events = dark_events,
	};
}

static struct outage_entry *entry_at(const struct outage_book *book, uint32_t n)
{
	return array_at(&book->entries, n);
}

void outage_book_free(const struct outage_entry *entry)
{
	free(entry->target);
	free(entry->subject);
	free(entry->path);
}

void outage_book_fini(struct outage_book *book)
{
	for (uint32_t n = 0; n < book->entries.count; n++)
		outage_book_free(entry_at(book, n));
	array_fini(&book->entries);
}

static int add(struct outage_book *book, const struct outage_entry *entry)
{
	struct outage_entry copy = *entry;

	copy.target = strdup(entry->target);
	copy.subject = strdup(entry->subject);
	copy.path = entry->path ? strdup(entry->path) : NULL;
	if (copy.target && copy.subject && (copy.path || !entry->path) &&
	    array_add(&book->entries, &copy) >= 0) {
		if (entry->id > book->last_id)
			book->last_id = entry->id;
		return 0;
	}
	outage_book_free(&copy);
	return -ENOMEM;
}

static int load_one(void *arg, const struct store_outage *row)
{
	const struct outage_entry entry = {
		.id = row->id,
		.target = (char *)(uintptr_t)row->target,
		.subject = (char *)(uintptr_t)row->subject,
		.scope = row->scope,
		.outage = row->outage,
		.revision = row->revision,
		.withdrawn = row->withdrawn,
		.onset = row->onset,
		.path = (char *)(uintptr_t)row->path,
	};

	return add(arg, &entry);
}

static void chain(const struct outage_book *book, uint32_t n, struct timeline *timeline)
{
	entry_at(book, n)->former = timeline->last_outage;
	timeline->last_outage = n + 1;
}

static void chain_entry(const struct outage_book *book, const struct board *board, uint32_t n)
{
	const struct outage_entry *entry = entry_at(book, n);
	struct timeline *timeline =
		subject_find(board, entry->scope, entry->target, entry->subject);

	if (timeline)
		chain(book, n, timeline);
}

/* An outage stays that of its subject. */
static int replace(struct outage_entry *entry, const struct store_outage *row)
{
	char *path = row->path ? strdup(row->path) : NULL;

	if (row->path && !path)
		return -ENOMEM;
	free(entry->path);
	entry->path = path;
	entry->outage = row->outage;
	entry->revision = row->revision;
	entry->withdrawn = row->withdrawn;
	entry->onset = row->onset;
	return 0;
}

int outage_book_take(void *arg, const struct store_outage *row)
{
	const struct outage_taking *taking = arg;
	struct outage_book *book = taking->book;
	const uint32_t number = outage_book_find(book, row->id);

	if (number > 0)
		return replace(entry_at(book, number - 1), row);
	if (row->id <= book->last_id)
		return 0; /* it is forgotten here */
	if (load_one(book, row) < 0)
		return -ENOMEM;
	chain_entry(book, taking->board, book->entries.count - 1);
	return 0;
}

int outage_book_load(struct outage_book *book, const struct board *board, const struct store *store,
		     struct bw_err *err)
{
	const int result = store->ops->each_outage(store->self, load_one, book, err);

	for (uint32_t n = 0; n < book->entries.count; n++)
		chain_entry(book, board, n);
	return result;
}

static int save(const struct outage_entry *entry, const struct store *store, struct bw_err *err)
{
	const struct store_outage row = {
		.id = entry->id,
		.target = entry->target,
		.subject = entry->subject,
		.scope = entry->scope,
		.outage = entry->outage,
		.revision = entry->revision,
		.withdrawn = entry->withdrawn,
		.onset = entry->onset,
		.path = entry->path,
	};

	return store->ops->put_outage(store->self, &row, err);
}

/* Whose entries are looked at. */
struct review {
	struct outage_book *book;
	const char *target, *subject;
	enum bw_scope scope;
	struct timeline *timeline;
	int64_t from_ns;
	const struct store *store;
	struct bw_err *err;
};

static struct dark_summary sum_up(const struct review *review, const struct outage *outage)
{
	return dark_events_sum(review->book->dark_events, review->scope, review->target,
			       review->subject, outage->earliest_ns, outage->end_ns);
}

static bool is_same_path(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/*
 * What vantages told of an outage is kept when their next event has taken its place: it is not
 * replaced by less.
 */
static int tell_more(struct outage_entry *entry, const struct dark_summary *sum, bool *ret_changed)
{
	char *path;

	if (sum->onset > entry->onset) {
		entry->onset = sum->onset;
		*ret_changed = true;
	}
	if (!sum->path || is_same_path(sum->path, entry->path))
		return 0;
	path = strdup(sum->path);
	if (!path)
		return -ENOMEM;
	free(entry->path);
	entry->path = path;
	*ret_changed = true;
	return 0;
}

static int update(struct review *review, struct outage_entry *entry, const struct outage *outage)
{
	const struct dark_summary sum = sum_up(review, outage);
	bool changed = !outage_is_same(&entry->outage, outage);

	entry->reviewed = review->book->reviews;
	if (tell_more(entry, &sum, &changed) < 0)
		return bw_err_set(review->err, -ENOMEM, "out of memory");
	if (!changed)
		return 0;
	entry->outage = *outage;
	entry->revision++;
	return save(entry, review->store, review->err);
}

static int add_new(struct review *review, const struct outage *outage)
{
	struct outage_book *book = review->book;
	const struct dark_summary sum = sum_up(review, outage);
	const struct outage_entry entry = {
		.id = book->last_id + 1,
		.target = (char *)(uintptr_t)review->target,
		.subject = (char *)(uintptr_t)review->subject,
		.scope = review->scope,
		.outage = *outage,
		.revision = 1,
		.onset = sum.onset,
		.path = (char *)(uintptr_t)sum.path,
		.reviewed = book->reviews,
	};

	if (add(book, &entry) < 0)
		return bw_err_set(review->err, -ENOMEM, "out of memory");
	chain(book, book->entries.count - 1, review->timeline);
	return save(entry_at(book, book->entries.count - 1), review->store, review->err);
}

/* The outage of this start, among those that are REVIEWED in this review or not yet. */
static struct outage_entry *find_start(const struct review *review, int64_t start_ns, bool reviewed)
{
	const struct outage_book *book = review->book;

	for (uint32_t n = review->timeline->last_outage; n > 0; n = entry_at(book, n - 1)->former) {
		struct outage_entry *known = entry_at(book, n - 1);

		if (!known->withdrawn && known->outage.start_ns == start_ns &&
		    (known->reviewed == book->reviews) == reviewed)
			return known;
	}
	return NULL;
}

/*
 * The one that has most in common with an outage, of those that are not withdrawn and not of the
 * review number SKIPPED; NULL: none has.
 */
static struct outage_entry *find_nearest(const struct outage_book *book,
					 const struct timeline *timeline,
					 const struct outage *outage, uint64_t skipped)
{
	struct outage_entry *nearest = NULL;
	int64_t most = -1;

	for (uint32_t n = timeline->last_outage; n > 0; n = entry_at(book, n - 1)->former) {
		struct outage_entry *known = entry_at(book, n - 1);
		const int64_t overlap = outage_overlap(&known->outage, outage);

		if (known->withdrawn || known->reviewed == skipped || overlap <= most)
			continue;
		nearest = known;
		most = overlap;
	}
	return nearest;
}

/* The start names an outage, so none takes the place of another one that has not moved. */
static int take_unmoved(struct review *review, const struct outage *outage)
{
	struct outage_entry *known = find_start(review, outage->start_ns, false);

	return known ? update(review, known, outage) : 0;
}

static int take_other(struct review *review, const struct outage *outage)
{
	struct outage_entry *known;

	if (find_start(review, outage->start_ns, true))
		return 0;
	known = find_nearest(review->book, review->timeline, outage, review->book->reviews);
	return known ? update(review, known, outage) : add_new(review, outage);
}

static int take_all(struct review *review,
		    int (*take)(struct review *review, const struct outage *outage))
{
	/* One that ends where the change begins is looked at, too. */
	struct outages outages = outages_from(review->timeline, review->from_ns - 1);
	struct outage outage;
	int result = 0;

	while (result == 0 && outages_next(&outages, &outage))
		result = take(review, &outage);
	return result;
}

/* What was in the book and is no more. */
static int withdraw(struct review *review)
{
	const struct outage_book *book = review->book;
	int result = 0;

	for (uint32_t n = review->timeline->last_outage; n > 0 && result == 0;) {
		struct outage_entry *entry = entry_at(book, n - 1);

		n = entry->former;
		if (entry->reviewed == book->reviews || entry->withdrawn ||
		    entry->outage.end_ns < review->from_ns)
			continue;
		entry->withdrawn = true;
		entry->revision++;
		result = save(entry, review->store, review->err);
	}
	return result;
}

int outage_book_revise(struct outage_book *book, const struct board *board,
		       const struct subject *subject, int64_t from_ns, const struct store *store,
		       struct bw_err *err)
{
	char text[SUBJECT_TEXT];
	struct review review = {
		.book = book,
		.target = board_target(board, subject->target)->name,
		.subject = subject_format(board, subject, text),
		.scope = subject->scope,
		.timeline = subject->merged,
		.from_ns = from_ns,
		.store = store,
		.err = err,
	};
	int result;

	book->reviews++;
	result = take_all(&review, take_unmoved);
	if (result == 0)
		result = take_all(&review, take_other);
	return result < 0 ? result : withdraw(&review);
}

uint32_t outage_book_from(const struct outage_book *book, uint64_t id)
{
	uint32_t low = 0, high = book->entries.count;

	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (entry_at(book, middle)->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t outage_book_find(const struct outage_book *book, uint64_t id)
{
	const uint32_t n = outage_book_from(book, id);

	return n < book->entries.count && entry_at(book, n)->id == id ? n + 1 : 0;
}

uint32_t outage_book_last(const struct outage_book *book, const struct timeline *timeline)
{
	uint32_t n = timeline->last_outage;

	while (n > 0 && entry_at(book, n - 1)->withdrawn)
		n = entry_at(book, n - 1)->former;
	return n;
}

const struct outage_entry *outage_book_told(const struct outage_book *book,
					    const struct timeline *timeline)
{
	const uint32_t told = timeline->told_outage;

	if (told == 0 || told > book->entries.count)
		return NULL;
	if (!entry_at(book, told - 1)->withdrawn)
		return entry_at(book, told - 1);
	return find_nearest(book, timeline, &entry_at(book, told - 1)->outage, UINT64_MAX);
}
