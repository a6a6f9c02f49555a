/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/jsonc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * jansson parses, but knows neither comments nor, once it is done, where a value
 * stood. So the text is prepared and then walked a second time.
 *
 * Before: each character of a comment becomes one space, newlines and tabs stay.
 * Lines and columns (which count characters, not bytes) are those of the file, and
 * an error of jansson's points to the right place.
 *
 * After: the text is known to be valid JSON and the tree of values keeps the order
 * of the text, no key twice. So one scan, in step with a walk over the tree, meets
 * the values in the same order and has nothing to decide: it skips space and
 * strings, counts lines, and writes down each place.
 */

struct scan {
	const char *at, *end;
	struct jsonc_place place;
};

static void step(struct scan *s)
{
	if (s->at == s->end)
		return;
	if (*s->at == '\n')
		s->place = (struct jsonc_place){s->place.line + 1, 1};
	else if ((*s->at & 0xc0) != 0x80)
		s->place.column++;
	s->at++;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct scan *s)
{
	while (s->at < s->end && is_space(*s->at))
		step(s);
}

/* From the opening quote to behind the closing one. */
static void skip_string(struct scan *s)
{
	for (step(s); s->at < s->end && *s->at != '"'; step(s))
		if (*s->at == '\\')
			step(s);
	step(s);
}

static void skip_scalar(struct scan *s)
{
	if (s->at < s->end && *s->at == '"') {
		skip_string(s);
		return;
	}
	while (s->at < s->end && !is_space(*s->at) && !strchr(",]}", *s->at))
		step(s);
}

/* Over one of ',' ':' '{' and so on, with the space before it. */
static void skip_mark(struct scan *s)
{
	skip_space(s);
	step(s);
}

static struct jsonc_place find_place(const char *text, const char *at)
{
	struct scan s = {text, at, {1, 1}};

	while (s.at < s.end)
		step(&s);
	return s.place;
}

/* How many bytes the comment at AT has, its newline not counted; 0: there is none. */
static size_t comment_length(const char *at, const char *end)
{
	const char *close;

	if (*at == '#' || (*at == '/' && end - at > 1 && at[1] == '/')) {
		close = (const char *)memchr(at, '\n', (size_t)(end - at));
		return (size_t)((close ? close : end) - at);
	}
	if (*at != '/' || end - at < 2 || at[1] != '*')
		return 0;
	close = (const char *)memmem(at + 2, (size_t)(end - at) - 2, "*/", 2);
	return close ? (size_t)(close - at) + 2 : SIZE_MAX;
}

/* Each character becomes a space; what follows its first byte goes. Returns the new end. */
static char *blank(const char *from, size_t length, char *out)
{
	for (size_t i = 0; i < length; i++) {
		if ((from[i] & 0xc0) == 0x80)
			continue;
		*out++ = from[i] == '\n' || from[i] == '\t' ? from[i] : ' ';
	}
	return out;
}

long jsonc_strip(const char *bytes, size_t length, char *out, struct jsonc_place *ret_open)
{
	struct scan s = {bytes, bytes + length, {1, 1}};
	char *to = out;

	while (s.at < s.end) {
		size_t comment = comment_length(s.at, s.end);
		const char *from = s.at;

		if (comment == SIZE_MAX) {
			*ret_open = find_place(bytes, s.at);
			return BW_ERR_SYNTAX;
		}
		if (comment > 0) {
			to = blank(s.at, comment, to);
			s.at += comment;
			continue;
		}
		if (*s.at == '"')
			skip_string(&s);
		else
			step(&s);
		memcpy(to, from, (size_t)(s.at - from));
		to += s.at - from;
	}
	return (long)(to - out);
}

static size_t count_values(const json_t *json)
{
	size_t count = 1;
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_object(json))
		json_object_foreach((json_t *)json, key, value)
			count += count_values(value);
	else
		json_array_foreach(json, i, value)
			count += count_values(value);
	return count;
}

/* Takes COUNT from the one array that holds all values. */
static struct jsonc *take_values(struct jsonc **free_values, size_t count)
{
	struct jsonc *list = *free_values;

	*free_values += count;
	return list;
}

/* Fills VALUE, whose document, parent, key, index and json are set. */
static void place_value(struct scan *s, struct jsonc *value, struct jsonc **free_values)
{
	void *iter = json_is_object(value->json) ? json_object_iter((json_t *)value->json) : NULL;

	skip_space(s);
	value->at = s->place;
	if (!json_is_object(value->json) && !json_is_array(value->json)) {
		skip_scalar(s);
		return;
	}
	value->count = iter ? json_object_size(value->json) : json_array_size(value->json);
	value->list = take_values(free_values, value->count);
	skip_mark(s);
	for (size_t i = 0; i < value->count; i++) {
		struct jsonc *child = &value->list[i];

		*child = (struct jsonc){.document = value->document, .parent = value, .index = i};
		child->json = iter ? json_object_iter_value(iter) : json_array_get(value->json, i);
		if (iter) {
			child->key = json_object_iter_key(iter);
			skip_space(s);
			child->key_at = s->place;
			skip_string(s);
			skip_mark(s);
			iter = json_object_iter_next((json_t *)value->json, iter);
		}
		place_value(s, child, free_values);
		if (i + 1 < value->count)
			skip_mark(s);
	}
	skip_mark(s);
}

static int refuse_text(const struct jsonc_document *document, struct jsonc_place place, int code,
		       const char *message)
{
	bw_err_set(document->err, code, "%s", message);
	bw_err_place(document->err, document->file, place.line, place.column, NULL);
	return code;
}

/* What usually is the matter: "[1, 2,]" and "[1 2]". */
static const char *find_hint(const char *text, const json_error_t *error)
{
	const char *at = text + (error->position > 0 ? error->position - 1 : 0);

	if (strncmp(error->text, "'}' expected", 12) == 0 ||
	    strncmp(error->text, "']' expected", 12) == 0)
		return "; a comma may be missing before it";
	if (*at != ']' && *at != '}')
		return "";
	while (at > text && is_space(at[-1]))
		at--;
	return at > text && at[-1] == ',' ? "; take away the comma before it" : "";
}

static int refuse_json(const struct jsonc_document *document, const char *text,
		       const json_error_t *error)
{
	struct jsonc_place place = {error->line, error->column};
	char message[320];

	if (json_error_code(error) == json_error_out_of_memory)
		return refuse_text(document, (struct jsonc_place){0, 0}, -ENOMEM, "out of memory");
	if (json_error_code(error) == json_error_duplicate_key) {
		snprintf(message, sizeof(message), "%s: keep one of the two", error->text);
		return refuse_text(document, place, BW_ERR_OVERLAP, message);
	}
	snprintf(message, sizeof(message), "not valid JSON: %s%s", error->text,
		 find_hint(text, error));
	return refuse_text(document, place, BW_ERR_SYNTAX, message);
}

/* TEXT has no comments. */
static int parse_plain(const char *text, size_t length, struct jsonc_document *document)
{
	struct scan s = {text, text + length, {1, 1}};
	struct jsonc *values;
	json_error_t error;

	document->json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!document->json)
		return refuse_json(document, text, &error);
	values = (struct jsonc *)calloc(count_values(document->json), sizeof(*values));
	if (!values)
		return refuse_text(document, (struct jsonc_place){0, 0}, -ENOMEM, "out of memory");
	document->root = take_values(&values, 1);
	*document->root = (struct jsonc){.document = document, .json = document->json};
	place_value(&s, document->root, &values);
	return 0;
}

int jsonc_parse(const char *bytes, size_t length, struct jsonc_document *document)
{
	size_t mark = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	struct jsonc_place open = {0, 0};
	char *text;
	long left;
	int result;

	document->json = NULL;
	document->root = NULL;
	if (length > JSONC_SIZE_MAX)
		return refuse_text(document, open, BW_ERR_LIMIT,
				   "too large: a configuration file has at most 1 MiB");
	text = (char *)malloc(length + 1);
	if (!text)
		return refuse_text(document, open, -ENOMEM, "out of memory");
	left = jsonc_strip(bytes + mark, length - mark, text, &open);
	if (left >= 0) {
		text[left] = '\0';
		result = parse_plain(text, (size_t)left, document);
	} else {
		result = refuse_text(document, open, BW_ERR_SYNTAX,
				     "this comment has no end: close it with '*/'");
	}
	free(text);
	if (result < 0)
		jsonc_fini(document);
	return result;
}

void jsonc_fini(struct jsonc_document *document)
{
	if (!document)
		return;
	free(document->root);
	json_decref(document->json);
	document->root = NULL;
	document->json = NULL;
}

/* "targets[2].round" */
static void print_field(const struct jsonc *value, char *buffer, size_t size)
{
	size_t used;

	buffer[0] = '\0';
	if (!value->parent)
		return;
	print_field(value->parent, buffer, size);
	used = strlen(buffer);
	if (value->key)
		snprintf(buffer + used, size - used, "%s%s", used ? "." : "", value->key);
	else
		snprintf(buffer + used, size - used, "[%zu]", value->index);
}

/* A person who looks into an included file wants to know why it is read at all. */
static void add_includer(const struct jsonc_document *document)
{
	const struct jsonc *from = document->included_from;
	struct bw_err *err = document->err;
	size_t used = strlen(err->message);

	if (from)
		snprintf(err->message + used, sizeof(err->message) - used,
			 " (included by %s, line %d)", from->document->file, from->at.line);
}

static void set_place(const struct jsonc *value, struct jsonc_place place)
{
	const struct jsonc_document *document = value->document;
	char field[sizeof(document->err->field)];

	if (!document->err)
		return;
	print_field(value, field, sizeof(field));
	bw_err_place(document->err, document->file, place.line, place.column, field);
	add_includer(document);
}

int jsonc_relay(const struct jsonc *value, int code)
{
	set_place(value, value->at);
	if (value->document->err)
		value->document->err->code = code;
	return code;
}

static void set_message(const struct jsonc *value, int code, const char *format, va_list arguments)
{
	char message[sizeof(value->document->err->message)];

	vsnprintf(message, sizeof(message), format, arguments);
	bw_err_set(value->document->err, code, "%s", message);
}

int jsonc_refuse(const struct jsonc *value, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_message(value, code, format, arguments);
	va_end(arguments);
	set_place(value, value->at);
	return code;
}

int jsonc_refuse_key(const struct jsonc *member, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_message(member, code, format, arguments);
	va_end(arguments);
	set_place(member, member->key_at);
	return code;
}

static const char *name_type(const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	case JSON_NULL:
		return "null";
	}
	return "";
}

int jsonc_refuse_type(const struct jsonc *value, const char *wanted)
{
	return jsonc_refuse(value, BW_ERR_VALUE, "must be %s, not %s", wanted,
			    name_type(value->json));
}

const struct jsonc *jsonc_member(const struct jsonc *object, const char *key)
{
	for (size_t i = 0; json_is_object(object->json) && i < object->count; i++)
		if (strcmp(object->list[i].key, key) == 0)
			return &object->list[i];
	return NULL;
}
