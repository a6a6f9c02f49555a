/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_BOARD_HEARD_H
#define COLLECT_BOARD_HEARD_H

#include <stdbool.h>

#include "base/array.h"

/*
 * When one vantage was heard of, and whether it was fit, as spans: from one record to the next
 * while they are no further apart than STALE. Between spans it is silent. Records may come in any
 * order.
 */
struct heard_span {
	int64_t from_ns, to_ns; /* times of its first and last record */
	bool healthy;           /* as the vantage said */
};

struct heard {
	struct array spans; /* struct heard_span, by from_ns; they do not overlap */
	int64_t stale_ns;   /* how long a record counts */
};

void heard_init(struct heard *heard, int64_t stale_ns);
void heard_fini(struct heard *heard);

/*
 * Records came from FROM to TO, none later than STALE after the one before. HEALTHY: as they say,
 * or as the vantage last said before. Returns the time from which on something is different,
 * INT64_MAX for nothing, or -ENOMEM.
 */
int64_t heard_add(struct heard *heard, int64_t from_ns, int64_t to_ns, bool healthy);

/* Where the span begins that a record of T joins; T: it begins one. */
int64_t heard_start(const struct heard *heard, int64_t t_ns, bool healthy);

/* Whether it was fit just before it was heard of at T; true when nothing is known. */
bool heard_was_healthy(const struct heard *heard, int64_t t_ns);

/* Whether what it says counts at T: it was heard of, no longer than STALE ago, and was fit. */
bool heard_can_tell(const struct heard *heard, int64_t t_ns);

#endif
