/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_RX_CAPTURE_H
#define SYS_RX_CAPTURE_H

#include <blockwatch/transport.h>

#include "sys/machine/clock.h"

/*
 * A capture on one interface, through libpcap: inbound frames that may answer a probe
 * (sys/rx/filter.h), with the kernel's time of arrival.
 */
struct capture;

#define CAPTURE_SNAPLEN 256
#define CAPTURE_FRAME 368 /* bytes that a frame takes in the ring */

struct capture_config {
	const char *interface;       /* borrowed for capture_open() */
	const struct bw_addr *local; /* our addresses, 1 to BW_EGRESS_MAX; borrowed too */
	size_t local_count;
	bool immediate;     /* frames at once; else within 5 ms, at less cost */
	size_t buffer_size; /* bytes of ring */
	void (*on_frame)(void *self, const struct bw_rx *rx);
	void *self;
};

/*
 * Returns 0, BW_ERR_PRIVILEGE, BW_ERR_MISSING (no such interface), -ENETDOWN, or
 * BW_ERR_UNAVAILABLE with the message of libpcap. Takes 8 to 20 ms, most of it one RCU
 * grace period in which the kernel sets up the ring; closing takes three of them.
 * capture_close() accepts NULL.
 */
int capture_open(const struct capture_config *config, struct capture **ret_capture,
		 struct bw_err *err);
void capture_close(struct capture *capture);

/* Readable when capture_dispatch() has something to do. */
int capture_fd(const struct capture *capture);

/*
 * Hands up to LIMIT waiting frames to on_frame, with times of CLOCK. Returns how many.
 * -ENETDOWN: the interface went down; the capture works again when it is up. -ENODEV (the
 * interface is gone) and -EIO (libpcap failed): the capture can only be closed.
 */
int capture_dispatch(struct capture *capture, const struct clock *clock, int limit,
		     struct bw_err *err);

/* Frames since the start. Those that arrived and were not taken wait in the ring. */
struct capture_stats {
	uint64_t taken;   /* handed to on_frame */
	uint64_t arrived; /* put into the ring by the kernel */
	uint64_t dropped; /* the ring was full */
};

/*
 * May be called by any thread. When several call it at once, `taken` may be a little ahead
 * of `arrived`.
 */
struct capture_stats capture_stats(struct capture *capture);

#endif
