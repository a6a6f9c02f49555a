/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_NEIGHBOUR_H
#define SYS_NET_NEIGHBOUR_H

#include <stdbool.h>

#include <blockwatch/addr.h>

/* The link address of a neighbour, as the kernel's table has it (rtnetlink(7)). */
#define NEIGHBOUR_LINK_ADDR 6 /* bytes, Ethernet */

struct neighbour {
	uint8_t link_addr[NEIGHBOUR_LINK_ADDR];
	/* Worth sending to: it was confirmed once and nothing speaks against it since. */
	bool valid;
};

/*
 * Asks the kernel for one neighbour; nothing is sent to the network. Returns 0;
 * BW_ERR_MISSING when it knows none; -errno.
 */
int neighbour_find(unsigned interface_index, const struct bw_addr *addr,
		   struct neighbour *ret_neighbour);

/*
 * The link address of an interface of this machine. Returns 0; BW_ERR_VALUE when it
 * is not Ethernet; -errno.
 */
int neighbour_own(const char *interface, uint8_t ret_link_addr[NEIGHBOUR_LINK_ADDR]);

#endif
