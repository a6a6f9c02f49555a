/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TX_TRANSMIT_CHECK_H
#define SYS_TX_TRANSMIT_CHECK_H

#include <blockwatch/transport.h>

#include "probe/permit.h"

/*
 * The last check of a packet, in the last function before it is sent, whatever was checked
 * before. Returns 0; an error of permit_check() for the destination; BW_ERR_INTERNAL when
 * the bytes are not a whole packet to the destination in TX, so that the address that is
 * checked is the address of the packet.
 */
int transmit_check(const struct permit *permit, const struct bw_tx *tx);

#endif
