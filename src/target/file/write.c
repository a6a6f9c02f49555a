/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/write.h"

#include <string.h>

#include <blockwatch/time.h>

#include "base/day.h"
#include "target/file/parse.h"
#include "target/network.h"
#include "target/origin.h"
#include "json/json_out.h"
#include "json/utf8.h"

#define DIGITS 6 /* of a real number; a float has no more */

/* Text that JSON cannot carry as it is, is left out, as is NULL. */
static void put_text(struct json_out *out, const char *key, const char *text)
{
	if (!text || !utf8_is_valid(text))
		return;
	json_out_key(out, key);
	json_out_string(out, text);
}

static void put_number(struct json_out *out, const char *key, uint64_t value)
{
	json_out_key(out, key);
	json_out_uint(out, value);
}

static void put_methods(struct json_out *out, const struct bw_methods *methods)
{
	char text[BW_METHOD_TEXT];

	json_out_key(out, "methods");
	json_out_array(out);
	for (size_t i = 0; i < methods->count; i++)
		json_out_string(out, bw_method_format(methods->list[i], text));
	json_out_array_end(out);
}

static void put_seen(struct json_out *out, const struct bw_host *host)
{
	char text[DAY_TEXT];

	if (host->seen_day > 0)
		put_text(out, "seen", day_format(day_midnight(host->seen_day), text));
}

static void put_host(struct json_out *out, const struct bw_host *host,
		     const struct bw_host_note *note)
{
	char text[BW_ADDR_TEXT];

	bw_addr_format(&host->addr, text);
	if (host->methods.count == 0 && host->availability == BW_AVAILABILITY_DEFAULT &&
	    host->seen_day == 0 && !note) {
		json_out_string(out, text);
		return;
	}
	json_out_object(out);
	put_text(out, "address", text);
	if (host->availability != BW_AVAILABILITY_DEFAULT) {
		json_out_key(out, "availability");
		json_out_real(out, (double)host->availability, DIGITS);
	}
	if (host->methods.count)
		put_methods(out, &host->methods);
	put_seen(out, host);
	if (note) {
		put_text(out, "name", note->name);
		put_text(out, "source", note->source);
	}
	json_out_object_end(out);
}

static void put_upstreams(struct json_out *out, const struct bw_network *network)
{
	if (network->upstream_count == 0)
		return;
	json_out_key(out, "upstreams");
	json_out_array(out);
	for (size_t i = 0; i < network->upstream_count; i++)
		json_out_uint(out, network->upstreams[i]);
	json_out_array_end(out);
}

static void put_hosts(struct json_out *out, const struct bw_target *target,
		      const struct bw_network *network)
{
	if (network->host_count == 0)
		return;
	json_out_key(out, "hosts");
	json_out_array(out);
	for (size_t i = 0; i < network->host_count; i++)
		put_host(out, &network->hosts[i],
			 target_host_note(target, &network->hosts[i].addr));
	json_out_array_end(out);
}

static void put_blocks(struct json_out *out, const struct bw_prefixes *blocks)
{
	char text[BW_PREFIX_TEXT];

	if (blocks->count == 0)
		return;
	json_out_key(out, "blocks");
	json_out_array(out);
	for (size_t i = 0; i < blocks->count; i++)
		json_out_string(out, bw_prefix_format(&blocks->list[i], text));
	json_out_array_end(out);
}

static void put_network(struct json_out *out, const struct bw_target *target,
			const struct bw_network *network)
{
	char text[BW_PREFIX_TEXT];

	json_out_object(out);
	put_text(out, "prefix", bw_prefix_format(&network->prefix, text));
	put_text(out, "name", network->name);
	if (network->asn)
		put_number(out, "asn", network->asn);
	put_upstreams(out, network);
	if (network->block_length)
		put_number(out, "block_length", network->block_length);
	put_text(out, "source", network->source);
	put_blocks(out, &network->blocks);
	put_hosts(out, target, network);
	json_out_object_end(out);
}

static void put_references(struct json_out *out, const struct bw_target *target)
{
	char text[BW_ADDR_TEXT];

	if (target->reference_count + target->reference_target_count == 0)
		return;
	json_out_key(out, "references");
	json_out_array(out);
	for (size_t i = 0; i < target->reference_count; i++)
		json_out_string(out, bw_addr_format(&target->references[i], text));
	for (size_t i = 0; i < target->reference_target_count; i++)
		json_out_string(out, target->reference_targets[i]);
	json_out_array_end(out);
}

/* Errors quote what they found, which may be anything. */
static void put_clean(struct json_out *out, const char *key, const char *text)
{
	struct bw_err any = {.code = BW_ERR_VALUE};
	char clean[sizeof(any.message)];

	if (!*text)
		return;
	bw_err_set(&any, BW_ERR_VALUE, "%s", text);
	put_text(out, key, bw_err_format(&any, clean, sizeof(clean)));
}

static void put_error(struct json_out *out, const struct bw_err *err)
{
	if (err->line)
		put_number(out, "line", (uint64_t)err->line);
	if (err->column)
		put_number(out, "column", (uint64_t)err->column);
	put_clean(out, "field", err->field);
	put_clean(out, "message", err->message);
}

char *target_write_summary(const char *file, const struct bw_target *target,
			   const struct bw_err *err)
{
	struct json_out out;

	json_out_init_heap(&out, false);
	json_out_object(&out);
	put_clean(&out, "file", file);
	json_out_key(&out, "valid");
	json_out_bool(&out, target);
	if (target) {
		put_text(&out, "name", target->name);
		put_text(&out, "title", target->title);
		put_text(&out, "country", target->country);
		put_number(&out, "networks", target->network_count);
		put_number(&out, "blocks", target_count_blocks(target));
		put_number(&out, "hosts", target_count_hosts(target));
	} else {
		put_error(&out, err);
	}
	json_out_object_end(&out);
	return json_out_take(&out);
}

char *target_write(const struct bw_target *target, bool indent)
{
	struct json_out out;

	json_out_init_heap(&out, indent);
	json_out_object(&out);
	put_text(&out, "schema", TARGET_SCHEMA);
	if (target->name && target_name_is_valid(target->name))
		put_text(&out, "name", target->name);
	put_text(&out, "title", target->title);
	put_text(&out, "country", target->country);
	put_text(&out, "timezone", target->timezone);
	put_text(&out, "source", target->source);
	put_text(&out, "updated", target->updated);
	origin_write(&out, target->origin);
	put_methods(&out, &target->methods);
	put_references(&out, target);
	json_out_key(&out, "networks");
	json_out_array(&out);
	for (size_t i = 0; i < target->network_count; i++)
		put_network(&out, target, &target->networks[i]);
	json_out_array_end(&out);
	json_out_object_end(&out);
	return json_out_take(&out);
}
