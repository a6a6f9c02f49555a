/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_SCORE_H
#define SIM_SCORE_SCORE_H

#include "report/record/record.h"
#include "sim/scenario/simulation.h"
#include "sim/score/match.h"
#include "sim/score/path_score.h"
#include "sim/score/sample.h"

/*
 * The score compares what was stated with what was true. It takes records as they come,
 * from any inference, and in the end compares the outages that they state with those of
 * the world.
 *
 * - An outage counts when it lasts at least two rounds and a minute (shorter ones may fall
 *   between two rounds), begins after `settle`, and begins at least that long before the
 *   end. It is seen when its subject is stated to be dark while it lasts, or just after its
 *   end with bounds that reach into it. An outage that is not seen is missed, unless the
 *   subject was stated to be flapping, or unknown for all of it, meanwhile.
 * - A stated outage is false when the world has none between the stated earliest moment
 *   and the decision. Withdrawn ones are counted apart.
 * - Where paths are traced, the path of each event is compared with the truth (path_score.h).
 * - An outage of a network or target is the time in which all its blocks are dark.
 */
struct score;

/* Returns NULL when out of memory. The simulation must outlive the score. */
struct score *score_new(const struct simulation *simulation);
void score_free(struct score *score);

/* Takes a record that came at NOW. */
void score_record(struct score *score, const struct record *record, struct bw_now now);

/* Counts a probe to a host of a block. */
void score_probe(struct score *score, const struct bw_addr *to, struct bw_mono at);

struct score_sum {
	struct score_part parts[3]; /* by enum bw_scope */
	uint64_t events, records;
	double publication_s; /* from decision to record, at most; 0 in virtual time */
	struct score_bin belief[SCORE_BINS]; /* of block records with verdict up or dark */
	double hours, up_hours;              /* of all blocks */
	uint64_t probes, up_probes;          /* all, and those to blocks that were not dark */
	double false_per_day;                /* false outages in a day of a block that is up */
	bool traced;                         /* the vantage traces paths */
	struct path_score paths;
};

/* Compares, with END the time at which the run ended. Returns 0 or -ENOMEM. */
int score_finish(struct score *score, struct bw_mono end, struct score_sum *ret_sum);

#endif
