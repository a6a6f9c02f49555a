/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_SPOOL_PLAN_H
#define SHIP_SPOOL_PLAN_H

#include <stddef.h>

#include "ship/spool/spool_group.h"

/*
 * What a spool holds, segment by segment, and what must go when it is too large or too old.
 *
 * When it is too large, all records of the first type of SPOOL_TYPE_LIST that it holds go before
 * any of the next, those of the oldest segment first. When it is too old, everything but events
 * goes. Room for one segment is kept free, because a segment without the records that go is
 * written beside the old one before it takes its place.
 */
struct plan_segment {
	uint64_t number;
	struct spool_group all;    /* offset 0; all.length is its size */
	struct bw_mono last_write; /* of its last record */
};

struct plan {
	struct plan_segment *list; /* by number; the last is being written; owned by the caller */
	size_t count;
	uint64_t bytes; /* of all of them */
};

struct plan_limits {
	uint64_t size; /* bytes */
	int64_t age_ns;
};

/* Bytes from which on the next segment is begun. */
uint64_t plan_segment_size(const struct plan_limits *limits);

/* The first record of a segment is at most so much older than its last. */
int64_t plan_segment_age_ns(const struct plan_limits *limits);

enum plan_action {
	PLAN_NOTHING,
	PLAN_BEGIN,  /* begin the next segment: the one that is being written must be rewritten */
	PLAN_DELETE, /* delete the segment: nothing would be left */
	PLAN_REWRITE,
};

struct plan_step {
	enum plan_action action;
	size_t segment; /* index in the list */
	unsigned types; /* set of 1 << enum spool_type: these go */
	bool for_age;   /* because of their age, not because the spool is full */
};

/* The next step, if there is any. */
struct plan_step plan_next(const struct plan *plan, const struct plan_limits *limits,
			   struct bw_mono now);

/* Bytes that the file `reserve` is to hold: room for what is left of a segment (on a full disk). */
uint64_t plan_reserve_size(const struct plan_limits *limits);

/*
 * The step that makes room on a full disk for a record of TYPE: one of the types up to its own goes
 * from the oldest segment that has it, together with those that go before it, but no event ever. No
 * more than ROOM bytes are left of a segment that is rewritten; one that has more is passed over.
 */
struct plan_step plan_make_room(const struct plan *plan, unsigned type, uint64_t room);

/* Whether records must go because it is too large. */
bool plan_is_full(const struct plan *plan, const struct plan_limits *limits);

/*
 * Whether a new record of TYPE and LENGTH may be written. It may not when the spool is full and
 * only its own type and those after it are left in older segments, or when it would become larger
 * than its size.
 */
bool plan_admits(const struct plan *plan, const struct plan_limits *limits, unsigned type,
		 size_t length);

/* How many segments, from the first, lie wholly before the place: none that is being written. */
size_t plan_delivered(const struct plan *plan, uint64_t segment, const char *boot, uint64_t seq);

#endif
