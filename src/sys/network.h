/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NETWORK_H
#define SYS_NETWORK_H

#include <blockwatch/transport.h>

#include "sys/guard.h"
#include "sys/loop.h"

/*
 * The real network as a transport: a raw socket for each way out and one
 * capture for each interface among them.
 */
struct network;

struct network_config {
	const struct bw_egress *egress; /* copied */
	uint8_t egress_count;           /* 0 (nothing can be sent) to BW_EGRESS_MAX */
	bool pinned;           /* --interface: see transmit.h */
	bool immediate;        /* frames at once (a check); else within 5 ms (a daemon) */
	size_t buffer_size;    /* of each capture's ring; 0: the default */
	const struct permit *permit;   /* borrowed; may be changed while the network is open */
	struct loop *loop;     /* borrowed; woken when frames wait. Must outlive the network */
	void (*on_frame)(void *self, const struct bw_rx *rx); /* called by network_dispatch() */
	void *self;
};

/*
 * Returns 0; BW_ERR_PRIVILEGE; whatever capture_open() and transmit_open() say.
 * From here on frames are captured. network_close() accepts NULL.
 */
int network_open(const struct network_config *config, struct network **ret_network,
		 struct bw_err *err);
void network_close(struct network *network);

struct bw_transport network_transport(struct network *network);

/*
 * Hands waiting frames to on_frame, some thousand of each interface at most.
 * Returns how many, or the first error of a capture with its message, after the
 * other captures were served: -ENETDOWN (it works on when the interface comes
 * back), -ENODEV or -EIO (that capture is closed and reported this once, and
 * nothing is sent through its interface any more).
 */
int network_dispatch(struct network *network, struct bw_now now, struct bw_err *err);

/*
 * Whether every interface is there, up and with a carrier: 0, or -ENODEV or
 * -ENETDOWN with a message. Worth asking when packets could not be sent.
 */
int network_state(const struct network *network, struct bw_err *err);

/* By how much the wall clock stepped, as the last network_dispatch() saw it; 0: it did not. */
int64_t network_clock_step(const struct network *network);

#endif
