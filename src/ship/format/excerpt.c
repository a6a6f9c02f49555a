/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/format/excerpt.h"

void excerpt_copy(char *to, size_t size, const char *from, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length && used + 1 < size; i++) {
		unsigned char byte = (unsigned char)from[i];
		char put = byte < 0x20 ? ' ' : byte >= 0x7f ? '?' : (char)byte;

		if (put != ' ' || (used > 0 && to[used - 1] != ' '))
			to[used++] = put;
	}
	while (used > 0 && to[used - 1] == ' ')
		used--;
	to[used] = '\0';
}
