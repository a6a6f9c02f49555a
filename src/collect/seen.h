/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_SEEN_H
#define COLLECT_SEEN_H

#include "collect/store.h"

/*
 * Which records were taken: (vantage, boot, seq) counts once, whenever and how often it comes.
 * What is added becomes lasting by seen_save() in the transaction of its records, and is taken
 * back by seen_undo() when that fails.
 */
struct seen;

/* NULL: out of memory. */
struct seen *seen_new(void);

/* Reads what the store has. Returns as the store, or -ENOMEM. */
int seen_load(struct seen *seen, const struct store *store, struct bw_err *err);

#define SEEN_BOOTS_MAX 10000 /* of one vantage */

bool seen_has(struct seen *seen, const char *vantage, const char *boot, uint64_t seq);

/*
 * Returns 1 when it was there, 0 when it is new and now is there; BW_ERR_LIMIT when so much is
 * missing between the numbers of this boot that it is not taken; BW_ERR_OVERLAP when the vantage
 * has had so many boots that this one is not taken; -ENOMEM.
 */
int seen_add(struct seen *seen, const char *vantage, const char *boot, uint64_t seq);

/* Saves what was added since the last call, within the transaction of the store. */
int seen_save(struct seen *seen, const struct store *store, struct bw_err *err);

/* What was saved is committed; or nothing that was added since then has happened. */
void seen_keep(struct seen *seen);
void seen_undo(struct seen *seen);

/* Accepts NULL. */
void seen_free(struct seen *seen);

#endif
