/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_MATCH_H
#define SIM_SCORE_MATCH_H

#include "sim/scenario/simulation.h"
#include "sim/score/sample.h"
#include "sim/score/spans.h"

/* The comparison of the spans of one scope with the truth. */

/* A block, network or target: blocks that follow each other in the world. */
struct subject {
	enum bw_scope scope;
	uint32_t first, count; /* blocks; count 0: not scored */
	int64_t known; /* when records first said more than unknown of it; INT64_MAX: never; 0: no
			  record has come */
};

/* The results for the subjects of one scope. Times in seconds. */
struct score_part {
	uint64_t subjects;
	uint64_t outages, seen, missed, flapped, blind; /* outages that count, and their fate */
	uint64_t brief;                                 /* outages too short to count */
	uint64_t said, wrong, withdrawn;                /* stated outages; false ones */
	uint64_t relapses;                              /* stated to be over while they lasted */
	struct score_numbers detect, recover;           /* from the truth to the decision */
	struct score_numbers start_error, end_error, duration_error; /* of the best guess */
	uint64_t starts, starts_inside, ends, ends_inside;           /* within the stated bounds */
	uint64_t durations, durations_inside;
	struct score_bin confidence[SCORE_BINS]; /* of events to dark and back */
};

struct match_input {
	const struct simulation *simulation;
	const struct subject *subjects; /* by number */
	uint32_t subject_count;
	const struct spans *spans; /* sorted */
	int64_t settle, end;       /* outages count from settle on; end: of the run */
};

/* Fills in the part of a scope. Returns 0 or -ENOMEM. */
int match_scope(const struct match_input *input, enum bw_scope scope, struct score_part *ret_part);

#endif
