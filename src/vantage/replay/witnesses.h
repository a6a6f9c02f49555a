/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_WITNESSES_H
#define VANTAGE_REPLAY_WITNESSES_H

#include "vantage/ledger/ledger.h"

/*
 * When each block was last heard of. An answer of another block shows that the vantage was
 * online. Nobody asks other blocks on purpose here, so a judgement waits for the next answer
 * while some block is left that may give one.
 */
struct witness {
	struct bw_mono answered,
		silent; /* its last such probe was sent; else BLOCK_NEVER_ANSWERED */
};

struct witnesses {
	struct witness *list; /* of each block, and at last of the hosts that are in none */
	uint32_t block_count;
	int64_t recent_ns;     /* a witness was asked within this time */
	struct bw_mono looked; /* when witnesses_are_left() last looked at all */
};

/* RECENT_NS: a block that was not asked for longer is no witness. Returns 0 or -ENOMEM. */
int witnesses_init(struct witnesses *witnesses, uint32_t block_count, int64_t recent_ns);
void witnesses_fini(struct witnesses *witnesses);

void witnesses_note_answer(struct witnesses *witnesses, uint32_t block, struct bw_mono sent);

/* Only of a host that would have answered. */
void witnesses_note_silence(struct witnesses *witnesses, uint32_t block, struct bw_mono sent);

/*
 * No sign of life came since SINCE. True while a block other than BLOCK may still give one.
 * False when all were asked since then in vain, or when there is none.
 */
bool witnesses_are_left(struct witnesses *witnesses, const struct ledger *ledger, uint32_t block,
			struct bw_mono since);

#endif
