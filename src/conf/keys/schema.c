/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/method.h>

#include "conf/keys/pairs.h"
#include "conf/keys/print.h"
#include "conf/keys/schema_default.h"
#include "json/json_out.h"

#define NO_CONTROL "^[^\\u0000-\\u001f\\u007f]+$"
#define NAME "^[A-Za-z0-9._-]+$"
#define ADDRESS "^([0-9]{1,3}([.][0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$"
#define DURATION "^[0-9]+([.][0-9]+)?(us|ms|s|m|h|d)$"
#define DURATION_OR_FOREVER "^([0-9]+([.][0-9]+)?(us|ms|s|m|h|d)|forever)$"
#define SIZE "^[0-9]{1,15} *([KMGT]|B|[kK]B|KiB|MB|MiB|GB|GiB)?$"
#define METHODS "^(" BW_METHOD_PATTERN ")(,(" BW_METHOD_PATTERN "))*$"
#define DESCRIPTION_MAX 1024

/*
 * A schema says less than keys_read() checks: the ranges of durations and sizes, for
 * example, are in the description only. Whatever the schema refuses is refused by the
 * program too.
 *
 * The functions named put_..._members() write the members of an object that the caller
 * has opened.
 */
static void put_text(struct json_out *out, const char *key, const char *text)
{
	json_out_key(out, key);
	json_out_string(out, text);
}

static void put_count(struct json_out *out, const char *key, size_t count)
{
	json_out_key(out, key);
	json_out_uint(out, count);
}

static void put_pattern_members(struct json_out *out, const char *pattern)
{
	put_text(out, "type", "string");
	put_text(out, "pattern", pattern);
}

static void put_limits(struct json_out *out, const struct keys_key *key, const char *min,
		       const char *max)
{
	if (key->min == 0 && key->max == 0)
		return;
	json_out_key(out, min);
	schema_default_number(out, key->min);
	json_out_key(out, max);
	schema_default_number(out, key->max);
}

static void put_text_members(struct json_out *out, const struct keys_key *key, const char *pattern)
{
	put_pattern_members(out, pattern);
	put_limits(out, key, "minLength", "maxLength");
}

static void put_count_members(struct json_out *out, const struct keys_key *key, const char *type)
{
	put_text(out, "type", type);
	put_limits(out, key, "minimum", "maximum");
}

static void put_word_members(struct json_out *out, const struct keys_key *key)
{
	json_out_key(out, "enum");
	json_out_array(out);
	for (size_t i = 0; key->words[i]; i++)
		json_out_string(out, key->words[i]);
	json_out_array_end(out);
}

/* One element of a value that may be a list. */
static void put_element(struct json_out *out, const struct keys_key *key)
{
	json_out_object(out);
	if (key->type == KEYS_METHODS)
		put_pattern_members(out, METHODS);
	else if (key->type == KEYS_ADDRESSES)
		put_pattern_members(out, ADDRESS);
	else if (key->type == KEYS_CHOICES)
		put_word_members(out, key);
	else
		put_text_members(out, key, NO_CONTROL);
	json_out_object_end(out);
}

/* An element by itself, or a list of at most MAX of them; 0: any number. */
static void put_one_or_list(struct json_out *out, const struct keys_key *key, size_t max)
{
	json_out_key(out, "oneOf");
	json_out_array(out);
	put_element(out, key);
	json_out_object(out);
	put_text(out, "type", "array");
	json_out_key(out, "items");
	put_element(out, key);
	put_count(out, "minItems", 1);
	if (!(key->flags & KEYS_MAY_REPEAT)) {
		json_out_key(out, "uniqueItems");
		json_out_bool(out, true);
	}
	if (max > 0)
		put_count(out, "maxItems", max);
	json_out_object_end(out);
	json_out_array_end(out);
}

static void put_size_members(struct json_out *out, const struct keys_key *key)
{
	json_out_key(out, "oneOf");
	json_out_array(out);
	json_out_object(out);
	put_count_members(out, key, "integer");
	json_out_object_end(out);
	json_out_object(out);
	put_pattern_members(out, SIZE);
	json_out_object_end(out);
	json_out_array_end(out);
}

static void put_pair_members(struct json_out *out, const struct keys_key *key)
{
	put_text(out, "type", "object");
	json_out_key(out, "propertyNames");
	json_out_object(out);
	put_text(out, "pattern", NAME);
	put_count(out, "maxLength", PAIRS_NAME_MAX);
	json_out_object_end(out);
	json_out_key(out, "additionalProperties");
	json_out_object(out);
	put_text_members(out, key, NO_CONTROL);
	json_out_object_end(out);
}

static void put_object_members(struct json_out *out, const struct keys_group *group,
			       const char *kind);
static void put_list_members(struct json_out *out, const struct keys_key *key);

static void put_value_members(struct json_out *out, const struct keys_key *key)
{
	switch (key->type) {
	case KEYS_TEXT:
	case KEYS_PATH:
	case KEYS_TARGET:
		put_text_members(out, key, NO_CONTROL);
		break;
	case KEYS_NAME:
		put_text_members(out, key, NAME);
		break;
	case KEYS_TEXTS:
	case KEYS_PATHS:
	case KEYS_TARGETS:
		put_one_or_list(out, key, KEYS_LIST_MAX);
		break;
	case KEYS_BOOL:
		put_text(out, "type", "boolean");
		break;
	case KEYS_NUMBER:
		put_count_members(out, key, "number");
		break;
	case KEYS_COUNT:
		put_count_members(out, key, "integer");
		break;
	case KEYS_SIZE:
		put_size_members(out, key);
		break;
	case KEYS_DURATION:
		put_pattern_members(out, key->flags & KEYS_MAY_BE_FOREVER ? DURATION_OR_FOREVER
									 : DURATION);
		break;
	case KEYS_METHODS:
	case KEYS_CHOICES:
		put_one_or_list(out, key, 0);
		break;
	case KEYS_ADDRESSES:
		put_one_or_list(out, key, 2);
		break;
	case KEYS_CHOICE:
		put_word_members(out, key);
		break;
	case KEYS_PAIRS:
		put_pair_members(out, key);
		break;
	case KEYS_GROUP:
		put_object_members(out, key->group, NULL);
		break;
	case KEYS_LIST:
		put_list_members(out, key);
		break;
	}
}

/* The help, and what a schema has no words for. */
static void put_description(struct json_out *out, const struct keys_key *key)
{
	char text[DESCRIPTION_MAX], range[KEYS_RANGE_TEXT];
	bool ranged = key->type == KEYS_DURATION || key->type == KEYS_SIZE;
	const char *absent = key->standard ? NULL : key->absent;

	keys_format_range(key, range);
	snprintf(text, sizeof(text), "%s%s%s%s%s%s%s%s", key->help,
		 ranged && *range ? " Range: " : "", ranged ? range : "",
		 ranged && *range ? "." : "", absent ? " Default: " : "", absent ? absent : "",
		 absent ? "." : "", key->flags & KEYS_RESTART ? " A change needs a restart." : "");
	put_text(out, "description", text);
}

static bool is_required(const struct keys_key *key, const char *kind)
{
	return (key->flags & KEYS_REQUIRED) && keys_is_of_kind(key, kind);
}

static size_t count_required(const struct keys_group *group, const char *kind)
{
	size_t count = 0;

	for (size_t i = 0; i < group->count; i++)
		count += is_required(&group->keys[i], kind);
	return count;
}

static void put_required(struct json_out *out, const struct keys_group *group, const char *kind)
{
	json_out_key(out, "required");
	json_out_array(out);
	for (size_t i = 0; i < group->count; i++)
		if (is_required(&group->keys[i], kind))
			json_out_string(out, group->keys[i].name);
	json_out_array_end(out);
}

static const char *include_of(const struct keys_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		if (group->keys[i].flags & KEYS_INCLUDE)
			return group->keys[i].name;
	return NULL;
}

/* With an include, what is required may stand in the other text. */
static void put_required_or_include(struct json_out *out, const struct keys_group *group,
				    const char *include)
{
	json_out_key(out, "anyOf");
	json_out_array(out);
	json_out_object(out);
	put_required(out, group, NULL);
	json_out_object_end(out);
	json_out_object(out);
	json_out_key(out, "required");
	json_out_array(out);
	json_out_string(out, include);
	json_out_array_end(out);
	json_out_object_end(out);
	json_out_array_end(out);
}

/* null stands for a value that is not there. */
static void put_value_or_null(struct json_out *out, const struct keys_key *key)
{
	if (!(key->flags & KEYS_MAY_BE_NULL)) {
		put_value_members(out, key);
		return;
	}
	json_out_key(out, "oneOf");
	json_out_array(out);
	json_out_object(out);
	put_text(out, "type", "null");
	json_out_object_end(out);
	json_out_object(out);
	put_value_members(out, key);
	json_out_object_end(out);
	json_out_array_end(out);
}

static void put_key(struct json_out *out, const struct keys_group *group,
		    const struct keys_key *key, const char *kind)
{
	json_out_key(out, key->name);
	json_out_object(out);
	if (kind && strcmp(key->name, group->kind) == 0) {
		put_text(out, "const", kind);
	} else {
		put_description(out, key);
		put_value_or_null(out, key);
		if (key->standard)
			schema_default_put(out, key->standard);
	}
	json_out_object_end(out);
}

/* KIND: the variant with this word, or NULL where there are none. */
static void put_object_members(struct json_out *out, const struct keys_group *group,
			       const char *kind)
{
	const char *include = include_of(group);

	put_text(out, "type", "object");
	json_out_key(out, "additionalProperties");
	json_out_bool(out, false);
	json_out_key(out, "properties");
	json_out_object(out);
	for (size_t i = 0; i < group->count; i++)
		if (keys_is_of_kind(&group->keys[i], kind))
			put_key(out, group, &group->keys[i], kind);
	json_out_object_end(out);
	if (count_required(group, kind) == 0)
		return;
	if (include)
		put_required_or_include(out, group, include);
	else
		put_required(out, group, kind);
}

static void put_object(struct json_out *out, const struct keys_group *group, const char *kind)
{
	json_out_object(out);
	put_object_members(out, group, kind);
	json_out_object_end(out);
}

/* What may stand in a list: a bare string, each kind of object. */
static void put_variants(struct json_out *out, const struct keys_group *group)
{
	const struct keys_key *kind = group->kind ? keys_find(group, group->kind) : NULL;

	json_out_key(out, "oneOf");
	json_out_array(out);
	if (group->shorthand) {
		json_out_object(out);
		put_value_members(out, keys_find(group, group->shorthand));
		json_out_object_end(out);
	}
	for (size_t i = 0; kind && kind->words[i]; i++)
		put_object(out, group, kind->words[i]);
	if (!kind)
		put_object(out, group, NULL);
	json_out_array_end(out);
}

static void put_list_members(struct json_out *out, const struct keys_key *key)
{
	put_text(out, "type", "array");
	put_count(out, "minItems", !(key->flags & KEYS_MAY_BE_EMPTY));
	put_count(out, "maxItems", KEYS_LIST_MAX);
	json_out_key(out, "items");
	json_out_object(out);
	put_variants(out, key->group);
	json_out_object_end(out);
}

int keys_print_schema(const struct keys_group *group, const char *id, const char *title, FILE *file)
{
	struct json_out out;
	char *text;

	json_out_init_heap(&out, true);
	json_out_object(&out);
	put_text(&out, "$schema", "https://json-schema.org/draft/2020-12/schema");
	put_text(&out, "$id", id);
	put_text(&out, "title", title);
	put_object_members(&out, group, NULL);
	json_out_object_end(&out);
	text = json_out_take(&out);
	if (!text)
		return -ENOMEM;
	fprintf(file, "%s\n", text);
	free(text);
	return 0;
}
