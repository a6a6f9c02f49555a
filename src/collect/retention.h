/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COLLECT_RETENTION_H
#define COLLECT_RETENTION_H

#include "collect/fleet.h"
#include "collect/tell/teller.h"

/*
 * Forgets what was merged, when it has become old: claims, merged intervals, outages, events and
 * hourly sums. What holds now stays, however old it is: the last interval of each subject with the
 * claims that it rests on, and outages that last. So do the times in which vantages were heard of,
 * without which nothing could be merged.
 *
 * It walks over all sums first, and keeps what holds of them, and then over the claims of all
 * blocks, of which it keeps what their own intervals rest on.
 */
struct retention {
	int64_t keep_ns;   /* how long it is kept; 0: forever */
	int64_t before_ns; /* of the walk that is under way; 0: none is */
	uint32_t sum;      /* which comes next: targets, then networks */
	uint32_t block;    /* after them: whose claims come next */
};

/* Whose memory it is. */
struct retained {
	struct board *board;
	const struct fleet *fleet;
	struct teller *teller;
};

/* The time before which nothing is to be known at NOW; 0: all is. */
int64_t retention_begin(const struct retention *retention, int64_t now_ns);

/*
 * Forgets some of what is old, in transactions of its own; *RET_MORE: there may be more. Returns 0,
 * BW_ERR_UNAVAILABLE or -ENOMEM; what it has not come to is forgotten later.
 */
int retention_forget(struct retention *retention, const struct retained *retained,
		     const struct store *store, int64_t now_ns, bool *ret_more, struct bw_err *err);

#endif
