/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_FOLLOW_H
#define COLLECT_FOLLOW_FOLLOW_H

#include "collect/board/board.h"
#include "collect/follow/follow_dark.h"

/*
 * Brings records to the board: what is new in them is kept aside while their request is taken,
 * saved in its transaction, and put on the board when that is committed.
 */
struct follow {
	struct board *board;
	const struct fleet *fleet; /* its order is that of the board's vantages */
	int64_t now_ns;            /* when the record came that is looked at */
	struct array facts;        /* struct follow_fact */
	struct array heard;        /* struct follow_heard */
	struct array health;       /* struct follow_health */
	struct array titles;       /* struct follow_title */
	struct follow_dark dark;
};

void follow_init(struct follow *follow, struct board *board, const struct fleet *fleet,
		 struct dark_events *dark_events);
void follow_fini(struct follow *follow);

/*
 * A new record, which the fleet has noted and which has come at NOW: what it says of later times it
 * says of now. Returns 0 or -ENOMEM.
 */
int follow_take(struct follow *follow, const struct record *record, struct bw_wall now);

/* Saves what is aside, within the transaction. */
int follow_save(struct follow *follow, const struct store *store, struct bw_err *err);

/* Puts it on the board. Returns 0 or -ENOMEM. */
int follow_keep(struct follow *follow);

/* Throws it away. */
void follow_drop(struct follow *follow);

#endif
