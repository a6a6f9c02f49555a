/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CKSUM_H
#define WIRE_CKSUM_H

#include <stddef.h>
#include <stdint.h>

#include <blockwatch/addr.h>

/*
 * The Internet checksum (RFC 1071). A running sum starts at 0 and is kept as
 * it lies in memory, which is why it is opaque until it is folded; 16 GB can be
 * added before it overflows.
 */

/* Adds LENGTH bytes. Only the last piece of a message may have an odd length. */
uint64_t cksum_add(uint64_t sum, const void *bytes, size_t length);

/*
 * The start of a sum over an upper-layer message: the pseudo-header of RFC 9293
 * 3.1 (IPv4) or RFC 8200 8.1 (IPv6), by the family of SRC. LENGTH is that of the
 * message.
 */
uint64_t cksum_pseudo(const struct bw_addr *src, const struct bw_addr *dst, uint8_t protocol,
		      uint32_t length);

/* The folded sum, as a number: 0xffff over intact data that contains its checksum. */
uint16_t cksum_fold(uint64_t sum);

/* What goes into the checksum field. */
static inline uint16_t cksum_finish(uint64_t sum)
{
	return (uint16_t)~cksum_fold(sum);
}

/*
 * The checksum after OLD_BYTES became NEW_BYTES at an even offset (RFC 1624,
 * equation 3). LENGTH is even.
 */
uint16_t cksum_replace(uint16_t checksum, const void *old_bytes, const void *new_bytes,
		       size_t length);

/* The same in place: CHECKSUM points to the field in a packet. */
void cksum_mend(uint8_t *checksum, const void *old_bytes, const void *new_bytes, size_t length);

#endif
