/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_BLAST_H
#define SYS_BLAST_H

#include <blockwatch/transport.h>

#include "probe/sweep.h"
#include "sys/guard.h"
#include "sys/loop.h"

/*
 * The real network at full speed: as sys/network, with a large ring, the link
 * layer where it is safe, and threads of their own for sending. Without
 * blast_start() it is a transport like any other.
 */
struct blast;

/*
 * Where the sending threads get their packets. claim(), sent(), deadline() and
 * press() are called by one of them at a time, build() by all at once.
 */
struct blast_source {
	/* Takes what may be sent now, at most MAX; 0: nothing before deadline(). */
	size_t (*claim)(void *self, struct bw_mono now, size_t max, struct sweep_claim *claim);
	size_t (*build)(void *self, const struct sweep_claim *claim, struct bw_tx *batch);
	/* What became of them: status and sent are set. */
	void (*sent)(void *self, const struct sweep_claim *claim, const struct bw_tx *batch,
		     size_t count);
	struct bw_mono (*deadline)(void *self, struct bw_mono now);
	/* How the capture is doing, each SWEEP_BRAKE_INTERVAL_NS. */
	void (*press)(void *self, struct bw_mono now, const struct sweep_ring *ring);
	void *self;
};

#define BLAST_SENDERS_MAX 8

struct blast_config {
	const struct bw_egress *egress; /* copied */
	uint8_t egress_count;           /* 1 to BW_EGRESS_MAX */
	bool pinned;                    /* --interface: see transmit.h */
	bool layer3;                    /* never the link layer */
	unsigned senders;               /* threads, 1 to BLAST_SENDERS_MAX */
	double rate_pps;                /* the ring is made for it; INFINITY: the largest */
	struct permit *permit;          /* borrowed; changed by blast_set_blocklist() only */
	struct loop *loop; /* borrowed; woken when frames wait. Must outlive the blast */
	void (*on_frame)(void *self, const struct bw_rx *rx); /* from blast_dispatch() */
	void *self;
};

struct blast_stats {
	uint64_t received, dropped; /* frames; dropped: there was no room in the ring */
	uint64_t link_layer;        /* packets sent there */
};

/* Returns as network_open(). blast_close() accepts NULL and stops the threads. */
int blast_open(const struct blast_config *config, struct blast **ret_blast, struct bw_err *err);
void blast_close(struct blast *blast);

/* Sending by the caller's own thread, instead of blast_start(). */
struct bw_transport blast_transport(struct blast *blast);

/* Starts the sending threads. Returns 0 or -errno with a message. */
int blast_start(struct blast *blast, const struct blast_source *source, struct bw_err *err);

/* Stops them behind the batches that are under way. Harmless when there are none. */
void blast_stop(struct blast *blast);

/*
 * Another block list, obeyed from the next packet on. Returns the one before: nobody
 * looks at it any more.
 */
const struct prefix_set *blast_set_blocklist(struct blast *blast,
					     const struct prefix_set *blocklist);

/* As network_dispatch(). */
int blast_dispatch(struct blast *blast, struct bw_now now, struct bw_err *err);

/* As network_state(): worth asking when packets could not be sent. */
int blast_state(const struct blast *blast, struct bw_err *err);

void blast_stats(struct blast *blast, struct blast_stats *ret_stats);

#endif
