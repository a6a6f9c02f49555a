/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TRANSPORT_SENDERS_H
#define SYS_TRANSPORT_SENDERS_H

#include "probe/sweep.h"
#include "sys/transport/network.h"

/*
 * Sending at full speed, from threads of its own: one for each sender of a network
 * (sys/transport/network.h), while the network's owner dispatches in the loop's thread.
 */
struct senders;

/*
 * Where the sending threads get their packets. claim(), sent(), deadline() and
 * press() are called by one of them at a time, build() by all at once.
 */
struct senders_source {
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

struct senders_config {
	struct network *network; /* borrowed; closed behind senders_free() */
	unsigned senders;        /* threads; at most as many as the network has senders */
	struct permit *permit;   /* the network's; changed by senders_set_blocklist() only */
	struct senders_source source;
};

/* Returns 0 or -errno with a message. senders_free() accepts NULL and stops the threads. */
int senders_new(const struct senders_config *config, struct senders **ret_senders,
		struct bw_err *err);
void senders_free(struct senders *senders);

/* Starts the sending threads. Returns 0 or -errno with a message. */
int senders_start(struct senders *senders, struct bw_err *err);

/* Stops them behind the batches that are under way. Harmless when there are none. */
void senders_stop(struct senders *senders);

/*
 * Another block list, obeyed from the next packet on. Returns the one before: nobody
 * looks at it any more.
 */
const struct prefix_set *senders_set_blocklist(struct senders *senders,
					     const struct prefix_set *blocklist);

#endif
