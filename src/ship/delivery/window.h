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

struct window_mark {
	struct bw_mono at; /* of the last acknowledgement that it stands for */
	struct position_place place;
	uint64_t sequence; /* everything up to the place has at most this number in the stream */
};

struct window {
	int64_t length_ns;
	struct window_mark marks[WINDOW_MARKS]; /* a ring, oldest first */
	unsigned first, count;
};

void window_init(struct window *window, int64_t length_ns);

/* Everything up to PLACE was acknowledged at NOW, as SEQUENCE at most. Places come in order. */
void window_add(struct window *window, const struct position_place *place, uint64_t sequence,
		struct bw_mono now);

/*
 * The newest place whose time has passed goes to *RET_PLACE, and all up to it out of the window.
 * Returns false if there is none.
 */
bool window_pass(struct window *window, struct bw_mono now, struct position_place *ret_place);

/*
 * Everything in the stream up to SEQUENCE is stored: as window_pass() for the newest place of which
 * that holds.
 */
bool window_confirm(struct window *window, uint64_t sequence, struct position_place *ret_place);

/* When window_pass() next has something; BW_NEVER: nothing is in it. */
struct bw_mono window_deadline(const struct window *window);

/* Empties it. */
void window_clear(struct window *window);

#endif
