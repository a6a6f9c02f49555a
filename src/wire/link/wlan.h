/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_LINK_WLAN_H
#define WIRE_LINK_WLAN_H

#include "base/cursor.h"
#include "wire/link/unread.h"

/*
 * IEEE 802.11 frames, as a monitor captures them. Both return the EtherType of what follows,
 * 0 for anything but a data frame. Encrypted and aggregated frames (A-MSDU) are not read:
 * *ret_unread says so. A header that ends too early leaves the cursor failed.
 */
uint16_t wlan_read(struct cursor *c, enum unread *ret_unread);

/* The same behind a radiotap header. */
uint16_t wlan_read_radiotap(struct cursor *c, enum unread *ret_unread);

#endif
