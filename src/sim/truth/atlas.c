/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/truth/atlas.h"

#include <errno.h>
#include <stdlib.h>

#include "base/addr_key.h"
#include "base/rng.h"

#define FIRST_SLOTS 64

void atlas_fini(struct atlas *atlas)
{
	free(atlas->slots);
	atlas->slots = NULL;
	atlas->mask = atlas->count = 0;
}

static uint64_t hash_of(const struct bw_addr *addr, unsigned length)
{
	struct addr_key key = addr_key_first(addr_key_of(addr), length);

	if (key.lo)
		key.hi ^= rng_mix(key.lo);
	return rng_mix(key.hi + length + ((uint64_t)addr->family << 16));
}

static uint32_t *slot_of(const struct atlas *atlas, const struct bw_addr *addr, unsigned length)
{
	uint32_t i = (uint32_t)hash_of(addr, length) & atlas->mask;

	for (; atlas->slots[i]; i = (i + 1) & atlas->mask) {
		const struct bw_prefix *prefix = atlas->prefix_of(atlas->self, atlas->slots[i] - 1);

		if (prefix->length == length && bw_prefix_contains(prefix, addr))
			break;
	}
	return &atlas->slots[i];
}

static int resize(struct atlas *atlas, uint32_t size)
{
	struct atlas bigger = *atlas;

	bigger.slots = calloc(size, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	bigger.mask = size - 1;
	for (uint32_t i = 0; atlas->slots && i <= atlas->mask; i++) {
		const struct bw_prefix *prefix;

		if (!atlas->slots[i])
			continue;
		prefix = atlas->prefix_of(atlas->self, atlas->slots[i] - 1);
		*slot_of(&bigger, &prefix->addr, prefix->length) = atlas->slots[i];
	}
	free(atlas->slots);
	*atlas = bigger;
	return 0;
}

int atlas_reserve(struct atlas *atlas, uint32_t count)
{
	uint64_t need = ((uint64_t)atlas->count + count) * 2;
	uint64_t size = atlas->slots ? (uint64_t)atlas->mask + 1 : FIRST_SLOTS;

	while (size <= need)
		size *= 2;
	if (size > (UINT64_C(1) << 31))
		return -ENOMEM;
	if (atlas->slots && size == (uint64_t)atlas->mask + 1)
		return 0;
	return resize(atlas, (uint32_t)size);
}

static int add_shape(struct atlas *atlas, const struct bw_prefix *prefix)
{
	struct atlas_shape shape = {prefix->addr.family, prefix->length};
	unsigned i;

	for (i = 0; i < atlas->shape_count; i++) {
		if (atlas->shapes[i].family == shape.family &&
		    atlas->shapes[i].length == shape.length)
			return 0;
	}
	if (i == ATLAS_SHAPES_MAX)
		return BW_ERR_LIMIT;
	for (; i > 0 && atlas->shapes[i - 1].length < shape.length; i--)
		atlas->shapes[i] = atlas->shapes[i - 1];
	atlas->shapes[i] = shape;
	atlas->shape_count++;
	return 0;
}

int atlas_add(struct atlas *atlas, uint32_t block)
{
	const struct bw_prefix *prefix = atlas->prefix_of(atlas->self, block);
	uint32_t *slot;
	int rc;

	rc = atlas_reserve(atlas, 1);
	if (rc < 0)
		return rc;
	slot = slot_of(atlas, &prefix->addr, prefix->length);
	if (*slot)
		return BW_ERR_OVERLAP;
	rc = add_shape(atlas, prefix);
	if (rc < 0)
		return rc;
	*slot = block + 1;
	atlas->count++;
	return 0;
}

bool atlas_find(const struct atlas *atlas, const struct bw_addr *addr, uint32_t *ret_block)
{
	for (unsigned i = 0; i < atlas->shape_count && atlas->slots; i++) {
		uint32_t slot;

		if (atlas->shapes[i].family != addr->family)
			continue;
		slot = *slot_of(atlas, addr, atlas->shapes[i].length);
		if (slot) {
			*ret_block = slot - 1;
			return true;
		}
	}
	return false;
}
