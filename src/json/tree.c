/* SPDX-License-Identifier: Apache-2.0 */
#include "json/tree.h"

#include <string.h>

#include <jansson.h>

#include "json/fast.h"

static enum tree_kind kind_of_fast(enum fast_kind kind)
{
	switch (kind) {
	case FAST_OBJECT:
		return TREE_OBJECT;
	case FAST_LIST:
		return TREE_LIST;
	case FAST_STRING:
		return TREE_STRING;
	case FAST_NUMBER:
		return TREE_NUMBER;
	case FAST_TRUE:
		return TREE_TRUE;
	case FAST_FALSE:
		return TREE_FALSE;
	case FAST_NULL:
		return TREE_NULL;
	}
	return TREE_MISSING;
}

static enum tree_kind kind_of_json(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return TREE_OBJECT;
	case JSON_ARRAY:
		return TREE_LIST;
	case JSON_STRING:
		return TREE_STRING;
	case JSON_INTEGER:
	case JSON_REAL:
		return TREE_NUMBER;
	case JSON_TRUE:
		return TREE_TRUE;
	case JSON_FALSE:
		return TREE_FALSE;
	case JSON_NULL:
		return TREE_NULL;
	}
	return TREE_MISSING;
}

enum tree_kind tree_kind(struct tree tree)
{
	if (tree.fast)
		return kind_of_fast(tree.fast->kind);
	return tree.json ? kind_of_json(json_typeof(tree.json)) : TREE_MISSING;
}

static bool is_group(const struct fast_value *value)
{
	return value->kind == FAST_OBJECT || value->kind == FAST_LIST;
}

size_t tree_count(struct tree tree)
{
	if (tree.fast)
		return is_group(tree.fast) ? tree.fast->count : 0;
	return json_is_object(tree.json) ? json_object_size(tree.json) : json_array_size(tree.json);
}

const char *tree_text(struct tree tree)
{
	if (tree.fast)
		return tree.fast->kind == FAST_STRING ? tree.fast->text : NULL;
	return json_string_value(tree.json);
}

double tree_number(struct tree tree)
{
	if (tree.fast)
		return tree.fast->kind == FAST_NUMBER ? tree.fast->number : 0;
	return json_number_value(tree.json);
}

bool tree_integer(struct tree tree, int64_t *ret_value)
{
	if (!json_is_integer(tree.json))
		return false;
	*ret_value = json_integer_value(tree.json);
	return true;
}

struct tree tree_member(struct tree object, const char *key)
{
	if (object.fast)
		return (struct tree){.fast = fast_member(object.fast, key)};
	return (struct tree){.json = json_object_get(object.json, key)};
}

struct tree tree_element(struct tree list, size_t index)
{
	const struct fast_value *value;

	if (!list.fast)
		return (struct tree){.json = json_array_get(list.json, index)};
	if (list.fast->kind != FAST_LIST || index >= list.fast->count)
		return (struct tree){.fast = NULL};
	for (value = list.fast + 1; index > 0; index--)
		value += value->size;
	return (struct tree){.fast = value};
}

/* ITER is of a parent that is an object; NULL: there is no such member. */
static void set_member(struct tree_child *child, void *iter)
{
	child->key = iter ? json_object_iter_key(iter) : NULL;
	child->tree.json = iter ? json_object_iter_value(iter) : NULL;
}

static void set_fast(struct tree_child *child, const struct fast_value *value)
{
	child->key = value ? value->key : NULL;
	child->tree.fast = value;
}

bool tree_first(struct tree parent, struct tree_child *ret_child)
{
	*ret_child = (struct tree_child){.index = 0};
	if (parent.fast)
		set_fast(ret_child, tree_count(parent) > 0 ? parent.fast + 1 : NULL);
	else if (json_is_object(parent.json))
		set_member(ret_child, json_object_iter((json_t *)parent.json));
	else
		ret_child->tree = tree_element(parent, 0);
	return ret_child->tree.fast || ret_child->tree.json;
}

bool tree_next(struct tree parent, struct tree_child *child)
{
	const struct fast_value *fast = child->tree.fast;

	child->index++;
	if (fast)
		set_fast(child, child->index < parent.fast->count ? fast + fast->size : NULL);
	else if (child->key)
		set_member(child, json_object_iter_next((json_t *)parent.json,
							json_object_key_to_iter(child->key)));
	else
		child->tree = tree_element(parent, child->index);
	return child->tree.fast || child->tree.json;
}

const char *tree_next_key(struct tree object, const char *key)
{
	struct tree_child child;
	bool found = tree_first(object, &child);

	while (key && found && strcmp(child.key, key) != 0)
		found = tree_next(object, &child);
	if (key && found)
		tree_next(object, &child);
	return child.key;
}
