/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_MEMORY_H
#define VANTAGE_LEDGER_MEMORY_H

#include <stdio.h>

#include "report/state/state_read.h"
#include "vantage/ledger/ledger.h"

/*
 * What checks know from before: which hosts of a block answered, by which method, how often, and
 * when one did last. It comes from the state of `run` or from earlier checks, which write the same
 * form. Verdicts, outages and events are no part of it.
 *
 * Blocks are known by their prefix, whatever the target. A memory may know a block that contains
 * a block of the roster or lies in one: its hosts count where they are candidates.
 */
#define MEMORY_BLOCKS_MAX 65536U /* that are saved: those that answered last */

struct memory_block {
	struct bw_prefix block;
	struct bw_wall last_answer;
	float hot, cold, again; /* rates, as in struct state_block */
	struct bw_addr hosts[HOTLIST_MAX];
	uint8_t count;    /* of hosts */
	uint16_t methods; /* the method index of each, two bits, the first lowest */
};

struct memory {
	struct memory_block *blocks; /* ascending by prefix, after memory_tidy() */
	size_t count, room;
};

void memory_fini(struct memory *memory); /* accepts {0} */

/*
 * Handlers for state_read() that add the blocks of a state which have answered. With a ROSTER
 * only blocks that overlap one of its blocks. Call memory_tidy() afterwards. -ENOMEM ends the
 * reading.
 */
struct memory_reader {
	struct memory *memory;
	const struct roster *roster; /* NULL: all */
};
struct state_handlers memory_handlers(struct memory_reader *reader);

/*
 * Puts the blocks in order. Of several entries for a block the one that answered last stays. Drops
 * what answered more than FADING_MAX_DAYS (infer/evidence/fading.h) before NOW and, of more than
 * MEMORY_BLOCKS_MAX blocks, those that answered longest ago. An answer after NOW counts as of NOW.
 */
void memory_tidy(struct memory *memory, struct bw_wall now);

/*
 * Before the first probe of a check: the ledger knows the hosts that answered, asks them first, and
 * takes their silence as evidence, less what their age takes away. Where entries for overlapping
 * blocks are more than a day apart, the later one counts.
 */
void memory_recall(const struct memory *memory, struct ledger *ledger);

/*
 * After a check: adds the blocks of the ledger that have answered since BEGAN, and tidies. Returns
 * 0 or -ENOMEM.
 */
int memory_learn(struct memory *memory, const struct ledger *ledger, struct bw_mono began);

/* Writes it as a state. Returns as state_writer_end() does. */
int memory_save(const struct memory *memory, FILE *file, const struct state_head *head,
		struct bw_err *err);

#endif
