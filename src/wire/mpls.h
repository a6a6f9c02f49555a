/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_MPLS_H
#define WIRE_MPLS_H

#include "base/cursor.h"

/* One entry of the MPLS label stack that a packet had when it was dropped (RFC 3032). */
struct mpls_label {
	uint32_t label : 20;
	uint32_t exp : 3; /* traffic class */
	uint32_t bottom : 1;
	uint32_t ttl : 8;
};

/*
 * Reads the label stack from the extension objects of an ICMP error (struct icmp), by
 * RFC 4950. Writes at most MAX labels, the outermost first, and returns how many. Objects
 * of other classes are skipped. Reading ends at the first object whose length contradicts
 * the structure, and after the entry at the bottom of the stack.
 */
unsigned mpls_decode(struct cursor objects, struct mpls_label *ret_labels, unsigned max);

#endif
