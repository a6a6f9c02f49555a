/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/tell/outage_book.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void outage_book_init(struct outage_book *book)
{
	book->entries = array_of(sizeof(struct outage_entry));
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

int outage_book_load(struct outage_book *book, const struct store *store, struct bw_err *err)
{
	return store->ops->each_outage(store->self, load_one, book, err);
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

static bool is_of(const struct outage_entry *entry, const char *target, enum bw_scope scope,
		  const char *subject)
{
	return entry->scope == scope && strcmp(entry->subject, subject) == 0 &&
	       strcmp(entry->target, target) == 0;
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

/* Whose entries are looked at, and which of them are still there. */
struct review {
	struct outage_book *book;
	const char *target, *subject;
	enum bw_scope scope;
	int64_t from_ns;
	uint32_t known;  /* entries before this review */
	uint8_t *stands; /* of each of them */
	const struct store *store;
	struct bw_err *err;
};

static int update(struct review *review, uint32_t n, const struct outage *outage)
{
	struct outage_entry *entry = entry_at(review->book, n);

	review->stands[n] = true;
	if (is_same(&entry->outage, outage))
		return 0;
	entry->outage = *outage;
	entry->revision++;
	return save(entry, review->store, review->err);
}

static int take(struct review *review, const struct outage *outage)
{
	const struct outage_entry entry = {
		.id = (uint64_t)review->book->entries.count + 1,
		.target = (char *)(uintptr_t)review->target,
		.subject = (char *)(uintptr_t)review->subject,
		.scope = review->scope,
		.outage = *outage,
		.revision = 1,
	};

	for (uint32_t n = review->known; n > 0; n--) {
		const struct outage_entry *known = entry_at(review->book, n - 1);

		if (!review->stands[n - 1] && !known->withdrawn &&
		    is_of(known, review->target, review->scope, review->subject) &&
		    overlap(&known->outage, outage))
			return update(review, n - 1, outage);
	}
	if (add(review->book, &entry) < 0)
		return bw_err_set(review->err, -ENOMEM, "out of memory");
	return save(&entry, review->store, review->err);
}

/* What was in the book and is no more. */
static int withdraw(struct review *review)
{
	int result = 0;

	for (uint32_t n = 0; n < review->known && result == 0; n++) {
		struct outage_entry *entry = entry_at(review->book, n);

		if (review->stands[n] || entry->withdrawn ||
		    entry->outage.end_ns < review->from_ns ||
		    !is_of(entry, review->target, review->scope, review->subject))
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
		.from_ns = from_ns,
		.known = book->entries.count,
		.stands = calloc(book->entries.count + 1, 1),
		.store = store,
		.err = err,
	};
	struct outage outage;
	int64_t t = from_ns - 1; /* one that ends where the change begins is looked at, too */
	int result = 0;

	if (!review.stands)
		return bw_err_set(err, -ENOMEM, "out of memory");
	while (result == 0 && t != INT64_MAX && outages_next(subject->merged, t, &outage)) {
		result = take(&review, &outage);
		t = outage.end_ns == INT64_MAX ? INT64_MAX : outage.end_ns + 1;
	}
	if (result == 0)
		result = withdraw(&review);
	free(review.stands);
	return result;
}

const struct outage_entry *outage_book_last(const struct outage_book *book, const char *target,
					    enum bw_scope scope, const char *subject)
{
	for (uint32_t n = book->entries.count; n > 0; n--)
		if (!entry_at(book, n - 1)->withdrawn &&
		    is_of(entry_at(book, n - 1), target, scope, subject))
			return entry_at(book, n - 1);
	return NULL;
}
