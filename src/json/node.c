/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree has values and no places. A node adds the path to a value, and the place comes from the
 * text. Objects keep the order of the text in the tree, and no key occurs twice, so the N-th
 * member of the tree is the N-th member of the text.
 *
 * Whoever goes through a list or an object with node_next() gets nodes that know their
 * place: the text is scanned in step, which takes a small part of the time that parsing
 * has taken. A node made by key or by index is looked up from its parent on demand, which
 * only an error does.
 */
#include "json/node.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/fast.h"

#define EXACT_MAX 9007199254740992.0 /* 2^53: below, a double holds each whole number */
#define STEP_MAX 96                  /* bytes of one step of a path */

static struct locate_text text_of(const struct node *node)
{
	return (struct locate_text){node->document->text, node->document->length};
}

/* A document that was parsed fast has no places. */
static bool has_places(const struct node *node)
{
	return !node->tree.fast;
}

static struct tree tree_of(const struct document *document)
{
	if (document->fast)
		return (struct tree){.fast = document->fast->values};
	return (struct tree){.json = document->json};
}

struct node node_root(const struct document *document)
{
	struct node node = {.document = document, .tree = tree_of(document)};
	const struct locate_text text = text_of(&node);

	if (!has_places(&node))
		return node;
	node.is_placed = true;
	node.at = locate_root(&text);
	return node;
}

/* Where KEY stands among the members, or the number of members. */
static size_t find_index(struct tree object, const char *key)
{
	struct tree_child child;

	for (bool found = tree_first(object, &child); found; found = tree_next(object, &child))
		if (strcmp(child.key, key) == 0)
			break;
	return child.index;
}

struct node node_member(const struct node *object, const char *key)
{
	return (struct node){.document = object->document,
			     .parent = object,
			     .key = key,
			     .tree = tree_member(object->tree, key)};
}

struct node node_element(const struct node *array, size_t index)
{
	return (struct node){.document = array->document,
			     .parent = array,
			     .index = index,
			     .tree = tree_element(array->tree, index)};
}

static bool find_child(const struct node *node, struct locate_child *ret_child);

/* The child of this number in the text. */
static bool find_nth(const struct node *parent, size_t index, struct locate_child *ret_child)
{
	const struct locate_text text = text_of(parent);
	struct locate_child own, child;
	bool found = find_child(parent, &own) && locate_first(&text, own.value, &child);

	for (size_t i = 0; i < index && found; i++)
		found = locate_next(&text, node_is_object(parent), &child);
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
	if (!node_exists(node) || !node->parent)
		return false;
	return find_nth(node->parent,
			node->key ? find_index(node->parent->tree, node->key) : node->index,
			ret_child);
}

static bool begin(const struct node *parent, struct node *child)
{
	struct tree_child first;
	const bool found = tree_first(parent->tree, &first);

	*child = (struct node){.document = parent->document,
			       .parent = parent,
			       .key = first.key,
			       .tree = first.tree};
	child->is_placed = found && has_places(child) && find_nth(parent, 0, &child->at);
	return found;
}

bool node_next(const struct node *parent, struct node *child)
{
	const struct locate_text text = text_of(parent);
	struct tree_child next = {child->tree, child->key, child->index};
	bool found;

	if (!child->document)
		return begin(parent, child);
	found = tree_next(parent->tree, &next);
	child->tree = next.tree;
	child->key = next.key;
	child->index = next.index;
	if (found)
		child->is_placed =
			child->is_placed && locate_next(&text, child->key != NULL, &child->at);
	return found;
}

const char *node_next_key(const struct node *object, const char *key)
{
	return tree_next_key(object->tree, key);
}

/* Goes to the child that *path begins with, "faults" or "[3]"; false: there is none. */
static bool enter(struct node *node, const char **path)
{
	char key[STEP_MAX];
	struct tree tree;
	size_t index, length;

	if (**path == '[') {
		index = strtoul(*path + 1, NULL, 10);
		tree = tree_element(node->tree, index);
		*path += strcspn(*path, "]");
		*path += **path == ']';
	} else {
		*path += **path == '.';
		length = strcspn(*path, ".[");
		snprintf(key, sizeof(key), "%.*s", (int)length, *path);
		*path += length;
		tree = tree_member(node->tree, key);
		index = find_index(node->tree, key);
	}
	if (tree_kind(tree) == TREE_MISSING || !find_nth(node, index, &node->at))
		return false;
	node->tree = tree;
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
	return tree_kind(node->tree) != TREE_MISSING;
}

bool node_is_object(const struct node *node)
{
	return tree_kind(node->tree) == TREE_OBJECT;
}

bool node_is_list(const struct node *node)
{
	return tree_kind(node->tree) == TREE_LIST;
}

bool node_is_number(const struct node *node)
{
	return tree_kind(node->tree) == TREE_NUMBER;
}

bool node_is_bool(const struct node *node)
{
	return tree_kind(node->tree) == TREE_TRUE || tree_kind(node->tree) == TREE_FALSE;
}

bool node_is_null(const struct node *node)
{
	return tree_kind(node->tree) == TREE_NULL;
}

size_t node_count(const struct node *node)
{
	return tree_count(node->tree);
}

const char *node_text(const struct node *node)
{
	return tree_text(node->tree);
}

double node_number(const struct node *node)
{
	return tree_number(node->tree);
}

bool node_bool(const struct node *node)
{
	return tree_kind(node->tree) == TREE_TRUE;
}

bool node_integer(const struct node *node, int64_t *ret_value)
{
	const double real = tree_number(node->tree);

	if (tree_integer(node->tree, ret_value))
		return true;
	if (!node_is_number(node) || !node->document->wide || fabs(real) >= EXACT_MAX ||
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

	if (!node_is_number(node))
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
	switch (tree_kind(node->tree)) {
	case TREE_MISSING:
		return "missing";
	case TREE_OBJECT:
		return "an object";
	case TREE_LIST:
		return "a list";
	case TREE_STRING:
		return "a string";
	case TREE_NUMBER:
		return "a number";
	case TREE_TRUE:
		return "true";
	case TREE_FALSE:
		return "false";
	case TREE_NULL:
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
