/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_INSIDE_H
#define SIM_SCORE_INSIDE_H

#include "sim/score/score.h"

/* Private to sim/score. Moments are nanoseconds of the world's clock. */

/* A network or target as the blocks that follow each other in the world, or one block. */
struct subject {
	enum bw_scope scope;
	uint32_t first, count; /* blocks */
};

struct bounds {
	int64_t earliest, latest; /* earliest INT64_MIN: not known */
};

/* A stretch of time for which something was said of a subject. */
struct span {
	uint32_t subject;
	uint8_t verdict;     /* enum bw_verdict: unknown, flapping or dark */
	uint8_t after;       /* the verdict that followed */
	bool withdrawn, over;
	int64_t from, to;    /* decided; to: INT64_MAX while it lasts */
	struct bounds start, end;
	double confidence, end_confidence;
	int64_t outage_start, outage_end, uncertainty; /* as stated; 0: not */
	uint64_t seq;
};

struct spans {
	struct span *list;
	size_t count, room;
};

/* Numbers that are gathered and then sorted. */
struct sample {
	double *list;
	size_t count, room;
};

struct score {
	const struct scene *scene;
	struct subject *subjects; /* blocks (by number), networks, targets */
	uint32_t blocks, networks, targets;
	uint32_t *open;           /* subject -> 1 + its last span, 0: none */
	struct spans spans;
	struct score_sum sum;
	bool failed;              /* out of memory */
};

/* sample.c */
void sample_add(struct sample *sample, double value, bool *failed);
struct score_numbers sample_numbers(struct sample *sample);
void sample_fini(struct sample *sample);
void bin_add(struct score_bin bins[SCORE_BINS], double stated, bool right);

/* truth.c: outages of subjects. */

/* The first that ends after FROM. False: none. */
bool subject_outage(const struct sim_world *world, const struct subject *subject, int64_t from,
		    struct sim_interval *ret_outage);

/* match.c: compares the spans of one scope with the truth. */
struct match {
	struct score *score;
	struct score_part *part;
	int64_t end;   /* of the run */
	int64_t settle;
	struct sample detect, recover, start_error, end_error, duration_error;
};
void match_scope(struct match *match, enum bw_scope scope);

#endif
