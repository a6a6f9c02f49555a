/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONF_KEYS_JSONC_H
#define CONF_KEYS_JSONC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/err.h>

/*
 * JSON with comments (from '//' or '#' to the end of the line, and C's), read into a
 * tree in which each value knows where it stands: a configuration is put together
 * from several files, and whatever is wrong with a value, now or when it is used
 * later, is said with file, line, column and field.
 */
#define JSONC_SIZE_MAX ((size_t)1 << 20) /* bytes of one text */

struct jsonc_document;

struct jsonc_place {
	int line, column; /* from 1; columns count characters */
};

struct jsonc {
	const struct jsonc_document *document;
	const struct jsonc *parent; /* NULL: the whole text */
	const char *key;            /* of a member of an object, else NULL */
	size_t index;               /* among the members or elements of the parent, from 0 */
	const json_t *json;
	struct jsonc_place at, key_at;
	struct jsonc *list; /* members or elements, in the order of the text */
	size_t count;
};

struct jsonc_document {
	const char *file;                   /* borrowed */
	const struct jsonc *included_from;  /* the value that named this file, or NULL */
	struct bw_err *err;                 /* borrowed; may be NULL */
	json_t *json;
	struct jsonc *root; /* an object or an array */
};

/*
 * Parses a text. The caller has set file, included_from and err, and keeps the
 * document where it is until jsonc_fini(). Returns 0; BW_ERR_SYNTAX; BW_ERR_OVERLAP
 * for a key given twice in one object; BW_ERR_LIMIT beyond JSONC_SIZE_MAX; -ENOMEM.
 */
int jsonc_parse(const char *bytes, size_t length, struct jsonc_document *document);
void jsonc_fini(struct jsonc_document *document);

/* The text without its comments: it says the same and each value stands where it
 * stood. OUT has room for LENGTH bytes; returns how many were written, or
 * BW_ERR_SYNTAX for a comment without an end, with its place. */
long jsonc_strip(const char *bytes, size_t length, char *out, struct jsonc_place *ret_open);

/* Says what is wrong with a value, at its place. Returns CODE. */
int jsonc_refuse(const struct jsonc *value, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same about a member that should not be there at all: the place is that of its key. */
int jsonc_refuse_key(const struct jsonc *member, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds place and code to an error that another function has set. Returns CODE. */
int jsonc_relay(const struct jsonc *value, int code);

/* "must be WANTED, not a string": BW_ERR_VALUE. */
int jsonc_refuse_type(const struct jsonc *value, const char *wanted);

/* The member KEY of an object, or NULL. */
const struct jsonc *jsonc_member(const struct jsonc *object, const char *key);

#endif
