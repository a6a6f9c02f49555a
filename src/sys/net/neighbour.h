/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_NEIGHBOUR_H
#define SYS_NET_NEIGHBOUR_H

#include <stdbool.h>

#include <blockwatch/addr.h>

/* Link addresses in the kernel's neighbour table (rtnetlink(7)). */
#define NEIGHBOUR_LINK_ADDR 6 /* bytes, Ethernet */

struct neighbour {
	uint8_t link_addr[NEIGHBOUR_LINK_ADDR];
	bool valid; /* it was confirmed once and not found wrong since */
};

/*
 * Looks one neighbour up; nothing is sent to the network. Returns 0, BW_ERR_MISSING when
 * the kernel does not know it, or -errno.
 */
int neighbour_find(unsigned interface_index, const struct bw_addr *addr,
		   struct neighbour *ret_neighbour);

/*
 * The link address of an interface of this machine. Returns 0, BW_ERR_VALUE when it is not
 * Ethernet, or -errno.
 */
int neighbour_own(const char *interface, uint8_t ret_link_addr[NEIGHBOUR_LINK_ADDR]);

#endif
