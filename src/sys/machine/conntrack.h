/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SYS_MACHINE_CONNTRACK_H
#define SYS_MACHINE_CONNTRACK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The kernel's connection-tracking table. Once it is full, the kernel drops each
 * packet of a connection that it does not know yet, and every probe is one: what
 * then goes silent says nothing of who was asked.
 */

#define CONNTRACK_FOLDER "/proc/sys/net/netfilter"

/* Begun with the folder alone; the rest as of the last conntrack_look(). */
struct conntrack {
	const char *folder;  /* where nf_conntrack_count and nf_conntrack_max are; borrowed */
	uint64_t count, max; /* connections, and how many may be; both 0: not known */
	bool full;           /* from 95 % on, until it is below 90 % again */
};

/*
 * Reads both numbers anew and returns `full`. Where nothing is tracked (there are no
 * such files, or they hold no numbers) or the table has no limit (0), it never is.
 */
bool conntrack_look(struct conntrack *conntrack);

#endif
