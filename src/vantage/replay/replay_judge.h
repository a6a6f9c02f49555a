/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_JUDGE_H
#define VANTAGE_REPLAY_JUDGE_H

#include "vantage/ledger/block/tally.h"
#include "vantage/ledger/ledger.h"
#include "vantage/replay/replay_window.h"
#include "vantage/replay/witnesses.h"

/*
 * Decides when the silence of a block is enough for dark, and when the vantage itself was
 * offline. The verdicts are those of the ledger.
 */
struct replay_block {
	struct tally tally;           /* of this round */
	struct replay_window *window; /* NULL: the verdict is not in question */
	struct bw_mono decided;       /* when it was called dark */
	struct usual_round range;     /* loss and delay of this round */
	bool was_suspect;             /* its record with this condition is out */
};

struct replay_judge {
	struct ledger *ledger; /* borrowed */
	int64_t round_ns;
	struct replay_block *blocks;
	uint32_t *suspects; /* of each target: blocks that are suspect */
	struct witnesses witnesses;
	struct bw_mono void_before[2]; /* by way: what was sent while it was blind says nothing */
};

/* Returns 0 or -ENOMEM. */
int replay_judge_init(struct replay_judge *judge, struct ledger *ledger, int64_t round_ns);
void replay_judge_fini(struct replay_judge *judge);

/* The window of a block, which is opened if it has none. NULL: out of memory. */
struct replay_window *replay_judge_open(struct replay_judge *judge, uint32_t block);

/* Closes the window: the verdict is not in question any more. */
void replay_judge_close(struct replay_judge *judge, uint32_t block);

/* After a silence of an up block or an answer of a dark one: puts out a record once. */
void replay_judge_suspect(struct replay_judge *judge, uint32_t block);

/*
 * Calls the block dark when its silence meets the demands and the vantage is known to have
 * been online. Where no other block answers for up to a round, the vantage is blind instead;
 * FORCE: at once.
 */
void replay_judge_dark(struct replay_judge *judge, uint32_t block, bool force);

/*
 * True when a probe of BLOCK that was sent at SENT says nothing if it is silent: its way is blind.
 */
bool replay_judge_is_void(const struct replay_judge *judge, uint32_t block, struct bw_mono sent);

/* A host answered a probe that was sent at SENT: WAY (a family) was online. */
void replay_judge_sign_of_life(struct replay_judge *judge, unsigned way, enum health_source source,
			       struct bw_mono sent);

/* How much each silence in X weighs, by what is known of its host now. */
void replay_judge_weigh(const struct block *block, const struct evidence_log *x,
			float nats[EVIDENCE_MAX]);

#endif
