/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_TREE_H
#define JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Private to json: a value of a parsed text, whichever parser has made it, jansson or json/fast.h.
 * Members and elements are given in the order of the text.
 */
struct json_t;
struct fast_value;

/* At most one of the two is set; none: there is no such value. */
struct tree {
	const struct json_t *json;
	const struct fast_value *fast;
};

enum tree_kind {
	TREE_MISSING,
	TREE_OBJECT,
	TREE_LIST,
	TREE_STRING,
	TREE_NUMBER,
	TREE_TRUE,
	TREE_FALSE,
	TREE_NULL,
};

enum tree_kind tree_kind(struct tree tree);

/* How many members or elements; a text; a number: 0 and NULL for values of another kind. */
size_t tree_count(struct tree tree);
const char *tree_text(struct tree tree);
double tree_number(struct tree tree);

/* True for a number that the parser keeps as a whole one of 64 bits. */
bool tree_integer(struct tree tree, int64_t *ret_value);

struct tree tree_member(struct tree object, const char *key);
struct tree tree_element(struct tree list, size_t index);

/* One member or element of a parent. */
struct tree_child {
	struct tree tree;
	const char *key; /* of a member, else NULL */
	size_t index;    /* from 0 */
};

/* The first child, and the one behind CHILD. False: there is none; tree and key are then empty. */
bool tree_first(struct tree parent, struct tree_child *ret_child);
bool tree_next(struct tree parent, struct tree_child *child);

/* The key behind KEY; NULL stands before the first and behind the last. */
const char *tree_next_key(struct tree object, const char *key);

#endif
