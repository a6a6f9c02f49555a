/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_COMMENT_H
#define JSON_COMMENT_H

#include <stddef.h>

/*
 * Comments in JSON: from '//' or '#' to the end of the line, and from '/' '*' to '*' '/'.
 * A comment inside of a string is text.
 *
 * comment_strip() copies a text and replaces each character of a comment by one space;
 * newlines and tabs stay. So every value keeps its line and its column, where columns
 * count characters. OUT has room for LENGTH bytes and receives no terminator.
 *
 * Returns how many bytes were written, or BW_ERR_SYNTAX for a comment that is not
 * closed; then *ret_open is the offset where it begins.
 */
long comment_strip(const char *bytes, size_t length, char *out, size_t *ret_open);

#endif
