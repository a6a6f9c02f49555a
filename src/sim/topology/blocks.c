/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/topology/blocks.h"

#include "base/addr/addr_key.h"

#define HOST_ROOM_V4 65536
#define HOST_ROOM_V6 256

static const struct block_range *range_at(const struct blocks *blocks, uint32_t n)
{
	return (const struct block_range *)array_at(&blocks->ranges, n);
}

static struct bw_prefix prefix_of_block(const void *self, uint32_t number)
{
	return blocks_get((const struct blocks *)self, number).prefix;
}

void blocks_init(struct blocks *blocks)
{
	*blocks = (struct blocks){
		.ranges = array_of(sizeof(struct block_range)),
		.lpm = {.prefix_of = prefix_of_block, .self = blocks},
	};
}

void blocks_fini(struct blocks *blocks)
{
	array_fini(&blocks->ranges);
	lpm_fini(&blocks->lpm);
}

uint32_t blocks_host_room(const struct bw_prefix *prefix, uint32_t *ret_first)
{
	uint64_t size = bw_prefix_size(prefix);
	uint32_t most = prefix->addr.family == 4 ? HOST_ROOM_V4 : HOST_ROOM_V6;

	if (size > most)
		size = most;
	*ret_first = size > 3 ? 2 : 0;
	return (uint32_t)(size > 3 ? size - 3 : size);
}

uint64_t blocks_offset(const struct bw_prefix *prefix, const struct bw_addr *addr)
{
	struct addr_key base = addr_key_of(&prefix->addr), key = addr_key_of(addr);

	if (addr->family == 4)
		return (key.hi - base.hi) >> 32;
	return key.hi == base.hi ? key.lo - base.lo : UINT64_MAX;
}

/* The prefix N places after FIRST. Wraps round after the last address. */
static struct bw_prefix prefix_after(const struct bw_prefix *first, uint32_t n)
{
	struct addr_key key = addr_key_of(&first->addr);
	struct bw_prefix prefix = {.length = first->length};
	unsigned shift = first->length <= 64 ? 64 - first->length : 128 - first->length;

	if (first->length <= 64) {
		key.hi += (uint64_t)n << shift;
	} else {
		uint64_t step = (uint64_t)n << shift;

		key.hi += shift > 32 ? (uint64_t)n >> (64 - shift) : 0;
		key.lo += step;
		key.hi += key.lo < step;
	}
	prefix.addr = addr_key_addr(key, first->addr.family);
	return prefix;
}

static int check_room(const struct bw_prefix *prefix, const struct sim_profile *profile,
		      struct bw_err *err)
{
	uint32_t first, room = blocks_host_room(prefix, &first);
	uint64_t hosts = 0;
	char text[BW_PREFIX_TEXT];

	for (unsigned i = 0; i < profile->group_count; i++)
		hosts += profile->groups[i].count;
	if (hosts > room)
		return bw_err_set(err, BW_ERR_VALUE, "%llu hosts in %s, which has room for %u",
				  (unsigned long long)hosts, bw_prefix_format(prefix, text), room);
	return 0;
}

static int check_first(const struct bw_prefix *first, uint32_t count, struct bw_err *err)
{
	unsigned bits = bw_addr_bits(&first->addr);
	struct bw_prefix cut, last;

	if (first->length == 0 || first->length > bits || (bits == 32 && first->length < 16))
		return bw_err_set(err, BW_ERR_VALUE, "a block is IPv6, or IPv4 from /16 on");
	cut = bw_prefix_of(&first->addr, first->length);
	if (!bw_addr_equal(&cut.addr, &first->addr))
		return bw_err_set(err, BW_ERR_VALUE, "bits behind the length of a block's prefix");
	if (count == 0 || count > INT32_MAX || (first->length < 32 && (count - 1) >> first->length))
		return bw_err_set(err, BW_ERR_VALUE, "%u blocks of /%u", count, first->length);
	last = prefix_after(first, count - 1);
	if (bw_addr_compare(&last.addr, &first->addr) < 0)
		return bw_err_set(err, BW_ERR_VALUE, "%u blocks reach behind the last address",
				  count);
	return 0;
}

int blocks_check(const struct bw_prefix *first, uint32_t count, const struct sim_profile *profile,
		 struct bw_err *err)
{
	int rc = check_first(first, count, err);

	return rc < 0 ? rc : check_room(first, profile, err);
}

int blocks_add(struct blocks *blocks, const struct block_range *range, struct bw_err *err)
{
	struct block_range added = *range;
	char text[BW_PREFIX_TEXT];
	int rc;

	added.first = blocks->count;
	rc = array_put(&blocks->ranges, &added, INT32_MAX, err);
	if (rc < 0)
		return rc;
	blocks->count += added.count;
	rc = lpm_add(&blocks->lpm, added.first, added.count);
	if (rc < 0)
		return bw_err_set(err, rc, "%u blocks from %s on: %s", added.count,
				  bw_prefix_format(&added.prefix, text), bw_error_text(rc));
	return (int)added.first;
}

struct sim_block blocks_get(const struct blocks *blocks, uint32_t number)
{
	uint32_t low = 0, high = blocks->ranges.count;
	const struct block_range *range;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (range_at(blocks, middle)->first <= number)
			low = middle;
		else
			high = middle;
	}
	range = range_at(blocks, low);
	return (struct sim_block){number, range,
				  prefix_after(&range->prefix, number - range->first)};
}
