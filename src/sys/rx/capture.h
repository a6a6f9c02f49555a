/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_RX_CAPTURE_H
#define SYS_RX_CAPTURE_H

#include <blockwatch/transport.h>

#include "sys/machine/clock.h"

/*
 * What comes in on one interface, through libpcap: only what may answer a probe
 * (sys/rx/filter.h), only inbound, with the kernel's time of arrival.
 */
struct capture;

#define CAPTURE_SNAPLEN 256
#define CAPTURE_FRAME 368 /* bytes of ring that a frame takes */

struct capture_config {
	const char *interface;       /* borrowed for capture_open() */
	const struct bw_addr *local; /* 1 to BW_EGRESS_MAX of our addresses; borrowed likewise */
	size_t local_count;
	bool immediate;              /* each frame at once; else within 5 ms, at less cost */
	size_t buffer_size;          /* bytes of ring */
	void (*on_frame)(void *self, const struct bw_rx *rx);
	void *self;
};

/*
 * Returns 0; BW_ERR_PRIVILEGE; BW_ERR_MISSING (no such interface); -ENETDOWN;
 * BW_ERR_UNAVAILABLE with libpcap's message. Takes 8 to 20 ms, nearly all of it
 * the kernel's wait (one RCU grace period) when the ring is set up; closing
 * takes three. capture_close() accepts NULL.
 */
int capture_open(const struct capture_config *config, struct capture **ret_capture,
		 struct bw_err *err);
void capture_close(struct capture *capture);

/* Readable when capture_dispatch() has something to do. */
int capture_fd(const struct capture *capture);

/*
 * Hands up to LIMIT waiting frames to on_frame; CLOCK gives them their time.
 * Returns how many. -ENETDOWN: the interface went down; the capture works on
 * when it comes back. -ENODEV: it vanished, -EIO: libpcap failed; the capture
 * is of no more use.
 */
int capture_dispatch(struct capture *capture, const struct clock *clock, int limit,
		     struct bw_err *err);

/* Frames since the start. What has arrived and is not taken waits in the ring. */
struct capture_stats {
	uint64_t taken;   /* handed to on_frame */
	uint64_t arrived; /* put into the ring by the kernel */
	uint64_t dropped; /* the ring had no room for them */
};

/*
 * May be asked by any thread. While several ask at once, one may see taken a little
 * ahead of arrived.
 */
struct capture_stats capture_stats(struct capture *capture);

#endif
