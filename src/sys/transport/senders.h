/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TRANSPORT_SENDERS_H
#define SYS_TRANSPORT_SENDERS_H

#include "probe/packet_source.h"
#include "probe/permit.h"
#include "sys/transport/netio.h"

/*
 * Threads that only send, one for each sender of a netio, while the owner of the netio
 * receives in the thread of the loop. They know nothing of what they send: packets come
 * from a packet_source.
 */
struct senders;

struct senders_config {
	struct netio *netio;   /* borrowed; closed after senders_free() */
	unsigned senders;      /* threads; at most as many as the netio has senders */
	struct permit *permit; /* that of the netio; changed by senders_set_blocklist() only */
	struct packet_source source;
};

/* Returns 0 or -errno with a message. senders_free() accepts NULL and stops the threads. */
int senders_new(const struct senders_config *config, struct senders **ret_senders,
		struct bw_err *err);
void senders_free(struct senders *senders);

/* Starts the threads. Returns 0 or -errno with a message. */
int senders_start(struct senders *senders, struct bw_err *err);

/* Stops them after the batches that are being sent. Does nothing when none runs. */
void senders_stop(struct senders *senders);

/*
 * Sets the block list, which holds for every packet that leaves after the return. Returns
 * the former one, which no thread uses any more.
 */
const struct prefix_set *senders_set_blocklist(struct senders *senders,
					       const struct prefix_set *blocklist);

#endif
