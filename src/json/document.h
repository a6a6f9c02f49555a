/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_DOCUMENT_H
#define JSON_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include <blockwatch/err.h>

/*
 * A JSON text that is parsed into a tree. The values are reached through json/node.h;
 * whatever is wrong with one of them is said with file, line, column and field
 * (json/refuse.h). An object in which a key occurs twice is refused.
 */
struct json_t;
struct node;
struct fast;

/* What kind of text is accepted. */
struct document_form {
	size_t max;         /* bytes */
	const char *advice; /* what to do with a larger one, or NULL */
	bool comments;      /* see json/comment.h */
	bool wide;          /* whole numbers up to 2^64 - 1, see node_integer() */
};

/* Who wants to hear of all that is wrong with a document, and not of the first flaw alone. */
struct document_flaws {
	void (*add)(void *self, const struct bw_err *err);
	void *self;
};

struct document {
	const char *file;                   /* for messages; borrowed */
	const struct node *included_from;   /* the value that names this file, or NULL */
	struct bw_err *err;                 /* borrowed; may be NULL unless there are flaws */
	const struct document_flaws *flaws; /* borrowed; NULL: reading ends at the first one */

	/* Set by document_parse(): */
	const char *text; /* without a byte order mark and without comments */
	size_t length;
	bool wide;           /* as the form says */
	char *own;           /* the memory of `text` when it had comments, else NULL */
	struct json_t *json; /* an object or an array */
	const struct fast *fast; /* instead of it after document_parse_fast(); borrowed */
};

/*
 * Parses a text. The caller has set file, included_from and err, and keeps the document
 * where it is until document_fini(). A text in a form without comments is borrowed for
 * as long; one with comments is copied. A byte order mark of UTF-8 at the start is
 * skipped. Values may lie at most 2048 deep in each other.
 *
 * Returns 0; BW_ERR_SYNTAX for what is no JSON; BW_ERR_OVERLAP for a key given twice;
 * BW_ERR_LIMIT for a text of more than form->max bytes; -ENOMEM; with the place in err.
 * After an error there is nothing to free.
 */
int document_parse(struct document *document, const struct document_form *form, const char *bytes,
		   size_t length);

/*
 * Parses plain JSON in a wide form without comments, fast (json/fast.h), for values that are
 * mostly right: its nodes have no places, so err must be NULL, and whoever finds something wrong
 * calls document_parse(), which says what and where. FAST lasts as long as the nodes are used.
 *
 * Returns 0; -ENOMEM; another error for what is not plain or no JSON: document_parse() knows.
 */
int document_parse_fast(struct document *document, const struct document_form *form,
			struct fast *fast, const char *bytes, size_t length);

/* Frees what document_parse() made; a document of zero bytes is accepted, and NULL. */
void document_fini(struct document *document);

#endif
