/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr/lpm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr/addr_key.h"
#include "base/rng.h"

#define FIRST_SLOTS 64
#define RUN_MIN 16    /* fewer prefixes are not worth a run */
#define RUN_LENGTH 64 /* runs are of prefixes up to this length */

/* Prefixes first .. first + count - 1; at: the first 64 bits of the first one's address. */
struct lpm_run {
	uint64_t at;
	uint32_t first, count;
};

void lpm_fini(struct lpm *lpm)
{
	free(lpm->slots);
	for (unsigned i = 0; i < lpm->shape_count; i++)
		array_fini(&lpm->shapes[i].runs);
	lpm->slots = NULL;
	lpm->mask = lpm->singles = 0;
	lpm->shape_count = 0;
}

static const struct lpm_run *run_at(const struct lpm_shape *shape, uint32_t n)
{
	return (const struct lpm_run *)array_at(&shape->runs, n);
}

/* How many runs of a shape begin at or before an address. */
static uint32_t runs_before(const struct lpm_shape *shape, uint64_t at)
{
	uint32_t low = 0, high = shape->runs.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (run_at(shape, middle)->at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool find_in_runs(const struct lpm_shape *shape, const struct bw_addr *addr,
			 uint32_t *ret_number)
{
	uint64_t at = addr_key_of(addr).hi, steps;
	const struct lpm_run *run;
	uint32_t n = runs_before(shape, at);

	if (n == 0)
		return false;
	run = run_at(shape, n - 1);
	steps = (at - run->at) >> (64 - shape->length);
	if (steps >= run->count)
		return false;
	*ret_number = run->first + (uint32_t)steps;
	return true;
}

static uint64_t hash_of(const struct bw_addr *addr, unsigned length)
{
	struct addr_key key = addr_key_first(addr_key_of(addr), length);

	if (key.lo)
		key.hi ^= rng_mix(key.lo);
	return rng_mix(key.hi + length + ((uint64_t)addr->family << 16));
}

/* The slot of a single prefix, or a free one. */
static uint32_t *slot_of(const struct lpm *lpm, const struct bw_addr *addr, unsigned length)
{
	uint32_t i = (uint32_t)hash_of(addr, length) & lpm->mask;

	for (; lpm->slots[i]; i = (i + 1) & lpm->mask) {
		struct bw_prefix prefix = lpm->prefix_of(lpm->self, lpm->slots[i] - 1);

		if (prefix.length == length && bw_prefix_contains(&prefix, addr))
			break;
	}
	return &lpm->slots[i];
}

static bool find_single(const struct lpm *lpm, const struct bw_addr *addr, unsigned length,
			uint32_t *ret_number)
{
	uint32_t slot = lpm->slots ? *slot_of(lpm, addr, length) : 0;

	if (slot == 0)
		return false;
	*ret_number = slot - 1;
	return true;
}

/* Doubles the table when it is half full. */
static int make_room(struct lpm *lpm)
{
	struct lpm bigger = *lpm;
	uint32_t size = lpm->slots ? (lpm->mask + 1) * 2 : FIRST_SLOTS;

	if (lpm->slots && lpm->singles * 2 <= lpm->mask)
		return 0;
	bigger.slots = size ? calloc(size, sizeof(*bigger.slots)) : NULL;
	if (!bigger.slots)
		return -ENOMEM;
	bigger.mask = size - 1;
	for (uint32_t i = 0; lpm->slots && i <= lpm->mask; i++) {
		struct bw_prefix prefix;

		if (!lpm->slots[i])
			continue;
		prefix = lpm->prefix_of(lpm->self, lpm->slots[i] - 1);
		*slot_of(&bigger, &prefix.addr, prefix.length) = lpm->slots[i];
	}
	free(lpm->slots);
	*lpm = bigger;
	return 0;
}

static int add_single(struct lpm *lpm, const struct bw_prefix *prefix, uint32_t number)
{
	int rc = make_room(lpm);

	if (rc < 0)
		return rc;
	*slot_of(lpm, &prefix->addr, prefix->length) = number + 1;
	lpm->singles++;
	return 0;
}

/* Its prefixes are known not to be there yet. */
static int add_run(struct lpm_shape *shape, const struct bw_prefix *prefix, uint32_t first,
		   uint32_t count)
{
	struct lpm_run run = {addr_key_of(&prefix->addr).hi, first, count};
	uint32_t n = runs_before(shape, run.at), behind = shape->runs.count - n;

	if (array_add(&shape->runs, &run) < 0)
		return -ENOMEM;
	memmove(array_at(&shape->runs, n + 1), array_at(&shape->runs, n), behind * sizeof(run));
	memcpy(array_at(&shape->runs, n), &run, sizeof(run));
	return 0;
}

/* The shape of a prefix, added when it is new; NULL: too many. */
static struct lpm_shape *shape_of(struct lpm *lpm, const struct bw_prefix *prefix)
{
	struct lpm_shape *shapes = lpm->shapes;
	unsigned i;

	for (i = 0; i < lpm->shape_count; i++) {
		if (shapes[i].family == prefix->addr.family && shapes[i].length == prefix->length)
			return &shapes[i];
	}
	if (i == LPM_SHAPES_MAX)
		return NULL;
	for (; i > 0 && shapes[i - 1].length < prefix->length; i--)
		shapes[i] = shapes[i - 1];
	shapes[i] = (struct lpm_shape){prefix->addr.family, prefix->length,
				       array_of(sizeof(struct lpm_run))};
	lpm->shape_count++;
	return &shapes[i];
}

int lpm_add(struct lpm *lpm, uint32_t first, uint32_t count)
{
	struct bw_prefix prefix = lpm->prefix_of(lpm->self, first);
	struct lpm_shape *shape = shape_of(lpm, &prefix);
	bool run = count >= RUN_MIN && prefix.length <= RUN_LENGTH;
	uint32_t other;

	if (!shape)
		return BW_ERR_LIMIT;
	for (uint32_t i = 0; i < count; i++) {
		struct bw_prefix next = lpm->prefix_of(lpm->self, first + i);
		int rc = 0;

		if (find_in_runs(shape, &next.addr, &other) ||
		    find_single(lpm, &next.addr, next.length, &other))
			return BW_ERR_OVERLAP;
		if (!run)
			rc = add_single(lpm, &next, first + i);
		if (rc < 0)
			return rc;
	}
	return run ? add_run(shape, &prefix, first, count) : 0;
}

bool lpm_find(const struct lpm *lpm, const struct bw_addr *addr, uint32_t *ret_number)
{
	for (unsigned i = 0; i < lpm->shape_count; i++) {
		const struct lpm_shape *shape = &lpm->shapes[i];

		if (shape->family != addr->family)
			continue;
		if (find_in_runs(shape, addr, ret_number) ||
		    find_single(lpm, addr, shape->length, ret_number))
			return true;
	}
	return false;
}
