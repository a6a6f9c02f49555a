/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text/paint.h"

#include <string.h>
#include <wchar.h>

#include "base/clean.h"
#include "json/utf8.h"

enum paint_style paint_of(enum bw_verdict verdict)
{
	switch (verdict) {
	case BW_UP:
		return PAINT_GREEN;
	case BW_FLAPPING:
		return PAINT_YELLOW;
	case BW_DARK:
	case BW_PARTLY_DARK:
		return PAINT_RED;
	case BW_UNKNOWN:
		return PAINT_DIM;
	}
	return PAINT_PLAIN;
}

const char *paint_begin(const struct paint *paint, enum paint_style style)
{
	if (!paint->colour)
		return "";
	switch (style) {
	case PAINT_PLAIN:
		return "";
	case PAINT_BOLD:
		return "\033[1m";
	case PAINT_GREEN:
		return "\033[32m";
	case PAINT_YELLOW:
		return "\033[33m";
	case PAINT_RED:
		return "\033[31m";
	case PAINT_DIM:
		return "\033[2m";
	}
	return "";
}

const char *paint_end(const struct paint *paint, enum paint_style style)
{
	return paint->colour && style != PAINT_PLAIN ? "\033[0m" : "";
}

static uint32_t clean_character(const struct paint *paint, uint32_t point)
{
	if (clean_is_unsafe(point))
		return '?';
	if (point < 0x80)
		return point;
	if (!paint->utf8)
		return '?';
	if (point == UTF8_REPLACEMENT)
		return point;
	return wcwidth((wchar_t)point) < 0 ? '?' : point;
}

char *paint_clean(const struct paint *paint, const char *text, char *buffer, size_t size)
{
	char *at = buffer, bytes[UTF8_MAX];
	uint32_t point;

	while ((point = utf8_next(&text))) {
		size_t length = (size_t)utf8_put(clean_character(paint, point), bytes);

		if (length >= size - (size_t)(at - buffer))
			break;
		memcpy(at, bytes, length);
		at += length;
	}
	*at = '\0';
	return buffer;
}

static size_t character_width(uint32_t point)
{
	int width = point < 0x80 ? 1 : wcwidth((wchar_t)point);

	return width < 0 ? 1 : (size_t)width;
}

size_t paint_width(const char *clean)
{
	size_t width = 0;
	uint32_t point;

	while ((point = utf8_next(&clean)))
		width += character_width(point);
	return width;
}

size_t paint_fit(const char *clean, size_t width)
{
	const char *at = clean, *next = clean;
	size_t used = 0;

	while (*at) {
		used += character_width(utf8_next(&next));
		if (used > width)
			break;
		at = next;
	}
	return (size_t)(at - clean);
}

const char *paint_ellipsis(const struct paint *paint)
{
	return paint->utf8 ? "\u2026" : "~";
}
