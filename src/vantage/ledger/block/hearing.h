/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VANTAGE_LEDGER_BLOCK_HEARING_H
#define VANTAGE_LEDGER_BLOCK_HEARING_H

#include <stdbool.h>
#include <stdint.h>

#include "infer/params.h"

/*
 * When any of many blocks (those of a target, or of a network) answered last, and how long none of
 * them did before, in the time in which the program runs. All zeros: nothing has been heard yet.
 */
struct hearing {
	struct bw_mono first, last; /* since when answers are noted; the last one; ns 0: none */
	int64_t longest_ns;         /* the longest time without any answer, nothing being down */
	float nats;                 /* hearing_missed() since the last answer */
	int32_t deaf;               /* up to this half hour none is noted as silent */
	/* Half hours of the day, the first lowest: ... */
	uint64_t heard;  /* ... in which there was an answer on some day, ... */
	uint64_t silent; /* ... and that passed without any, whether anything was down or not */
};

/*
 * A block answered at NOW. DOWN: it was down, so that the time since the last answer was an outage.
 */
void hearing_note(struct hearing *hearing, bool down, struct bw_mono now);

/*
 * Whether the blocks have been silent for 2.5 times as long as ever in the two days or more for
 * which they are watched, and for five minutes at least. Some host answered more often than that
 * in the quietest hour of the night, and on a bad line.
 */
bool hearing_is_too_silent(const struct hearing *hearing, struct bw_mono now);

/*
 * Whether the blocks are silent at this time of day, give or take two hours, as far as is known: it
 * passed without an answer, and there never was one. So it is where all hosts rest at night. That
 * silence tells nothing, however long it is.
 */
bool hearing_is_usually_silent(const struct hearing *hearing, struct bw_mono now);

/*
 * A probe to a block that is not down was silent at NOW, which weighs NATS in the block's evidence.
 * Once the blocks are too silent, more of it repeats what is known and does not count.
 */
void hearing_missed(struct hearing *hearing, float nats, struct bw_mono now);

/* The belief, in log-odds, that blocks are up whose silence since the last answer weighs NATS. */
float hearing_belief(float nats, const struct infer_params *params);

/*
 * What was learned before a restart was filled in at NOW. The program did not run for STOPPED_NS
 * before: if that is more than half an hour, none of what passed since the last answer is noted as
 * silent half hours.
 */
void hearing_restore(struct hearing *hearing, struct bw_mono now, int64_t stopped_ns);

/* A set of half hours of the day, as those of a clock that is BY_NS ahead; to the nearest one. */
uint64_t hearing_turn(uint64_t half_hours, int64_t by_ns);

/* The vantage could not hear: the time without an answer does not count. */
void hearing_was_deaf(struct hearing *hearing);

#endif
