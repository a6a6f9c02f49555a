/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PACKET_SOURCE_H
#define PROBE_PACKET_SOURCE_H

#include <blockwatch/transport.h>

/*
 * Where threads that only send get their packets. The threads know nothing of what
 * they send; a source knows nothing of threads. sweep_source() makes one of a sweep.
 *
 * claim(), sent(), deadline() and observe() are called by one thread at a time, with
 * times that never decrease. build() is called by all threads at once and changes
 * nothing but the batch.
 */

/* Packets that one thread has taken. The numbers are the source's; at most COUNT are used. */
struct packet_claim {
	uint32_t count, group;
	struct bw_mono at;
	uint64_t numbers[BW_BATCH_MAX];
};

/* The capture as a sender sees it. */
struct packet_ring {
	uint64_t room;     /* frames that the ring holds, at least */
	uint64_t waiting;  /* frames that wait to be read */
	uint64_t lost;     /* frames that were dropped since the start */
	int64_t unread_ns; /* since the reader last read */
};

#define PACKET_OBSERVE_NS BW_MS /* between two calls of observe() */

struct packet_source_ops {
	/* Takes what may be sent now, at most MAX packets. 0: nothing before deadline(). */
	size_t (*claim)(void *self, struct bw_mono now, size_t max, struct packet_claim *ret_claim);
	/* Builds the packets of a claim and returns how many there are, at most its count. */
	size_t (*build)(const void *self, const struct packet_claim *claim, struct bw_tx *batch);
	/* Reports the built packets after sending: status and sent are set in each. */
	void (*sent)(void *self, const struct packet_claim *claim, const struct bw_tx *batch,
		     size_t count);
	/* When to call claim() again after it returned 0. */
	struct bw_mono (*deadline)(const void *self, struct bw_mono now);
	/* Reports the state of the capture. */
	void (*observe)(void *self, struct bw_mono now, const struct packet_ring *ring);
};

struct packet_source {
	const struct packet_source_ops *ops;
	void *self; /* borrowed */
};

#endif
