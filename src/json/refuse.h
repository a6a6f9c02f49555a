/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_REFUSE_H
#define JSON_REFUSE_H

#include "json/node.h"

/*
 * The one set of phrases for what is wrong with a value, whatever file it is in:
 * configuration, target file, scenario, state or record. Each function fills the err of
 * the document with message, file, line, column and field, and returns the code. A value
 * of an included file also names the file and line that include it.
 *
 * The readers of lines in one fixed form (json/scan.h) say the same with these words.
 */
#define REFUSE_RANGE "is out of range"
#define REFUSE_WHOLE "must be a whole number"
#define REFUSE_STRING "must be a string"
#define REFUSE_TRUE "must be true"
#define REFUSE_LONG "is too long"

/* A message of the caller. */
int refuse_value(const struct node *node, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same about a member that should not be there at all: the place is that of its key. */
int refuse_key(const struct node *member, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds place and code to an error that another function has set. */
int refuse_relay(const struct node *node, int code);

/*
 * CODE is what reading a part of NODE gave. Where the document has somebody who wants all flaws, a
 * flaw is told and 0 returned: reading goes on behind it. Otherwise, and for want of memory, CODE.
 */
int refuse_go_on(const struct node *node, int code);

/* "must be WANTED, not a string": BW_ERR_VALUE. */
int refuse_type(const struct node *node, const char *wanted);

/* "GIVEN is out of range: RANGE": BW_ERR_VALUE. */
int refuse_range(const struct node *node, const char *given, const char *range);

/* "must not be empty", and ADVICE where it is not NULL: BW_ERR_VALUE. */
int refuse_empty(const struct node *node, const char *advice);

/*
 * 'missing: write it, as in "KEY": EXAMPLE', at the place of the object that lacks it;
 * EXAMPLE is JSON, or NULL: BW_ERR_VALUE.
 */
int refuse_missing(const struct node *object, const char *key, const char *example);

/* "'TEXT' is given twice, first in FILE, line LINE": BW_ERR_OVERLAP. FILE may be NULL. */
int refuse_twice(const struct node *node, const char *text, const char *file, int line);

/* "more than MAX of them": BW_ERR_LIMIT. */
int refuse_count(const struct node *node, size_t max);

/* "out of memory": -ENOMEM. */
int refuse_memory(const struct node *node);

/*
 * Names to choose from, for a message that names the nearest one: NAMES ends with NULL.
 *   refuse_unknown_key():  "unknown key, did you mean 'round'?" or "unknown key: WHAT has ..."
 *   refuse_unknown_word(): "'reed' is not known, did you mean 'red'?" or "..., there are: ..."
 * Both: BW_ERR_VALUE.
 */
int refuse_unknown_key(const struct node *member, const char *what, const char *const *names);
int refuse_unknown_word(const struct node *node, const char *const *names);

#endif
