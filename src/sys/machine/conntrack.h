/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_MACHINE_CONNTRACK_H
#define SYS_MACHINE_CONNTRACK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The kernel's connection-tracking table. When it is full, the kernel drops packets of
 * connections that it does not know yet, and each probe is such a packet. Silence then
 * says nothing about the host.
 */

#define CONNTRACK_FOLDER "/proc/sys/net/netfilter"

/* To be set up with the folder alone. The rest is as of the last conntrack_look(). */
struct conntrack {
	const char *folder;  /* of nf_conntrack_count and nf_conntrack_max; borrowed */
	uint64_t count, max; /* connections and their limit; both 0: not known */
	bool full;           /* from 95 % until it is below 90 % */
};

/*
 * Reads both numbers and returns `full`. Without tracking (the files are missing or hold
 * no numbers) or without a limit (0) the table is never full.
 */
bool conntrack_look(struct conntrack *conntrack);

#endif
