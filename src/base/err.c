/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/err.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char *bw_error_text(int code)
{
	const char *text;

	switch (code) {
#define X(name, value, words)                                                  \
	case value:                                                            \
		return words;
		BW_ERROR_LIST(X)
#undef X
	}
	if (code == 0)
		return "success";
	text = code < 0 && code > -4096 ? strerrordesc_np(-code) : NULL;
	return text ? text : "unknown error";
}

int bw_err_set(struct bw_err *err, int code, const char *format, ...)
{
	va_list args;

	if (!err)
		return code;
	*err = (struct bw_err){.code = code};
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	return code;
}

static void copy_text(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	if (length >= size)
		length = size - 1;
	memcpy(to, from, length);
	to[length] = '\0';
}

void bw_err_place(struct bw_err *err, const char *file, int line, int column, const char *field)
{
	if (!err)
		return;
	if (file)
		copy_text(err->file, sizeof(err->file), file);
	if (line)
		err->line = line;
	if (column)
		err->column = column;
	if (field)
		copy_text(err->field, sizeof(err->field), field);
}

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

static bool is_control(const uint8_t *text)
{
	return text[0] < 0x20 || text[0] == 0x7f || (text[0] == 0xc2 && text[1] < 0xa0);
}

/* Appends TEXT at AT; what could steer a terminal or is no UTF-8 becomes '?'. */
static size_t append_clean(char *buffer, size_t size, size_t at, const char *text)
{
	const uint8_t *from = (const uint8_t *)text;

	while (*from) {
		unsigned length = utf8_length(from);
		bool clean = length > 0 && !is_control(from);

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

char *bw_err_format(const struct bw_err *err, char *buffer, unsigned long size)
{
	char number[16];
	size_t at = 0;

	if (size == 0)
		return buffer;
	buffer[0] = '\0';
	if (err->file[0]) {
		at = append_clean(buffer, size, at, err->file);
		at = append_clean(buffer, size, at, ":");
	}
	if (err->line > 0) {
		snprintf(number, sizeof(number), "%d:", err->line);
		at = append_clean(buffer, size, at, number);
	}
	if (err->line > 0 && err->column > 0) {
		snprintf(number, sizeof(number), "%d:", err->column);
		at = append_clean(buffer, size, at, number);
	}
	if (at > 0)
		at = append_clean(buffer, size, at, " ");
	if (err->field[0]) {
		at = append_clean(buffer, size, at, err->field);
		at = append_clean(buffer, size, at, ": ");
	}
	append_clean(buffer, size, at, err->message[0] ? err->message : bw_error_text(err->code));
	return buffer;
}
