/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json_out.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/utf8.h"

#define DECIMALS_MAX 9
#define FIXED_BELOW 1e15 /* 15 digits before the point: a double has no more to tell */
#define NUMBER_TEXT 64
#define HEAP_FIRST 512 /* bytes that a growing text begins with */

void json_out_init(struct json_out *out, char *buffer, size_t size)
{
	*out = (struct json_out){.buffer = buffer, .size = size, .overflow = size == 0};
	if (size)
		buffer[0] = '\0';
}

int json_out_end(struct json_out *out)
{
	assert(out->depth == 0);
	if (out->overflow)
		return BW_ERR_LIMIT;
	out->buffer[out->length] = '\0';
	return (int)out->length;
}

void json_out_init_heap(struct json_out *out, bool indent)
{
	*out = (struct json_out){.grows = true, .indent = indent};
}

char *json_out_take(struct json_out *out)
{
	assert(out->depth == 0 && out->grows);
	if (out->overflow || out->length == 0) {
		free(out->buffer);
		return NULL;
	}
	out->buffer[out->length] = '\0';
	return out->buffer;
}

static bool grow(struct json_out *out, size_t length)
{
	size_t size = 2 * (out->length + length) + HEAP_FIRST;
	char *buffer;

	if (!out->grows)
		return false;
	buffer = (char *)realloc(out->buffer, size);
	if (!buffer)
		return false;
	out->buffer = buffer;
	out->size = size;
	return true;
}

/* Always leaves room for the terminator. */
static bool has_room(struct json_out *out, size_t length)
{
	return length < out->size - out->length || grow(out, length);
}

static void put_bytes(struct json_out *out, const char *bytes, size_t length)
{
	if (out->overflow || !has_room(out, length)) {
		out->overflow = true;
		return;
	}
	memcpy(out->buffer + out->length, bytes, length);
	out->length += length;
}

static void put_text(struct json_out *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

static void begin_line(struct json_out *out)
{
	if (!out->indent)
		return;
	put_bytes(out, "\n", 1);
	for (int i = 0; i < out->depth; i++)
		put_bytes(out, "  ", 2);
}

static void begin_value(struct json_out *out)
{
	if (!out->after_key) {
		if (out->comma)
			put_bytes(out, ",", 1);
		if (out->depth > 0)
			begin_line(out);
	}
	out->after_key = false;
	out->comma = true;
}

static void put_value(struct json_out *out, const char *text)
{
	begin_value(out);
	put_text(out, text);
}

static void open_level(struct json_out *out, const char *bracket)
{
	put_value(out, bracket);
	out->depth++;
	out->comma = false;
}

static void close_level(struct json_out *out, const char *bracket)
{
	assert(out->depth > 0);
	out->depth--;
	if (out->comma)
		begin_line(out);
	put_text(out, bracket);
	out->comma = true;
}

void json_out_object(struct json_out *out)
{
	open_level(out, "{");
}

void json_out_object_end(struct json_out *out)
{
	close_level(out, "}");
}

void json_out_array(struct json_out *out)
{
	open_level(out, "[");
}

void json_out_array_end(struct json_out *out)
{
	close_level(out, "]");
}

void json_out_key(struct json_out *out, const char *key)
{
	json_out_string(out, key);
	put_text(out, out->indent ? ": " : ":");
	out->after_key = true;
}

static const char *short_escape(uint32_t point)
{
	switch (point) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\b':
		return "\\b";
	case '\f':
		return "\\f";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

static void put_character(struct json_out *out, uint32_t point)
{
	const char *escape = short_escape(point);
	char bytes[8];

	if (escape)
		put_text(out, escape);
	else if (point < 0x20)
		put_bytes(out, bytes, (size_t)snprintf(bytes, sizeof(bytes), "\\u%04x", point));
	else
		put_bytes(out, bytes, (size_t)utf8_put(point, bytes));
}

/* How many bytes from TEXT on stand for themselves. */
static size_t plain_length(const char *text)
{
	size_t length = 0;

	while (text[length] >= ' ' && text[length] < 0x7f && text[length] != '"' &&
	       text[length] != '\\')
		length++;
	return length;
}

void json_out_string(struct json_out *out, const char *text)
{
	if (!text) {
		json_out_null(out);
		return;
	}
	put_value(out, "\"");
	while (!out->overflow) {
		size_t plain = plain_length(text);
		uint32_t point;

		put_bytes(out, text, plain);
		text += plain;
		point = utf8_next(&text);
		if (!point)
			break;
		put_character(out, point);
	}
	put_bytes(out, "\"", 1);
}

void json_out_json(struct json_out *out, const char *json)
{
	put_value(out, json);
}

void json_out_null(struct json_out *out)
{
	put_value(out, "null");
}

void json_out_bool(struct json_out *out, bool value)
{
	put_value(out, value ? "true" : "false");
}

static void put_integer(struct json_out *out, uint64_t value, bool negative)
{
	char text[NUMBER_TEXT], *end = text + sizeof(text), *at = end;

	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	if (negative)
		*--at = '-';
	begin_value(out);
	put_bytes(out, at, (size_t)(end - at));
}

void json_out_int(struct json_out *out, int64_t value)
{
	put_integer(out, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0);
}

void json_out_uint(struct json_out *out, uint64_t value)
{
	put_integer(out, value, false);
}

/* printf() writes the decimal point of the locale, which may have several bytes. */
static void restore_point(char *text)
{
	char *at = text + strcspn(text, "0123456789"), *behind;

	at += strspn(at, "0123456789");
	if (!*at || *at == 'e')
		return;
	behind = at + strcspn(at, "0123456789");
	*at = '.';
	memmove(at + 1, behind, strlen(behind) + 1);
}

/* Zeros at the end of a fraction, then a point without one. */
static void trim_fraction(char *text)
{
	char *end = text + strlen(text);

	if (!strchr(text, '.'))
		return;
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		end[-1] = '\0';
}

static void format_fixed(char *text, double value, int decimals)
{
	snprintf(text, NUMBER_TEXT, "%.*f", decimals, value);
	restore_point(text);
	trim_fraction(text);
	if (strcmp(text, "-0") == 0)
		memcpy(text, "0", sizeof("0"));
}

static void format_shortest(char *text, double value)
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, NUMBER_TEXT, "%.*g", digits, value);
		if (digits == 17 || strtod(text, NULL) == value)
			break;
	}
	restore_point(text);
}

void json_out_number(struct json_out *out, double value, int decimals)
{
	char text[NUMBER_TEXT];

	assert(decimals >= 0 && decimals <= DECIMALS_MAX);
	if (!isfinite(value)) {
		json_out_null(out);
		return;
	}
	if (fabs(value) < FIXED_BELOW)
		format_fixed(text, value, decimals);
	else
		format_shortest(text, value);
	put_value(out, text);
}

/* The exponent as short as can be: 1e-06 becomes 1e-6, 1e+09 becomes 1e9. */
static void trim_exponent(char *text)
{
	char *from = strchr(text, 'e'), *to;

	if (!from)
		return;
	from++;
	to = from + (*from == '-');
	from++;
	while (*from == '0')
		from++;
	memmove(to, from, strlen(from) + 1);
}

void json_out_real(struct json_out *out, double value, int digits)
{
	char text[NUMBER_TEXT];

	assert(digits >= 1 && digits <= 17);
	if (!isfinite(value)) {
		json_out_null(out);
		return;
	}
	snprintf(text, sizeof(text) - 2, "%.*g", digits, value);
	restore_point(text);
	if (!strpbrk(text, ".e"))
		memcpy(text + strlen(text), ".0", sizeof(".0"));
	trim_exponent(text);
	put_value(out, text);
}

void json_out_time(struct json_out *out, struct bw_wall time)
{
	char text[BW_WALL_TEXT];

	if (time.ns == 0)
		json_out_null(out);
	else
		json_out_string(out, bw_wall_format(time, text));
}

void json_out_newline(struct json_out *out)
{
	put_bytes(out, "\n", 1);
}
