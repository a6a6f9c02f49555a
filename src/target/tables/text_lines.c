/* SPDX-License-Identifier: Apache-2.0 */
#include "target/tables/text_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BOM "\xef\xbb\xbf"
#define BOM_LENGTH (sizeof(BOM) - 1)

struct text_lines text_lines_of(const char *file, text_reader reader, void *self)
{
	return (struct text_lines){.file = file, .reader = reader, .self = self};
}

void text_lines_fini(struct text_lines *text)
{
	free(text->held);
	text->held = NULL;
}

static int place(const struct text_lines *text, uint32_t line, int code, struct bw_err *err)
{
	bw_err_place(err, text->file, (int)line, 0, NULL);
	return code;
}

/* What the first bytes of files that are no lists look like, and what to do. */
static const struct kind {
	const char *magic;
	size_t length;
	const char *message;
} kinds[] = {
	{"<", 1, "this is an HTML or XML page and not a list: the download went wrong"},
	{"BZh", 3, "this is bzip2: give it through a pipe, 'bzcat FILE | blockwatch ... -'"},
	{"\xfd"
	 "7zXZ",
	 5, "this is xz: give it through a pipe, 'xzcat FILE | blockwatch ... -'"},
	{"\x28\xb5\x2f\xfd", 4,
	 "this is zstd: give it through a pipe, 'zstdcat FILE | blockwatch ... -'"},
	{"PK\x03\x04", 4, "this is a ZIP archive: unpack it first"},
	{"\xff\xfe", 2, "this is UTF-16: save it as UTF-8"},
	{"\xfe\xff", 2, "this is UTF-16: save it as UTF-8"},
};

static int check_begin(const char *bytes, size_t length, struct bw_err *err)
{
	while (length > 0 && strchr(" \t\r\n", *bytes) && *bytes) {
		bytes++;
		length--;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (length >= kinds[i].length &&
		    memcmp(bytes, kinds[i].magic, kinds[i].length) == 0)
			return bw_err_set(err, BW_ERR_SYNTAX, "%s", kinds[i].message);
	return 0;
}

static int begin(struct text_lines *text, const char **bytes, size_t *length, struct bw_err *err)
{
	if (*length >= BOM_LENGTH && memcmp(*bytes, BOM, BOM_LENGTH) == 0) {
		*bytes += BOM_LENGTH;
		*length -= BOM_LENGTH;
	}
	text->is_begun = true;
	return check_begin(*bytes, *length, err);
}

static int hold(struct text_lines *text, const char *bytes, size_t length, struct bw_err *err)
{
	size_t need = text->held_length + length, room = text->held_room ? text->held_room : 256;
	char *held;

	if (need > TEXT_LINE_MAX)
		return bw_err_set(err, BW_ERR_LIMIT,
				  "the line is longer than 1 MiB: this is no list");
	while (room < need)
		room *= 2;
	if (room != text->held_room) {
		held = (char *)realloc(text->held, room);
		if (!held)
			return bw_err_set(err, -ENOMEM, "out of memory");
		text->held = held;
		text->held_room = room;
	}
	if (length > 0)
		memcpy(text->held + text->held_length, bytes, length);
	text->held_length = need;
	return 0;
}

static int take_line(struct text_lines *text, const char *bytes, size_t length, struct bw_err *err)
{
	struct text_line line = {bytes, length, text->number + 1};
	int result = 0;

	if (text->held_length > 0) {
		result = hold(text, bytes, length, err);
		line.at = text->held;
		line.length = text->held_length;
		text->held_length = 0;
	}
	if (result == 0 && memchr(line.at, '\0', line.length))
		result = bw_err_set(err, BW_ERR_SYNTAX,
				    "this is a binary file and not a list of lines");
	if (result == 0)
		result = text->reader(text->self, &line, err);
	text->number++;
	return result < 0 ? result : 0;
}

static const char *find_end(const char *at, const char *end)
{
	const char *lf = (const char *)memchr(at, '\n', (size_t)(end - at));
	const char *cr = (const char *)memchr(at, '\r', (size_t)((lf ? lf : end) - at));

	return cr ? cr : lf;
}

int text_lines_push(struct text_lines *text, const char *bytes, size_t length, struct bw_err *err)
{
	const char *at = bytes, *end, *stop;
	int result = length == 0 || text->is_begun ? 0 : begin(text, &at, &length, err);

	end = at + length;
	while (result == 0 && at < end) {
		if (text->after_cr && *at == '\n')
			at++;
		text->after_cr = false;
		stop = at < end ? find_end(at, end) : NULL;
		if (!stop) {
			result = hold(text, at, (size_t)(end - at), err);
			break;
		}
		result = take_line(text, at, (size_t)(stop - at), err);
		text->after_cr = *stop == '\r';
		at = stop + 1;
		if (result < 0)
			return place(text, text->number, result, err);
	}
	return result < 0 ? place(text, text->number + 1, result, err) : 0;
}

int text_lines_end(struct text_lines *text, struct bw_err *err)
{
	int result = text->held_length > 0 ? take_line(text, NULL, 0, err) : 0;

	return result < 0 ? place(text, text->number, result, err) : 0;
}

int text_lines_read(const char *file, const char *bytes, size_t length, text_reader reader,
		    void *self, struct bw_err *err)
{
	struct text_lines text = text_lines_of(file, reader, self);
	int result = text_lines_push(&text, bytes, length, err);

	if (result == 0)
		result = text_lines_end(&text, err);
	text_lines_fini(&text);
	return result;
}
