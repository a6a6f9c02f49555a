/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_SCORE_H
#define SIM_SCORE_SCORE_H

#include <stdio.h>

#include "report/record/record.h"
#include "sim/scenario/simulation.h"

/*
 * The score: what was said, held against what was true. It takes records as they
 * come, from whatever inference, and in the end compares the outages that they
 * state with those of the world.
 *
 * - An outage counts when it lasts two rounds and a minute at least (what is shorter
 *   may pass unseen between two rounds), begins after `settle`, and so long before
 *   the end. It is seen when the subject is said to be dark while it lasts, or, where
 *   that was decided just after its end, with bounds that reach into it. One that is
 *   not seen was missed, unless the subject was said to be flapping, or unknown for
 *   all of it, meanwhile.
 * - What is said to be an outage is false when the world has none between the
 *   earliest moment given and the decision. Withdrawn ones are counted apart.
 * - Of networks and targets an outage is the time in which all their blocks are dark.
 */
struct score;

/* NULL: out of memory. The scene must outlive it. */
struct score *score_new(const struct scene *scene);
void score_free(struct score *score);

/* A record, and the moment at which it came. */
void score_record(struct score *score, const struct record *record, struct bw_now now);

/* A probe to a host of a block. */
void score_probe(struct score *score, const struct bw_addr *to, struct bw_mono at);

/* A set of numbers; all 0 for none. */
struct score_numbers {
	uint64_t count;
	double mean, median, p95, most;
};

#define SCORE_BINS 5 /* of what was stated: below .9, .99, .999, .9999, and the rest */

struct score_bin {
	uint64_t said, right;
	double stated; /* the mean of what was stated */
};

/* Of the subjects of one scope; times in seconds. */
struct score_part {
	uint64_t subjects;
	uint64_t outages, seen, missed, flapped, blind; /* those that count, and what of them */
	uint64_t brief;                                 /* those that are too short to count */
	uint64_t said, wrong, withdrawn;                /* outages that were said; false ones */
	uint64_t relapses; /* said to be over while it lasted */
	struct score_numbers detect, recover;           /* from the truth to the decision */
	struct score_numbers start_error, end_error, duration_error; /* of the best guess */
	uint64_t starts, starts_inside, ends, ends_inside;           /* within the bounds given */
	uint64_t durations, durations_inside;
	struct score_bin confidence[SCORE_BINS]; /* of events to dark and back */
};

struct score_sum {
	struct score_part parts[3]; /* by enum bw_scope */
	uint64_t events, records;
	double publication_s;       /* from decision to record, at most; 0 in virtual time */
	struct score_bin belief[SCORE_BINS]; /* of block records: up or dark */
	double hours, up_hours;     /* of all blocks */
	uint64_t probes, up_probes;
	double false_per_day;       /* false outages of a block, of its healthy days */
};

/* Compares; END: when the run was over. Returns 0 or -ENOMEM. */
int score_finish(struct score *score, struct bw_mono end, struct score_sum *ret_sum);

/* For people, at most 80 columns. */
void score_print(const struct score_sum *sum, FILE *out);

/* One line of JSON, schema "blockwatch/score/1". Returns its length or BW_ERR_LIMIT. */
#define SCORE_LINE_MAX 16384
int score_encode(const struct score_sum *sum, const char *inference, char *line, size_t size);

/* Says which of the scenario's limits the score breaks. Returns how many. */
unsigned score_check(const struct score_sum *sum, const struct scenario_limits *limits, FILE *out);

#endif
