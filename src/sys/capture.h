/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_CAPTURE_H
#define SYS_CAPTURE_H

#include <blockwatch/transport.h>

#include "sys/clock.h"

/*
 * What comes in on one interface, through libpcap: only what may answer a probe
 * (sys/filter.h), only inbound, with the kernel's time of arrival.
 */
struct capture;

#define CAPTURE_SNAPLEN 256
#define CAPTURE_BUFFER (4 << 20) /* bytes of ring: some 10,000 frames */

struct capture_config {
	const char *interface;       /* borrowed for capture_open() */
	const struct bw_addr *local; /* 1 to BW_EGRESS_MAX of our addresses; borrowed likewise */
	size_t local_count;
	bool immediate;              /* each frame at once; else within 5 ms, at less cost */
	size_t buffer_size;          /* 0: CAPTURE_BUFFER */
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

/* Frames handed over, and frames that the ring had no room for, since the start. */
void capture_stats(struct capture *capture, uint64_t *ret_received, uint64_t *ret_dropped);

#endif
