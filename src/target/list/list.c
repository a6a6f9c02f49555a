/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plain list becomes a target in four passes: read each line into a span of 24 bytes,
 * sort the spans, remove those that others cover, cut the sorted array into networks. Lists
 * of a million lines are usual, so memory is exact: networks are counted before they are
 * allocated, and each has room for exactly its hosts.
 *
 * The addresses of a block are neighbours in the sorted array and become the hosts of one
 * network. A block must not belong to two networks: when the list also has a prefix inside of
 * the block, each address of the block becomes a network of its own.
 *
 * A range is cut into prefixes. Those that are longer than a block are written out as
 * addresses, because whoever lists ".9-.12" means four hosts.
 */
#include "target/list/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/list/lines.h"
#include "target/network.h"

#define RANGE_HOSTS_MAX 256 /* addresses of a part of a range that become hosts */

struct spans {
	struct span *list;
	size_t count, capacity;
	const char *file;
};

/* What comes from the command line has no place. */
static int place(const struct spans *spans, uint32_t line, int code, struct bw_err *err)
{
	if (spans->file)
		bw_err_place(err, spans->file, (int)line, 0, NULL);
	return code;
}

static int append(struct spans *spans, const struct span *span)
{
	if (spans->count == spans->capacity) {
		size_t capacity = spans->capacity ? spans->capacity * 2 : 16;
		struct span *list;

		list = (struct span *)realloc(spans->list, capacity * sizeof(*list));
		if (!list)
			return -ENOMEM;
		spans->list = list;
		spans->capacity = capacity;
	}
	spans->list[spans->count++] = *span;
	return 0;
}

static unsigned block_length_of(const struct bw_addr *addr)
{
	return addr->family == 6 ? BW_BLOCK_LENGTH_V6 : BW_BLOCK_LENGTH_V4;
}

static struct bw_prefix block_of(const struct bw_addr *addr)
{
	return bw_prefix_of(addr, block_length_of(addr));
}

/* Appends a span; the addresses of one that is a small part of a range. */
static int append_span(struct spans *spans, const struct span *span)
{
	const struct bw_prefix *prefix = &span->prefix;
	uint64_t size = bw_prefix_size(prefix);
	int result = 0;

	if (span->form != SPAN_RANGE || size > RANGE_HOSTS_MAX ||
	    prefix->length <= block_length_of(&prefix->addr))
		return append(spans, span);
	for (uint64_t i = 0; i < size && result == 0; i++) {
		struct span address = {.form = SPAN_ADDRESS, .origin = span->origin};

		address.prefix.addr = bw_addr_add(&prefix->addr, i);
		address.prefix.length = (uint8_t)bw_addr_bits(&prefix->addr);
		result = append(spans, &address);
	}
	return result;
}

static int read_spans(struct lines *lines, struct spans *spans, struct bw_err *err)
{
	struct span span;
	int result;

	while ((result = lines_next(lines, &span, err)) > 0) {
		result = append_span(spans, &span);
		if (result < 0)
			return bw_err_set(err, result, "out of memory");
	}
	if (result < 0)
		return result;
	if (spans->count == 0) {
		bw_err_set(err, BW_ERR_VALUE, "the list is empty: no prefix and no address in it");
		return place(spans, 0, BW_ERR_VALUE, err);
	}
	return 0;
}

/* Removes what is listed twice or inside of another entry, and says so in one note. */
static int merge_spans(struct spans *spans, struct bw_target *target)
{
	char inner[BW_PREFIX_TEXT], outer[BW_PREFIX_TEXT];
	struct span_merged merged;

	span_sort(spans->list, spans->count);
	spans->count = span_merge(spans->list, spans->count, &merged);
	if (merged.count == 0)
		return 0;
	return target_note(target,
			   "%s%s%zu of its entries are listed twice or lie in another, and count "
			   "once (%s of line %u is in %s of line %u)",
			   spans->file ? spans->file : "", spans->file ? ": " : "", merged.count,
			   span_format(&merged.first, inner), merged.first.origin,
			   span_format(&merged.in, outer), merged.in.origin);
}

/* The end of the spans that are in one block with span FROM, which is longer than a block. */
static size_t find_block_end(const struct spans *spans, size_t from)
{
	struct bw_prefix block = block_of(&spans->list[from].prefix.addr);
	size_t end = from + 1;

	while (end < spans->count &&
	       bw_prefix_covers(&block, &spans->list[end].prefix))
		end++;
	return end;
}

/* Makes prefixes of the addresses of blocks of which prefixes are listed, too. */
static void split_mixed_blocks(struct spans *spans)
{
	for (size_t i = 0, end; i < spans->count; i = end) {
		bool has_prefix = false;

		end = i + 1;
		if (spans->list[i].prefix.length <= block_length_of(&spans->list[i].prefix.addr))
			continue;
		end = find_block_end(spans, i);
		for (size_t j = i; j < end; j++)
			has_prefix |= spans->list[j].form != SPAN_ADDRESS;
		for (size_t j = i; j < end && has_prefix; j++)
			spans->list[j].form = SPAN_PREFIX;
	}
}

/* The end of the network that begins at span FROM. */
static size_t find_end(const struct spans *spans, size_t from)
{
	return spans->list[from].form == SPAN_ADDRESS ? find_block_end(spans, from) : from + 1;
}

static int fill_network(struct bw_network *network, const struct span *spans, size_t count)
{
	network->prefix = spans->prefix;
	if (spans->form != SPAN_ADDRESS)
		return 0;
	network->prefix = block_of(&spans->prefix.addr);
	network->hosts = (struct bw_host *)calloc(count, sizeof(*network->hosts));
	if (!network->hosts)
		return -ENOMEM;
	network->host_count = count;
	for (size_t i = 0; i < count; i++) {
		network->hosts[i].addr = spans[i].prefix.addr;
		network->hosts[i].availability = BW_AVAILABILITY_DEFAULT;
	}
	return 0;
}

static size_t count_networks(const struct spans *spans)
{
	size_t count = 0;

	for (size_t i = 0; i < spans->count; count++)
		i = find_end(spans, i);
	return count;
}

static int fill_networks(struct bw_target *target, const struct spans *spans, struct bw_err *err)
{
	size_t count = count_networks(spans), end = 0;
	int result;

	target->networks = (struct bw_network *)calloc(count, sizeof(*target->networks));
	if (!target->networks)
		return -ENOMEM;
	for (size_t i = 0; i < spans->count; i = end) {
		struct bw_network *network = &target->networks[target->network_count++];

		end = find_end(spans, i);
		result = fill_network(network, &spans->list[i], end - i);
		if (result < 0)
			return result;
	}
	return target_sample(target, err);
}

static int set_names(struct bw_target *target, const char *file_name)
{
	target->methods.list[0] = (struct bw_method){BW_PROTOCOL_ICMP, 0};
	target->methods.count = 1;
	if (!file_name)
		return 0;
	target->file = strdup(file_name);
	target->name = target_name_of_file(file_name);
	return target->file && target->name ? 0 : -ENOMEM;
}

static int parse_lines(struct lines *lines, struct bw_target *target, struct spans *spans,
		       struct bw_err *err)
{
	int result = read_spans(lines, spans, err);

	if (result == 0)
		result = merge_spans(spans, target);
	if (result < 0)
		return result;
	split_mixed_blocks(spans);
	result = set_names(target, spans->file);
	if (result == 0)
		result = fill_networks(target, spans, err);
	return result == BW_ERR_LIMIT ? place(spans, 0, result, err) : result;
}

int list_parse(const char *bytes, size_t length, const char *file_name,
	       struct bw_target **ret_target, struct bw_err *err)
{
	struct bw_target *target = (struct bw_target *)calloc(1, sizeof(*target));
	struct lines lines = lines_of(bytes, length, file_name);
	struct spans spans = {.file = file_name};
	int result = target ? parse_lines(&lines, target, &spans, err) : -ENOMEM;

	if (result == -ENOMEM)
		bw_err_set(err, result, "out of memory");
	free(spans.list);
	if (result < 0)
		bw_target_free(target);
	else
		*ret_target = target;
	return result;
}
