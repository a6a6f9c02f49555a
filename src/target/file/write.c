/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/write.h"

#include <jansson.h>

#include "target/network.h"
#include "target/file/parse.h"

#define DIGITS 6 /* of a real number; a float has no more */

static void put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_string(text));
}

static json_t *write_methods(const struct bw_methods *methods)
{
	json_t *array = json_array();
	char text[BW_METHOD_TEXT];

	for (size_t i = 0; i < methods->count; i++)
		json_array_append_new(array, json_string(bw_method_format(methods->list[i], text)));
	return array;
}

static json_t *write_host(const struct bw_host *host)
{
	char text[BW_ADDR_TEXT];
	json_t *object;

	bw_addr_format(&host->addr, text);
	if (host->methods.count == 0 && host->availability == BW_AVAILABILITY_DEFAULT)
		return json_string(text);
	object = json_object();
	put_text(object, "address", text);
	if (host->availability != BW_AVAILABILITY_DEFAULT)
		json_object_set_new(object, "availability", json_real((double)host->availability));
	if (host->methods.count)
		json_object_set_new(object, "methods", write_methods(&host->methods));
	return object;
}

static json_t *write_network(const struct bw_network *network)
{
	json_t *object = json_object(), *upstreams = json_array(), *hosts = json_array();
	char text[BW_PREFIX_TEXT];

	put_text(object, "prefix", bw_prefix_format(&network->prefix, text));
	put_text(object, "name", network->name);
	if (network->asn)
		json_object_set_new(object, "asn", json_integer((json_int_t)network->asn));
	for (size_t i = 0; i < network->upstream_count; i++)
		json_array_append_new(upstreams, json_integer((json_int_t)network->upstreams[i]));
	if (network->upstream_count)
		json_object_set(object, "upstreams", upstreams);
	json_decref(upstreams);
	if (network->block_length)
		json_object_set_new(object, "block_length", json_integer(network->block_length));
	for (size_t i = 0; i < network->host_count; i++)
		json_array_append_new(hosts, write_host(&network->hosts[i]));
	if (network->host_count)
		json_object_set(object, "hosts", hosts);
	json_decref(hosts);
	return object;
}

static json_t *write_references(const struct bw_target *target)
{
	json_t *array = json_array();
	char text[BW_ADDR_TEXT];

	for (size_t i = 0; i < target->reference_count; i++)
		json_array_append_new(array,
				      json_string(bw_addr_format(&target->references[i], text)));
	for (size_t i = 0; i < target->reference_target_count; i++)
		json_array_append_new(array, json_string(target->reference_targets[i]));
	return array;
}

static void put_number(json_t *object, const char *key, uint64_t value)
{
	json_object_set_new(object, key, json_integer((json_int_t)value));
}

/* Errors quote what they found, which may be anything. */
static void put_clean(json_t *object, const char *key, const char *text)
{
	struct bw_err any = {.code = BW_ERR_VALUE};
	char clean[sizeof(any.message)];

	if (!*text)
		return;
	bw_err_set(&any, BW_ERR_VALUE, "%s", text);
	put_text(object, key, bw_err_format(&any, clean, sizeof(clean)));
}

static void put_error(json_t *object, const struct bw_err *err)
{
	if (err->line)
		put_number(object, "line", (uint64_t)err->line);
	if (err->column)
		put_number(object, "column", (uint64_t)err->column);
	put_clean(object, "field", err->field);
	put_clean(object, "message", err->message);
}

char *target_write_summary(const char *file, const struct bw_target *target,
			   const struct bw_err *err)
{
	json_t *object = json_object();
	char *text;

	put_clean(object, "file", file);
	json_object_set_new(object, "valid", json_boolean(target));
	if (target) {
		put_text(object, "name", target->name);
		put_text(object, "title", target->title);
		put_text(object, "country", target->country);
		put_number(object, "networks", target->network_count);
		put_number(object, "blocks", target_count_blocks(target));
		put_number(object, "hosts", target_count_hosts(target));
	} else {
		put_error(object, err);
	}
	text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}

char *target_write(const struct bw_target *target, bool indent)
{
	json_t *object = json_object(), *networks = json_array();
	char *text;

	put_text(object, "schema", TARGET_SCHEMA);
	if (target->name && target_name_is_valid(target->name))
		put_text(object, "name", target->name);
	put_text(object, "title", target->title);
	put_text(object, "country", target->country);
	put_text(object, "source", target->source);
	put_text(object, "updated", target->updated);
	json_object_set_new(object, "methods", write_methods(&target->methods));
	if (target->reference_count + target->reference_target_count > 0)
		json_object_set_new(object, "references", write_references(target));
	for (size_t i = 0; i < target->network_count; i++)
		json_array_append_new(networks, write_network(&target->networks[i]));
	json_object_set_new(object, "networks", networks);
	text = json_dumps(object, JSON_REAL_PRECISION(DIGITS) |
					  (indent ? JSON_INDENT(2) : JSON_COMPACT));
	json_decref(object);
	return text;
}
