/* SPDX-License-Identifier: Apache-2.0 */
#include "target/network.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "json/utf8.h"

static void free_network(struct bw_network *network)
{
	free(network->name);
	free(network->upstreams);
	free(network->hosts);
}

void bw_target_free(struct bw_target *target)
{
	if (!target)
		return;
	for (size_t i = 0; i < target->network_count; i++)
		free_network(&target->networks[i]);
	for (size_t i = 0; i < target->reference_target_count; i++)
		free(target->reference_targets[i]);
	free(target->networks);
	free(target->references);
	free(target->reference_targets);
	free(target->name);
	free(target->title);
	free(target->country);
	free(target->source);
	free(target->updated);
	free(target->file);
	free(target);
}

unsigned bw_network_block_length(const struct bw_network *network)
{
	unsigned length = network->block_length;

	if (!length)
		length = network->prefix.addr.family == 6 ? BW_BLOCK_LENGTH_V6 : BW_BLOCK_LENGTH_V4;
	return length > network->prefix.length ? length : network->prefix.length;
}

bool target_name_is_valid(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	return length > 0 && length <= TARGET_NAME_MAX && !name[length] && !strchr("._-", name[0]);
}

char *target_name_of_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = strdup(slash && slash[1] ? slash + 1 : path);
	char *dot = name ? strrchr(name, '.') : NULL;

	if (dot && dot != name && (strcmp(dot, ".json") == 0 || strcmp(dot, ".txt") == 0))
		*dot = '\0';
	if (name && !utf8_is_valid(name))
		for (char *c = name; *c; c++)
			if (*c & 0x80)
				*c = '?';
	return name;
}

uint64_t network_count_blocks(const struct bw_network *network)
{
	return bw_prefix_parts(&network->prefix, bw_network_block_length(network));
}

uint64_t target_count_blocks(const struct bw_target *target)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < target->network_count; i++)
		sum += network_count_blocks(&target->networks[i]);
	return sum;
}

uint64_t target_count_hosts(const struct bw_target *target)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < target->network_count; i++)
		sum += target->networks[i].host_count;
	return sum;
}

int network_check(const struct bw_network *network, struct bw_err *err)
{
	unsigned length = network->block_length, bits = bw_addr_bits(&network->prefix.addr);
	char text[BW_PREFIX_TEXT];
	uint64_t blocks;

	bw_prefix_format(&network->prefix, text);
	if (length && (length < network->prefix.length || length > bits))
		return bw_err_set(err, BW_ERR_VALUE, "%u is no block length for %s: %u to %u",
				  length, text, network->prefix.length, bits);
	blocks = network_count_blocks(network);
	if (blocks > TARGET_NETWORK_BLOCKS_MAX)
		return bw_err_set(err, BW_ERR_LIMIT,
				  "%s has %" PRIu64 " blocks of /%u, more than %d: "
				  "split it or give a shorter block_length",
				  text, blocks, bw_network_block_length(network),
				  TARGET_NETWORK_BLOCKS_MAX);
	return 0;
}

int target_check_blocks(const struct bw_target *target, struct bw_err *err)
{
	uint64_t blocks = target_count_blocks(target);

	if (blocks <= TARGET_BLOCKS_MAX)
		return 0;
	return bw_err_set(err, BW_ERR_LIMIT,
			  "%" PRIu64 " blocks in all, more than %d: make several targets of it",
			  blocks, TARGET_BLOCKS_MAX);
}
