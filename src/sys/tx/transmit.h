/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TX_TRANSMIT_H
#define SYS_TX_TRANSMIT_H

#include "sys/tx/batch.h"

/*
 * Sends whole IP packets, each by its egress. At layer 3 the kernel routes them and resolves
 * the next hop: one raw socket for each egress, bound to the source address, so that policy
 * rules by source apply. On request packets are sent at the link layer (sys/tx/link.h), which
 * is faster; then routes and firewall do not apply, and a packet that cannot be delivered
 * has no error. Belongs to one thread.
 */
struct transmit;

struct transmit_config {
	const struct bw_egress *egress; /* copied */
	uint8_t egress_count;           /* at most BW_EGRESS_MAX */
	bool pinned;                    /* the user named the interface: bind to it */
	bool link;                      /* at the link layer, as long as it is safe */
	/* Borrowed. Checked for every packet; may be changed between two sends. */
	const struct permit *permit;
	batch_call call; /* NULL: sendmmsg */
};

/* Opens nothing yet. Returns NULL when out of memory. transmit_free() accepts NULL. */
struct transmit *transmit_new(const struct transmit_config *config);
void transmit_free(struct transmit *transmit);

/* Opens the sockets. Returns 0; BW_ERR_PRIVILEGE; -errno with a message. */
int transmit_open(struct transmit *transmit, struct bw_err *err);

/*
 * From here on packets for this interface are not sent (status -ENODEV): it has no capture,
 * and answers that nobody sees would look like silence. May be called by any thread.
 */
void transmit_stop(struct transmit *transmit, unsigned interface_index);

/*
 * As bw_transport_ops.send. The status of a packet is 0, an error of transmit_check() or
 * -errno: -EPERM (a firewall here), -ENETUNREACH, -EHOSTUNREACH, -EMSGSIZE,
 * -ENETDOWN, -ENODEV, -EACCES (a broadcast address) ...; BW_ERR_INTERNAL when there is no
 * such egress or it has the other family. A full socket buffer or device queue ends the
 * batch.
 */
size_t transmit_send(struct transmit *transmit, struct bw_tx *batch, size_t count);

struct batch_stats transmit_stats(const struct transmit *transmit);

#endif
