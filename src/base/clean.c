/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clean.h"

#include <string.h>

/* The length of the UTF-8 character at TEXT, or 0 when it is none (RFC 3629, 4). */
static unsigned utf8_length(const uint8_t *text)
{
	unsigned length = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	uint8_t low = 0x80, high = 0xbf;

	if (text[0] < 0x80)
		return 1;
	if (text[0] < 0xc2 || text[0] > 0xf4)
		return 0;
	if (text[0] == 0xe0)
		low = 0xa0;
	else if (text[0] == 0xf0)
		low = 0x90;
	else if (text[0] == 0xed)
		high = 0x9f;
	else if (text[0] == 0xf4)
		high = 0x8f;
	if (text[1] < low || text[1] > high)
		return 0;
	for (unsigned i = 2; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	}
	return length;
}

/* The code point of the character of LENGTH bytes at TEXT. */
static uint32_t point_of(const uint8_t *text, unsigned length)
{
	uint32_t point = length == 1 ? text[0] : text[0] & (0x7fU >> length);

	for (unsigned i = 1; i < length; i++)
		point = point << 6 | (text[i] & 0x3fU);
	return point;
}

bool clean_is_unsafe(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c ||
	       point == 0x200e || point == 0x200f || (point >= 0x2028 && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x206f) || point == 0xfeff;
}

size_t clean_append(char *buffer, size_t size, size_t at, const char *text)
{
	const uint8_t *from = (const uint8_t *)text;

	while (*from) {
		unsigned length = utf8_length(from);
		bool clean = length > 0 && !clean_is_unsafe(point_of(from, length));

		if (at + (clean ? length : 1) >= size)
			break;
		if (clean)
			memcpy(buffer + at, from, length);
		else
			buffer[at] = '?';
		at += clean ? length : 1;
		from += length ? length : 1;
	}
	buffer[at] = '\0';
	return at;
}

void clean_print(const char *text, FILE *out)
{
	const uint8_t *from = (const uint8_t *)text;

	while (*from) {
		unsigned length = utf8_length(from);

		if (length > 0 && !clean_is_unsafe(point_of(from, length)))
			fwrite(from, 1, length, out);
		else
			fputc('?', out);
		from += length ? length : 1;
	}
}
