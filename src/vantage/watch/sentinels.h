/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SENTINELS_H
#define VANTAGE_WATCH_SENTINELS_H

#include "base/rng.h"
#include "probe/engine.h"
#include "vantage/watch/schedule/allowance.h"

/*
 * Hosts that are probed to see whether the ways out of the vantage are online: the references and
 * gateways of the roster, then witnesses, which are hosts of blocks. Each shows that for one way
 * only. The subject of their probes is the number of the sentinel in the roster, or sentinel_count
 * and the index of the witness among those of all ways.
 */
#define SENTINELS_WITNESSES 2

struct sentinels_witness {
	struct bw_addr addr;
	struct bw_method method;
	bool has_answered;
};

/* The hosts that answered last by one way out; a drawn one takes the place of the last. */
struct sentinels_witnesses {
	struct sentinels_witness list[SENTINELS_WITNESSES];
	uint32_t count, next; /* next: the oldest, to be replaced */
};

#define SENTINELS_SENT 32 /* probes of a sentinel that are remembered */

/* When the newest probe was sent that was answered; the newest of two in a row that were not. */
struct sentinels_life {
	struct bw_mono answered, missed;
	bool misses;                         /* the last one was not */
	uint8_t next;                        /* in `sent`: the oldest, to be replaced */
	struct bw_mono sent[SENTINELS_SENT]; /* the last probes, answered or not */
	int64_t srtt_ns;                     /* smoothed round-trip time; 0: none yet */
};

/* How often the sentinels are asked: each 5 s, 2 s, 1.2 s, each second, four times a second. */
enum sentinels_pace {
	SENTINELS_IDLE,
	SENTINELS_SAVING,
	SENTINELS_FOCUS,
	SENTINELS_BUSY,
	SENTINELS_HASTY,
};

/*
 * What the references of a way owe since its last sign of life: that of a reference or of a block,
 * or since it is awake, if that is later.
 */
struct sentinels_silence {
	struct bw_mono since; /* when the probe was sent that was answered last */
	unsigned probes;      /* that were sent since then and that no reply can be awaited for */
	unsigned awaited;     /* that were sent since then and may still be answered */
	bool is_common;       /* each reference that answered lately owes one; there is one */
};

struct sentinels {
	struct ledger *ledger; /* borrowed, as the next three */
	struct allowance *allowance;
	struct engine *engine;
	struct rng *rng;
	struct budget_spent *spent;  /* of the pace: by sentinels, then by witnesses */
	bool *has_answered;          /* of each sentinel of the roster, since the start */
	struct sentinels_life *life; /* of each */
	struct bw_mono at;           /* when they are probed next */
	struct sentinels_witnesses witnesses[BW_EGRESS_MAX]; /* by way */
	float usual_loss[BW_EGRESS_MAX]; /* by way: before the silence that is under way */
};

/* Copies the pointers from BORROWED. All are due at once. Returns 0 or -ENOMEM. */
int sentinels_init(struct sentinels *sentinels, const struct sentinels *borrowed);
void sentinels_fini(struct sentinels *sentinels);

/* Returns true when they are due. Then they are due again as PACE says. */
bool sentinels_are_due(struct sentinels *sentinels, enum sentinels_pace pace);

/* Makes them due at once. */
void sentinels_hurry(struct sentinels *sentinels);

/*
 * Submits a probe to each sentinel of the roster that has a route and whose pace allows it; the
 * same to the witnesses of a way. A probe for which the engine has no room is dropped.
 */
void sentinels_ask(struct sentinels *sentinels);
void sentinels_ask_witnesses(struct sentinels *sentinels, unsigned way);

/*
 * WAY is blind: a host of a block drawn at random becomes a witness, and a probe of the block's
 * hour is taken. Nothing when that block is not known or has no probe left, or when eight draws
 * find no block of the way. The roster has at least one block.
 */
void sentinels_draw_witness(struct sentinels *sentinels, unsigned way);

/* A host of a block answered: it becomes a witness of its way in place of the oldest. */
void sentinels_add_witness(struct sentinels *sentinels, const struct outcome *outcome);

/* A probe whose client is PROBE_OF_SENTINEL has left. */
void sentinels_sent(struct sentinels *sentinels, const struct probe *probe, struct bw_mono sent);

/*
 * The silence of the references of WAY that answered in the last minute. A reply is awaited for
 * four times the smoothed round-trip time of the reference, at least 750 ms and at most the
 * timeout.
 */
struct sentinels_silence sentinels_silence(const struct sentinels *sentinels, unsigned way);

/*
 * Takes the outcome of a probe whose client is PROBE_OF_SENTINEL. A reply is a sign of life, and
 * an error may be one of the line (fitness_take_error()). A reply or a silence counts as loss
 * once the same host has answered, except for the gateway and for late replies. An error is no
 * loss, because a router answered; neither is a probe that was not sent.
 */
void sentinels_outcome(struct sentinels *sentinels, const struct outcome *outcome);

/*
 * True when WAY has several next hops of a route (roster_sentinel.is_shared), one of which has
 * answered at some time, and one was silent at FROM or later or has not answered since LAST: the
 * kernel sends a part of all probes to a gateway that may have been dead.
 */
bool sentinels_miss_next_hop(const struct sentinels *sentinels, unsigned way, struct bw_mono from,
			     struct bw_mono last);

/* True when WAY has neither a sentinel nor a witness. */
bool sentinels_are_none(const struct sentinels *sentinels, unsigned way);

#endif
