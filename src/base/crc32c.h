/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/*
 * CRC-32C (Castagnoli; RFC 3720, B.4) of LENGTH bytes. CRC is that of the bytes before them, or 0
 * for the first.
 */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t length);

#endif
