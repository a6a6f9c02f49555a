/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEXT_MARKUP_H
#define REPORT_TEXT_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes HTML and XML front to back into memory that grows. What comes from outside (names,
 * titles) goes through markup_text() or markup_path() alone. Out of memory is sticky: calls need
 * no check in between, and markup_take() returns NULL.
 */
struct markup {
	char *text; /* private */
	size_t length, room;
	bool failed;
};

/* Starts as {0}. */

/* Our own markup, as it is. */
void markup_raw(struct markup *markup, const char *text);

/* Our own markup with numbers and words of ours. No argument comes from outside. */
void markup_print(struct markup *markup, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * A text, for the content of an element or a value in double quotes. Markup is escaped. What XML
 * does not allow, what reorders text, and bytes that are no UTF-8 become '?'. NULL is "".
 */
void markup_text(struct markup *markup, const char *text);

/* A text as one segment of the path of a URL, percent-encoded. */
void markup_path(struct markup *markup, const char *text);

/* The text, owned by the caller (free()), and its length; NULL: out of memory. */
char *markup_take(struct markup *markup, size_t *ret_length);

#endif
