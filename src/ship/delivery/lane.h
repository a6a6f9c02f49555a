/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_DELIVERY_LANE_H
#define SHIP_DELIVERY_LANE_H

#include "base/rng.h"
#include "ship/delivery/backoff.h"
#include "ship/delivery/batch.h"
#include "ship/delivery/window.h"
#include "ship/format/answer.h"

/*
 * A lane brings lines from the spool to one receiver, in order, one request at a time. A sink
 * has two: one for events, one for all other records. An event never stands behind a backlog.
 * No line is in both. Each waits by itself after a failure; the owner ends the wait of one when
 * the other succeeds (lane_hurry).
 *
 *	lane_fill()      takes lines until the batch is full or the spool has no more
 *	lane_want()      says what to send now, if anything
 *	lane_answer()    takes what became of it: the lane goes on, or waits and sends again
 *	lane_deadline()  says when to ask lane_want() and lane_tick() again
 *
 * Two batches: one is sent while the next is filled. Nothing here has a descriptor or a clock.
 */

/* What a lane needs from its owner. SELF goes to each function. */
struct lane_ops {
	/*
	 * The next line for this lane, with its newline; borrowed until the next call. Returns 1,
	 * or 0: there is no more at present. *RET_END is the place behind all lines that were
	 * looked at, also when it returns 0.
	 */
	int (*next)(void *self, const char **ret_line, size_t *ret_length,
		    struct position_place *ret_end);

	/* Reads on at PLACE, which was the end of a line once. */
	void (*seek)(void *self, const struct position_place *place);

	/*
	 * Sets lines of SLICE aside for good, with the reasons of VERDICT: all, or those whose item
	 * is ANSWER_ITEM_ASIDE when its kind is ANSWER_ITEMS. Returns 0 or a negative error; then
	 * they stay in the batch and are sent again.
	 */
	int (*aside)(void *self, const struct batch_slice *slice,
		     const struct answer_verdict *verdict);
};

struct lane_options {
	int64_t linger_ns; /* a line waits for others at most so long */
	int64_t replay_ns; /* the replay window */
	size_t lines_max;  /* of one request, at most BATCH_LINES */
};

struct lane {
	const struct lane_ops *ops;
	void *self;
	struct lane_options options;
	struct batch filling, sending;
	struct position_place read;        /* behind the last line taken or skipped */
	struct position_place sending_end; /* the same when `sending` was closed */
	struct position_place sent, stored;
	struct window window;
	uint64_t sequence;  /* the largest number in the stream of what is acknowledged; 0: none */
	uint64_t confirmed; /* all messages of the stream up to there are stored */
	struct bw_mono confirms_until; /* so long confirmations count, and the window does not */
	struct bw_mono since;          /* when the first line of `filling` came */
	struct bw_mono retry_at;       /* not before */
	struct bw_mono not_before;     /* nor can lane_hurry() make it earlier */
	struct backoff backoff;
	size_t first, count; /* the slice of `sending` that is under way */
	size_t limit, good;  /* lines of a request after a 413, and requests since then */
	bool has_sending, in_flight;
	bool dry;                       /* the spool had no more at the last look */
	uint8_t *items;                 /* enum answer_item, BATCH_LINES of them */
	struct window_done done;        /* each line once, also when it is sent again */
	struct window_done stored_done; /* up to `stored` */
};

/* OPS and SELF are borrowed. SENT and STORED are the places to go on from. 0 or -ENOMEM. */
int lane_init(struct lane *lane, const struct lane_ops *ops, void *self,
	      const struct lane_options *options);
void lane_fini(struct lane *lane);

/* Where it goes on: reads from SENT. */
void lane_start(struct lane *lane, const struct position_place *sent,
		const struct position_place *stored, struct bw_mono now);

/* Takes lines of the spool. Call it when the spool has new ones, and after each answer. */
void lane_fill(struct lane *lane, struct bw_mono now);

/* Whether lane_want() would give a request now. */
bool lane_is_due(const struct lane *lane, bool urge, struct bw_mono now);

/* The last request failed, and no other has succeeded since. */
bool lane_is_failing(const struct lane *lane);

/*
 * Ends the wait after a failure: the next request may go at AT. The Retry-After of the receiver
 * holds all the same.
 */
void lane_hurry(struct lane *lane, struct bw_mono at);

/*
 * Whether a request is to be sent now; its lines go to *RET_SLICE. They are under way from then
 * on, until lane_answer(). URGE: do not wait for more lines.
 */
bool lane_want(struct lane *lane, bool urge, struct bw_mono now, struct batch_slice *ret_slice);

/* The verdict of the answer for the slice under way. Its `items` are those of the lane. */
void lane_answer(struct lane *lane, const struct answer_verdict *verdict, struct bw_mono now,
		 struct rng *rng);

/* Moves `stored` as time passes. Returns true if it moved. */
bool lane_tick(struct lane *lane, struct bw_mono now);

/*
 * A collector says that everything in the stream up to SEQUENCE is in its database. From then on
 * what it confirms counts in place of the replay window, until it has been quiet for
 * LANE_CONFIRMS_NS.
 */
#define LANE_CONFIRMS_NS (86400 * BW_S)
void lane_confirm(struct lane *lane, uint64_t sequence, struct bw_mono now);

/* The same was so NS ago, in an earlier run. */
void lane_was_confirmed(struct lane *lane, int64_t ns, struct bw_mono now);

/* The receiver has lost what was not stored: all behind `stored` is read and sent again. */
void lane_rewind(struct lane *lane, struct bw_mono now);

/* When to look at it again without news; BW_NEVER: only then. */
struct bw_mono lane_deadline(const struct lane *lane);

/*
 * When all that is acknowledged is surely stored: at the end of the replay window, also where a
 * collector confirms. 0: it is stored.
 */
struct bw_mono lane_stored_at(const struct lane *lane);

/* Nothing is left to send. */
bool lane_is_empty(const struct lane *lane);

#endif
