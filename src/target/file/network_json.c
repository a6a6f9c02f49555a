/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/network_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/network.h"
#include "target/list/span.h"

#define NAME_MAX_BYTES 100
#define SOURCE_MAX 1000

static const char *const network_fields[] = {"prefix",	"name",	 "asn",	   "upstreams",
					     "block_length", "hosts", "source", NULL};
static const char *const host_fields[] = {"address", "availability", "methods", "name", "source",
					  NULL};

int network_json_methods(const struct node *node, struct bw_methods *methods)
{
	if (!node->json)
		return 0;
	if (node_check_array(node) < 0)
		return BW_ERR_VALUE;
	if (json_array_size(node->json) == 0)
		return node_refuse(node, BW_ERR_VALUE, "must not be empty: leave it out");
	for (size_t i = 0; i < json_array_size(node->json); i++) {
		struct locate_step step;
		struct node element = node_element(node, i, &step);
		const char *text = json_string_value(element.json);
		struct bw_method method;
		int result;

		if (!text)
			return node_refuse(&element, BW_ERR_VALUE,
					   "must be a string: icmp or tcp:PORT");
		result = bw_method_parse(text, &method, node->document->err);
		if (result == 0)
			result = bw_methods_add(methods, method, node->document->err);
		if (result < 0)
			return node_relay(&element, result);
	}
	return 0;
}

/* Name and source of a host, source of a network: for readers of the file, checked and dropped. */
static int check_note(const struct node *parent, const char *key, size_t max)
{
	struct locate_step step;
	struct node node = node_member(parent, key, &step);
	char *text = NULL;
	int result = node_read_text(&node, max, &text);

	free(text);
	return result;
}

static int read_availability(const struct node *parent, float *availability)
{
	struct locate_step step;
	struct node node = node_member(parent, "availability", &step);
	double value = json_number_value(node.json);

	if (!node.json)
		return 0;
	if (!json_is_number(node.json))
		return node_refuse(&node, BW_ERR_VALUE, "must be a number above 0, at most 1");
	if (!(value > 0 && value <= 1) || (float)value == 0)
		return node_refuse(&node, BW_ERR_VALUE, "%g is out of range: above 0, at most 1",
				   value);
	*availability = (float)value;
	return 0;
}

static int read_address(const struct node *node, const struct bw_prefix *prefix,
			struct bw_addr *ret_addr)
{
	const char *text = json_string_value(node->json);
	char prefix_text[BW_PREFIX_TEXT];

	if (!node->json)
		return node_refuse(node, BW_ERR_VALUE, "missing: a host needs its address");
	if (!text)
		return node_refuse(node, BW_ERR_VALUE, "must be a string: an address");
	if (bw_addr_parse(text, ret_addr) < 0)
		return node_refuse(node, BW_ERR_VALUE, "'%.60s' is no address", text);
	if (!bw_prefix_contains(prefix, ret_addr))
		return node_refuse(node, BW_ERR_VALUE, "%s is outside of its network %s", text,
				   bw_prefix_format(prefix, prefix_text));
	return 0;
}

/* A host is its address, or an object. */
static int read_host(const struct node *node, const struct bw_prefix *prefix, struct bw_host *host)
{
	struct locate_step step;
	struct node member;
	int result;

	host->availability = BW_AVAILABILITY_DEFAULT;
	if (json_is_string(node->json))
		return read_address(node, prefix, &host->addr);
	result = node_check_object(node, "a host", host_fields);
	if (result == 0) {
		member = node_member(node, "address", &step);
		result = read_address(&member, prefix, &host->addr);
	}
	if (result == 0)
		result = read_availability(node, &host->availability);
	if (result == 0) {
		member = node_member(node, "methods", &step);
		result = network_json_methods(&member, &host->methods);
	}
	if (result == 0)
		result = check_note(node, "name", NAME_MAX_BYTES);
	return result == 0 ? check_note(node, "source", SOURCE_MAX) : result;
}

/* SPANS has the elements of the array NODE; refuses what two of them share. */
static int check_twice(const struct node *node, struct span *spans, size_t count)
{
	struct span first, second;
	struct locate_step step, first_step;
	struct node element, other;
	char a[BW_PREFIX_TEXT], b[BW_PREFIX_TEXT], field[64];

	span_sort(spans, count);
	if (!span_find_overlap(spans, count, &first, &second))
		return 0;
	element = node_element(node, second.origin, &step);
	other = node_element(node, first.origin, &first_step);
	locate_format(other.path, field, sizeof(field));
	span_format(&first, a);
	span_format(&second, b);
	if (strcmp(a, b) == 0)
		return node_refuse(&element, BW_ERR_OVERLAP, "%s is already %s in line %d", b,
				   field, node_line(&other));
	return node_refuse(&element, BW_ERR_OVERLAP, "%s overlaps %s, which is %s in line %d", b,
			   a, field, node_line(&other));
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

		spans[i] = (struct span){bw_prefix_of(addr, bw_addr_bits(addr)), 1, (uint32_t)i};
	}
	result = check_twice(node, spans, network->host_count);
	free(spans);
	return result;
}

static int read_hosts(const struct node *parent, struct bw_network *network)
{
	struct locate_step step, element_step;
	struct node node = node_member(parent, "hosts", &step);
	size_t count = json_array_size(node.json);
	int result;

	if (!node.json)
		return 0;
	if (node_check_array(&node) < 0)
		return BW_ERR_VALUE;
	if (count == 0)
		return node_refuse(&node, BW_ERR_VALUE,
				   "must not be empty: without it every address is a candidate");
	network->hosts = (struct bw_host *)calloc(count, sizeof(*network->hosts));
	if (!network->hosts)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct node element = node_element(&node, i, &element_step);

		result = read_host(&element, &network->prefix, &network->hosts[i]);
		if (result < 0)
			return result;
	}
	network->host_count = count;
	network->known = true;
	result = check_hosts_twice(&node, network);
	qsort(network->hosts, count, sizeof(*network->hosts), compare_hosts);
	return result;
}

static int read_upstreams(const struct node *parent, struct bw_network *network)
{
	struct locate_step step, element_step;
	struct node node = node_member(parent, "upstreams", &step);
	size_t count = json_array_size(node.json);

	if (!node.json)
		return 0;
	if (node_check_array(&node) < 0)
		return BW_ERR_VALUE;
	if (count > TARGET_UPSTREAMS_MAX)
		return node_refuse(&node, BW_ERR_LIMIT, "%zu upstreams, more than %d", count,
				   TARGET_UPSTREAMS_MAX);
	network->upstreams = (uint32_t *)calloc(count + 1, sizeof(*network->upstreams));
	if (!network->upstreams)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct node element = node_element(&node, i, &element_step);
		uint32_t asn = 0;
		int result = node_read_integer(&element, 1, UINT32_MAX, &asn);

		for (size_t j = 0; j < i && result == 0; j++)
			if (network->upstreams[j] == asn)
				result = node_refuse(&element, BW_ERR_OVERLAP,
						     "%u is given twice", asn);
		if (result < 0)
			return result;
		network->upstreams[network->upstream_count++] = asn;
	}
	return 0;
}

static int read_prefix(const struct node *parent, struct bw_prefix *ret_prefix)
{
	struct locate_step step;
	struct node node = node_member(parent, "prefix", &step);
	const char *text = json_string_value(node.json);
	int result;

	if (!node.json)
		return node_refuse(&node, BW_ERR_VALUE, "missing: a network needs its prefix");
	if (!text)
		return node_refuse(&node, BW_ERR_VALUE, "must be a string: a prefix");
	result = bw_prefix_parse(text, ret_prefix, parent->document->err);
	if (result == BW_ERR_SYNTAX)
		return node_refuse(&node, BW_ERR_VALUE,
				   "'%.60s' is no prefix: write it like 198.18.0.0/24", text);
	return result < 0 ? node_relay(&node, result) : 0;
}

static int read_block_length(const struct node *parent, struct bw_network *network)
{
	struct locate_step step;
	struct node node = node_member(parent, "block_length", &step);
	uint32_t length = 0;
	int result = node_read_integer(&node, 1, 128, &length);

	if (result < 0)
		return result;
	network->block_length = (uint8_t)length;
	result = network_check(network, parent->document->err);
	return result < 0 ? node_relay(&node, result) : 0;
}

static int read_network(const struct node *node, struct bw_network *network)
{
	struct locate_step step;
	struct node member;
	int result = node_check_object(node, "a network", network_fields);

	if (result == 0)
		result = read_prefix(node, &network->prefix);
	if (result == 0) {
		member = node_member(node, "name", &step);
		result = node_read_text(&member, NAME_MAX_BYTES, &network->name);
	}
	if (result == 0) {
		member = node_member(node, "asn", &step);
		result = node_read_integer(&member, 1, UINT32_MAX, &network->asn);
	}
	if (result == 0)
		result = read_upstreams(node, network);
	if (result == 0)
		result = read_block_length(node, network);
	if (result == 0)
		result = check_note(node, "source", SOURCE_MAX);
	return result == 0 ? read_hosts(node, network) : result;
}

static int check_networks_twice(const struct node *node, const struct bw_target *target)
{
	struct span *spans = (struct span *)calloc(target->network_count, sizeof(*spans));
	int result;

	if (!spans)
		return -ENOMEM;
	for (size_t i = 0; i < target->network_count; i++)
		spans[i] = (struct span){target->networks[i].prefix, 0, (uint32_t)i};
	result = check_twice(node, spans, target->network_count);
	free(spans);
	return result;
}

int network_json_read(const struct node *target_node, struct bw_target *target)
{
	struct locate_step step, element_step;
	struct node node = node_member(target_node, "networks", &step);
	size_t count = json_array_size(node.json);
	int result = 0;

	if (!node.json)
		return node_refuse(&node, BW_ERR_VALUE, "missing: a target needs its networks");
	if (node_check_array(&node) < 0)
		return BW_ERR_VALUE;
	if (count == 0)
		return node_refuse(&node, BW_ERR_VALUE, "must not be empty");
	target->networks = (struct bw_network *)calloc(count, sizeof(*target->networks));
	if (!target->networks)
		return -ENOMEM;
	for (size_t i = 0; i < count && result == 0; i++) {
		struct node element = node_element(&node, i, &element_step);

		result = read_network(&element, &target->networks[target->network_count++]);
	}
	if (result == 0)
		result = check_networks_twice(&node, target);
	if (result < 0)
		return result;
	qsort(target->networks, count, sizeof(*target->networks), compare_networks);
	result = target_check_blocks(target, node.document->err);
	return result < 0 ? node_relay(&node, result) : 0;
}
