/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_HOURLY_HOURLY_H
#define COLLECT_HOURLY_HOURLY_H

#include "collect/hourly/hourly_part.h"
#include "collect/store.h"

/*
 * The hourly sums of the collector: what the records of a transaction add to them is kept aside,
 * saved with them, and brought into the days of its subjects from time to time.
 */
struct hourly {
	struct hourly_part part; /* of the transaction */
	size_t waiting;          /* bytes that were saved since they were last brought into days */
	int64_t folded_ns;       /* when that was */
	bool more;               /* and there were more */
};

void hourly_init(struct hourly *hourly);
void hourly_fini(struct hourly *hourly);

/* A new record. Returns 0 or -ENOMEM. */
static inline int hourly_take(struct hourly *hourly, const struct record *record)
{
	return record->type == RECORD_BLOCK ? hourly_part_add(&hourly->part, record) : 0;
}

/* Saves what is aside, within the transaction. */
int hourly_save(const struct hourly *hourly, const struct store *store, struct bw_err *err);

/* It is committed; or nothing of it has happened. */
void hourly_keep(struct hourly *hourly);
void hourly_drop(struct hourly *hourly);

/*
 * Brings some of what was saved into days when it is time: each ten minutes, or when much waits. A
 * failure is tried again after ten minutes. Returns when it wants to be called again.
 */
int64_t hourly_tick(struct hourly *hourly, const struct store *store, int64_t now_ns);

#endif
