/* SPDX-License-Identifier: Apache-2.0 */
#include "target/list/lines.h"

#include <ctype.h>
#include <string.h>

#define SHOWN_MAX 60 /* bytes of a bad line that an error quotes */

struct word {
	const char *at;
	size_t length;
};

struct lines lines_of(const char *bytes, size_t length, const char *file)
{
	struct lines lines = {bytes, bytes + length, file, 0};

	if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		lines.at += 3;
	return lines;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next line's text without comment and space around; false at the end. */
static bool take_line(struct lines *lines, struct word *ret_word)
{
	const char *from = lines->at, *to, *comment;

	if (from == lines->end)
		return false;
	to = (const char *)memchr(from, '\n', (size_t)(lines->end - from));
	to = to ? to : lines->end;
	lines->at = to < lines->end ? to + 1 : to;
	lines->number++;
	comment = (const char *)memchr(from, '#', (size_t)(to - from));
	to = comment ? comment : to;
	while (from < to && is_space(*from))
		from++;
	while (from < to && is_space(to[-1]))
		to--;
	*ret_word = (struct word){from, (size_t)(to - from)};
	return true;
}

static int parse_word(const struct word *word, struct span *ret_span, struct bw_err *err)
{
	char text[BW_PREFIX_TEXT];
	struct bw_addr addr;

	if (word->length >= sizeof(text) || memchr(word->at, '\0', word->length))
		return BW_ERR_SYNTAX;
	memcpy(text, word->at, word->length);
	text[word->length] = '\0';
	if (strchr(text, '/')) {
		ret_span->address = 0;
		return bw_prefix_parse(text, &ret_span->prefix, err);
	}
	if (bw_addr_parse(text, &addr) < 0)
		return BW_ERR_SYNTAX;
	ret_span->address = 1;
	ret_span->prefix = bw_prefix_of(&addr, bw_addr_bits(&addr));
	return 0;
}

int lines_next(struct lines *lines, struct span *ret_span, struct bw_err *err)
{
	struct word word;
	struct span span;
	int result;

	do {
		if (!take_line(lines, &word))
			return 0;
	} while (word.length == 0);

	result = parse_word(&word, &span, err);
	if (result == BW_ERR_SYNTAX)
		bw_err_set(err, result, "'%.*s' is no prefix and no address: one a line, names are "
			   "not looked up",
			   (int)(word.length < SHOWN_MAX ? word.length : SHOWN_MAX), word.at);
	if (result < 0) {
		if (lines->file)
			bw_err_place(err, lines->file, (int)lines->number, 0, NULL);
		return result;
	}
	span.origin = lines->number;
	*ret_span = span;
	return 1;
}
