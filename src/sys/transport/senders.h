/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TRANSPORT_SENDERS_H
#define SYS_TRANSPORT_SENDERS_H

#include "probe/packet_source.h"
#include "probe/permit.h"
#include "sys/transport/network.h"

/*
 * Sending at full speed, from threads of its own: one for each sender of a network
 * (sys/transport/network.h), while the network's owner dispatches in the loop's thread.
 */
struct senders;

struct senders_config {
	struct network *network; /* borrowed; closed behind senders_free() */
	unsigned senders;        /* threads; at most as many as the network has senders */
	struct permit *permit;   /* the network's; changed by senders_set_blocklist() only */
	struct packet_source source;
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
