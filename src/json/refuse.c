/* SPDX-License-Identifier: Apache-2.0 */
#include "json/refuse.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

#define NAMES_TEXT 256

/* A person who looks into an included file wants to know why it is read at all. */
static void add_includer(const struct document *document)
{
	const struct node *from = document->included_from;
	struct bw_err *err = document->err;
	size_t used = strlen(err->message);

	if (from)
		snprintf(err->message + used, sizeof(err->message) - used,
			 " (included by %s, line %d)", from->document->file, node_place(from).line);
}

static void set_place(const struct node *node, struct locate_place place)
{
	const struct document *document = node->document;
	char field[sizeof(document->err->field)];

	node_format_path(node, field, sizeof(field));
	bw_err_place(document->err, document->file, place.line, place.column, field);
	add_includer(document);
}

int refuse_relay(const struct node *node, int code)
{
	if (!node->document->err)
		return code;
	set_place(node, node_place(node));
	node->document->err->code = code;
	return code;
}

int refuse_go_on(const struct node *node, int code)
{
	const struct document_flaws *flaws = node->document->flaws;

	if (code >= 0 || code == -ENOMEM || !flaws)
		return code;
	flaws->add(flaws->self, node->document->err);
	return 0;
}

static void set_message(const struct node *node, int code, const char *format, va_list arguments)
{
	char message[sizeof(node->document->err->message)];

	vsnprintf(message, sizeof(message), format, arguments);
	bw_err_set(node->document->err, code, "%s", message);
}

int refuse_value(const struct node *node, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_message(node, code, format, arguments);
	va_end(arguments);
	return refuse_relay(node, code);
}

int refuse_key(const struct node *member, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set_message(member, code, format, arguments);
	va_end(arguments);
	if (member->document->err)
		set_place(member, node_key_place(member));
	return code;
}

int refuse_type(const struct node *node, const char *wanted)
{
	return refuse_value(node, BW_ERR_VALUE, "must be %s, not %s", wanted, node_type_text(node));
}

int refuse_range(const struct node *node, const char *given, const char *range)
{
	return refuse_value(node, BW_ERR_VALUE, "%s " REFUSE_RANGE ": %s", given, range);
}

int refuse_empty(const struct node *node, const char *advice)
{
	return refuse_value(node, BW_ERR_VALUE, "must not be empty%s%s", advice ? ": " : "",
			    advice ? advice : "");
}

int refuse_missing(const struct node *object, const char *key, const char *example)
{
	const struct node member = node_member(object, key);

	if (!example)
		return refuse_value(&member, BW_ERR_VALUE, "missing");
	return refuse_value(&member, BW_ERR_VALUE, "missing: write it, as in \"%s\": %s", key,
			    example);
}

int refuse_twice(const struct node *node, const char *text, const char *file, int line)
{
	if (!file)
		return refuse_value(node, BW_ERR_OVERLAP, "'%.80s' is given twice", text);
	return refuse_value(node, BW_ERR_OVERLAP, "'%.80s' is given twice, first in %s, line %d",
			    text, file, line);
}

int refuse_count(const struct node *node, size_t max)
{
	return refuse_value(node, BW_ERR_LIMIT, "more than %zu of them", max);
}

int refuse_memory(const struct node *node)
{
	return refuse_value(node, -ENOMEM, "out of memory");
}

/* The nearest name or NULL; ALL gets every name. */
static const char *find_nearest(const char *given, const char *const *names, char *all)
{
	struct suggest suggest;
	size_t used = 0;

	suggest_init(&suggest, given);
	all[0] = '\0';
	for (size_t i = 0; names[i]; i++) {
		suggest_offer(&suggest, names[i]);
		if (used < NAMES_TEXT)
			used += (size_t)snprintf(all + used, NAMES_TEXT - used, "%s%s",
						 i ? ", " : "", names[i]);
	}
	return suggest.best;
}

int refuse_unknown_key(const struct node *member, const char *what, const char *const *names)
{
	char all[NAMES_TEXT];
	const char *best = find_nearest(member->key, names, all);

	if (best)
		return refuse_key(member, BW_ERR_VALUE, "unknown key, did you mean '%s'?", best);
	return refuse_key(member, BW_ERR_VALUE, "unknown key: %s has %s", what, all);
}

int refuse_unknown_word(const struct node *node, const char *const *names)
{
	const char *text = node_text(node);
	char all[NAMES_TEXT];
	const char *best = find_nearest(text, names, all);

	if (best)
		return refuse_value(node, BW_ERR_VALUE, "'%.60s' is not known, did you mean '%s'?",
				    text, best);
	return refuse_value(node, BW_ERR_VALUE, "'%.60s' is not known, there are: %s", text, all);
}
