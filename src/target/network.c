/* SPDX-License-Identifier: Apache-2.0 */
#include "target/network.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/addr_key.h"
#include "base/rng.h"
#include "target/origin.h"
#include "json/utf8.h"

static void free_network(struct bw_network *network)
{
	free(network->name);
	free(network->source);
	free(network->upstreams);
	free(network->hosts);
	free(network->blocks.list);
}

void bw_target_free(struct bw_target *target)
{
	if (!target)
		return;
	for (size_t i = 0; i < target->network_count; i++)
		free_network(&target->networks[i]);
	for (size_t i = 0; i < target->reference_target_count; i++)
		free(target->reference_targets[i]);
	for (size_t i = 0; i < target->host_note_count; i++) {
		free(target->host_notes[i].name);
		free(target->host_notes[i].source);
	}
	free(target->host_notes);
	free(target->networks);
	free(target->references);
	free(target->reference_targets);
	free(target->name);
	free(target->title);
	free(target->country);
	free(target->timezone);
	origin_free(target->origin);
	free(target->source);
	free(target->updated);
	free(target->file);
	free(target->notes);
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

static uint64_t count_parts(const struct bw_network *network)
{
	return bw_prefix_parts(&network->prefix, bw_network_block_length(network));
}

/* PARTS * I / COUNT without an overflow. */
static uint64_t part_of(uint64_t parts, uint64_t i, uint64_t count)
{
	return parts / count * i + parts % count * i / count;
}

bool network_is_sparse(const struct bw_network *network)
{
	uint64_t parts = count_parts(network);

	if (network->blocks.count > 0 || parts <= NETWORK_SPARSE_BLOCKS)
		return false;
	return network->prefix.addr.family == 6 ||
	       (network->host_count > 0 && parts > TARGET_NETWORK_BLOCKS_MAX);
}

static uint64_t count_host_blocks(const struct bw_network *network)
{
	struct network_block block = {0};
	uint64_t count = 0;

	while (network_next_block(network, &block))
		count++;
	return count;
}

uint64_t network_count_blocks(const struct bw_network *network)
{
	if (network->blocks.count > 0)
		return network->blocks.count;
	if (network_is_sparse(network))
		return network->host_count > 0 ? count_host_blocks(network) : 1;
	return network->sample ? network->sample : count_parts(network);
}

/* Each block of a sample lies at a place of its own in one of SAMPLE equal parts. */
static struct bw_prefix sampled_block(const struct bw_network *network, uint64_t i)
{
	struct addr_key key = addr_key_of(&network->prefix.addr);
	uint64_t parts = count_parts(network);
	uint64_t first = part_of(parts, i, network->sample);
	uint64_t end = part_of(parts, i + 1, network->sample);

	first += rng_mix(rng_mix(key.hi ^ key.lo) + i) % (end - first);
	return bw_prefix_part(&network->prefix, bw_network_block_length(network), first);
}

struct bw_prefix network_block(const struct bw_network *network, uint64_t i)
{
	if (network->blocks.count > 0)
		return network->blocks.list[i];
	if (network_is_sparse(network))
		return network->prefix;
	if (network->sample)
		return sampled_block(network, i);
	return bw_prefix_part(&network->prefix, bw_network_block_length(network), i);
}

/* The block of the next host: of a sparse network. */
static struct bw_prefix block_of_host(const struct bw_network *network, size_t host)
{
	return bw_prefix_of(&network->hosts[host].addr, bw_network_block_length(network));
}

static size_t find_hosts_end(const struct bw_network *network, const struct bw_prefix *prefix,
			     size_t host)
{
	while (host < network->host_count && bw_prefix_contains(prefix, &network->hosts[host].addr))
		host++;
	return host;
}

bool network_next_block(const struct bw_network *network, struct network_block *block)
{
	bool is_first = block->prefix.addr.family == 0;
	uint64_t number = is_first ? 0 : block->number + 1;
	size_t host = block->first_host + block->host_count;
	bool is_by_host = network->host_count > 0 && network_is_sparse(network);

	if (is_by_host ? host == network->host_count : number == network_count_blocks(network))
		return false;
	block->prefix = is_by_host ? block_of_host(network, host) : network_block(network, number);
	block->number = number;
	block->first_host = host;
	block->host_count = find_hosts_end(network, &block->prefix, host) - host;
	return true;
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

int network_check_block_length(const struct bw_network *network, struct bw_err *err)
{
	unsigned length = network->block_length, bits = bw_addr_bits(&network->prefix.addr);
	char text[BW_PREFIX_TEXT];

	if (!length || (length >= network->prefix.length && length <= bits))
		return 0;
	return bw_err_set(err, BW_ERR_VALUE, "%u is no block length for %s: %u to %u", length,
			  bw_prefix_format(&network->prefix, text), network->prefix.length, bits);
}

int network_check(const struct bw_network *network, struct bw_err *err)
{
	int result = network_check_block_length(network, err);
	char text[BW_PREFIX_TEXT];
	uint64_t blocks;

	if (result < 0)
		return result;
	blocks = count_parts(network);
	if (blocks <= TARGET_NETWORK_BLOCKS_MAX)
		return 0;
	return bw_err_set(err, BW_ERR_LIMIT,
			  "%s has %" PRIu64 " blocks of /%u, more than %d: "
			  "split it or give a shorter block_length",
			  bw_prefix_format(&network->prefix, text), blocks,
			  bw_network_block_length(network), TARGET_NETWORK_BLOCKS_MAX);
}

int target_note(struct bw_target *target, const char *format, ...)
{
	char *line, *notes;
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = vasprintf(&line, format, arguments);
	va_end(arguments);
	if (result < 0)
		return -ENOMEM;
	if (!target->notes) {
		target->notes = line;
		return 0;
	}
	result = asprintf(&notes, "%s\n%s", target->notes, line);
	free(line);
	if (result < 0)
		return -ENOMEM;
	free(target->notes);
	target->notes = notes;
	return 0;
}

/* How many blocks of a network are watched when each network has CAP at most. */
static uint64_t count_capped(const struct bw_network *network, uint64_t cap)
{
	uint64_t parts = network_count_blocks(network);

	return network->host_count > 0 || network->blocks.count > 0 || parts < cap ? parts : cap;
}

static uint64_t sum_capped(const struct bw_target *target, uint64_t cap)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < target->network_count; i++)
		sum += count_capped(&target->networks[i], cap);
	return sum;
}

static int note_sample(struct bw_target *target, const struct bw_network *first, size_t count)
{
	char text[BW_PREFIX_TEXT], more[64] = "";

	if (count > 1)
		snprintf(more, sizeof(more), " (and %zu networks likewise)", count - 1);
	return target_note(target,
			   "%s%s%s has too many blocks: a sample of %" PRIu32 " of its %" PRIu64
			   " blocks of /%u is watched, spread evenly over it%s",
			   target->file ? target->file : "", target->file ? ": " : "",
			   bw_prefix_format(&first->prefix, text), first->sample,
			   count_parts(first), bw_network_block_length(first), more);
}

int target_sample(struct bw_target *target, struct bw_err *err)
{
	const struct bw_network *first = NULL;
	uint64_t cap = TARGET_NETWORK_BLOCKS_MAX;
	size_t count = 0;

	while (cap > 0 && sum_capped(target, cap) > TARGET_BLOCKS_MAX)
		cap /= 2;
	if (cap == 0)
		return bw_err_set(err, BW_ERR_LIMIT,
				  "more than %d blocks in all: make several targets of it",
				  TARGET_BLOCKS_MAX);
	for (size_t i = 0; i < target->network_count; i++) {
		struct bw_network *network = &target->networks[i];

		if (network->host_count > 0 || network->blocks.count > 0 ||
		    network_is_sparse(network) || count_parts(network) <= cap)
			continue;
		network->sample = (uint32_t)cap;
		if (count++ == 0)
			first = network;
	}
	return first ? note_sample(target, first, count) : 0;
}

int target_keep_family(struct bw_target *target, int family, struct bw_err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < target->network_count; i++)
		kept += target->networks[i].prefix.addr.family == family;
	if (kept == 0)
		return bw_err_set(err, BW_ERR_VALUE, "has no IPv%d network, and -%d asks for those",
				  family, family);
	kept = 0;
	for (size_t i = 0; i < target->network_count; i++) {
		if (target->networks[i].prefix.addr.family == family)
			target->networks[kept++] = target->networks[i];
		else
			free_network(&target->networks[i]);
	}
	target->network_count = kept;
	return 0;
}

static int compare_note(const void *key, const void *element)
{
	return bw_addr_compare(key, &((const struct bw_host_note *)element)->addr);
}

const struct bw_host_note *target_host_note(const struct bw_target *target,
					    const struct bw_addr *addr)
{
	if (target->host_note_count == 0)
		return NULL;
	return bsearch(addr, target->host_notes, target->host_note_count,
		       sizeof(*target->host_notes), compare_note);
}

size_t target_find_network(const struct bw_target *target, size_t count, const struct bw_addr *addr)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bw_addr_compare(&target->networks[middle].prefix.addr, addr) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || !bw_prefix_contains(&target->networks[low - 1].prefix, addr))
		return count;
	return low - 1;
}
