/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_FOLLOW_CONDITIONS_H
#define COLLECT_FOLLOW_FOLLOW_CONDITIONS_H

#include "collect/board/board.h"
#include "collect/fleet.h"

/*
 * The part of collect/follow.h that has to do with conditions of blocks: those that a vantage said
 * last are kept in the store, so that a restart of the collector does not forget them. They are
 * written when they change.
 */

/* Whether the store has others than the fact. VIEW NULL: nothing was said of the block yet. */
bool follow_conditions_differ(const struct board_view *view, const struct board_fact *fact);

/*
 * Whether a fact has conditions to save: its request has others than the store, and what the fact
 * says is no older than what is known.
 */
bool follow_conditions_count(const struct board_view *view, const struct board_fact *fact);

/* Saves them, within the transaction. Returns as the store. */
int follow_conditions_save(const struct fleet *fleet, const struct board_fact *fact,
			   const struct store *store, struct bw_err *err);

/*
 * The transaction of a fact is committed, and the fact is on the board. SAVED: this collector has
 * saved the conditions; others may have.
 */
void follow_conditions_keep(const struct board *board, const struct board_fact *fact, bool saved);

/* The transaction of a fact has not happened. */
void follow_conditions_drop(const struct board *board, const struct board_fact *fact);

/* Brings what the store has to the board, which has its claims. Returns as the store. */
int follow_conditions_load(const struct board *board, const struct fleet *fleet,
			   const struct store *store, struct bw_err *err);

#endif
