/* SPDX-License-Identifier: Apache-2.0 */
#include "target/node.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

struct node node_member(const struct node *object, const char *key, struct locate_step *step)
{
	*step = (struct locate_step){object->path, key, 0};
	return (struct node){object->document, step, json_object_get(object->json, key)};
}

struct node node_element(const struct node *array, size_t index, struct locate_step *step)
{
	*step = (struct locate_step){array->path, NULL, index};
	return (struct node){array->document, step, json_array_get(array->json, index)};
}

/* A member that is not there has the place of the object that lacks it. */
static struct locate_place find_place(const struct node *node, bool key)
{
	const struct document *document = node->document;
	const struct locate_step *path = node->path;
	struct locate_place place = {0, 0};

	if (!locate_find(document->text, document->length, path, key, &place) && path)
		locate_find(document->text, document->length, path->parent, false, &place);
	return place;
}

static void set_place(const struct node *node, bool key)
{
	struct locate_place place;
	char field[sizeof(node->document->err->field)];

	if (!node->document->err)
		return;
	place = find_place(node, key);
	locate_format(node->path, field, sizeof(field));
	bw_err_place(node->document->err, node->document->file, place.line, place.column, field);
}

int node_relay(const struct node *node, int code)
{
	set_place(node, false);
	return code;
}

int node_refuse(const struct node *node, int code, const char *format, ...)
{
	char message[sizeof(node->document->err->message)];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	bw_err_set(node->document->err, code, "%s", message);
	return node_relay(node, code);
}

int node_line(const struct node *node)
{
	return find_place(node, false).line;
}

static const char *name_type(const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_NULL:
		return "null";
	}
	return "";
}

static int refuse_type(const struct node *node, const char *wanted)
{
	return node_refuse(node, BW_ERR_VALUE, "must be %s, not %s", wanted,
			   name_type(node->json));
}

static void list_fields(const char *const *fields, char *buffer, size_t size)
{
	size_t used = 0;

	buffer[0] = '\0';
	for (; *fields && used < size; fields++)
		used += (size_t)snprintf(buffer + used, size - used, "%s%s", used ? ", " : "",
					 *fields);
}

static int refuse_field(const struct node *node, const char *what, const char *const *fields)
{
	struct nearest nearest;
	char all[200], message[sizeof(node->document->err->message)];

	nearest_init(&nearest, node->path->key);
	for (const char *const *field = fields; *field; field++)
		nearest_offer(&nearest, *field);
	list_fields(fields, all, sizeof(all));
	if (nearest.best)
		snprintf(message, sizeof(message), "unknown field, did you mean '%s'?",
			 nearest.best);
	else
		snprintf(message, sizeof(message), "unknown field: %s has %s", what, all);
	bw_err_set(node->document->err, BW_ERR_VALUE, "%s", message);
	set_place(node, true);
	return BW_ERR_VALUE;
}

static bool is_listed(const char *const *fields, const char *key)
{
	while (*fields && strcmp(*fields, key) != 0)
		fields++;
	return *fields;
}

int node_check_object(const struct node *node, const char *what, const char *const *fields)
{
	const char *key;
	json_t *value;

	if (!json_is_object(node->json))
		return refuse_type(node, "an object");
	json_object_foreach(node->json, key, value) {
		struct locate_step step;
		struct node member;

		if (is_listed(fields, key))
			continue;
		member = node_member(node, key, &step);
		return refuse_field(&member, what, fields);
	}
	return 0;
}

int node_check_array(const struct node *node)
{
	return json_is_array(node->json) ? 0 : refuse_type(node, "an array");
}

int node_read_text(const struct node *node, size_t max, char **ret_text)
{
	const char *text = json_string_value(node->json);
	char *copy;

	if (!node->json)
		return 0;
	if (!text)
		return refuse_type(node, "a string");
	if (!*text || strlen(text) > max)
		return node_refuse(node, BW_ERR_VALUE, "must have 1 to %zu bytes, not %zu", max,
				   strlen(text));
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < ' ' || *c == 0x7f)
			return node_refuse(node, BW_ERR_VALUE, "has a control character in it");
	copy = strdup(text);
	if (!copy)
		return node_refuse(node, -ENOMEM, "out of memory");
	*ret_text = copy;
	return 0;
}

int node_read_integer(const struct node *node, uint32_t min, uint32_t max, uint32_t *ret_value)
{
	json_int_t value = json_integer_value(node->json);

	if (!node->json)
		return 0;
	if (!json_is_integer(node->json))
		return refuse_type(node, "a whole number");
	if (value < (json_int_t)min || value > (json_int_t)max)
		return node_refuse(node, BW_ERR_VALUE,
				   "%" JSON_INTEGER_FORMAT " is out of range %" PRIu32 "..%" PRIu32,
				   value, min, max);
	*ret_value = (uint32_t)value;
	return 0;
}
