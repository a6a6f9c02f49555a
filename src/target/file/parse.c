/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "base/day.h"
#include "target/file/network_json.h"
#include "target/list/list.h"
#include "target/network.h"
#include "target/origin.h"
#include "json/field.h"

#define TITLE_MAX 200
#define TIMEZONE_MAX 64
#define SOURCE_MAX 4000
#define DATE_MAX 32

static const char *const target_fields[] = {"schema",     "name",     "title",    "country",
					    "timezone",   "source",   "updated",  "methods",
					    "references", "networks", "inputs",   "left_out",
					    "second",     NULL};

static const struct document_form form = {
	.max = TARGET_JSON_MAX,
	.advice = "use a plain list",
};

static int check_schema(const struct node *target)
{
	const struct node node = node_member(target, "schema");
	const char *schema = node_text(&node);
	int result = field_require(target, "schema", "\"" TARGET_SCHEMA "\"");

	if (result < 0)
		return result;
	if (!schema || strcmp(schema, TARGET_SCHEMA) != 0)
		return refuse_value(&node, BW_ERR_VALUE, "must be '" TARGET_SCHEMA "'");
	return 0;
}

static int read_name(const struct node *parent, struct bw_target *target)
{
	const struct node node = node_member(parent, "name");
	int result = field_copy_text(&node, TARGET_NAME_MAX, &target->name);

	if (result < 0)
		return result;
	if (!target->name)
		target->name = target_name_of_file(parent->document->file);
	else if (!target_name_is_valid(target->name))
		return refuse_value(&node, BW_ERR_VALUE,
				    "'%s' is no name: a to z, 0 to 9, '.', '_' and '-', "
				    "the first a letter or a digit",
				    target->name);
	return target->name ? 0 : -ENOMEM;
}

static int read_country(const struct node *parent, char **ret_country)
{
	const struct node node = node_member(parent, "country");
	int result = field_copy_text(&node, TARGET_NAME_MAX, ret_country);
	const char *country = *ret_country;

	if (result < 0 || !country)
		return result;
	if (strlen(country) != 2 || strspn(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
		return refuse_value(&node, BW_ERR_VALUE,
				    "'%s' is no country code: two capital letters (ISO 3166)",
				    country);
	return 0;
}

/* A name of tzdata, such as "America/Argentina/Buenos_Aires". */
static int read_timezone(const struct node *parent, char **ret_timezone)
{
	const struct node node = node_member(parent, "timezone");
	int result = field_copy_text(&node, TIMEZONE_MAX, ret_timezone);
	const char *name = *ret_timezone;

	if (result < 0 || !name)
		return result;
	if (strstr(name, "..") || *name == '/' ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-") !=
		    strlen(name))
		return refuse_value(&node, BW_ERR_VALUE,
				    "'%s' is no time zone: write it like Pacific/Funafuti", name);
	return 0;
}

/* A day ("2026-11-21") or a moment (RFC 3339, UTC). */
static int read_updated(const struct node *parent, char **ret_updated)
{
	const struct node node = node_member(parent, "updated");
	int result = field_copy_text(&node, DATE_MAX, ret_updated);
	struct bw_wall time;

	if (result < 0 || !*ret_updated)
		return result;
	if (day_parse(*ret_updated, &time) < 0 && bw_wall_parse(*ret_updated, &time) < 0)
		return refuse_value(&node, BW_ERR_VALUE,
				    "'%s' is no date: write it like 2026-11-21", *ret_updated);
	return 0;
}

static int read_text(const struct node *parent, const char *key, size_t max, char **ret_text)
{
	const struct node node = node_member(parent, key);

	return field_copy_text(&node, max, ret_text);
}

static int read_texts(const struct node *node, struct bw_target *target)
{
	int result = read_name(node, target);

	if (result == 0)
		result = read_text(node, "title", TITLE_MAX, &target->title);
	if (result == 0)
		result = read_country(node, &target->country);
	if (result == 0)
		result = read_timezone(node, &target->timezone);
	if (result == 0)
		result = read_text(node, "source", SOURCE_MAX, &target->source);
	return result == 0 ? read_updated(node, &target->updated) : result;
}

static int add_reference_name(const struct node *node, struct bw_target *target, const char *name)
{
	for (size_t i = 0; i < target->reference_target_count; i++)
		if (strcmp(target->reference_targets[i], name) == 0)
			return refuse_twice(node, name, NULL, 0);
	target->reference_targets[target->reference_target_count] = strdup(name);
	if (!target->reference_targets[target->reference_target_count])
		return -ENOMEM;
	target->reference_target_count++;
	return 0;
}

static int add_reference(const struct node *node, struct bw_target *target)
{
	const char *text = node_text(node);
	struct bw_addr addr;

	if (!text)
		return refuse_type(node, "an address or the name of a target");
	if (bw_addr_parse(text, &addr) < 0) {
		if (target_name_is_valid(text))
			return add_reference_name(node, target, text);
		return refuse_value(node, BW_ERR_VALUE,
				    "'%.60s' is no address and no name of a target", text);
	}
	for (size_t i = 0; i < target->reference_count; i++)
		if (bw_addr_equal(&target->references[i], &addr))
			return refuse_twice(node, text, NULL, 0);
	target->references[target->reference_count++] = addr;
	return 0;
}

static int read_references(const struct node *parent, struct bw_target *target)
{
	const struct node node = node_member(parent, "references");
	size_t count = node_is_list(&node) ? node_count(&node) : 1;
	struct node element = {0};
	int result = 0;

	if (!node_exists(&node))
		return 0;
	if (count == 0)
		return refuse_empty(&node, "leave it out");
	if (count > TARGET_REFERENCES_MAX)
		return refuse_count(&node, TARGET_REFERENCES_MAX);
	target->references = (struct bw_addr *)calloc(count, sizeof(*target->references));
	target->reference_targets = (char **)calloc(count, sizeof(*target->reference_targets));
	if (!target->references || !target->reference_targets)
		return -ENOMEM;
	if (!node_is_list(&node))
		return add_reference(&node, target);
	while (result == 0 && node_next(&node, &element))
		result = add_reference(&element, target);
	return result;
}

static int read_target(const struct node *node, struct bw_target *target)
{
	const struct node methods = node_member(node, "methods");
	int result = field_object_of(node, "a target", target_fields);

	if (result == 0)
		result = check_schema(node);
	if (result == 0)
		result = read_texts(node, target);
	if (result == 0)
		result = network_json_methods(&methods, &target->methods);
	if (target->methods.count == 0) {
		target->methods.list[0] = (struct bw_method){BW_PROTOCOL_ICMP, 0};
		target->methods.count = 1;
	}
	if (result == 0)
		result = network_json_read(node, target);
	if (result == 0)
		result = read_references(node, target);
	return result == 0 ? origin_read(node, target) : result;
}

static int read_document(const struct document *document, struct bw_target *target)
{
	const struct node root = node_root(document);

	target->file = strdup(document->file);
	return target->file ? read_target(&root, target) : -ENOMEM;
}

int target_parse(const char *bytes, size_t length, const char *file_name,
		 struct bw_target **ret_target, struct bw_err *err)
{
	struct document document = {.file = file_name, .err = err};
	struct bw_target *target = (struct bw_target *)calloc(1, sizeof(*target));
	int result = -ENOMEM;

	if (target)
		result = document_parse(&document, &form, bytes, length);
	if (result == 0)
		result = read_document(&document, target);
	document_fini(&document);
	if (result == -ENOMEM) {
		bw_err_set(err, result, "out of memory");
		bw_err_place(err, file_name, 0, 0, NULL);
	}
	if (result < 0)
		bw_target_free(target);
	else
		*ret_target = target;
	return result;
}

int target_parse_any(const char *bytes, size_t length, const char *file_name,
		     struct bw_target **ret_target, struct bw_err *err)
{
	size_t at = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < length && bytes[at] && strchr(" \t\r\n", bytes[at]))
		at++;
	if (at < length && bytes[at] == '{')
		return target_parse(bytes, length, file_name, ret_target, err);
	return list_parse(bytes, length, file_name, ret_target, err);
}
