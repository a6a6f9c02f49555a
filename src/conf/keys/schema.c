/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "conf/keys/keys.h"

#define NO_CONTROL "^[^\\u0000-\\u001f\\u007f]+$"
#define NAME "^[A-Za-z0-9._-]+$"
#define ADDRESS "^([0-9]{1,3}([.][0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$"
#define DURATION "^[0-9]+([.][0-9]+)?(us|ms|s|m|h|d)$"
#define SIZE "^[0-9]{1,15} *(B|[kK]B|KiB|MB|MiB|GB|GiB)?$"
#define METHODS "^(icmp|tcp:[0-9]{1,5})(,(icmp|tcp:[0-9]{1,5}))*$"
#define DESCRIPTION_MAX 1024

/*
 * A schema says less than keys_read(): ranges of durations and sizes, for example,
 * stand in the description only. Whatever it refuses is refused by the program too.
 *
 * jansson's functions that take a reference accept NULL and fail, so a failed
 * allocation goes up through all of them; `put` remembers it.
 */
static void put(json_t *object, const char *name, json_t *value, bool *failed)
{
	if (json_object_set_new(object, name, value) < 0)
		*failed = true;
}

static json_t *text_with(const char *pattern)
{
	return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

static void append(json_t *list, json_t *value, bool *failed)
{
	if (json_array_append_new(list, value) < 0)
		*failed = true;
}

/* 10 rather than 10.0 where it is whole. */
static json_t *number_of(double value)
{
	return value == floor(value) ? json_integer((json_int_t)value) : json_real(value);
}

static json_t *words_of(const struct keys_key *key, bool *failed)
{
	json_t *words = json_array();

	for (size_t i = 0; key->words[i]; i++)
		append(words, json_string(key->words[i]), failed);
	return json_pack("{s:o}", "enum", words);
}

/* ITEM itself, or a list of them. */
static json_t *one_or_list(json_t *item, size_t max)
{
	json_t *list = json_pack("{s:s, s:O, s:i, s:b}", "type", "array", "items", item,
				 "minItems", 1, "uniqueItems", 1);

	if (max > 0)
		json_object_set_new(list, "maxItems", json_integer((json_int_t)max));
	return json_pack("{s:[o, o]}", "oneOf", item, list);
}

static void limit(json_t *schema, const struct keys_key *key, const char *min, const char *max,
		  bool *failed)
{
	if (key->min == 0 && key->max == 0)
		return;
	put(schema, min, number_of(key->min), failed);
	put(schema, max, number_of(key->max), failed);
}

static json_t *text_of(const struct keys_key *key, const char *pattern, bool *failed)
{
	json_t *text = text_with(pattern);

	limit(text, key, "minLength", "maxLength", failed);
	return text;
}

static json_t *count_of(const struct keys_key *key, const char *type, bool *failed)
{
	json_t *number = json_pack("{s:s}", "type", type);

	limit(number, key, "minimum", "maximum", failed);
	return number;
}

static json_t *object_of(const struct keys_group *group, const char *kind, bool *failed);
static json_t *list_of(const struct keys_key *key, bool *failed);

static json_t *value_of(const struct keys_key *key, bool *failed)
{
	switch (key->type) {
	case KEYS_TEXT:
	case KEYS_PATH:
	case KEYS_TARGET:
		return text_of(key, NO_CONTROL, failed);
	case KEYS_NAME:
		return text_of(key, NAME, failed);
	case KEYS_TEXTS:
	case KEYS_PATHS:
	case KEYS_TARGETS:
		return one_or_list(text_of(key, NO_CONTROL, failed), KEYS_LIST_MAX);
	case KEYS_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case KEYS_NUMBER:
		return count_of(key, "number", failed);
	case KEYS_COUNT:
		return count_of(key, "integer", failed);
	case KEYS_SIZE:
		return json_pack("{s:[o, o]}", "oneOf", count_of(key, "integer", failed),
				 text_with(SIZE));
	case KEYS_DURATION:
		return text_with(DURATION);
	case KEYS_METHODS:
		return one_or_list(text_with(METHODS), 0);
	case KEYS_ADDRESSES:
		return one_or_list(text_with(ADDRESS), 2);
	case KEYS_CHOICE:
		return words_of(key, failed);
	case KEYS_CHOICES:
		return one_or_list(words_of(key, failed), 0);
	case KEYS_GROUP:
		return object_of(key->group, NULL, failed);
	case KEYS_LIST:
		return list_of(key, failed);
	}
	return NULL;
}

/* The help, and what else a schema has no words for. */
static json_t *description_of(const struct keys_key *key)
{
	char text[DESCRIPTION_MAX], range[KEYS_RANGE_TEXT];
	bool ranged = key->type == KEYS_DURATION || key->type == KEYS_SIZE;
	const char *absent = key->standard ? NULL : key->absent;

	keys_format_range(key, range);
	snprintf(text, sizeof(text), "%s%s%s%s%s%s%s%s", key->help,
		 ranged && *range ? " Range: " : "", ranged ? range : "",
		 ranged && *range ? "." : "", absent ? " Default: " : "", absent ? absent : "",
		 absent ? "." : "",
		 key->flags & KEYS_RESTART ? " A change needs a restart." : "");
	return json_string(text);
}

static json_t *key_of(const struct keys_key *key, bool *failed)
{
	json_t *schema = json_pack("{s:o}", "description", description_of(key));
	json_t *value = value_of(key, failed);

	if (json_object_update(schema, value) < 0)
		*failed = true;
	json_decref(value);
	if (key->standard)
		put(schema, "default", json_loads(key->standard, JSON_DECODE_ANY, NULL), failed);
	return schema;
}

static bool is_of_kind(const struct keys_key *key, const char *kind)
{
	return !key->only || (kind && strcmp(key->only, kind) == 0);
}

static json_t *required_of(const struct keys_group *group, const char *kind, bool *failed)
{
	json_t *list = json_array();

	for (size_t i = 0; i < group->count; i++)
		if ((group->keys[i].flags & KEYS_REQUIRED) && is_of_kind(&group->keys[i], kind))
			append(list, json_string(group->keys[i].name), failed);
	return list;
}

static const char *include_of(const struct keys_group *group)
{
	for (size_t i = 0; i < group->count; i++)
		if (group->keys[i].flags & KEYS_INCLUDE)
			return group->keys[i].name;
	return NULL;
}

/* With an include, what is required may stand in the other text. */
static void require(json_t *schema, const struct keys_group *group, const char *kind,
		    bool *failed)
{
	json_t *required = required_of(group, kind, failed);
	const char *include = include_of(group);

	if (json_array_size(required) == 0)
		json_decref(required);
	else if (include)
		put(schema, "anyOf",
		    json_pack("[{s:o}, {s:[s]}]", "required", required, "required", include),
		    failed);
	else
		put(schema, "required", required, failed);
}

/* KIND: the variant with this word, or NULL where there are none. */
static json_t *object_of(const struct keys_group *group, const char *kind, bool *failed)
{
	json_t *properties = json_object();
	json_t *schema;

	for (size_t i = 0; i < group->count; i++) {
		const struct keys_key *key = &group->keys[i];

		if (!is_of_kind(key, kind))
			continue;
		if (kind && strcmp(key->name, group->kind) == 0)
			put(properties, key->name, json_pack("{s:s}", "const", kind), failed);
		else
			put(properties, key->name, key_of(key, failed), failed);
	}
	schema = json_pack("{s:s, s:b, s:o}", "type", "object", "additionalProperties", 0,
			   "properties", properties);
	require(schema, group, kind, failed);
	return schema;
}

/* What may stand in a list: a bare string, each kind of object. */
static json_t *list_of(const struct keys_key *key, bool *failed)
{
	const struct keys_group *group = key->group;
	const struct keys_key *kind = group->kind ? keys_find(group, group->kind) : NULL;
	json_t *variants = json_array();

	if (group->shorthand)
		append(variants, value_of(keys_find(group, group->shorthand), failed), failed);
	for (size_t i = 0; kind && kind->words[i]; i++)
		append(variants, object_of(group, kind->words[i], failed), failed);
	if (!kind)
		append(variants, object_of(group, NULL, failed), failed);
	return json_pack("{s:s, s:i, s:i, s:{s:o}}", "type", "array", "minItems", 1, "maxItems",
			 KEYS_LIST_MAX, "items", "oneOf", variants);
}

int keys_print_schema(const struct keys_group *group, const char *id, const char *title, FILE *out)
{
	bool failed = false;
	json_t *schema = json_pack("{s:s, s:s, s:s}", "$schema",
				   "https://json-schema.org/draft/2020-12/schema", "$id", id,
				   "title", title);
	json_t *object = object_of(group, NULL, &failed);
	char *text = NULL;

	if (json_object_update(schema, object) == 0 && !failed)
		text = json_dumps(schema, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	json_decref(object);
	json_decref(schema);
	if (!text)
		return -ENOMEM;
	fprintf(out, "%s\n", text);
	free(text);
	return 0;
}
