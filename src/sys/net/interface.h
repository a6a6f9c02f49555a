/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_INTERFACE_H
#define SYS_NET_INTERFACE_H

#include <stdbool.h>

#include <blockwatch/addr.h>

/* The interfaces of this machine, as they are at the moment of asking. */

#define INTERFACE_NAME 16 /* room for a name and its terminator */

/* What the user wants of the way out; all zero: whatever the routing table says. */
struct interface_wish {
	unsigned index;        /* 0: any */
	struct bw_addr source; /* family 0: the routing table's choice */
};

/*
 * Resolves --interface NAME and --source ADDRESS (either may be NULL). Returns
 * 0; BW_ERR_MISSING when there is no such interface, or SOURCE is no address of
 * this machine or of that interface: the message names those that there are;
 * -ENETDOWN for an interface that is down; -errno.
 */
int interface_wish(const char *name, const struct bw_addr *source,
		   struct interface_wish *ret_wish, struct bw_err *err);

/* 0 when it exists, is up and has a carrier; else -ENODEV or -ENETDOWN. */
int interface_state(unsigned index);

/* The name of an interface; "" when it is gone. name holds INTERFACE_NAME bytes. */
const char *interface_name(unsigned index, char *name);

/*
 * An address of that interface of the family (4 or 6); for 6 a global one
 * before a link-local one. Returns 0; BW_ERR_MISSING when it has none; -errno.
 */
int interface_address(unsigned index, int family, struct bw_addr *ret_addr);

#endif
