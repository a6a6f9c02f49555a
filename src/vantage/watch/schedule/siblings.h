/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_WATCH_SCHEDULE_SIBLINGS_H
#define VANTAGE_WATCH_SCHEDULE_SIBLINGS_H

#include "infer/evidence/evidence.h"
#include "vantage/ledger/block/tally.h"
#include "vantage/ledger/ledger.h"
#include "vantage/watch/schedule/plan.h"

/*
 * A silent block compared with its siblings, the blocks nearby (roster_siblings()): what they
 * share fails together. Each function looks at up to 256 blocks. The ledger keeps events.
 */
struct siblings {
	uint32_t known;        /* not unknown, or doubted; not silent for more than 2 h; way fit */
	uint32_t silent;       /* how many of these are down, suspect or doubted */
	uint32_t sure;         /* how many of the silent ones have more than two hosts */
	uint32_t false_alarms; /* how many of the silent ones had a false alarm in 24 h */
};

/* Counts the siblings of BLOCK, without BLOCK. */
struct siblings siblings_of(const struct ledger *ledger, uint32_t block);

/* True when some are known and at least half of these are silent. */
bool siblings_are_silent(const struct siblings *siblings);

/*
 * How long the silence of a block must last before it is dark, by the PLAN of its target. This is
 * confirm_ns when its siblings are silent or none is known; otherwise half a round, within 2 to
 * 6 times confirm_ns. It is three times as long when more than half of the block and its silent
 * siblings had a false alarm in the last 24 h; and six times as long then, if siblings are silent
 * but one of the target has answered since the silence X of the block began, as in a burst of loss.
 */
int64_t siblings_confirm_ns(const struct ledger *ledger, uint32_t block,
			    const struct siblings *siblings, const struct evidence_log *x,
			    const struct vantage_plan *plan);

/*
 * True for a block of one or two hosts in a target of several networks. Such hosts may be
 * switched off, so their silence counts only together with that of the siblings.
 */
bool siblings_are_needed(const struct ledger *ledger, uint32_t block);

/*
 * True when the block needs its siblings and no more than half of the known ones are silent,
 * which includes that none is known.
 */
bool siblings_contradict(const struct ledger *ledger, uint32_t block);

/* A block answered: that ends the joint silence of its target and network (joint.h, hearing.h). */
void siblings_hear(struct ledger *ledger, uint32_t block);

/*
 * Piece INDEX of the evidence X of a block has its outcome: an answer ends the joint silence of
 * the target and the network, a silence of a block that is not down adds to it.
 */
void siblings_note(struct ledger *ledger, uint32_t block, const struct evidence_log *x,
		   unsigned index);

/*
 * The round of a block with the evidence X is over: counts the loss that lasts on the way to its
 * target. What was sent between two answers of one block went to a block that was up, so silences
 * count when the next answer comes. What is silent until the block is dark never counts.
 * The round-trip times in TALLY say whether answers were delayed.
 */
void siblings_count_loss(struct ledger *ledger, uint32_t block, const struct evidence_log *x,
			 const struct tally *tally);

/*
 * True when the silence of a block is no reason to ask more: less than half arrives for long, and
 * a few lost probes still explain that the siblings are silent together. The hour's probes are
 * kept for when they do not. The same while their silence is not enough for dark and no more
 * probes are LEFT to the block than those that have to confirm it.
 */
bool siblings_are_throttled(const struct ledger *ledger, uint32_t block, unsigned left);

/*
 * True when a round with the evidence X has its probes: where siblings_are_throttled(), one, or
 * four where the joint silence is a hint and enough are left; else
 * where less than half arrives for long, four, until the silence of all is enough for dark; and
 * eight of a block at rest, because cold hosts say little then.
 */
bool siblings_save_probes(const struct ledger *ledger, uint32_t block, const struct evidence_log *x,
			  unsigned left);

/*
 * A block learned its first evening: counts it for its target.
 * When the hosts of a block go to rest (rest_hour()), where a quarter of the target's blocks have
 * learned that: what the block learned itself, else what the last of the others did. 0: not known.
 */
void siblings_count_evening(struct ledger *ledger, uint32_t block);
unsigned siblings_evening(const struct ledger *ledger, uint32_t block);

/*
 * The share of what was expected of the blocks of its target in the last minutes that came, 0.1 to
 * 1: what is missing was lost, or its hosts went to rest together.
 */
float siblings_answered(const struct ledger *ledger, uint32_t block);

/* The share of expected replies that arrive: at present, or in the mean on such a line if less. */
float siblings_delivered(const struct ledger *ledger, uint32_t block);

/* Sets what is known of present loss and of the line in X, the evidence of a block. */
void siblings_tell_loss(const struct ledger *ledger, uint32_t block, struct evidence_log *x);

/*
 * The belief in a block by the joint silence of its target, or of its network where that has four
 * blocks or more and is at rest, for evidence_log.shared: INFINITY
 * while that says less than dark, when siblings answer, and when the block's own evidence X is
 * enough, because neither loss nor rest explains it.
 */
float siblings_shared_belief(const struct ledger *ledger, uint32_t block,
			     const struct evidence_log *x);

#endif
