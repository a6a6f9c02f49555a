/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree is jansson's: it has values and no places. A node adds the path to a value,
 * and the place comes from the text. Objects keep the order of the text in jansson, and
 * no key occurs twice, so the N-th member of the tree is the N-th member of the text.
 *
 * Whoever goes through a list or an object with node_next() gets nodes that know their
 * place: the text is scanned in step, which takes a small part of the time that parsing
 * has taken. A node made by key or by index is looked up from its parent on demand, which
 * only an error does.
 */
#include "json/node.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX 9007199254740992.0 /* 2^53: below, a double holds each whole number */
#define STEP_MAX 96                  /* bytes of one step of a path */

static struct locate_text text_of(const struct node *node)
{
	return (struct locate_text){node->document->text, node->document->length};
}

struct node node_root(const struct document *document)
{
	struct node node = {.document = document, .json = document->json, .is_placed = true};
	const struct locate_text text = text_of(&node);

	node.at = locate_root(&text);
	return node;
}

/* Where KEY stands among the members, or the number of members. */
static size_t find_index(const json_t *object, const char *key)
{
	const char *other;
	json_t *value;
	size_t index = 0;

	json_object_foreach((json_t *)object, other, value)
	{
		if (strcmp(other, key) == 0)
			break;
		index++;
	}
	return index;
}

struct node node_member(const struct node *object, const char *key)
{
	return (struct node){.document = object->document,
			     .parent = object,
			     .key = key,
			     .json = json_object_get(object->json, key)};
}

struct node node_element(const struct node *array, size_t index)
{
	return (struct node){.document = array->document,
			     .parent = array,
			     .index = index,
			     .json = json_array_get(array->json, index)};
}

static bool find_child(const struct node *node, struct locate_child *ret_child);

/* The child of this number in the text. */
static bool find_nth(const struct node *parent, size_t index, struct locate_child *ret_child)
{
	const struct locate_text text = text_of(parent);
	struct locate_child own, child;
	bool found = find_child(parent, &own) && locate_first(&text, own.value, &child);

	for (size_t i = 0; i < index && found; i++)
		found = locate_next(&text, json_is_object(parent->json), &child);
	if (found)
		*ret_child = child;
	return found;
}

/* The depth of this recursion is that of the path. */
static bool find_child(const struct node *node, struct locate_child *ret_child)
{
	if (node->is_placed) {
		*ret_child = node->at;
		return true;
	}
	if (!node->json)
		return false;
	return find_nth(node->parent,
			node->key ? find_index(node->parent->json, node->key) : node->index,
			ret_child);
}

static bool begin(const struct node *parent, struct node *child)
{
	void *iter = json_object_iter((json_t *)parent->json);

	*child = (struct node){.document = parent->document, .parent = parent};
	if (iter) {
		child->key = json_object_iter_key(iter);
		child->json = json_object_iter_value(iter);
	} else {
		child->json = json_array_get(parent->json, 0);
	}
	child->is_placed = child->json && find_nth(parent, 0, &child->at);
	return child->json;
}

bool node_next(const struct node *parent, struct node *child)
{
	const struct locate_text text = text_of(parent);

	if (!child->document)
		return begin(parent, child);
	child->index++;
	if (child->key) {
		void *iter = json_object_iter_next((json_t *)parent->json,
						   json_object_key_to_iter(child->key));

		child->key = iter ? json_object_iter_key(iter) : NULL;
		child->json = iter ? json_object_iter_value(iter) : NULL;
	} else {
		child->json = json_array_get(parent->json, child->index);
	}
	if (!child->json)
		return false;
	child->is_placed = child->is_placed && locate_next(&text, child->key != NULL, &child->at);
	return true;
}

const char *node_next_key(const struct node *object, const char *key)
{
	json_t *json = (json_t *)object->json;
	void *iter = key ? json_object_iter_next(json, json_object_key_to_iter(key))
			 : json_object_iter(json);

	return iter ? json_object_iter_key(iter) : NULL;
}

/* Goes to the child that *path begins with, "faults" or "[3]"; false: there is none. */
static bool enter(struct node *node, const char **path)
{
	char key[STEP_MAX];
	const json_t *json;
	size_t index, length;

	if (**path == '[') {
		index = strtoul(*path + 1, NULL, 10);
		json = json_array_get(node->json, index);
		*path += strcspn(*path, "]");
		*path += **path == ']';
	} else {
		*path += **path == '.';
		length = strcspn(*path, ".[");
		snprintf(key, sizeof(key), "%.*s", (int)length, *path);
		*path += length;
		json = json_object_get(node->json, key);
		index = find_index(node->json, key);
	}
	if (!json || !find_nth(node, index, &node->at))
		return false;
	node->json = json;
	return true;
}

struct locate_place node_find_place(const struct document *document, const char *path)
{
	struct node node = node_root(document);

	while (*path && enter(&node, &path))
		;
	return node_place(&node);
}

bool node_exists(const struct node *node)
{
	return node->json;
}

bool node_is_object(const struct node *node)
{
	return json_is_object(node->json);
}

bool node_is_list(const struct node *node)
{
	return json_is_array(node->json);
}

bool node_is_number(const struct node *node)
{
	return json_is_number(node->json);
}

bool node_is_bool(const struct node *node)
{
	return json_is_boolean(node->json);
}

bool node_is_null(const struct node *node)
{
	return json_is_null(node->json);
}

size_t node_count(const struct node *node)
{
	return json_is_object(node->json) ? json_object_size(node->json)
					  : json_array_size(node->json);
}

const char *node_text(const struct node *node)
{
	return json_string_value(node->json);
}

double node_number(const struct node *node)
{
	return json_number_value(node->json);
}

bool node_bool(const struct node *node)
{
	return json_is_true(node->json);
}

bool node_integer(const struct node *node, int64_t *ret_value)
{
	double real = json_real_value(node->json);

	if (json_is_integer(node->json)) {
		*ret_value = json_integer_value(node->json);
		return true;
	}
	if (!json_is_real(node->json) || !node->document->wide || fabs(real) >= EXACT_MAX ||
	    real != floor(real))
		return false;
	*ret_value = (int64_t)real;
	return true;
}

/* A number beyond what a double holds: its digits. */
static bool read_digits(const struct node *node, uint64_t *ret_value)
{
	const struct locate_text text = text_of(node);
	struct locate_child child;
	uint64_t value = 0;
	size_t at;

	if (!find_child(node, &child))
		return false;
	for (at = child.value; at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9';
	     at++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text.bytes[at] - '0'), &value))
			return false;
	if (at == child.value || (at < text.length && strchr(".eE", text.bytes[at])))
		return false;
	*ret_value = value;
	return true;
}

bool node_unsigned(const struct node *node, uint64_t *ret_value)
{
	int64_t value;

	if (!json_is_number(node->json))
		return false;
	if (!node_integer(node, &value))
		return read_digits(node, ret_value);
	if (value < 0)
		return false;
	*ret_value = (uint64_t)value;
	return true;
}

const char *node_type_text(const struct node *node)
{
	if (!node->json)
		return "missing";
	switch (json_typeof(node->json)) {
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

static struct locate_place place_of(const struct node *node, bool key)
{
	const struct locate_text text = text_of(node);
	struct locate_child child;

	while (!find_child(node, &child)) {
		if (!node->parent)
			return (struct locate_place){0, 0};
		node = node->parent;
		key = false;
	}
	return locate_place(&text, key ? child.key : child.value);
}

struct locate_place node_place(const struct node *node)
{
	return place_of(node, false);
}

struct locate_place node_key_place(const struct node *node)
{
	return place_of(node, true);
}

char *node_format_path(const struct node *node, char *buffer, size_t size)
{
	size_t used;

	buffer[0] = '\0';
	if (!node->parent)
		return buffer;
	node_format_path(node->parent, buffer, size);
	used = strlen(buffer);
	if (node->key)
		snprintf(buffer + used, size - used, "%s%s", used ? "." : "", node->key);
	else
		snprintf(buffer + used, size - used, "[%zu]", node->index);
	return buffer;
}
