/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_FOLLOW_FOLLOW_FACTS_H
#define COLLECT_FOLLOW_FOLLOW_FACTS_H

#include "collect/follow/follow.h"

/* The part of collect/follow.h that saves what a request says of blocks. */
struct follow_fact {
	struct board_fact fact;
	char *target; /* what fact.target points to */
	struct bw_prefix network;
	bool has_network;        /* the event of a block does not name it */
	struct board_view *view; /* of the board, while it is saved; NULL: there is none yet */
	bool saves_conditions;   /* follow_facts_save() has saved them */
};

static inline struct follow_fact *follow_facts_at(const struct follow *follow, uint32_t n)
{
	return (struct follow_fact *)array_at(&follow->facts, n);
}

struct board_place follow_facts_place(const struct follow_fact *fact);

/* Saves the facts that say something new, within the transaction. Returns as the store. */
int follow_facts_save(const struct follow *follow, const struct store *store, struct bw_err *err);

#endif
