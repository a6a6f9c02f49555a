/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TELL_OUTAGE_BOOK_H
#define COLLECT_TELL_OUTAGE_BOOK_H

#include "collect/board/outages.h"
#include "collect/board/subject.h"
#include "collect/follow/dark_events.h"

/*
 * All outages that followed from the merged timelines and are not forgotten. One keeps its id while
 * records that come late move its bounds: each change is a revision. One that vanishes stays as
 * withdrawn.
 */
struct outage_entry {
	uint64_t id; /* from 1 */
	char *target, *subject;
	enum bw_scope scope;
	struct outage outage;
	uint64_t revision; /* from 1 */
	bool withdrawn;
	enum bw_onset onset; /* as vantages tell it */
	char *path;          /* likewise, JSON as in records; NULL: no trace was made */
	uint32_t former;     /* the one before of the same subject, from 1; 0: none */
	uint64_t reviewed;   /* in which review it was found to stand */
	bool forgotten;      /* outage_book_forget.h takes it out */
};

struct outage_book {
	struct array entries; /* struct outage_entry, by id */
	uint64_t reviews;     /* how many there were */
	uint64_t last_id;     /* the highest that was ever given */
	const struct dark_events *dark_events;
};

void outage_book_init(struct outage_book *book, const struct dark_events *dark_events);
void outage_book_fini(struct outage_book *book);

/* Frees the texts of an entry that is taken out. */
void outage_book_free(const struct outage_entry *entry);

/* Reads what the store has; the timelines of the board then know their last one. */
int outage_book_load(struct outage_book *book, const struct board *board, const struct store *store,
		     struct bw_err *err);

/*
 * Compares a subject's timeline from FROM on with what is in the book, and saves what has changed
 * in the transaction of the store. An outage is the one in the book that has its start, or else the
 * one with which it has most in common.
 */
int outage_book_revise(struct outage_book *book, const struct board *board,
		       const struct subject *subject, int64_t from_ns, const struct store *store,
		       struct bw_err *err);

/* Where outages go that another collector has put into the store. */
struct outage_taking {
	struct outage_book *book;
	const struct board *board;
};

/* One of these; ARG is a struct outage_taking. Returns 0 or -ENOMEM. */
int outage_book_take(void *arg, const struct store_outage *row);

static inline const struct outage_entry *outage_book_get(const struct outage_book *book, uint32_t n)
{
	return (const struct outage_entry *)array_at(&book->entries, n);
}

/* The index of the first outage with this id or a greater one; the count of them: there is none. */
uint32_t outage_book_from(const struct outage_book *book, uint64_t id);

/* The number, from 1, of the outage with this id; 0: there is none. */
uint32_t outage_book_find(const struct outage_book *book, uint64_t id);

/* The number, from 1, of the last outage of a subject that was not withdrawn; 0: there is none. */
uint32_t outage_book_last(const struct outage_book *book, const struct timeline *timeline);

/*
 * What became of the outage that was told of a subject: itself, or the one that it is part of since
 * late records joined them; NULL: it never was.
 */
const struct outage_entry *outage_book_told(const struct outage_book *book,
					    const struct timeline *timeline);

#endif
