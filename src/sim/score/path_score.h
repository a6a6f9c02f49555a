/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIM_SCORE_PATH_SCORE_H
#define SIM_SCORE_PATH_SCORE_H

#include "report/record/record.h"
#include "sim/scenario/simulation.h"

/*
 * Compares the `path` of events with where the ways end in the world. A path is right when
 *
 * - its last hop is the last one that answers on the way to a block of the subject that is cut off,
 *   or one hop of a loop; its kind is that of the fault there;
 * - of a target, no more networks share it than end there, and each network that is listed as
 *   exempt has a way that does not end.
 *
 * A path of kind unknown or reached states no end, and is counted apart. Silence of the way back
 * looks like silence of the way out.
 */
struct path_score {
	uint64_t events; /* to dark, partly dark or flapping, except those from dark */
	uint64_t told;   /* of those: with a path that states an end */
	uint64_t open;   /* with one that does not, or with none */
	uint64_t wrong;  /* of those told */
};

/* The blocks of an event's subject. */
struct path_subject {
	uint32_t first, count;
};

/* Takes an event about a subject that came at NOW. */
void path_score_take(struct path_score *score, const struct simulation *simulation,
		     const struct record_event *event, struct path_subject subject,
		     struct bw_mono now);

#endif
