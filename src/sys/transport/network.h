/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TRANSPORT_NETWORK_H
#define SYS_TRANSPORT_NETWORK_H

#include <blockwatch/transport.h>

#include "sys/loop/loop.h"
#include "sys/rx/capture.h"
#include "sys/tx/transmit_check.h"

/*
 * The real network: sockets for each way out, and one capture for each interface among
 * them. A transport for one thread that sends and reads in turn (a check, the daemon), or
 * the ground of sys/blast, where sending has threads of its own.
 */
struct network;

#define NETWORK_SENDERS_MAX 8
#define NETWORK_IMMEDIATE_PPS 2000 /* above that, waking for each frame costs too much */

struct network_config {
	const struct bw_egress *egress; /* copied */
	uint8_t egress_count;           /* 0 (nothing can be sent) to BW_EGRESS_MAX */
	bool pinned;           /* --interface: see transmit.h */
	bool link;             /* see transmit.h: for a survey, which draws nothing from silence */
	unsigned senders;      /* threads that send, up to NETWORK_SENDERS_MAX; 0: one */
	/* Frames at once (a check) up to NETWORK_IMMEDIATE_PPS; else within 5 ms. */
	bool immediate;
	double rate_pps;       /* the rings are made for it; INFINITY: the largest */
	size_t buffer_size;    /* of each capture's ring; 0: by the rate */
	const struct permit *permit;   /* borrowed; may be changed between two sends */
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

/* The transport that the first sender is. Its stats are of all. */
struct bw_transport network_transport(struct network *network);

/* As bw_transport_ops.send, through the sockets of one sender, counted from 0. */
size_t network_send(struct network *network, unsigned sender, struct bw_tx *batch, size_t count);

/* How the captures are doing, all together. */
struct network_rings {
	uint64_t room; /* frames that they hold, at least */
	struct capture_stats frames;
	struct bw_mono read; /* when network_dispatch() last came to its end */
};

/* May be asked by any thread. */
struct network_rings network_rings(struct network *network);

/*
 * Hands waiting frames to on_frame, some thousand of each interface at most.
 * Returns how many, or the first error of a capture with its message, after the
 * other captures were served: -ENETDOWN (it works on when the interface comes
 * back), -ENODEV or -EIO (that capture is given up and reported this once, and
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
