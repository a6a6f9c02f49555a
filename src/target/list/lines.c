/* SPDX-License-Identifier: Apache-2.0 */
#include "target/list/lines.h"

#include <errno.h>
#include <string.h>

#define SHOWN_MAX 60 /* bytes of a bad line that an error quotes */
#define BOM "\xef\xbb\xbf"
#define BOM_LENGTH (sizeof(BOM) - 1)

struct word {
	const char *at;
	size_t length;
};

struct lines lines_of(const char *bytes, size_t length, const char *file)
{
	return (struct lines){.at = bytes, .end = bytes + length, .file = file};
}

struct lines lines_of_stream(FILE *stream, char *buffer, size_t size, const char *file)
{
	return (struct lines){
		.at = buffer,
		.end = buffer,
		.file = file,
		.stream = stream,
		.buffer = buffer,
		.buffer_size = size,
	};
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

/* Reads more bytes of the stream behind those that are left. */
static int refill(struct lines *lines, struct bw_err *err)
{
	size_t left = (size_t)(lines->end - lines->at), got;

	if (left == lines->buffer_size)
		return bw_err_set(err, BW_ERR_SYNTAX, "the line is too long");
	memmove(lines->buffer, lines->at, left);
	got = fread(lines->buffer + left, 1, lines->buffer_size - left, lines->stream);
	if (got == 0 && ferror(lines->stream))
		return bw_err_set(err, BW_ERR_MISSING, "cannot read it: %s", strerror(errno));
	lines->at = lines->buffer;
	lines->end = lines->buffer + left + got;
	if (got == 0)
		lines->stream = NULL;
	return 0;
}

/* Skips the byte order mark of the first line, and the LF of a CRLF. */
static int begin_line(struct lines *lines, struct bw_err *err)
{
	int result = 0;

	if (lines->stream && lines->at == lines->end)
		result = refill(lines, err);
	if (lines->number == 0 && (size_t)(lines->end - lines->at) >= BOM_LENGTH &&
	    memcmp(lines->at, BOM, BOM_LENGTH) == 0)
		lines->at += BOM_LENGTH;
	if (lines->after_cr && lines->at < lines->end && *lines->at == '\n')
		lines->at++;
	lines->after_cr = false;
	return result;
}

/* The bytes of the next line without its end. Returns 1, 0 at the end, or an error. */
static int take_line(struct lines *lines, struct word *ret_line, struct bw_err *err)
{
	size_t length = 0;
	int result = begin_line(lines, err);

	while (result == 0) {
		while (length < (size_t)(lines->end - lines->at) &&
		       !is_line_end(lines->at[length]))
			length++;
		if (lines->at + length < lines->end || !lines->stream)
			break;
		lines->number++;
		result = refill(lines, err);
		lines->number -= result == 0;
	}
	if (result < 0 || lines->at == lines->end)
		return result;
	*ret_line = (struct word){lines->at, length};
	lines->at += length;
	if (lines->at < lines->end)
		lines->after_cr = *lines->at++ == '\r';
	lines->number++;
	return 1;
}

/* The line without its comment and without the space around the rest. */
static struct word strip(struct word line)
{
	size_t length = 0;

	while (length < line.length && line.at[length] != '#' && line.at[length] != ';')
		length++;
	line.length = length;
	while (line.length > 0 && is_space(line.at[0])) {
		line.at++;
		line.length--;
	}
	while (line.length > 0 && is_space(line.at[line.length - 1]))
		line.length--;
	return line;
}

/* Takes what stands before the next space or dash, and the space behind it. */
static struct word take_word(struct word *line)
{
	struct word word = {line->at, 0};

	while (line->length > 0 && !is_space(*line->at) && *line->at != '-') {
		line->at++;
		line->length--;
		word.length++;
	}
	while (line->length > 0 && is_space(*line->at)) {
		line->at++;
		line->length--;
	}
	return word;
}

static bool copy_word(const struct word *word, char text[BW_PREFIX_TEXT])
{
	if (word->length >= BW_PREFIX_TEXT || memchr(word->at, '\0', word->length))
		return false;
	memcpy(text, word->at, word->length);
	text[word->length] = '\0';
	return true;
}

static bool parse_address(const struct word *word, struct bw_addr *ret_addr)
{
	char text[BW_PREFIX_TEXT];

	return copy_word(word, text) && bw_addr_parse(text, ret_addr) == 0;
}

static int parse_single(const struct word *word, struct span *ret_span, struct bw_err *err)
{
	char text[BW_PREFIX_TEXT];
	struct bw_addr addr;

	if (!copy_word(word, text))
		return BW_ERR_SYNTAX;
	if (strchr(text, '/')) {
		ret_span->form = SPAN_PREFIX;
		return bw_prefix_parse(text, &ret_span->prefix, err);
	}
	if (bw_addr_parse(text, &addr) < 0)
		return BW_ERR_SYNTAX;
	ret_span->form = SPAN_ADDRESS;
	ret_span->prefix = bw_prefix_of(&addr, bw_addr_bits(&addr));
	return 0;
}

/* Takes the next prefix of the range of the current line. */
static bool take_piece(struct lines *lines, struct span *ret_span)
{
	struct span span = {.form = SPAN_RANGE, .origin = lines->number};

	if (!addr_range_take(&lines->range, &span.prefix))
		return false;
	*ret_span = span;
	return true;
}

/* "- LAST" behind the address FIRST. REST begins with the dash and loses what is read. */
static int parse_range(struct lines *lines, const struct bw_addr *first, struct word *rest,
		       struct bw_err *err)
{
	struct word word = {rest->at + 1, rest->length - 1}, dashless;
	struct bw_addr last;

	while (word.length > 0 && is_space(*word.at)) {
		word.at++;
		word.length--;
	}
	dashless = take_word(&word);
	if (!parse_address(&dashless, &last))
		return BW_ERR_SYNTAX;
	*rest = word;
	if (addr_range_init(&lines->range, first, &last) < 0)
		return bw_err_set(err, BW_ERR_VALUE,
				  "the range ends before it begins, or has two families");
	return 0;
}

static int parse_line(struct lines *lines, struct word line, struct span *ret_span,
		      struct bw_err *err)
{
	struct word rest = line, word = take_word(&rest);
	bool spaced = rest.at > word.at + word.length;
	struct bw_addr first;
	int result;

	if (rest.length > 0 && *rest.at == '-' && parse_address(&word, &first)) {
		result = parse_range(lines, &first, &rest, err);
		if (result == 0 && (rest.length == 0 || lines->ignore_words))
			return take_piece(lines, ret_span) ? 0 : BW_ERR_INTERNAL;
		if (result == BW_ERR_VALUE || !spaced)
			return result < 0 ? result : BW_ERR_SYNTAX;
	}
	if (rest.length > 0 && !(spaced && lines->ignore_words))
		return BW_ERR_SYNTAX;
	return parse_single(&word, ret_span, err);
}

static int place(const struct lines *lines, int code, struct bw_err *err)
{
	if (lines->file)
		bw_err_place(err, lines->file, (int)lines->number, 0, NULL);
	return code;
}

int lines_next(struct lines *lines, struct span *ret_span, struct bw_err *err)
{
	struct span span = {0};
	struct word line;
	int result;

	if (take_piece(lines, ret_span))
		return 1;
	do {
		result = take_line(lines, &line, err);
		if (result <= 0)
			return result < 0 ? place(lines, result, err) : 0;
		line = strip(line);
	} while (line.length == 0);

	result = parse_line(lines, line, &span, err);
	if (result == BW_ERR_SYNTAX)
		bw_err_set(err, result, "'%.*s' is no prefix and no address: one a line, names are "
			   "not looked up",
			   (int)(line.length < SHOWN_MAX ? line.length : SHOWN_MAX), line.at);
	if (result < 0) {
		lines->range = (struct addr_range){0};
		return place(lines, result, err);
	}
	span.origin = lines->number;
	*ret_span = span;
	return 1;
}
