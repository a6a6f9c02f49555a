/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/network_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "base/day.h"
#include "target/file/blocks_json.h"
#include "target/file/host_note.h"
#include "target/list/span.h"
#include "target/network.h"
#include "json/field.h"

#define DATE_TEXT 10 /* "2026-11-21" */

static const char *const network_fields[] = {"prefix",    "name",         "asn",
					     "upstreams", "block_length", "blocks",
					     "hosts",     "source",       NULL};
static const char *const host_fields[] = {"address", "availability", "methods", "name",
					  "source",  "seen",         NULL};

int network_json_methods(const struct node *node, struct bw_methods *methods)
{
	struct node element = {0};
	int result = field_list(node);

	if (result < 0 || !node_exists(node))
		return result;
	if (node_count(node) == 0)
		return refuse_empty(node, "leave it out");
	while (node_next(node, &element)) {
		const char *text = node_text(&element);
		struct bw_method method;

		if (!text)
			return refuse_type(&element, "a method: " BW_METHOD_FORMS);
		result = bw_method_parse(text, &method, node->document->err);
		if (result == 0)
			result = bw_methods_add(methods, method, node->document->err);
		if (result < 0)
			return refuse_relay(&element, result);
	}
	return 0;
}

static int read_availability(const struct node *parent, float *availability)
{
	const struct node node = node_member(parent, "availability");
	double value = node_number(&node);
	char given[32];

	if (!node_exists(&node))
		return 0;
	if (!node_is_number(&node))
		return refuse_type(&node, "a number");
	*availability = (float)value;
	if (value > 0 && value <= 1 && *availability > 0)
		return 0;
	snprintf(given, sizeof(given), "%g", value);
	return refuse_range(&node, given, "above 0, at most 1");
}

/* A day, "2026-11-21": when the host answered last. */
static int read_seen(const struct node *parent, uint16_t *ret_day)
{
	const struct node node = node_member(parent, "seen");
	struct bw_wall time;
	const char *text;
	int result = field_text(&node, DATE_TEXT, &text);

	if (result < 0 || !node_exists(&node))
		return result;
	if (day_parse(text, &time) < 0 || day_number(time) <= 0 || day_number(time) > UINT16_MAX)
		return refuse_value(&node, BW_ERR_VALUE,
				    "'%.20s' is no day: write it like 2026-11-21", text);
	*ret_day = (uint16_t)day_number(time);
	return 0;
}

static int read_address(const struct node *node, const struct bw_prefix *prefix,
			struct bw_addr *ret_addr)
{
	const char *text = node_text(node);
	char prefix_text[BW_PREFIX_TEXT];

	if (!text)
		return refuse_type(node, "an address");
	if (bw_addr_parse(text, ret_addr) < 0)
		return refuse_value(node, BW_ERR_VALUE, "'%.60s' is no address", text);
	if (!bw_prefix_contains(prefix, ret_addr))
		return refuse_value(node, BW_ERR_VALUE, "%s is outside of its network %s", text,
				    bw_prefix_format(prefix, prefix_text));
	return 0;
}

static int read_host_members(const struct node *node, const struct bw_prefix *prefix,
			     struct bw_host *host, struct bw_target *target)
{
	const struct node address = node_member(node, "address");
	const struct node methods = node_member(node, "methods");
	int result = field_require(node, "address", "\"198.18.0.1\"");

	if (result == 0)
		result = read_address(&address, prefix, &host->addr);
	if (result == 0)
		result = read_availability(node, &host->availability);
	if (result == 0)
		result = network_json_methods(&methods, &host->methods);
	if (result == 0)
		result = read_seen(node, &host->seen_day);
	return result == 0 ? host_note_read(node, &host->addr, target) : result;
}

/* A host is its address, or an object. */
static int read_host(const struct node *node, const struct bw_prefix *prefix, struct bw_host *host,
		     struct bw_target *target)
{
	int result;

	host->availability = BW_AVAILABILITY_DEFAULT;
	if (node_text(node))
		return read_address(node, prefix, &host->addr);
	result = field_object_of(node, "a host", host_fields);
	return result == 0 ? read_host_members(node, prefix, host, target) : result;
}

/* SPANS has the elements of the array NODE; refuses what two of them share. */
static int check_twice(const struct node *node, struct span *spans, size_t count)
{
	struct span first, second;
	struct node element, other;
	char a[BW_PREFIX_TEXT], b[BW_PREFIX_TEXT], field[64];
	int line;

	span_sort(spans, count);
	if (!span_find_overlap(spans, count, &first, &second))
		return 0;
	element = node_element(node, second.origin);
	other = node_element(node, first.origin);
	line = node_place(&other).line;
	span_format(&first, a);
	span_format(&second, b);
	if (strcmp(a, b) == 0)
		return refuse_twice(&element, b, node->document->file, line);
	return refuse_value(&element, BW_ERR_OVERLAP, "%s overlaps %s, which is %s in line %d", b,
			    a, node_format_path(&other, field, sizeof(field)), line);
}

static int compare_hosts(const void *a, const void *b)
{
	return bw_addr_compare(&((const struct bw_host *)a)->addr,
			       &((const struct bw_host *)b)->addr);
}

static int compare_networks(const void *a, const void *b)
{
	return bw_prefix_compare(&((const struct bw_network *)a)->prefix,
				 &((const struct bw_network *)b)->prefix);
}

static int check_hosts_twice(const struct node *node, const struct bw_network *network)
{
	struct span *spans = (struct span *)calloc(network->host_count, sizeof(*spans));
	int result;

	if (!spans)
		return -ENOMEM;
	for (size_t i = 0; i < network->host_count; i++) {
		const struct bw_addr *addr = &network->hosts[i].addr;

		spans[i] = (struct span){bw_prefix_of(addr, bw_addr_bits(addr)), SPAN_ADDRESS,
					 (uint32_t)i};
	}
	result = check_twice(node, spans, network->host_count);
	free(spans);
	return result;
}

static int fill_hosts(const struct node *node, struct bw_network *network, struct bw_target *target)
{
	struct node element = {0};
	int result = 0;

	while (result == 0 && node_next(node, &element))
		result = read_host(&element, &network->prefix, &network->hosts[element.index],
				   target);
	return result;
}

static int read_hosts(const struct node *parent, struct bw_network *network,
		      struct bw_target *target)
{
	const struct node node = node_member(parent, "hosts");
	size_t count = node_count(&node);
	int result = field_list(&node);

	if (result < 0 || !node_exists(&node))
		return result;
	if (count == 0)
		return refuse_empty(&node, "leave it out, and every address is a candidate");
	network->hosts = (struct bw_host *)calloc(count, sizeof(*network->hosts));
	if (!network->hosts)
		return -ENOMEM;
	result = fill_hosts(&node, network, target);
	if (result < 0)
		return result;
	network->host_count = count;
	network->known = true;
	result = check_hosts_twice(&node, network);
	qsort(network->hosts, count, sizeof(*network->hosts), compare_hosts);
	return result;
}

static int add_upstream(const struct node *node, struct bw_network *network)
{
	char text[16];
	uint64_t asn = 0;
	int result = field_unsigned(node, 1, UINT32_MAX, &asn);

	if (result < 0)
		return result;
	snprintf(text, sizeof(text), "%u", (unsigned)asn);
	for (size_t i = 0; i < network->upstream_count; i++)
		if (network->upstreams[i] == asn)
			return refuse_twice(node, text, NULL, 0);
	network->upstreams[network->upstream_count++] = (uint32_t)asn;
	return 0;
}

static int read_upstreams(const struct node *parent, struct bw_network *network)
{
	const struct node node = node_member(parent, "upstreams");
	size_t count = node_count(&node);
	struct node element = {0};
	int result = field_list(&node);

	if (result < 0 || !node_exists(&node))
		return result;
	if (count > TARGET_UPSTREAMS_MAX)
		return refuse_count(&node, TARGET_UPSTREAMS_MAX);
	network->upstreams = (uint32_t *)calloc(count + 1, sizeof(*network->upstreams));
	if (!network->upstreams)
		return -ENOMEM;
	while (result == 0 && node_next(&node, &element))
		result = add_upstream(&element, network);
	return result;
}

static int read_prefix(const struct node *parent, struct bw_prefix *ret_prefix)
{
	const struct node node = node_member(parent, "prefix");
	const char *text = node_text(&node);
	int result = field_require(parent, "prefix", "\"198.18.0.0/24\"");

	if (result < 0)
		return result;
	if (!text)
		return refuse_type(&node, "a prefix");
	result = bw_prefix_parse(text, ret_prefix, parent->document->err);
	if (result == BW_ERR_SYNTAX)
		return refuse_value(&node, BW_ERR_VALUE,
				    "'%.60s' is no prefix: write it like 198.18.0.0/24", text);
	return result < 0 ? refuse_relay(&node, result) : 0;
}

static int read_block_length(const struct node *parent, struct bw_network *network)
{
	const struct node node = node_member(parent, "block_length");
	uint64_t length = 0;
	int result = field_unsigned(&node, 1, 128, &length);

	if (result < 0)
		return result;
	network->block_length = (uint8_t)length;
	result = network_check_block_length(network, parent->document->err);
	return result < 0 ? refuse_relay(&node, result) : 0;
}

static int read_asn(const struct node *parent, uint32_t *ret_asn)
{
	const struct node node = node_member(parent, "asn");
	uint64_t asn = 0;
	int result = field_unsigned(&node, 1, UINT32_MAX, &asn);

	if (result == 0)
		*ret_asn = (uint32_t)asn;
	return result;
}

static int read_network(const struct node *node, struct bw_network *network,
			struct bw_target *target)
{
	const struct node name = node_member(node, "name"), source = node_member(node, "source");
	int result = field_object_of(node, "a network", network_fields);

	if (result == 0)
		result = read_prefix(node, &network->prefix);
	if (result == 0)
		result = field_copy_text(&name, HOST_NOTE_NAME_MAX, &network->name);
	if (result == 0)
		result = read_asn(node, &network->asn);
	if (result == 0)
		result = read_upstreams(node, network);
	if (result == 0)
		result = read_block_length(node, network);
	if (result == 0)
		result = field_copy_text(&source, HOST_NOTE_SOURCE_MAX, &network->source);
	if (result == 0)
		result = blocks_json_read(node, network);
	if (result == 0)
		result = read_hosts(node, network, target);
	return result == 0 ? blocks_json_check_hosts(node, network) : result;
}

static int check_networks_twice(const struct node *node, const struct bw_target *target)
{
	struct span *spans = (struct span *)calloc(target->network_count, sizeof(*spans));
	int result;

	if (!spans)
		return -ENOMEM;
	for (size_t i = 0; i < target->network_count; i++)
		spans[i] = (struct span){target->networks[i].prefix, SPAN_PREFIX, (uint32_t)i};
	result = check_twice(node, spans, target->network_count);
	free(spans);
	return result;
}

int network_json_read(const struct node *target_node, struct bw_target *target)
{
	const struct node node = node_member(target_node, "networks");
	size_t count = node_count(&node);
	struct node element = {0};
	int result = field_require(target_node, "networks", "[{\"prefix\": \"198.18.0.0/24\"}]");

	if (result == 0)
		result = field_list(&node);
	if (result < 0)
		return result;
	if (count == 0)
		return refuse_empty(&node, NULL);
	target->networks = (struct bw_network *)calloc(count, sizeof(*target->networks));
	if (!target->networks)
		return -ENOMEM;
	while (result == 0 && node_next(&node, &element))
		result = read_network(&element, &target->networks[target->network_count++], target);
	if (result == 0)
		result = check_networks_twice(&node, target);
	if (result < 0)
		return result;
	qsort(target->networks, count, sizeof(*target->networks), compare_networks);
	host_note_sort(target);
	result = target_sample(target, node.document->err);
	return result < 0 ? refuse_relay(&node, result) : 0;
}
