/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TRANSPORT_NETIO_H
#define SYS_TRANSPORT_NETIO_H

#include <blockwatch/transport.h>

#include "probe/permit.h"
#include "sys/loop/loop.h"
#include "sys/rx/capture.h"

/*
 * The real network: sockets for each egress, and captures (captures.h). It is the transport of a
 * thread that sends and reads in turn (a check, the daemon); a survey sends through it from threads
 * of its own (sys/transport/senders.h).
 */
struct netio;

#define NETIO_SENDERS_MAX 8
#define NETIO_IMMEDIATE_PPS 2000 /* above this rate, waking for each frame costs too much */

struct netio_config {
	const struct bw_egress *egress; /* copied */
	uint8_t egress_count;           /* 0 (nothing can be sent) to BW_EGRESS_MAX */
	bool pinned;                    /* --interface; see sys/tx/transmit.h */
	bool everywhere;                /* listens on other interfaces, too; see captures.h */
	bool link;                      /* see sys/tx/transmit.h; for a survey */
	unsigned senders;               /* threads that send, up to NETIO_SENDERS_MAX; 0: one */
	/* Frames at once, up to NETIO_IMMEDIATE_PPS; otherwise within 5 ms. */
	bool immediate;
	double rate_pps;             /* the rings are sized for it; INFINITY: the largest */
	size_t buffer_size;          /* of each ring in bytes; 0: by the rate */
	const struct permit *permit; /* borrowed; may be changed between two sends */
	struct loop *loop;           /* borrowed; its owner is woken when frames wait */
	void (*on_frame)(void *self, const struct bw_rx *rx); /* called by netio_dispatch() */
	void *self;
};

/*
 * Returns 0, BW_ERR_PRIVILEGE or an error of capture_open() or transmit_open(). Frames are
 * captured from here on. LOOP must outlive it. netio_close() accepts NULL.
 */
int netio_open(const struct netio_config *config, struct netio **ret_netio, struct bw_err *err);
void netio_close(struct netio *netio);

/* The transport that sends through the first sender. Its stats are those of all. */
struct bw_transport netio_transport(struct netio *netio);

/* As bw_transport_ops.send, through the sockets of sender SENDER, from 0. */
size_t netio_send(struct netio *netio, unsigned sender, struct bw_tx *batch, size_t count);

/* The state of the captures, all together. */
struct netio_rings {
	uint64_t room; /* frames that they hold, at least */
	struct capture_stats frames;
	struct bw_mono read; /* when netio_dispatch() last returned */
};

/* May be called by any thread. */
struct netio_rings netio_rings(struct netio *netio);

/*
 * Hands waiting frames to on_frame. Returns as captures_dispatch(). After a capture was
 * given up, nothing is sent through its interface any more.
 */
int netio_dispatch(struct netio *netio, struct bw_now now, struct bw_err *err);

/* As captures_follow(). */
void netio_follow(struct netio *netio);

/*
 * Returns 0 if every interface exists, is up and has a carrier, else -ENODEV or -ENETDOWN
 * with a message. Worth calling when packets could not be sent.
 */
int netio_state(const struct netio *netio, struct bw_err *err);

#endif
