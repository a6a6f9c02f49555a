/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_REPLAY_STATE_H
#define VANTAGE_REPLAY_STATE_H

#include "vantage/replay/replay.h"
#include "vantage/ledger/ledger.h"
#include "vantage/ledger/block/tally.h"

/* The inside of a replay, for its own files. */

#define REPLAY_STRAYS 8

/*
 * A block in question. While it is up: the silences since its last answer; while it
 * is down: the first and the last answer of what may be its return.
 */
struct replay_window {
	struct evidence_log x;
	struct evidence strays[REPLAY_STRAYS]; /* silences from before its last answer */
	uint8_t stray_count;
	uint8_t silences; /* while down: since the last answer */
};

struct replay_block {
	struct tally tally;            /* of this round */
	struct replay_window *window;  /* or NULL */
	struct bw_mono decided;        /* when it was called dark */
	struct bw_mono heard, unheard; /* its last answered and last silent probe was sent */
	struct silence silence;        /* while down */
	bool was_suspect;              /* its record with this condition is out */
};

/* A host that the vantage asked. */
struct replay_host {
	struct bw_addr addr;
	uint32_t block; /* the count of blocks: in none */
	uint16_t number;
	bool is_reference;
};

struct replay {
	struct replay_config config;
	struct ledger *ledger;
	struct passive *passive;
	struct replay_host *hosts; /* sorted by address */
	size_t host_count;
	struct replay_block *blocks; /* the last one is for hosts that are in none */
	uint32_t *suspects;          /* of each target: blocks that are suspect */
	struct bw_mono round_end;
	struct bw_mono void_before; /* what was sent while the vantage was blind says nothing */
	struct bw_mono hoped;       /* when replay_hopes() last looked */
	bool busy;                  /* something came of a probe in this round */
};

/* replay_block.c */
void replay_block_outcome(struct replay *r, const struct outcome *outcome);
void replay_block_round(struct replay *r, uint32_t block); /* its record, if it was asked */
/* Dark, when the demands are met and the vantage is known to be online. FORCE: or else blind. */
void replay_block_judge(struct replay *r, uint32_t block, bool force);
void replay_block_abandon(struct replay *r, uint32_t block);
void replay_block_reasons(struct replay *r, uint32_t block); /* of one that is unknown */

/* replay.c */
void replay_blind(struct replay *r, unsigned reasons);

/*
 * Without a sign of life since SINCE: whether anybody who might give one beside
 * BLOCK is still to be asked. False: all were, in vain, or there is nobody.
 */
bool replay_hopes(struct replay *r, uint32_t block, struct bw_mono since);

#endif
