/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_LOCATE_H
#define JSON_LOCATE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Finds where a value stands in a JSON text: jansson forgets places once it has parsed.
 * The text must have been accepted by a JSON parser. A text that was not accepted gives
 * a wrong place or none, and never a read outside of it. Nothing is allocated. Each
 * call takes time in proportion to the bytes that it passes over.
 *
 * A place in the text is an offset in bytes from its beginning.
 */
struct locate_text {
	const char *bytes;
	size_t length;
};

/* A member of an object or an element of an array. */
struct locate_child {
	size_t key;   /* where the name of the member begins; of an element: as value */
	size_t value; /* where the value begins */
};

/* The outermost value of the text. */
struct locate_child locate_root(const struct locate_text *text);

/* The first child of the object or array that begins at PARENT; false: there is none. */
bool locate_first(const struct locate_text *text, size_t parent, struct locate_child *ret_child);

/* From one child to the next one; OBJECT says what the parent is. False: it was the last. */
bool locate_next(const struct locate_text *text, bool object, struct locate_child *child);

/* Line and column of an offset, both from 1; columns count characters. */
struct locate_place {
	int line, column;
};

struct locate_place locate_place(const struct locate_text *text, size_t at);

#endif
