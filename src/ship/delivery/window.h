/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHIP_DELIVERY_WINDOW_H
#define SHIP_DELIVERY_WINDOW_H

#include <blockwatch/time.h>

#include "ship/position.h"

/*
 * The replay window. A receiver that says "stored" may still lose what it has only in its
 * memory, so a place of the spool counts as stored when it was acknowledged WINDOW time ago.
 * The window keeps WINDOW_MARKS marks (place and time); places that lie closer together in
 * time share one, which makes the window longer by at most 1/WINDOW_MARKS.
 */
#define WINDOW_MARKS 64
#define WINDOW_NO_SEQUENCE UINT64_MAX /* it is in no stream, or its number is not known */

/* What a lane has done since the start. */
struct window_done {
	uint64_t lines, bytes; /* acknowledged or set aside */
	uint64_t aside;        /* of the lines: set aside */
};

struct window_mark {
	struct bw_mono at; /* of the last acknowledgement that it stands for */
	struct position_place place;
	uint64_t sequence; /* everything up to the place has at most this number in the stream */
	struct window_done done; /* up to the place */
};

struct window {
	int64_t length_ns;
	struct window_mark marks[WINDOW_MARKS]; /* a ring, oldest first */
	unsigned first, count;
};

void window_init(struct window *window, int64_t length_ns);

/* Everything up to the place of MARK was acknowledged. Places come in order. */
void window_add(struct window *window, const struct window_mark *mark);

/*
 * The newest mark whose time has passed goes to *RET_MARK, and all up to it out of the window.
 * Returns false if there is none.
 */
bool window_pass(struct window *window, struct bw_mono now, struct window_mark *ret_mark);

/*
 * Everything in the stream up to SEQUENCE is stored: as window_pass() for the newest mark of which
 * that holds.
 */
bool window_confirm(struct window *window, uint64_t sequence, struct window_mark *ret_mark);

/* When window_pass() next has something; BW_NEVER: nothing is in it. */
struct bw_mono window_deadline(const struct window *window);

/* When all of it has passed; 0: nothing is in it. */
struct bw_mono window_end(const struct window *window);

/* Empties it. */
void window_clear(struct window *window);

#endif
