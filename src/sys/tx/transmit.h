/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TX_TRANSMIT_H
#define SYS_TX_TRANSMIT_H

#include "sys/tx/batch.h"

/*
 * Sends whole IP packets, each by its way out. At layer 3 the kernel routes them and
 * finds the next hop's link address: one raw socket a way out and family, bound to
 * the source address, so that policy rules by source hold. Below it when asked for
 * (sys/tx/link.h), which is faster; but then routes and firewall have no say, and nobody
 * tells of a packet that it could not be delivered. Belongs to one thread.
 */
struct transmit;

struct transmit_config {
	const struct bw_egress *egress; /* copied */
	uint8_t egress_count;           /* at most BW_EGRESS_MAX */
	bool pinned;        /* the user named the interface: bind to it, whatever the routes say */
	bool link;          /* the link layer, as long as it is safe */
	/* Borrowed; asked for every packet, may be changed between two sends. */
	const struct permit *permit;
	batch_call call; /* NULL: sendmmsg */
};

/* NULL: out of memory. Opens nothing yet. transmit_free() accepts NULL. */
struct transmit *transmit_new(const struct transmit_config *config);
void transmit_free(struct transmit *transmit);

/* Opens the sockets. Returns 0; BW_ERR_PRIVILEGE; -errno with a message. */
int transmit_open(struct transmit *transmit, struct bw_err *err);

/*
 * No packet leaves through this interface any more (status -ENODEV): without a
 * capture there its answers would be missed and taken for silence. May be called by
 * any thread.
 */
void transmit_stop(struct transmit *transmit, unsigned interface_index);

/*
 * As bw_transport_ops.send. A packet's status is 0, what transmit_check() says, or
 * -errno: -EPERM (a firewall here), -ENETUNREACH, -EHOSTUNREACH, -EMSGSIZE,
 * -ENETDOWN, -ENODEV, -EACCES (a broadcast address) ...; BW_ERR_INTERNAL for an
 * egress that there is not or that is of the other family. A full socket buffer
 * or device queue ends the batch.
 */
size_t transmit_send(struct transmit *transmit, struct bw_tx *batch, size_t count);

struct batch_stats transmit_stats(const struct transmit *transmit);

#endif
