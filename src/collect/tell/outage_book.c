/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/outage_book.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void outage_book_init(struct outage_book *book)
{
	*book = (struct outage_book){.entries = array_of(sizeof(struct outage_entry))};
}

static struct outage_entry *entry_at(const struct outage_book *book, uint32_t n)
{
	return array_at(&book->entries, n);
}

void outage_book_fini(struct outage_book *book)
{
	for (uint32_t n = 0; n < book->entries.count; n++) {
		free(entry_at(book, n)->target);
		free(entry_at(book, n)->subject);
	}
	array_fini(&book->entries);
}

static int add(struct outage_book *book, const struct outage_entry *entry)
{
	struct outage_entry copy = *entry;

	copy.target = strdup(entry->target);
	copy.subject = strdup(entry->subject);
	if (copy.target && copy.subject && array_add(&book->entries, &copy) >= 0)
		return 0;
	free(copy.target);
	free(copy.subject);
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
	};

	return add(arg, &entry);
}

static struct timeline *find_timeline(const struct board *board, const struct outage_entry *entry)
{
	struct board_target *target;
	struct board_network *network;
	struct board_block *block;
	struct bw_prefix prefix;

	if (entry->scope == BW_SCOPE_TARGET) {
		target = board_find_target(board, entry->target);
		return target ? &target->merged : NULL;
	}
	if (bw_prefix_parse(entry->subject, &prefix, NULL) < 0)
		return NULL;
	if (entry->scope == BW_SCOPE_NETWORK) {
		network = board_find_network(board, entry->target, &prefix);
		return network ? &network->merged : NULL;
	}
	block = board_find_block(board, entry->target, &prefix);
	return block ? &block->merged : NULL;
}

static void chain(const struct outage_book *book, uint32_t n, struct timeline *timeline)
{
	entry_at(book, n)->former = timeline->last_outage;
	timeline->last_outage = n + 1;
}

int outage_book_load(struct outage_book *book, const struct board *board, const struct store *store,
		     struct bw_err *err)
{
	const int result = store->ops->each_outage(store->self, load_one, book, err);

	for (uint32_t n = 0; n < book->entries.count; n++) {
		struct timeline *timeline = find_timeline(board, entry_at(book, n));

		if (timeline)
			chain(book, n, timeline);
	}
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
	};

	return store->ops->put_outage(store->self, &row, err);
}

static bool overlap(const struct outage *a, const struct outage *b)
{
	return a->earliest_ns <= b->end_ns && b->earliest_ns <= a->end_ns;
}

static bool is_same(const struct outage *a, const struct outage *b)
{
	if (a->start_ns != b->start_ns || a->earliest_ns != b->earliest_ns ||
	    a->end_ns != b->end_ns || a->end_earliest_ns != b->end_earliest_ns ||
	    a->return_count != b->return_count)
		return false;
	for (unsigned n = 0; n < a->return_count; n++)
		if (a->returns[n].start_ns != b->returns[n].start_ns ||
		    a->returns[n].end_ns != b->returns[n].end_ns)
			return false;
	return true;
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

static int update(struct review *review, struct outage_entry *entry, const struct outage *outage)
{
	entry->reviewed = review->book->reviews;
	if (is_same(&entry->outage, outage))
		return 0;
	entry->outage = *outage;
	entry->revision++;
	return save(entry, review->store, review->err);
}

static int add_new(struct review *review, const struct outage *outage)
{
	struct outage_book *book = review->book;
	const struct outage_entry entry = {
		.id = (uint64_t)book->entries.count + 1,
		.target = (char *)(uintptr_t)review->target,
		.subject = (char *)(uintptr_t)review->subject,
		.scope = review->scope,
		.outage = *outage,
		.revision = 1,
		.reviewed = book->reviews,
	};

	if (add(book, &entry) < 0)
		return bw_err_set(review->err, -ENOMEM, "out of memory");
	chain(book, book->entries.count - 1, review->timeline);
	return save(&entry, review->store, review->err);
}

static int take(struct review *review, const struct outage *outage)
{
	const struct outage_book *book = review->book;

	for (uint32_t n = review->timeline->last_outage; n > 0;) {
		struct outage_entry *known = entry_at(book, n - 1);

		if (known->reviewed != book->reviews && !known->withdrawn &&
		    overlap(&known->outage, outage))
			return update(review, known, outage);
		n = known->former;
	}
	return add_new(review, outage);
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
	struct outage outage;
	int64_t t = from_ns - 1; /* one that ends where the change begins is looked at, too */
	int result = 0;

	book->reviews++;
	while (result == 0 && t != INT64_MAX && outages_next(subject->merged, t, &outage)) {
		result = take(&review, &outage);
		t = outage.end_ns == INT64_MAX ? INT64_MAX : outage.end_ns + 1;
	}
	return result < 0 ? result : withdraw(&review);
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
	for (uint32_t n = timeline->last_outage; n > 0; n = entry_at(book, n - 1)->former)
		if (!entry_at(book, n - 1)->withdrawn &&
		    overlap(&entry_at(book, n - 1)->outage, &entry_at(book, told - 1)->outage))
			return entry_at(book, n - 1);
	return NULL;
}
