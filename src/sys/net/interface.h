/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_NET_INTERFACE_H
#define SYS_NET_INTERFACE_H

#include <blockwatch/addr.h>

/* The interfaces of this machine, as they are at the moment of the call. */

#define INTERFACE_NAME 16 /* bytes of a name with its terminator */

/* What the user demands of the egress. All zero: the routing table decides. */
struct interface_wish {
	unsigned index;        /* 0: any interface */
	struct bw_addr source; /* family 0: any address */
};

/*
 * Resolves --interface NAME and --source ADDRESS; either may be NULL. Returns 0;
 * BW_ERR_MISSING when there is no such interface, or SOURCE is no address of this machine
 * or of that interface, with a message that names those that exist; -ENETDOWN when the
 * interface is down; -errno.
 */
int interface_wish(const char *name, const struct bw_addr *source, struct interface_wish *ret_wish,
		   struct bw_err *err);

/* Returns 0 when it exists, is up and has a carrier, else -ENODEV or -ENETDOWN. */
int interface_state(unsigned index);

/*
 * Lists the interfaces by which answers may come in: those that are up, no loopback, and have an
 * address that is not link-local. Writes up to MAX indexes. Returns how many, or -errno.
 */
int interface_list(unsigned *indexes, unsigned max);

/* Writes its name into the INTERFACE_NAME bytes at NAME, "" when it is gone. Returns NAME. */
const char *interface_name(unsigned index, char *name);

#endif
