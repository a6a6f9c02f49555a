/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TX_LINK_H
#define SYS_TX_LINK_H

#include "sys/tx/batch.h"

/*
 * The way out at the link layer (AF_PACKET): without the kernel's routing, firewall and
 * queues, hence half as dear. Only through Ethernet, only to a gateway, and only while
 * the kernel vouches for the gateway's link address; everything else is layer 3's.
 */

/*
 * Asks anew whether packets of EGRESS may go this way, and fills WAY in when they may,
 * opening its socket where fd is -1; it is the caller's to close. Once a second will
 * do. Returns whether they may.
 */
bool link_refresh(struct batch_way *way, const struct bw_egress *egress);

#endif
