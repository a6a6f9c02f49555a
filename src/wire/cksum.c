/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/cksum.h"

#include <endian.h>
#include <string.h>

#include "base/cursor.h"

/*
 * One's complement addition does not care about byte order or word size
 * (RFC 1071, section 2), so words are added as the machine reads them, 32 bits
 * at a time, and only the folded result is turned into a number.
 */
uint64_t cksum_add(uint64_t sum, const void *bytes, size_t length)
{
	const uint8_t *at = (const uint8_t *)bytes;
	uint32_t word;
	uint16_t half = 0;

	for (; length >= sizeof(word); length -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		sum += word;
	}
	if (length >= sizeof(half)) {
		memcpy(&half, at, sizeof(half));
		sum += half;
		at += sizeof(half);
		length -= sizeof(half);
	}
	if (length) {
		half = 0;
		memcpy(&half, at, 1);
		sum += half;
	}
	return sum;
}

uint64_t cksum_pseudo(const struct bw_addr *src, const struct bw_addr *dst, uint8_t protocol,
		      uint32_t length)
{
	size_t size = bw_addr_bits(src) / 8;
	uint64_t sum = (uint64_t)htobe32(length) + htobe32(protocol);

	return cksum_add(cksum_add(sum, src->bytes, size), dst->bytes, size);
}

uint16_t cksum_fold(uint64_t sum)
{
	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	return be16toh((uint16_t)sum);
}

uint16_t cksum_replace(uint16_t checksum, const void *old_bytes, const void *new_bytes,
		       size_t length)
{
	uint16_t removed = cksum_fold(cksum_add(0, old_bytes, length));
	uint64_t sum = cksum_add(0, new_bytes, length);

	sum += htobe16((uint16_t)~checksum);
	sum += htobe16((uint16_t)~removed);
	return cksum_finish(sum);
}

void cksum_mend(uint8_t *checksum, const void *old_bytes, const void *new_bytes, size_t length)
{
	put_u16(checksum, cksum_replace((uint16_t)(checksum[0] << 8 | checksum[1]), old_bytes,
					new_bytes, length));
}
