/* SPDX-License-Identifier: Apache-2.0 */
#include "json/document.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/comment.h"
#include "json/fast.h"
#include "json/locate.h"

static int refuse(const struct document *document, struct locate_place place, int code,
		  const char *message)
{
	bw_err_set(document->err, code, "%s", message);
	bw_err_place(document->err, document->file, place.line, place.column, NULL);
	return code;
}

static int refuse_all(const struct document *document, int code, const char *message)
{
	return refuse(document, (struct locate_place){0, 0}, code, message);
}

static int refuse_size(const struct document *document, const struct document_form *form)
{
	char message[160];

	snprintf(message, sizeof(message), "too large: the limit is %zu %s%s%s",
		 form->max >> 20 ? form->max >> 20 : form->max, form->max >> 20 ? "MiB" : "bytes",
		 form->advice ? ", " : "", form->advice ? form->advice : "");
	return refuse_all(document, BW_ERR_LIMIT, message);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether a value begins where the parser stopped: not at a bracket, a colon or the end. */
static bool is_near_value(const json_error_t *error)
{
	const char *near = strstr(error->text, " near '");
	char c = near ? near[strlen(" near '")] : '\0';

	return c != '\0' && (strchr("\"-{[", c) || isalnum((unsigned char)c));
}

/* The usual mistakes: "[1, 2,]" and "[1 2]". */
static const char *find_hint(const struct document *document, const json_error_t *error)
{
	const char *text = document->text;
	size_t at = error->position > 0 ? (size_t)error->position - 1 : 0;

	if (strncmp(error->text, "'}' expected", 12) == 0 ||
	    strncmp(error->text, "']' expected", 12) == 0)
		return is_near_value(error) ? "; a comma may be missing before it" : "";
	if (at >= document->length || (text[at] != ']' && text[at] != '}'))
		return "";
	while (at > 0 && is_space(text[at - 1]))
		at--;
	return at > 0 && text[at - 1] == ',' ? "; take away the comma before it" : "";
}

static int refuse_json(const struct document *document, const json_error_t *error)
{
	struct locate_place place = {error->line, error->column};
	char message[320];

	if (json_error_code(error) == json_error_out_of_memory)
		return refuse_all(document, -ENOMEM, "out of memory");
	if (json_error_code(error) == json_error_duplicate_key) {
		snprintf(message, sizeof(message), "%s: keep one of the two", error->text);
		return refuse(document, place, BW_ERR_OVERLAP, message);
	}
	snprintf(message, sizeof(message), "not valid JSON: %s%s", error->text,
		 find_hint(document, error));
	return refuse(document, place, BW_ERR_SYNTAX, message);
}

static int strip_comments(struct document *document)
{
	const struct locate_text text = {document->text, document->length};
	size_t open = 0;
	long left;

	document->own = (char *)malloc(document->length + 1);
	if (!document->own)
		return refuse_all(document, -ENOMEM, "out of memory");
	left = comment_strip(document->text, document->length, document->own, &open);
	if (left < 0)
		return refuse(document, locate_place(&text, open), BW_ERR_SYNTAX,
			      "this comment has no end: close it with '*/'");
	document->text = document->own;
	document->length = (size_t)left;
	return 0;
}

static int parse(struct document *document, const struct document_form *form)
{
	size_t flags = JSON_REJECT_DUPLICATES | (form->wide ? JSON_DECODE_INT_AS_REAL : 0);
	int result = form->comments ? strip_comments(document) : 0;
	json_error_t error;

	if (result < 0)
		return result;
	document->json = json_loadb(document->text, document->length, flags, &error);
	return document->json ? 0 : refuse_json(document, &error);
}

int document_parse(struct document *document, const struct document_form *form, const char *bytes,
		   size_t length)
{
	size_t mark = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	int result;

	document->text = bytes + mark;
	document->length = length - mark;
	document->wide = form->wide;
	document->own = NULL;
	document->json = NULL;
	document->fast = NULL;
	result = length > form->max ? refuse_size(document, form) : parse(document, form);
	if (result < 0)
		document_fini(document);
	return result;
}

int document_parse_fast(struct document *document, const struct document_form *form,
			struct fast *fast, const char *bytes, size_t length)
{
	int result = form->wide && !form->comments && length <= form->max
			     ? fast_parse(fast, bytes, length)
			     : BW_ERR_SYNTAX;

	document->text = bytes;
	document->length = length;
	document->wide = form->wide;
	document->own = NULL;
	document->json = NULL;
	document->fast = fast;
	if (result < 0)
		document_fini(document);
	return result;
}

void document_fini(struct document *document)
{
	if (!document)
		return;
	json_decref(document->json);
	free(document->own);
	document->json = NULL;
	document->fast = NULL;
	document->own = NULL;
	document->text = NULL;
	document->length = 0;
}
