/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARGET_NODE_H
#define TARGET_NODE_H

#include <jansson.h>
#include <stdint.h>

#include <blockwatch/err.h>

#include "target/locate.h"

/*
 * A strict reader of JSON: a value together with its path, so that whatever is
 * wrong with it can be said with file, line, column and field.
 */
struct document {
	const char *text;
	size_t length;
	const char *file;
	struct bw_err *err; /* may be NULL */
};

struct node {
	const struct document *document;
	const struct locate_step *path; /* NULL: the whole document */
	json_t *json;                   /* borrowed; NULL: the member is not there */
};

/* A member or an element; STEP is memory for its path and must outlive it. */
struct node node_member(const struct node *object, const char *key, struct locate_step *step);
struct node node_element(const struct node *array, size_t index, struct locate_step *step);

/* Says what is wrong with the value (or that it is missing), with its place. Returns CODE. */
int node_refuse(const struct node *node, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds the place to an error that another function has set. Returns CODE. */
int node_relay(const struct node *node, int code);

/* The line that the value stands in, 0 when it is not there. */
int node_line(const struct node *node);

/*
 * Each returns 0 or BW_ERR_VALUE with its message. FIELDS ends with NULL and is
 * all that the object may have; WHAT says what it is ("a network").
 */
int node_check_object(const struct node *node, const char *what, const char *const *fields);
int node_check_array(const struct node *node);

/* A member that is not there leaves *ret_... as it is. Text has 1 to MAX bytes, all printable. */
int node_read_text(const struct node *node, size_t max, char **ret_text);
int node_read_integer(const struct node *node, uint32_t min, uint32_t max, uint32_t *ret_value);

#endif
