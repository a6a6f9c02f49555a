/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TX_LINK_H
#define SYS_TX_LINK_H

#include "sys/tx/batch.h"

/*
 * Sending at the link layer (AF_PACKET), past the kernel's routing and firewall, at half
 * the cost. Used only on Ethernet, only to a gateway, and only while the kernel holds the
 * link address of the gateway for valid. Otherwise packets are sent at layer 3.
 */

/*
 * Checks whether packets of EGRESS may be sent at the link layer. If so, fills OUT in, and
 * opens its socket when fd is -1; the caller closes it. To be repeated each second. Returns
 * whether they may.
 */
bool link_refresh(struct batch_socket *out, const struct bw_egress *egress);

#endif
