/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/markup.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"

#define FIRST_ROOM ((size_t)16 << 10)
#define PRINT_ROOM 128 /* bytes that a print has at once; a longer one gets more */

/* Room for LENGTH more bytes and the terminator. */
static bool reserve(struct markup *markup, size_t length)
{
	size_t room = markup->room ? markup->room : FIRST_ROOM;
	char *text;

	if (markup->failed || markup->room > markup->length + length)
		return !markup->failed;
	while (room <= markup->length + length)
		room *= 2;
	text = realloc(markup->text, room);
	markup->failed = !text;
	if (!text)
		return false;
	markup->text = text;
	markup->room = room;
	return true;
}

static void append(struct markup *markup, const char *bytes, size_t length)
{
	if (!reserve(markup, length))
		return;
	memcpy(markup->text + markup->length, bytes, length);
	markup->length += length;
	markup->text[markup->length] = '\0';
}

void markup_raw(struct markup *markup, const char *text)
{
	append(markup, text, strlen(text));
}

/* Prints into the room that there is. Returns the length that it needs. */
static size_t print_there(struct markup *markup, const char *format, va_list values)
{
	const size_t room = markup->room - markup->length;
	const int length = vsnprintf(markup->text + markup->length, room, format, values);

	return length < 0 ? 0 : (size_t)length;
}

void markup_print(struct markup *markup, const char *format, ...)
{
	va_list values;
	size_t length;

	if (!reserve(markup, PRINT_ROOM))
		return;
	va_start(values, format);
	length = print_there(markup, format, values);
	va_end(values);
	if (!reserve(markup, length))
		return;
	va_start(values, format);
	markup->length += print_there(markup, format, values);
	va_end(values);
}

/* U+FFFE and U+FFFF, which XML does not allow. */
static bool is_no_character(const char *at)
{
	return memcmp(at, "\xef\xbf\xbe", 3) == 0 || memcmp(at, "\xef\xbf\xbf", 3) == 0;
}

static void append_escaped(struct markup *markup, const char *text)
{
	for (;;) {
		const size_t plain = strcspn(text, "&<>\"'\xef");

		append(markup, text, plain);
		text += plain;
		if (!*text)
			return;
		if (*text != '\xef') {
			markup_print(markup, "&#%d;", *text);
		} else if (is_no_character(text)) {
			append(markup, "?", 1);
			text += 2;
		} else {
			append(markup, text, 1);
		}
		text++;
	}
}

void markup_text(struct markup *markup, const char *text)
{
	const size_t size = text ? strlen(text) + 1 : 1;
	char *clean = malloc(size);

	if (!clean) {
		markup->failed = true;
		return;
	}
	clean_append(clean, size, 0, text ? text : "");
	append_escaped(markup, clean);
	free(clean);
}

void markup_path(struct markup *markup, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~";

	for (; *text; text++) {
		if (strchr(plain, *text))
			append(markup, text, 1);
		else
			markup_print(markup, "%%%02X", (unsigned)(unsigned char)*text);
	}
}

char *markup_take(struct markup *markup, size_t *ret_length)
{
	char *text = markup->text;

	*ret_length = markup->failed ? 0 : markup->length;
	if (markup->failed) {
		free(text);
		text = NULL;
	}
	*markup = (struct markup){.failed = false};
	return text;
}
