/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_ROUND_ROUND_TABLE_H
#define VANTAGE_WATCH_ROUND_ROUND_TABLE_H

#include "infer/condition/extra.h"
#include "infer/evidence/evidence.h"
#include "probe/budget.h"
#include "vantage/ledger/block/tally.h"

/* A round of a block that is under way: its record is not out yet. */
struct round {
	struct evidence_log x;
	struct tally tally;
	struct budget_spent spent; /* of the pace */
	bool was_suspect;          /* a record with this condition is out */
	int64_t late_ns;           /* answers are waited for so long at least; 0: as learned */
	/* watch/round/conditions: probes beside those that the verdict needs. */
	struct extra extra;    /* to test conditions */
	uint8_t cold_probes;   /* to cold hosts, after these */
	uint32_t extra_probes; /* set of pieces of x that `extra` asked for */
	uint16_t cold_rate;    /* of the hot list, before it learned from this round */
	/* watch/round/control_group: */
	bool is_control;            /* its first probe shows whether replies arrive at all */
	bool has_controls;          /* controls were asked for this round */
	struct bw_mono controls_at; /* when that was tried; BW_NEVER: not yet */
};

_Static_assert(EVIDENCE_MAX <= 32, "a set of the probes of a round has 32 bits");

/* Which block the round with the same index is of, and the next in its chain. */
struct round_link {
	uint32_t block;
	uint32_t next; /* ROUND_TABLE_END: none */
};

/*
 * The rounds that are under way, found by block number. Links lie apart from rounds, so that
 * a search does not touch the rounds of other blocks. Memory is taken once.
 */
struct round_table {
	struct round *rounds;
	struct round_link *links;
	uint32_t *heads; /* of chains, by block number and mask */
	uint32_t mask;
	uint32_t size;
	uint32_t touched;  /* rounds from this index on have never been used */
	uint32_t free;     /* first of the chain of free ones */
	uint32_t suspects; /* rounds with was_suspect */
};

#define ROUND_TABLE_END UINT32_MAX

/* Room for SIZE rounds. 0 or -ENOMEM. */
int round_table_init(struct round_table *table, uint32_t size);
void round_table_fini(struct round_table *table);

bool round_table_has_room(const struct round_table *table);

/*
 * A round for a block that has none, while there is room. Its fields hold values of an earlier
 * round. Valid until it is given back.
 */
struct round *round_table_take(struct round_table *table, uint32_t block);

/* The block has a round. A round that was suspect is no longer counted in table->suspects. */
void round_table_give_back(struct round_table *table, uint32_t block);

/* NULL: the block has no round under way. */
static inline struct round *round_table_find(const struct round_table *table, uint32_t block)
{
	uint32_t i = table->heads[block & table->mask];

	while (i != ROUND_TABLE_END && table->links[i].block != block)
		i = table->links[i].next;
	return i == ROUND_TABLE_END ? NULL : &table->rounds[i];
}

#endif
