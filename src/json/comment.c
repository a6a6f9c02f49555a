/* SPDX-License-Identifier: Apache-2.0 */
#include "json/comment.h"

#include <stdint.h>
#include <string.h>

#include <blockwatch/err.h>

/* How many bytes the comment at AT has, without its newline; 0: there is none. */
static size_t comment_length(const char *at, const char *end)
{
	const char *close;

	if (*at == '#' || (*at == '/' && end - at > 1 && at[1] == '/')) {
		close = (const char *)memchr(at, '\n', (size_t)(end - at));
		return (size_t)((close ? close : end) - at);
	}
	if (*at != '/' || end - at < 2 || at[1] != '*')
		return 0;
	close = (const char *)memmem(at + 2, (size_t)(end - at) - 2, "*/", 2);
	return close ? (size_t)(close - at) + 2 : SIZE_MAX;
}

/* Writes one space for each character: bytes that continue one are left out. */
static char *write_blanks(const char *from, size_t length, char *out)
{
	for (size_t i = 0; i < length; i++) {
		if ((from[i] & 0xc0) == 0x80)
			continue;
		*out++ = from[i] == '\n' || from[i] == '\t' ? from[i] : ' ';
	}
	return out;
}

/* How many bytes the string at AT has, both quotes included; fewer when it is not closed. */
static size_t string_length(const char *at, const char *end)
{
	const char *from = at;

	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\' && at + 1 < end)
			at++;
	return (size_t)((at < end ? at + 1 : end) - from);
}

long comment_strip(const char *bytes, size_t length, char *out, size_t *ret_open)
{
	const char *at = bytes, *end = bytes + length;
	char *to = out;

	while (at < end) {
		size_t comment = comment_length(at, end);
		size_t plain = *at == '"' ? string_length(at, end) : 1;

		if (comment == SIZE_MAX) {
			*ret_open = (size_t)(at - bytes);
			return BW_ERR_SYNTAX;
		}
		if (comment > 0) {
			to = write_blanks(at, comment, to);
			at += comment;
			continue;
		}
		memcpy(to, at, plain);
		to += plain;
		at += plain;
	}
	return (long)(to - out);
}
