/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <blockwatch/prefix.h>

#include "conf/keys/value.h"

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

/* A string without control characters and of the length that the key allows. */
static int check_text(const struct keys_key *key, const struct node *value, const char **ret_text)
{
	const char *text = node_text(value);
	char given[32];

	if (!text)
		return refuse_type(value, keys_type_text(key->type));
	if (!*text)
		return refuse_empty(value, "leave it out");
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < ' ' || *c == 0x7f)
			return refuse_value(value, BW_ERR_VALUE, "has a control character in it");
	snprintf(given, sizeof(given), "%zu bytes", strlen(text));
	if (!value_in_range(key, (double)strlen(text)))
		return value_refuse_range(key, value, given);
	*ret_text = text;
	return 0;
}

bool text_is_name(const char *text)
{
	return text[strspn(text, NAME_CHARACTERS)] == '\0';
}

static int check_name(const struct node *value, const char *text)
{
	if (!text_is_name(text))
		return refuse_value(value, BW_ERR_VALUE,
				    "'%.80s' is no name: it has letters, digits, '.', '_' and '-'",
				    text);
	return 0;
}

/* A relative path begins at the folder of the file that it stands in. */
static const char *resolve_path(const char *file, const char *text, struct pool *pool)
{
	const char *slash = strrchr(file, '/');
	size_t folder = slash ? (size_t)(slash - file) + 1 : 0;
	size_t size = folder + strlen(text) + 1;
	char *path;

	if (*text == '/' || folder == 0)
		return pool_text(pool, text);
	path = (char *)pool_take(pool, size);
	if (path)
		snprintf(path, size, "%.*s%s", (int)folder, file, text);
	return path;
}

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text), tail = strlen(ending);

	return length > tail && strcmp(text + length - tail, ending) == 0;
}

/*
 * A prefix, an address or a name stays as it is; a path is one by its '/' or its
 * ending. A prefix with bits behind its length is refused here: as a path it would
 * only be "not found".
 */
static int resolve_target(const struct node *value, const char *text, const char **ret_text,
			  struct pool *pool)
{
	struct bw_prefix prefix;
	int result = bw_prefix_parse(text, &prefix, NULL);

	if (result == BW_ERR_VALUE)
		return refuse_relay(value, bw_prefix_parse(text, &prefix, value->document->err));
	if (result == BW_ERR_SYNTAX &&
	    (strchr(text, '/') || ends_with(text, ".json") || ends_with(text, ".txt")))
		text = resolve_path(value->document->file, text, pool);
	else
		text = pool_text(pool, text);
	if (!text)
		return refuse_memory(value);
	*ret_text = text;
	return 0;
}

int text_read(const struct keys_key *key, const struct node *value, const char **ret_text,
	      struct pool *pool)
{
	const char *text = NULL;
	int result = check_text(key, value, &text);

	if (result == 0 && key->type == KEYS_NAME)
		result = check_name(value, text);
	if (result < 0)
		return result;
	if (key->type == KEYS_TARGET || key->type == KEYS_TARGETS)
		return resolve_target(value, text, ret_text, pool);
	if (key->type == KEYS_PATH || key->type == KEYS_PATHS)
		text = resolve_path(value->document->file, text, pool);
	else
		text = pool_text(pool, text);
	if (!text)
		return refuse_memory(value);
	*ret_text = text;
	return 0;
}

static int add_text(const struct keys_key *key, const struct node *value, struct pool_list *texts,
		    struct pool *pool)
{
	const struct keys_text *others = texts->list;
	struct keys_text text = {keys_place_of(value), NULL};
	int result = text_read(key, value, &text.text, pool);
	struct keys_text *place;

	for (size_t i = 0; i < texts->count && result == 0 && !(key->flags & KEYS_MAY_REPEAT); i++)
		if (strcmp(others[i].text, text.text) == 0)
			return refuse_twice(value, text.text, others[i].place.file,
					    others[i].place.line);
	if (result < 0)
		return result;
	if (texts->count == KEYS_LIST_MAX)
		return refuse_count(value, KEYS_LIST_MAX);
	place = (struct keys_text *)pool_list_add(pool, texts, sizeof(*place));
	if (!place)
		return refuse_memory(value);
	*place = text;
	return 0;
}

int text_add_all(const struct keys_key *key, const struct node *value, void *field,
		 struct pool *pool)
{
	int result = value_check_not_empty(value);
	struct node element = {0};
	struct pool_list texts;

	memcpy(&texts, field, sizeof(texts));
	while (result == 0 && value_next(value, &element))
		result = add_text(key, &element, &texts, pool);
	if (result == 0)
		memcpy(field, &texts, sizeof(texts));
	return result;
}
