/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/keys/keys.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <blockwatch/method.h>

#include "conf/keys/pairs.h"
#include "conf/keys/value.h"
#include "conf/options/options.h"

/*
 * A value is stored at an offset into the struct of its group; the type of the key says
 * what is there. value.c reads single values. This file reads what contains them: objects,
 * lists of objects, defaults, required keys.
 *
 * A default is JSON text and is read as a value of a file is, with the same checks. The
 * defaults of lists are set last, and only into lists that are empty: set first, they would
 * stay in front of what the files add.
 */

static void *field_of(const struct keys_key *key, void *values)
{
	return (char *)values + key->offset;
}

static const void *field_in(const struct keys_key *key, const void *values)
{
	return (const char *)values + key->offset;
}

const char *keys_type_text(enum keys_type type)
{
	switch (type) {
#define X(name, text) \
	case name:    \
		return text;
		KEYS_TYPE_LIST(X)
#undef X
	}
	return "";
}

const struct keys_key *keys_find(const struct keys_group *group, const char *name)
{
	for (size_t i = 0; i < group->count; i++)
		if (strcmp(group->keys[i].name, name) == 0)
			return &group->keys[i];
	return NULL;
}

bool keys_is_of_kind(const struct keys_key *key, const char *word)
{
	const char *at = key->only;

	if (!at)
		return true;
	for (; word && *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		if (strlen(word) == length && memcmp(at, word, length) == 0)
			return true;
		at += length;
	}
	return false;
}

bool keys_applies(const struct keys_group *group, const struct keys_key *key, const void *values)
{
	const struct keys_key *kind = group->kind ? keys_find(group, group->kind) : NULL;
	unsigned chosen = kind ? *(const unsigned *)field_in(kind, values) : 0;

	return keys_is_of_kind(key, chosen > 0 ? kind->words[chosen - 1] : NULL);
}

static bool is_list(const struct keys_key *key)
{
	return key->type == KEYS_LIST;
}

const struct document_form keys_form = {
	.max = KEYS_FILE_MAX,
	.comments = true,
};

struct keys_place keys_place_of(const struct node *value)
{
	const struct locate_place place = node_place(value);

	return (struct keys_place){value->document->file, place.line, place.column};
}

static int set_standard(const struct keys_key *key, void *values, struct pool *pool)
{
	/* A lone value is no JSON text for every parser: it goes as the only element. */
	struct document document = {.file = "the defaults"};
	char text[256];
	int length = snprintf(text, sizeof(text), "[%s]", key->standard);
	int result = document_parse(&document, &keys_form, text, (size_t)length);
	struct node root, value;

	if (result == 0) {
		root = node_root(&document);
		value = node_element(&root, 0);
		result = keys_set(key, &value, field_of(key, values), pool);
	}
	document_fini(&document);
	return result;
}

int keys_init(const struct keys_group *group, void *values, struct pool *pool)
{
	int result = 0;

	memset(values, 0, group->size);
	for (size_t i = 0; i < group->count && result == 0; i++) {
		const struct keys_key *key = &group->keys[i];

		if (key->type == KEYS_GROUP)
			result = keys_init(key->group, field_of(key, values), pool);
		else if (key->standard && !is_list(key))
			result = set_standard(key, values, pool);
	}
	return result;
}

static int refuse_unknown(const struct keys_group *group, const struct node *member)
{
	const char *names[KEYS_GROUP_MAX + 1] = {NULL};

	assert(group->count <= KEYS_GROUP_MAX);
	for (size_t i = 0; i < group->count; i++)
		names[i] = group->keys[i].name;
	return refuse_unknown_key(member, group->what, names);
}

int keys_read(const struct keys_group *group, const struct node *object, void *values,
	      struct pool *pool)
{
	struct node member = {0};
	int result = 0;

	if (!node_is_object(object))
		return refuse_type(object, "an object");
	while (result == 0 && node_next(object, &member)) {
		const struct keys_key *key = keys_find(group, member.key);

		if (!key)
			result = refuse_unknown(group, &member);
		else if (!(key->flags & KEYS_INCLUDE))
			result = keys_set(key, &member, field_of(key, values), pool);
		result = refuse_go_on(&member, result);
	}
	return result;
}

/* A value that was given and refused is not missing, too. */
static bool is_given(const struct node *object, const char *name)
{
	struct node member;

	if (!node_is_object(object))
		return false;
	member = node_member(object, name);
	return node_exists(&member);
}

int keys_finish(const struct keys_group *group, const struct node *object, void *values,
		struct pool *pool)
{
	int result = 0;

	for (size_t i = 0; i < group->count && result == 0; i++) {
		const struct keys_key *key = &group->keys[i];
		bool unset = keys_applies(group, key, values) &&
			     keys_is_unset(key, field_of(key, values));

		if (unset && (key->flags & KEYS_REQUIRED) && !is_given(object, key->name))
			result = refuse_go_on(object,
					      refuse_missing(object, key->name, key->example));
		if (result == 0 && unset && key->standard && is_list(key))
			result = set_standard(key, values, pool);
	}
	return result;
}

/* Names the kinds that have the key: "http" or "nats". */
static int refuse_kind(const struct keys_group *group, const struct node *member, const char *only)
{
	char words[128] = "";
	size_t used = 0;

	while (*only && used < sizeof(words)) {
		size_t length = strcspn(only, " ");

		used += (size_t)snprintf(words + used, sizeof(words) - used, "%s\"%.*s\"",
					 used ? " or " : "", (int)length, only);
		only += length + strspn(only + length, " ");
	}
	return refuse_key(member, BW_ERR_VALUE, "only for \"%s\": %s", group->kind, words);
}

/* False when its kind was refused. */
static bool has_kind(const struct keys_group *group, const void *values)
{
	const struct keys_key *kind = group->kind ? keys_find(group, group->kind) : NULL;

	return kind && *(const unsigned *)field_in(kind, values) > 0;
}

/* A key that belongs to another kind of object, such as the path of a sink that is no file. */
static int check_kind(const struct keys_group *group, const struct node *object, const void *values)
{
	struct node member = {0};
	int result = 0;

	if (!has_kind(group, values) || !node_is_object(object))
		return 0;
	while (result == 0 && node_next(object, &member)) {
		const struct keys_key *key = keys_find(group, member.key);

		if (key && !keys_applies(group, key, values))
			result = refuse_go_on(&member, refuse_kind(group, &member, key->only));
	}
	return result;
}

static int check_unique(const struct keys_group *group, const struct node *object,
			const struct pool_list *list, const struct keys_key *key)
{
	const char *last = (const char *)list->list + (list->count - 1) * group->size;
	const char *text = *(const char *const *)field_in(key, last);

	for (const char *other = list->list; text && other < last; other += group->size) {
		const struct keys_place *place = (const void *)other;
		const char *same = *(const char *const *)field_in(key, other);

		if (same && strcmp(text, same) == 0)
			return refuse_twice(object, text, place->file, place->line);
	}
	return 0;
}

static int read_element(const struct keys_group *group, const struct node *value, void *element,
			struct pool *pool)
{
	int result = keys_init(group, element, pool);

	*(struct keys_place *)element = keys_place_of(value);
	if (result == 0 && group->shorthand && node_text(value)) {
		const struct keys_key *key = keys_find(group, group->shorthand);

		result = keys_set(key, value, field_of(key, element), pool);
	} else if (result == 0) {
		result = keys_read(group, value, element, pool);
	}
	if (result == 0)
		result = keys_finish(group, value, element, pool);
	return result == 0 ? check_kind(group, value, element) : result;
}

static int add_element(const struct keys_group *group, const struct node *value,
		       struct pool_list *list, struct pool *pool)
{
	void *element;
	int result;

	if (list->count == KEYS_LIST_MAX)
		return refuse_count(value, KEYS_LIST_MAX);
	element = pool_list_add(pool, list, group->size);
	if (!element)
		return refuse_memory(value);
	result = read_element(group, value, element, pool);
	for (size_t k = 0; k < group->count && result == 0; k++)
		if (group->keys[k].flags & KEYS_UNIQUE)
			result = check_unique(group, value, list, &group->keys[k]);
	return result;
}

static int set_list(const struct keys_key *key, const struct node *value, void *field,
		    struct pool *pool)
{
	struct node element = {0};
	struct pool_list list;
	int result = 0;

	if (!node_is_list(value))
		return refuse_value(value, BW_ERR_VALUE, "must be a list, as in \"%s\": %s",
				    key->name, key->example);
	if (node_count(value) == 0 && !(key->flags & KEYS_MAY_BE_EMPTY))
		return refuse_empty(value, NULL);
	memcpy(&list, field, sizeof(list));
	while (result == 0 && node_next(value, &element))
		result = refuse_go_on(&element, add_element(key->group, &element, &list, pool));
	if (result == 0)
		memcpy(field, &list, sizeof(list));
	return result;
}

/* What a group requires is required where the group is given. */
static int read_group(const struct keys_group *group, const struct node *value, void *field,
		      struct pool *pool)
{
	int result = keys_read(group, value, field, pool);

	return result < 0 ? result : keys_finish(group, value, field, pool);
}

int keys_set(const struct keys_key *key, const struct node *value, void *field, struct pool *pool)
{
	if ((key->flags & KEYS_MAY_BE_NULL) && node_is_null(value))
		return 0;
	switch (key->type) {
	case KEYS_GROUP:
		return read_group(key->group, value, field, pool);
	case KEYS_LIST:
		return set_list(key, value, field, pool);
	case KEYS_TEXT:
	case KEYS_NAME:
	case KEYS_PATH:
	case KEYS_TARGET:
	case KEYS_TEXTS:
	case KEYS_PATHS:
	case KEYS_TARGETS:
	case KEYS_BOOL:
	case KEYS_NUMBER:
	case KEYS_COUNT:
	case KEYS_SIZE:
	case KEYS_DURATION:
	case KEYS_METHODS:
	case KEYS_ADDRESSES:
	case KEYS_CHOICE:
	case KEYS_CHOICES:
		return value_set(key, value, field, pool);
	case KEYS_PAIRS:
		return pairs_read(key, value, field, pool);
	}
	return BW_ERR_INTERNAL;
}

bool keys_is_unset(const struct keys_key *key, const void *field)
{
	const struct options_addresses *addresses = field;

	switch (key->type) {
	case KEYS_TEXT:
	case KEYS_NAME:
	case KEYS_PATH:
	case KEYS_TARGET:
		return !*(const char *const *)field;
	case KEYS_TEXTS:
	case KEYS_PATHS:
	case KEYS_TARGETS:
		return ((const struct keys_texts *)field)->count == 0;
	case KEYS_LIST:
	case KEYS_PAIRS:
		return ((const struct pool_list *)field)->count == 0;
	case KEYS_NUMBER:
		return *(const double *)field == 0 && key->absent;
	case KEYS_COUNT:
	case KEYS_SIZE:
		return *(const uint64_t *)field == 0 && key->absent;
	case KEYS_DURATION:
		return *(const int64_t *)field == 0 && key->absent;
	case KEYS_METHODS:
		return ((const struct bw_methods *)field)->count == 0;
	case KEYS_ADDRESSES:
		return addresses->v4.family == 0 && addresses->v6.family == 0;
	case KEYS_CHOICE:
	case KEYS_CHOICES:
		return *(const unsigned *)field == 0;
	case KEYS_BOOL:
	case KEYS_GROUP:
		return false;
	}
	return false;
}
