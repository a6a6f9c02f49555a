/* SPDX-License-Identifier: Apache-2.0 */
#include "target/locate.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct scan {
	const char *at, *end;
};

static void skip_space(struct scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at) && *s->at)
		s->at++;
}

static bool accept(struct scan *s, char c)
{
	skip_space(s);
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* From the opening quote to behind the closing one. */
static void skip_string(struct scan *s)
{
	for (s->at++; s->at < s->end && *s->at != '"'; s->at++)
		if (*s->at == '\\' && s->at + 1 < s->end)
			s->at++;
	if (s->at < s->end)
		s->at++;
}

/* Behind the value, to the ',' or the bracket that ends it. */
static void skip_value(struct scan *s)
{
	size_t depth = 0;

	while (s->at < s->end) {
		char c = *s->at;

		if (c == '"') {
			skip_string(s);
			continue;
		}
		if (depth == 0 && (c == ',' || c == ']' || c == '}'))
			return;
		if (c == '[' || c == '{')
			depth++;
		else if (c == ']' || c == '}')
			depth--;
		s->at++;
	}
}

/* The string token [from, to), quotes included, says KEY. */
static bool token_says(const char *from, const char *to, const char *key)
{
	size_t length = (size_t)(to - from);
	json_t *decoded;
	bool same;

	if (length >= 2 && length - 2 == strlen(key) && memcmp(from + 1, key, length - 2) == 0)
		return true;
	if (!memchr(from, '\\', length))
		return false;
	decoded = json_loadb(from, length, JSON_DECODE_ANY, NULL);
	same = json_is_string(decoded) && strcmp(json_string_value(decoded), key) == 0;
	json_decref(decoded);
	return same;
}

/* From the '{' to the member KEY; *ret_key is where its name stands. */
static bool enter_member(struct scan *s, const char *key, const char **ret_key)
{
	if (!accept(s, '{'))
		return false;
	do {
		const char *name;

		skip_space(s);
		if (s->at == s->end || *s->at != '"')
			return false;
		name = s->at;
		skip_string(s);
		*ret_key = name;
		if (token_says(name, s->at, key))
			return accept(s, ':');
		if (!accept(s, ':'))
			return false;
		skip_value(s);
	} while (accept(s, ','));
	return false;
}

static bool enter_element(struct scan *s, size_t index)
{
	if (!accept(s, '['))
		return false;
	for (size_t i = 0; i < index; i++) {
		skip_space(s);
		skip_value(s);
		if (!accept(s, ','))
			return false;
	}
	return true;
}

/* As deep as the path, which the schema bounds. */
static bool descend(struct scan *s, const struct locate_step *path, const char **ret_key)
{
	if (!path)
		return true;
	if (!descend(s, path->parent, ret_key))
		return false;
	skip_space(s);
	return path->key ? enter_member(s, path->key, ret_key) : enter_element(s, path->index);
}

static struct locate_place count_lines(const char *text, const char *at)
{
	struct locate_place place = {1, 1};

	for (; text < at; text++) {
		if (*text == '\n')
			place = (struct locate_place){place.line + 1, 1};
		else if ((*text & 0xc0) != 0x80)
			place.column++;
	}
	return place;
}

bool locate_find(const char *text, size_t length, const struct locate_step *path, bool key,
		 struct locate_place *ret_place)
{
	struct scan s = {text, text + length};
	const char *name = NULL;

	if (!descend(&s, path, &name))
		return false;
	skip_space(&s);
	*ret_place = count_lines(text, key && path && path->key ? name : s.at);
	return true;
}

char *locate_format(const struct locate_step *path, char *buffer, size_t size)
{
	size_t used;

	buffer[0] = '\0';
	if (!path)
		return buffer;
	locate_format(path->parent, buffer, size);
	used = strlen(buffer);
	if (path->key)
		snprintf(buffer + used, size - used, "%s%s", used ? "." : "", path->key);
	else
		snprintf(buffer + used, size - used, "[%zu]", path->index);
	return buffer;
}
