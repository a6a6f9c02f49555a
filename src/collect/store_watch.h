/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_STORE_WATCH_H
#define COLLECT_STORE_WATCH_H

#include <stddef.h>

#include "collect/store.h"

/*
 * Whether the store takes what comes. It knows it from transactions and from the connection of the
 * store; after a failure it tries transactions of its own, until one succeeds. A trial writes what
 * a body as large as the one that failed needs, with its indexes and sums, up to 8 MB; twice as
 * much each time that a body fails although the trial before it succeeded.
 */
struct store_watch {
	bool stores;       /* the last transaction succeeded */
	bool by_trial;     /* that was a trial: nothing as large as what failed came since */
	struct bw_err why; /* when it did not: the cause, and the place of the database */
	size_t bytes;      /* of the largest body that could not be stored; 0: none */
	unsigned doubts;   /* how often such a body failed after a trial had succeeded */
	int64_t next_ns;   /* when the store is looked after */
	int64_t trial_ns;  /* when the next trial is due */
	int64_t busy_ns;   /* since when another process has a lock; 0: none has */
};

/*
 * Another process may have a lock for so long before records count as not stored: their senders
 * come again, and /healthz does not change for a moment.
 */
#define STORE_WATCH_BUSY_NS (5 * BW_S)

/*
 * A transaction with BYTES of text succeeded. After a failure that means nothing of one with more:
 * the next trial tells.
 */
void store_watch_succeeded(struct store_watch *watch, size_t bytes);

/* A transaction with BYTES of text failed at NOW_NS for the cause in WHY, whose code counts. */
void store_watch_failed(struct store_watch *watch, const struct bw_err *why, size_t bytes,
			int64_t now_ns);

/*
 * Looks after the store when that is due, and tries to write once a second while the last
 * transaction has failed. MAY_TRY false: no trial now. Returns when it wants to be called again;
 * INT64_MAX: never.
 */
int64_t store_watch_tick(struct store_watch *watch, const struct store *store, bool may_try,
			 int64_t now_ns);

#endif
