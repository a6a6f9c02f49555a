/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_NODE_H
#define JSON_NODE_H

#include <stdint.h>

#include "json/document.h"
#include "json/locate.h"
#include "json/tree.h"

/*
 * A value of a document together with its path. Nodes are small, live on the stacks of
 * the functions that descend, and cost a document nothing: its place in the text is
 * looked up when somebody asks for it (0, 0 for nodes of document_parse_fast()). A node points to
 * its parent, which must outlive it. The strings that it gives belong to the document.
 */
struct node {
	const struct document *document;
	const struct node *parent; /* NULL: the whole document */
	const char *key;           /* of a member of an object, else NULL */
	size_t index;              /* among the members or elements of the parent, from 0 */
	struct tree tree;          /* empty: the member is not there */
	struct locate_child at;    /* set when `is_placed` */
	bool is_placed;
};

/* The outermost value; the document has been parsed. */
struct node node_root(const struct document *document);

/* The member KEY, which must last as long as the node; node_exists() says if it is there. */
struct node node_member(const struct node *object, const char *key);

/* The element INDEX, which must be less than node_count(). */
struct node node_element(const struct node *array, size_t index);

/*
 * Goes through all members or elements in the order of the text: CHILD starts as {0}.
 * Returns false behind the last, and for a parent that has none.
 */
bool node_next(const struct node *parent, struct node *child);

/* The same with keys alone, without a look at the text: KEY starts as NULL; NULL at the end. */
const char *node_next_key(const struct node *object, const char *key);

/* The value at PATH, such as "faults[3].at"; of what is not there, the nearest above it. */
struct locate_place node_find_place(const struct document *document, const char *path);

bool node_exists(const struct node *node);
bool node_is_object(const struct node *node);
bool node_is_list(const struct node *node);
bool node_is_number(const struct node *node);
bool node_is_bool(const struct node *node);
bool node_is_null(const struct node *node);

/* How many members or elements; 0 for all other values. */
size_t node_count(const struct node *node);

/* NULL, 0 and false for values of another type. */
const char *node_text(const struct node *node);
double node_number(const struct node *node);
bool node_bool(const struct node *node);

/*
 * Whole numbers, exact: false for all else, and for one that does not fit into *ret_value.
 * 1.0 and 1e3 are no whole numbers, unless the form of the document is `wide`: there a
 * number is whole by its value, and node_unsigned() gives all up to UINT64_MAX.
 */
bool node_integer(const struct node *node, int64_t *ret_value);
bool node_unsigned(const struct node *node, uint64_t *ret_value);

/* The type in words: "an object", "a list", "a string", "a number", "true", "false", "null". */
const char *node_type_text(const struct node *node);

/* Line and column of the value, or of its key. A member that is not there: of its parent. */
struct locate_place node_place(const struct node *node);
struct locate_place node_key_place(const struct node *node);

/* "networks[2].hosts[0].address"; "" for the whole document. Returns buffer. */
char *node_format_path(const struct node *node, char *buffer, size_t size);

#endif
