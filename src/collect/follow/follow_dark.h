/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_FOLLOW_DARK_H
#define COLLECT_FOLLOW_FOLLOW_DARK_H

#include "collect/board/board.h"
#include "collect/follow/dark_events.h"

/*
 * The part of collect/follow.h that has to do with events to dark: they are kept aside while their
 * request is taken, saved in its transaction, and put among the others when that is committed.
 */
struct follow_dark {
	const struct board *board;
	const struct fleet *fleet;
	struct dark_events *events;
	struct array list; /* struct dark_event */
};

void follow_dark_init(struct follow_dark *follow, const struct board *board,
		      const struct fleet *fleet, struct dark_events *events);
void follow_dark_fini(struct follow_dark *follow);

/* A new record of any type. Returns 0 or -ENOMEM. */
int follow_dark_take(struct follow_dark *follow, uint32_t vantage, const struct record *record);

/* As those of collect/follow.h. */
int follow_dark_save(struct follow_dark *follow, const struct store *store, struct bw_err *err);
int follow_dark_keep(struct follow_dark *follow);
void follow_dark_drop(struct follow_dark *follow);
int follow_dark_load(struct follow_dark *follow, const struct store *store, struct bw_err *err);

#endif
