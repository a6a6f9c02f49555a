/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_TX_TRANSMIT_CHECK_H
#define SYS_TX_TRANSMIT_CHECK_H

#include <blockwatch/transport.h>

#include "probe/permit.h"

/*
 * The last check: made for every packet, in the last function before it
 * leaves, whatever the callers above have checked already. Returns 0; what
 * permit_check() says of the destination; BW_ERR_INTERNAL when the bytes are no
 * packet to the destination that is named, so that what is checked is what is
 * sent.
 */
int transmit_check(const struct permit *permit, const struct bw_tx *tx);

#endif
