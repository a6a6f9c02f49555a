/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/err.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"

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

char *bw_err_format(const struct bw_err *err, char *buffer, unsigned long size)
{
	char number[16];
	size_t at = 0;

	if (size == 0)
		return buffer;
	buffer[0] = '\0';
	if (err->file[0]) {
		at = clean_append(buffer, size, at, err->file);
		at = clean_append(buffer, size, at, ":");
	}
	if (err->line > 0) {
		snprintf(number, sizeof(number), "%d:", err->line);
		at = clean_append(buffer, size, at, number);
	}
	if (err->line > 0 && err->column > 0) {
		snprintf(number, sizeof(number), "%d:", err->column);
		at = clean_append(buffer, size, at, number);
	}
	if (at > 0)
		at = clean_append(buffer, size, at, " ");
	if (err->field[0]) {
		at = clean_append(buffer, size, at, err->field);
		at = clean_append(buffer, size, at, ": ");
	}
	clean_append(buffer, size, at, err->message[0] ? err->message : bw_error_text(err->code));
	return buffer;
}
