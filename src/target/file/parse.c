/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "target/list/list.h"
#include "target/network.h"
#include "target/file/network_json.h"
#include "target/node.h"

#define TITLE_MAX 200
#define SOURCE_MAX 4000
#define DATE_MAX 32

static const char *const target_fields[] = {"schema",  "name",     "title",      "country",
					    "source",  "updated",  "methods",    "networks",
					    "references", NULL};

static int check_schema(const struct node *target)
{
	struct locate_step step;
	struct node node = node_member(target, "schema", &step);
	const char *schema = json_string_value(node.json);

	if (!node.json)
		return node_refuse(&node, BW_ERR_VALUE, "missing, it must be '" TARGET_SCHEMA "'");
	if (!schema || strcmp(schema, TARGET_SCHEMA) != 0)
		return node_refuse(&node, BW_ERR_VALUE, "must be '" TARGET_SCHEMA "'");
	return 0;
}

static int read_name(const struct node *parent, struct bw_target *target)
{
	struct locate_step step;
	struct node node = node_member(parent, "name", &step);
	int result = node_read_text(&node, TARGET_NAME_MAX, &target->name);

	if (result < 0)
		return result;
	if (!target->name)
		target->name = target_name_of_file(parent->document->file);
	else if (!target_name_is_valid(target->name))
		return node_refuse(&node, BW_ERR_VALUE,
				   "'%s' is no name: a to z, 0 to 9, '.', '_' and '-', "
				   "the first a letter or a digit", target->name);
	return target->name ? 0 : -ENOMEM;
}

static int read_country(const struct node *parent, char **ret_country)
{
	struct locate_step step;
	struct node node = node_member(parent, "country", &step);
	int result = node_read_text(&node, TARGET_NAME_MAX, ret_country);
	const char *country = *ret_country;

	if (result < 0 || !country)
		return result;
	if (strlen(country) != 2 || strspn(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
		return node_refuse(&node, BW_ERR_VALUE,
				   "'%s' is no country code: two capital letters (ISO 3166)",
				   country);
	return 0;
}

/* A day ("2026-11-21") or a moment (RFC 3339, UTC). */
static int read_updated(const struct node *parent, char **ret_updated)
{
	struct locate_step step;
	struct node node = node_member(parent, "updated", &step);
	int result = node_read_text(&node, DATE_MAX, ret_updated);
	char moment[DATE_MAX + 16];
	struct bw_wall time;

	if (result < 0 || !*ret_updated)
		return result;
	snprintf(moment, sizeof(moment), "%s%s", *ret_updated,
		 strchr(*ret_updated, 'T') ? "" : "T00:00:00Z");
	if (bw_wall_parse(moment, &time) < 0)
		return node_refuse(&node, BW_ERR_VALUE,
				   "'%s' is no date: write it like 2026-11-21", *ret_updated);
	return 0;
}

static int read_texts(const struct node *node, struct bw_target *target)
{
	struct locate_step step;
	struct node member;
	int result = read_name(node, target);

	if (result == 0) {
		member = node_member(node, "title", &step);
		result = node_read_text(&member, TITLE_MAX, &target->title);
	}
	if (result == 0)
		result = read_country(node, &target->country);
	if (result == 0) {
		member = node_member(node, "source", &step);
		result = node_read_text(&member, SOURCE_MAX, &target->source);
	}
	return result == 0 ? read_updated(node, &target->updated) : result;
}

static int add_reference_name(const struct node *node, struct bw_target *target, const char *name)
{
	for (size_t i = 0; i < target->reference_target_count; i++)
		if (strcmp(target->reference_targets[i], name) == 0)
			return node_refuse(node, BW_ERR_OVERLAP, "'%s' is given twice", name);
	target->reference_targets[target->reference_target_count] = strdup(name);
	if (!target->reference_targets[target->reference_target_count])
		return -ENOMEM;
	target->reference_target_count++;
	return 0;
}

static int add_reference(const struct node *node, struct bw_target *target)
{
	const char *text = json_string_value(node->json);
	struct bw_addr addr;

	if (!text)
		return node_refuse(node, BW_ERR_VALUE, "must be a string: an address, or the name "
				   "of a target");
	if (bw_addr_parse(text, &addr) < 0) {
		if (target_name_is_valid(text))
			return add_reference_name(node, target, text);
		return node_refuse(node, BW_ERR_VALUE, "'%.60s' is no address and no name of a "
				   "target", text);
	}
	for (size_t i = 0; i < target->reference_count; i++)
		if (bw_addr_equal(&target->references[i], &addr))
			return node_refuse(node, BW_ERR_OVERLAP, "'%s' is given twice", text);
	target->references[target->reference_count++] = addr;
	return 0;
}

static int read_references(const struct node *parent, struct bw_target *target)
{
	struct locate_step step, element_step;
	struct node node = node_member(parent, "references", &step);
	size_t count = json_is_array(node.json) ? json_array_size(node.json) : 1;
	int result = 0;

	if (!node.json)
		return 0;
	if (count == 0)
		return node_refuse(&node, BW_ERR_VALUE, "must not be empty: leave it out");
	if (count > TARGET_REFERENCES_MAX)
		return node_refuse(&node, BW_ERR_LIMIT, "%zu references, more than %d", count,
				   TARGET_REFERENCES_MAX);
	target->references = (struct bw_addr *)calloc(count, sizeof(*target->references));
	target->reference_targets = (char **)calloc(count, sizeof(*target->reference_targets));
	if (!target->references || !target->reference_targets)
		return -ENOMEM;
	if (!json_is_array(node.json))
		return add_reference(&node, target);
	for (size_t i = 0; i < count && result == 0; i++) {
		struct node element = node_element(&node, i, &element_step);

		result = add_reference(&element, target);
	}
	return result;
}

static int read_target(const struct node *node, struct bw_target *target)
{
	struct locate_step step;
	struct node methods;
	int result = node_check_object(node, "a target", target_fields);

	if (result == 0)
		result = check_schema(node);
	if (result == 0)
		result = read_texts(node, target);
	if (result == 0) {
		methods = node_member(node, "methods", &step);
		result = network_json_methods(&methods, &target->methods);
	}
	if (result == 0 && target->methods.count == 0)
		bw_methods_add(&target->methods, (struct bw_method){BW_PROTOCOL_ICMP, 0}, NULL);
	if (result == 0)
		result = network_json_read(node, target);
	return result == 0 ? read_references(node, target) : result;
}

static json_t *load(const struct document *document, int *ret_result)
{
	struct bw_err *err = document->err;
	json_error_t error;
	json_t *json;

	if (document->length > TARGET_JSON_MAX) {
		*ret_result = bw_err_set(err, BW_ERR_LIMIT, "too large: a target file in JSON has "
					 "at most 64 MiB, use a plain list");
		bw_err_place(err, document->file, 0, 0, NULL);
		return NULL;
	}
	json = json_loadb(document->text, document->length, JSON_REJECT_DUPLICATES, &error);
	if (json)
		return json;
	if (json_error_code(&error) == json_error_out_of_memory) {
		*ret_result = -ENOMEM;
	} else if (json_error_code(&error) == json_error_duplicate_key) {
		*ret_result = bw_err_set(err, BW_ERR_OVERLAP, "%s", error.text);
		bw_err_place(err, document->file, error.line, error.column, NULL);
	} else {
		*ret_result = bw_err_set(err, BW_ERR_SYNTAX, "not valid JSON: %s", error.text);
		bw_err_place(err, document->file, error.line, error.column, NULL);
	}
	return NULL;
}

int target_parse(const char *bytes, size_t length, const char *file_name,
		 struct bw_target **ret_target, struct bw_err *err)
{
	bool marked = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0;
	struct document document = {bytes + (marked ? 3 : 0), length - (marked ? 3 : 0), file_name,
				    err};
	struct bw_target *target = (struct bw_target *)calloc(1, sizeof(*target));
	int result = -ENOMEM;
	struct node root = {&document, NULL, target ? load(&document, &result) : NULL};

	if (root.json) {
		target->file = strdup(file_name);
		result = target->file ? read_target(&root, target) : -ENOMEM;
		json_decref(root.json);
	}
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
