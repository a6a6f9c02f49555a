/* SPDX-License-Identifier: Apache-2.0 */
#include "target/file/blocks_json.h"

#include <errno.h>
#include <stdlib.h>

#include "target/network.h"
#include "json/field.h"

static int read_block(const struct node *node, const struct bw_network *network,
		      struct bw_prefix *ret_block)
{
	unsigned length = bw_network_block_length(network);
	const char *text = node_text(node);
	char prefix_text[BW_PREFIX_TEXT];

	if (!text || bw_prefix_parse(text, ret_block, NULL) < 0)
		return refuse_type(node, "a prefix");
	if (ret_block->length != length || !bw_prefix_covers(&network->prefix, ret_block))
		return refuse_value(node, BW_ERR_VALUE, "%.60s is no block of /%u in %s", text,
				    length, bw_prefix_format(&network->prefix, prefix_text));
	return 0;
}

static int compare_blocks(const void *a, const void *b)
{
	return bw_prefix_compare((const struct bw_prefix *)a, (const struct bw_prefix *)b);
}

static int check_blocks_twice(const struct node *node, const struct bw_prefixes *blocks)
{
	char text[BW_PREFIX_TEXT];

	for (size_t i = 1; i < blocks->count; i++)
		if (compare_blocks(&blocks->list[i - 1], &blocks->list[i]) == 0)
			return refuse_twice(node, bw_prefix_format(&blocks->list[i], text), NULL,
					    0);
	return 0;
}

int blocks_json_read(const struct node *parent, struct bw_network *network)
{
	const struct node node = node_member(parent, "blocks");
	size_t count = node_count(&node);
	struct node element = {0};
	int result = field_list(&node);

	if (result < 0 || !node_exists(&node))
		return result;
	if (count == 0)
		return refuse_empty(&node, "leave it out, and all blocks are watched");
	if (count > TARGET_NETWORK_BLOCKS_MAX)
		return refuse_count(&node, TARGET_NETWORK_BLOCKS_MAX);
	network->blocks.list = (struct bw_prefix *)calloc(count, sizeof(*network->blocks.list));
	if (!network->blocks.list)
		return -ENOMEM;
	while (result == 0 && node_next(&node, &element))
		result = read_block(&element, network,
				    &network->blocks.list[network->blocks.count++]);
	if (result < 0)
		return result;
	qsort(network->blocks.list, count, sizeof(*network->blocks.list), compare_blocks);
	return check_blocks_twice(&node, &network->blocks);
}

int blocks_json_check_hosts(const struct node *parent, const struct bw_network *network)
{
	const struct node node = node_member(parent, "hosts");
	size_t block = 0;
	char text[BW_ADDR_TEXT];

	if (network->blocks.count == 0)
		return 0;
	for (size_t i = 0; i < network->host_count; i++) {
		const struct bw_addr *addr = &network->hosts[i].addr;

		while (block < network->blocks.count &&
		       bw_addr_compare(&network->blocks.list[block].addr, addr) <= 0)
			block++;
		if (block == 0 || !bw_prefix_contains(&network->blocks.list[block - 1], addr))
			return refuse_value(&node, BW_ERR_VALUE,
					    "%s is in none of the blocks that its network lists",
					    bw_addr_format(addr, text));
	}
	return 0;
}
