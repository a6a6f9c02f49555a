/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INFER_PATH_BREAK_H
#define INFER_PATH_BREAK_H

#include "infer/path/baseline.h"

/* A hop of a path. ttl 0: there is none, or it is not known. */
struct path_place {
	struct bw_addr from;
	uint8_t ttl;
};

/* Where a path ends, and what its baseline has behind. */
struct path_break {
	struct path_place last;    /* the last hop that sent time exceeded or an answer */
	struct path_place next;    /* the next hop or the destination, as the baseline has it */
	struct bw_addr refused_by; /* who sent the unreachable; family 0: nobody */
	uint8_t kind;              /* enum path_kind */
	uint8_t direction;         /* enum path_direction */
	bool is_own;               /* it ends at the vantage's own first hops */
	bool blames_vantage;       /* and usually hops behind those answer */
};

/*
 * Compares PATH, a trace to a destination that does not answer, with its baseline. Of silence at a
 * TTL that is silent in the baseline nothing is concluded, nor of a hop that is another than
 * usual. Hops 1 to OWN_HOPS are in the vantage's own network. A baseline of zeros: there is none.
 */
struct path_break path_break_find(const struct path *path, const struct baseline *baseline,
				  const struct hop_table *table, uint8_t own_hops);

#endif
