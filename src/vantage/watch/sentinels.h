/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SENTINELS_H
#define VANTAGE_WATCH_SENTINELS_H

#include "base/rng.h"
#include "probe/engine.h"
#include "vantage/watch/schedule/allowance.h"

/*
 * Hosts that are asked to see whether the vantage is online: the references and the gateway of
 * the roster, then witnesses, which are hosts of blocks that answered lately.
 */
#define SENTINELS_WITNESSES 2

struct sentinels_witness {
	struct bw_addr addr;
	struct bw_method method;
	uint8_t egress;
};

struct sentinels {
	struct ledger *ledger; /* borrowed, as the next three */
	struct allowance *allowance;
	struct engine *engine;
	struct rng *rng;
	struct budget_spent *spent; /* of the pace: by sentinels, then by witnesses */
	struct bw_mono at;          /* when they are asked next */
	struct sentinels_witness witnesses[SENTINELS_WITNESSES];
	uint32_t witness_count, witness_next; /* the newest that answered */
};

/* They are due at once. 0 or -ENOMEM. */
int sentinels_init(struct sentinels *sentinels, const struct sentinels *borrowed);
void sentinels_fini(struct sentinels *sentinels);

/* If they are due: true, and due again in 1 s when BUSY, else in 5 s. */
bool sentinels_are_due(struct sentinels *sentinels, bool busy);
void sentinels_hurry(struct sentinels *sentinels); /* they are due at once */

/* Sends a probe to each; to witnesses only if WITNESSES. */
void sentinels_ask(struct sentinels *sentinels, bool witnesses);

/* The vantage is blind: a host drawn by lot becomes a witness, if its block may be asked. */
void sentinels_draw_witness(struct sentinels *sentinels);

/* A host of a block answered: it is the newest witness. */
void sentinels_add_witness(struct sentinels *sentinels, const struct outcome *outcome);

/* The outcome of a probe whose client is PROBE_OF_SENTINEL. */
void sentinels_outcome(struct sentinels *sentinels, const struct outcome *outcome);

/* True when there is nobody who could be asked. */
bool sentinels_are_none(const struct sentinels *sentinels);

#endif
