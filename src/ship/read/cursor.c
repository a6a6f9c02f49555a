/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/read/cursor.h"

#include <string.h>

/*
 * A line that was torn in the middle of a write has no newline; when the next start appends behind
 * it, the whole record follows in the same line. So a damaged line is cut where a record's first
 * bytes stand in it.
 */
size_t cursor_damaged_length(const char *bytes, size_t length)
{
	const char *mark =
		length > 1 ? memmem(bytes + 1, length - 1, SHIP_LINE_MARK, strlen(SHIP_LINE_MARK))
			   : NULL;

	return mark ? (size_t)(mark - bytes) : length;
}

void cursor_next(const char *bytes, size_t length, struct cursor_found *ret_found)
{
	const char *end = memchr(bytes, '\n', length < CURSOR_LINE_MAX ? length : CURSOR_LINE_MAX);
	size_t whole = end ? (size_t)(end - bytes) + 1 : 0;

	*ret_found = (struct cursor_found){.kind = CURSOR_MORE};
	if (!end && length < CURSOR_LINE_MAX)
		return;
	if (end && ship_line_scan(bytes, whole - 1, &ret_found->line) == 0) {
		ret_found->kind = CURSOR_LINE;
		ret_found->length = whole;
		return;
	}
	ret_found->kind = CURSOR_DAMAGED;
	ret_found->length = cursor_damaged_length(bytes, end ? whole : CURSOR_LINE_MAX);
}
