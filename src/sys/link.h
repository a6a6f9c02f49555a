/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_LINK_H
#define SYS_LINK_H

#include <sys/socket.h>

#include <blockwatch/transport.h>

#include "sys/guard.h"

/*
 * Sends IP packets at the link layer (AF_PACKET): as sys/transmit, without the
 * kernel's routing, firewall and queues, hence half as dear. Only through
 * Ethernet, only to a gateway, and only while the kernel vouches for the gateway's
 * link address; everything else is layer 3's.
 */
struct link;

#define LINK_BATCH 64 /* packets in one system call */

/* NULL: out of memory. Opens nothing yet. link_free() accepts NULL. */
struct link *link_new(const struct bw_egress *egress, uint8_t egress_count,
		      const struct permit *permit);
void link_free(struct link *link);

/*
 * Asks anew which ways out can be used, opening them where it is the first time.
 * Once a second will do. Returns how many.
 */
unsigned link_refresh(struct link *link);

/* True when packets of this way out may be given to link_send(); LINK may be NULL. */
bool link_is_usable(const struct link *link, uint8_t egress);

/*
 * As bw_transport_ops.send, for packets of one usable way out. A full queue ends
 * the batch.
 */
size_t link_send(struct link *link, struct bw_tx *batch, size_t count);

#endif
