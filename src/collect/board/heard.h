/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_HEARD_H
#define COLLECT_BOARD_HEARD_H

#include <stdbool.h>

#include <blockwatch/time.h>

#include "base/array.h"

/*
 * When one vantage was heard of, and whether it was fit. Each record covers the time from its own
 * time on, for as long as it counts. The spans are the union of these times, and the statements
 * are what the vantage said of its health, so neither depends on the order in which records come.
 */
struct heard_span {
	int64_t from_ns, until_ns; /* half-open */
};

/* The vantage said so at AT; it holds until the next statement. */
struct heard_state {
	int64_t at_ns;
	bool healthy;
};

struct heard {
	struct array spans;  /* struct heard_span, by from_ns; they neither overlap nor touch */
	struct array states; /* struct heard_state, by at_ns */
};

void heard_init(struct heard *heard);
void heard_fini(struct heard *heard);

/*
 * The time from FROM until UNTIL is covered. Returns the time from which on something is
 * different, INT64_MAX for nothing, or -ENOMEM.
 */
int64_t heard_add(struct heard *heard, int64_t from_ns, int64_t until_ns);

/*
 * The last span ends at UNTIL already, since the vantage has told a shorter round. Returns as
 * heard_add(), but never an error.
 */
int64_t heard_shorten(struct heard *heard, int64_t until_ns);

/*
 * The vantage said at AT whether it was fit. Of two statements of one moment, "unfit" counts.
 * Returns as heard_add().
 */
int64_t heard_say(struct heard *heard, int64_t at_ns, bool healthy);

/* Whether heard_say() would change nothing. */
bool heard_knows(const struct heard *heard, int64_t at_ns, bool healthy);

/* Where the span begins that covers T or ends at T; T: there is none. */
int64_t heard_start(const struct heard *heard, int64_t t_ns);

/* The first time after T from which on the vantage is not heard of; INT64_MAX: it never was. */
int64_t heard_end_after(const struct heard *heard, int64_t t_ns);

/* Whether what it says counts at T: T is covered, and it was fit when it last said. */
bool heard_can_tell(const struct heard *heard, int64_t t_ns);

/*
 * The first statement before BEFORE that says the same as both its neighbours, from statement N
 * on. Returns its number, or the number of statements when there is none.
 */
uint32_t heard_redundant(const struct heard *heard, uint32_t n, int64_t before_ns);

/* Forgets a statement that heard_redundant() found. */
void heard_forget(struct heard *heard, uint32_t n);

#endif
