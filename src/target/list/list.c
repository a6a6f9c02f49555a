/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plain list becomes a target in four passes: read each line into a span of 24 bytes,
 * sort the spans, refuse duplicates, cut the sorted array into networks. Lists of a million
 * lines are usual, so memory is exact: networks are counted before they are allocated, and
 * each has room for exactly its hosts.
 *
 * The addresses of a block are neighbours in the sorted array, unless the list also has a
 * prefix inside of the block or around it. Such a list is refused, because the block would
 * belong to two networks.
 */
#include "target/list/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "target/list/lines.h"
#include "target/network.h"

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

static int read_spans(const char *bytes, size_t length, struct spans *spans, struct bw_err *err)
{
	struct lines lines = lines_of(bytes, length, spans->file);
	struct span span;
	int result;

	while ((result = lines_next(&lines, &span, err)) > 0) {
		result = append(spans, &span);
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

static int check_twice(const struct spans *spans, struct bw_err *err)
{
	struct span first, second;
	char a[BW_PREFIX_TEXT], b[BW_PREFIX_TEXT];

	if (!span_find_overlap(spans->list, spans->count, &first, &second))
		return 0;
	span_format(&first, a);
	span_format(&second, b);
	if (bw_prefix_compare(&first.prefix, &second.prefix) == 0)
		bw_err_set(err, BW_ERR_OVERLAP, "%s is already in line %u: remove one of them", b,
			   first.origin);
	else
		bw_err_set(err, BW_ERR_OVERLAP, "%s overlaps %s of line %u: remove one of them", b,
			   a, first.origin);
	return place(spans, second.origin, BW_ERR_OVERLAP, err);
}

static struct bw_prefix block_of(const struct bw_addr *addr)
{
	return bw_prefix_of(addr, addr->family == 6 ? BW_BLOCK_LENGTH_V6 : BW_BLOCK_LENGTH_V4);
}

static int refuse_mixed(const struct spans *spans, const struct span *address,
			const struct span *prefix, struct bw_err *err)
{
	struct bw_prefix block = block_of(&address->prefix.addr);
	char text[BW_ADDR_TEXT], other[BW_PREFIX_TEXT], block_text[BW_PREFIX_TEXT];

	bw_err_set(err, BW_ERR_OVERLAP,
		   "%s makes a network of its block %s, which overlaps %s of line %u: "
		   "list the block, or addresses only",
		   bw_addr_format(&address->prefix.addr, text),
		   bw_prefix_format(&block, block_text), span_format(prefix, other),
		   prefix->origin);
	return place(spans, address->origin, BW_ERR_OVERLAP, err);
}

/*
 * The end of the network that begins at span FROM: behind it for a prefix, behind
 * the last address of the block for an address.
 */
static int find_end(const struct spans *spans, size_t from, size_t *ret_end, struct bw_err *err)
{
	const struct span *first = &spans->list[from];
	struct bw_prefix block;
	size_t end = from + 1;

	*ret_end = end;
	if (!first->address)
		return 0;
	block = block_of(&first->prefix.addr);
	if (from > 0 && bw_prefix_overlaps(&block, &first[-1].prefix))
		return refuse_mixed(spans, first, &first[-1], err);
	while (end < spans->count && bw_prefix_contains(&block, &spans->list[end].prefix.addr)) {
		if (!spans->list[end].address)
			return refuse_mixed(spans, first, &spans->list[end], err);
		end++;
	}
	*ret_end = end;
	return 0;
}

static int fill_network(struct bw_network *network, const struct span *spans, size_t count)
{
	network->prefix = spans->prefix;
	if (!spans->address)
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

static int count_networks(const struct spans *spans, size_t *ret_count, struct bw_err *err)
{
	size_t count = 0;

	for (size_t i = 0; i < spans->count; count++) {
		int result = find_end(spans, i, &i, err);

		if (result < 0)
			return result;
	}
	*ret_count = count;
	return 0;
}

static int fill_networks(struct bw_target *target, const struct spans *spans, struct bw_err *err)
{
	size_t count = 0, end = 0;
	int result = count_networks(spans, &count, err);

	if (result < 0)
		return result;
	target->networks = (struct bw_network *)calloc(count, sizeof(*target->networks));
	if (!target->networks)
		return -ENOMEM;
	for (size_t i = 0; i < spans->count; i = end) {
		struct bw_network *network = &target->networks[target->network_count++];

		result = find_end(spans, i, &end, err);
		if (result == 0)
			result = fill_network(network, &spans->list[i], end - i);
		if (result < 0)
			return result;
		result = network_check(network, err);
		if (result < 0)
			return place(spans, spans->list[i].origin, result, err);
	}
	result = target_check_blocks(target, err);
	return result < 0 ? place(spans, 0, result, err) : 0;
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

int list_parse(const char *bytes, size_t length, const char *file_name,
	       struct bw_target **ret_target, struct bw_err *err)
{
	struct bw_target *target = (struct bw_target *)calloc(1, sizeof(*target));
	struct spans spans = {.file = file_name};
	int result;

	result = target ? read_spans(bytes, length, &spans, err) : -ENOMEM;
	if (result < 0)
		goto out;
	span_sort(spans.list, spans.count);
	result = check_twice(&spans, err);
	if (result == 0)
		result = fill_networks(target, &spans, err);
	if (result == 0)
		result = set_names(target, file_name);
out:
	if (result == -ENOMEM)
		bw_err_set(err, result, "out of memory");
	free(spans.list);
	if (result < 0)
		bw_target_free(target);
	else
		*ret_target = target;
	return result;
}
