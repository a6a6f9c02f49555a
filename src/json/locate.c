/* SPDX-License-Identifier: Apache-2.0 */
#include "json/locate.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(const struct locate_text *text, size_t at)
{
	while (at < text->length && is_space(text->bytes[at]))
		at++;
	return at;
}

/* A quote behind an odd number of backslashes is part of the string. */
static bool is_escaped(const char *from, const char *quote)
{
	const char *at = quote;

	while (at > from && at[-1] == '\\')
		at--;
	return (quote - at) % 2 == 1;
}

/* From the opening quote to behind the closing one. */
static size_t skip_string(const struct locate_text *text, size_t at)
{
	const char *from = text->bytes + at + 1, *end = text->bytes + text->length;
	const char *quote = from;

	while ((quote = (const char *)memchr(quote, '"', (size_t)(end - quote)))) {
		if (!is_escaped(from, quote))
			return (size_t)(quote - text->bytes) + 1;
		quote++;
	}
	return text->length;
}

/* To the ',' or the bracket that ends the value. */
static size_t skip_value(const struct locate_text *text, size_t at)
{
	size_t depth = 0;

	while (at < text->length) {
		char c = text->bytes[at];

		if (c == '"') {
			at = skip_string(text, at);
			continue;
		}
		if (depth == 0 && (c == ',' || c == ']' || c == '}'))
			break;
		if (c == '[' || c == '{')
			depth++;
		else if (c == ']' || c == '}')
			depth--;
		at++;
	}
	return at;
}

static bool is_at(const struct locate_text *text, size_t at, char c)
{
	return at < text->length && text->bytes[at] == c;
}

/* AT is where a child may begin. */
static bool enter(const struct locate_text *text, size_t at, bool object,
		  struct locate_child *ret_child)
{
	size_t key = skip_space(text, at), value = key;

	if (key == text->length || text->bytes[key] == ']' || text->bytes[key] == '}')
		return false;
	if (object) {
		if (text->bytes[key] != '"')
			return false;
		value = skip_space(text, skip_string(text, key));
		if (!is_at(text, value, ':'))
			return false;
		value = skip_space(text, value + 1);
	}
	*ret_child = (struct locate_child){key, value};
	return true;
}

struct locate_child locate_root(const struct locate_text *text)
{
	size_t at = skip_space(text, 0);

	return (struct locate_child){at, at};
}

bool locate_first(const struct locate_text *text, size_t parent, struct locate_child *ret_child)
{
	bool object = is_at(text, parent, '{');

	if (!object && !is_at(text, parent, '['))
		return false;
	return enter(text, parent + 1, object, ret_child);
}

bool locate_next(const struct locate_text *text, bool object, struct locate_child *child)
{
	size_t at = skip_value(text, child->value);

	return is_at(text, at, ',') && enter(text, at + 1, object, child);
}

struct locate_place locate_place(const struct locate_text *text, size_t at)
{
	const char *from = text->bytes, *end = from + (at < text->length ? at : text->length);
	struct locate_place place = {1, 1};
	const char *newline;

	while ((newline = (const char *)memchr(from, '\n', (size_t)(end - from)))) {
		place.line++;
		from = newline + 1;
	}
	for (; from < end; from++)
		place.column += (*from & 0xc0) != 0x80;
	return place;
}
