/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TRANSPORT_CAPTURES_H
#define SYS_TRANSPORT_CAPTURES_H

#include <blockwatch/transport.h>

#include "sys/loop/loop.h"
#include "sys/rx/capture.h"

/*
 * The captures of all interfaces in an egress table, one for each interface, and of guests: other
 * interfaces with an address, by which answers come in where routes are asymmetric. Opening and
 * closing a capture waits for the kernel, so they are opened and closed side by side.
 */
struct captures;

struct captures_config {
	const struct bw_egress *egress; /* borrowed for the call */
	uint8_t egress_count;           /* 0 to BW_EGRESS_MAX */
	bool everywhere;                /* guests, too: up to 16, with small rings */
	bool immediate;                 /* as in struct capture_config */
	size_t buffer_size;             /* of each ring, in bytes */
	struct loop *loop;              /* woken when frames wait; must outlive the captures */
	void (*on_frame)(void *self, const struct bw_rx *rx);
	void *self;
	/* A capture is given up: nothing is received on its interface any more. */
	void (*on_gone)(void *owner, unsigned interface_index);
	void *owner;
};

/* Returns 0 or an error of capture_open() or loop_watch(). */
int captures_open(const struct captures_config *config, struct captures **ret_captures,
		  struct bw_err *err);
void captures_close(struct captures *captures); /* accepts NULL */

/*
 * Opens captures on guests that have come since, and closes those whose interface is gone. Takes
 * up to 20 ms for each.
 */
void captures_follow(struct captures *captures);

/*
 * Hands waiting frames to on_frame, about a thousand of each interface at most, with
 * times of CLOCK. Returns how many, or the first error of a capture with its message,
 * after the others were served. -ENETDOWN: the capture works again when the interface is
 * up. -ENODEV, -EIO: the capture is given up, which is reported once. Guests give no error.
 */
int captures_dispatch(struct captures *captures, const struct clock *clock, struct bw_err *err);

/* Frames that all rings hold together, at least. */
uint64_t captures_room(const struct captures *captures);

/* Sums over all captures. May be called by any thread. */
struct capture_stats captures_stats(struct captures *captures);

#endif
