/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_TELL_TELLER_H
#define COLLECT_TELL_TELLER_H

#include "collect/target_zones.h"
#include "collect/tell/outage_book.h"
#include "collect/tell/webhooks.h"

/*
 * Makes events of the merged verdicts: the difference between now and what was last told, so that
 * a restart neither loses the final one nor repeats one. That nobody can tell is no event, nor is
 * the first time that a subject is up.
 */
struct teller_event {
	uint64_t id;
	char *text; /* one JSON object with its id */
};

struct teller {
	const struct fleet *fleet; /* the vantages of the board */
	struct webhooks *webhooks; /* who is told, too */
	struct target_zones *zones;
	struct outage_book book;
	uint64_t last_id;     /* of the last event */
	bool is_stale;        /* a transaction failed: what is known is read again first */
	struct array pending; /* struct teller_event: told, not yet handed on */
};

void teller_init(struct teller *teller, const struct fleet *fleet, struct webhooks *webhooks,
		 struct target_zones *zones, const struct dark_events *dark_events);
void teller_fini(struct teller *teller);

/* Reads outages and what was told; the board is filled. */
int teller_load(struct teller *teller, const struct board *board, const struct store *store,
		struct bw_err *err);

/*
 * Looks at all timelines that have changed, in a transaction of its own. What is told then is in
 * `pending`. After an error nothing has happened.
 */
int teller_run(struct teller *teller, const struct board *board, int64_t now_ns,
	       const struct store *store, struct bw_err *err);

/*
 * What another collector over the same store has told since then is in `pending`, and its outages
 * are in the book. After an error some of it may be.
 */
int teller_follow(struct teller *teller, const struct board *board, const struct store *store,
		  struct bw_err *err);

/* Reads all anew, for a board that is another one; events as teller_follow() does. */
int teller_reload(struct teller *teller, const struct board *board, const struct store *store,
		  struct bw_err *err);

/* Forgets what is pending, after it was handed on. */
void teller_clear(struct teller *teller);

#endif
