/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr/prefix_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

static struct bw_prefix prefix_of(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static void add(struct prefix_set *set, const char *text, uint32_t value)
{
	struct bw_prefix prefix = prefix_of(text);

	assert_int_equal(prefix_set_add(set, &prefix, value), 0);
}

static bool covers(const struct prefix_set *set, const char *text)
{
	struct bw_prefix prefix = prefix_of(text);

	return prefix_set_covers(set, &prefix);
}

static bool overlaps(const struct prefix_set *set, const char *text)
{
	struct bw_prefix prefix = prefix_of(text);

	return prefix_set_overlaps(set, &prefix);
}

/* The value found for an address, -1 for none; checks the prefix that comes with it. */
static int64_t find(const struct prefix_set *set, const char *text)
{
	struct bw_prefix found = {.length = 99}, addr = prefix_of(text);
	uint32_t value = 12345;
	bool there = prefix_set_find(set, &addr.addr, &found, &value);

	assert_int_equal(prefix_set_find(set, &addr.addr, NULL, NULL), there);
	if (!there) {
		assert_int_equal(found.length, 99);
		assert_int_equal(value, 12345);
		return -1;
	}
	assert_true(bw_prefix_contains(&found, &addr.addr));
	return value;
}

static void test_empty(void **state)
{
	struct prefix_set *set = prefix_set_new();

	(void)state;
	assert_int_equal(find(set, "198.18.0.1"), -1);
	assert_int_equal(find(set, "::1"), -1);
	assert_false(covers(set, "::/0"));
	assert_false(overlaps(set, "0.0.0.0/0"));
	assert_int_equal(prefix_set_count(set), 0);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_int_equal(find(set, "198.18.0.1"), -1);
	prefix_set_free(set);
	prefix_set_free(NULL);
}

static void test_longest_match(void **state)
{
	struct prefix_set *set = prefix_set_new();

	(void)state;
	add(set, "10.1.2.0/24", 24);
	add(set, "0.0.0.0/0", 0);
	add(set, "10.0.0.0/8", 8);
	add(set, "10.1.0.0/16", 16);
	add(set, "10.1.2.3/32", 32);
	add(set, "2001:db8::/32", 132);
	add(set, "2001:db8:0:0:8000::/65", 165);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_int_equal(find(set, "10.1.2.3"), 32);
	assert_int_equal(find(set, "10.1.2.4"), 24);
	assert_int_equal(find(set, "10.1.2.2"), 24);
	assert_int_equal(find(set, "10.1.3.0"), 16);
	assert_int_equal(find(set, "10.255.255.255"), 8);
	assert_int_equal(find(set, "11.0.0.0"), 0);
	assert_int_equal(find(set, "0.0.0.0"), 0);
	assert_int_equal(find(set, "255.255.255.255"), 0);
	assert_int_equal(find(set, "2001:db8::1"), 132);
	assert_int_equal(find(set, "2001:db8:0:0:8000::1"), 165);
	assert_int_equal(find(set, "2001:db8:0:1::"), 132);
	assert_int_equal(find(set, "2001:db9::"), -1);
	assert_int_equal(find(set, "::"), -1);
	assert_int_equal(find(set, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), -1);
	prefix_set_free(set);
}

static void test_given_twice(void **state)
{
	struct prefix_set *set = prefix_set_new();

	(void)state;
	for (uint32_t value = 0; value < 100; value++)
		add(set, "198.18.0.0/24", value);
	add(set, "198.18.0.0/25", 200);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_int_equal(prefix_set_count(set), 2);
	assert_int_equal(find(set, "198.18.0.200"), 99);
	add(set, "198.18.0.0/24", 7);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_int_equal(prefix_set_count(set), 2);
	assert_int_equal(find(set, "198.18.0.200"), 7);
	assert_int_equal(find(set, "198.18.0.1"), 200);
	prefix_set_free(set);
}

static void test_sealed_again(void **state)
{
	struct prefix_set *set = prefix_set_new();
	char text[BW_PREFIX_TEXT];

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		struct bw_addr addr = bw_addr_from_v4(0x0a000000 + (i * 7919 % 300) * 256);
		struct bw_prefix prefix = bw_prefix_of(&addr, 24);

		assert_int_equal(prefix_set_add(set, &prefix, i), 0);
		assert_int_equal(prefix_set_seal(set), 0);
		assert_int_equal(find(set, bw_addr_format(&addr, text)), i);
		assert_int_equal(prefix_set_count(set), i + 1);
	}
	assert_true(covers(set, "10.0.0.0/16"));
	assert_false(covers(set, "10.1.0.0/18"));
	prefix_set_free(set);
}

static void test_covers(void **state)
{
	struct prefix_set *set = prefix_set_new();

	(void)state;
	add(set, "198.18.0.0/25", 1);
	add(set, "198.18.0.128/25", 2);
	add(set, "198.18.0.130/32", 3);
	add(set, "198.18.1.0/24", 4);
	add(set, "198.18.2.0/24", 5);
	add(set, "255.255.255.0/24", 6);
	add(set, "2001:db8::/33", 7);
	add(set, "2001:db8:8000::/34", 8);
	add(set, "2001:db8:c000::/34", 9);
	add(set, "8000::/1", 10);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_true(covers(set, "198.18.0.0/24"));
	assert_true(covers(set, "198.18.0.0/23"));
	assert_true(covers(set, "198.18.0.131/32"));
	assert_true(covers(set, "198.18.0.130/32"));
	assert_false(covers(set, "198.18.0.0/22"));
	assert_false(covers(set, "198.18.2.0/23"));
	assert_false(covers(set, "0.0.0.0/0"));
	assert_true(covers(set, "255.255.255.0/24"));
	assert_true(covers(set, "255.255.255.255/32"));
	assert_false(covers(set, "255.255.254.0/23"));
	assert_true(covers(set, "2001:db8::/32"));
	assert_false(covers(set, "2001:db8::/31"));
	assert_true(covers(set, "8000::/1"));
	assert_false(covers(set, "::/0"));
	add(set, "::/1", 11);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_true(covers(set, "::/0"));
	prefix_set_free(set);
}

static void test_overlaps(void **state)
{
	struct prefix_set *set = prefix_set_new();

	(void)state;
	add(set, "198.18.4.0/24", 1);
	add(set, "198.18.4.16/32", 2);
	add(set, "2001:db8::1/128", 3);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_true(overlaps(set, "198.18.4.0/24"));
	assert_true(overlaps(set, "198.18.4.255/32"));
	assert_true(overlaps(set, "198.18.0.0/15"));
	assert_true(overlaps(set, "0.0.0.0/0"));
	assert_false(overlaps(set, "198.18.5.0/24"));
	assert_false(overlaps(set, "198.18.3.0/24"));
	assert_true(overlaps(set, "2001:db8::/64"));
	assert_true(overlaps(set, "::/0"));
	assert_false(overlaps(set, "2001:db8::2/127"));
	prefix_set_free(set);
}

/*
 * The models live in 10.0.0.0/12 and 2000::/60, with prefixes of up to /24 and
 * /72, so that many nest, join and repeat; what they cover is 4096 cells.
 */
enum { MODEL = 600, CELLS = 4096 };

struct model {
	struct bw_prefix prefixes[MODEL];
	size_t count;
	bool cells[CELLS];
};

static unsigned top_byte(uint8_t family)
{
	return family == 4 ? 1 : 7;
}

static struct bw_prefix random_prefix(struct rng *rng, uint8_t family)
{
	struct bw_addr addr = {.family = family, .bytes = {family == 4 ? 10 : 0x20}};
	unsigned top = top_byte(family);

	addr.bytes[top] = (uint8_t)(rng_below(rng, 4) ? 0 : rng_below(rng, 16));
	addr.bytes[top + 1] = (uint8_t)rng_below(rng, 256);
	return bw_prefix_of(&addr, top * 8 + 4 + (unsigned)rng_below(rng, 13));
}

/* The first of the cells of PREFIX; their number. */
static unsigned cells_of(const struct bw_prefix *prefix, unsigned *ret_first)
{
	unsigned top = top_byte(prefix->addr.family);

	*ret_first = (prefix->addr.bytes[top] & 15u) << 8 | prefix->addr.bytes[top + 1];
	return (unsigned)bw_prefix_parts(prefix, top * 8 + 16);
}

static void model_add(struct model *model, const struct bw_prefix *prefix)
{
	unsigned first, count = cells_of(prefix, &first);

	model->prefixes[model->count++] = *prefix;
	memset(model->cells + first, true, count);
}

/* The last given of the longest that contain ADDR, or -1. */
static int64_t find_naively(const struct model *model, const struct bw_addr *addr)
{
	int64_t best = -1;

	for (size_t i = 0; i < model->count; i++) {
		if (bw_prefix_contains(&model->prefixes[i], addr) &&
		    (best < 0 || model->prefixes[i].length >= model->prefixes[best].length))
			best = (int64_t)i;
	}
	return best;
}

static void check_find(const struct prefix_set *set, const struct model *model,
		       const struct bw_addr *addr)
{
	int64_t expected = find_naively(model, addr);
	struct bw_prefix prefix;
	uint32_t value;

	assert_int_equal(prefix_set_find(set, addr, &prefix, &value), expected >= 0);
	if (expected < 0)
		return;
	assert_int_equal(value, expected);
	assert_int_equal(bw_prefix_compare(&prefix, &model->prefixes[expected]), 0);
}

static void check_whole(const struct prefix_set *set, const struct model *model,
			const struct bw_prefix *prefix)
{
	unsigned first, count = cells_of(prefix, &first), inside = 0;

	for (unsigned i = first; i < first + count; i++)
		inside += model->cells[i];
	assert_int_equal(prefix_set_covers(set, prefix), inside == count);
	assert_int_equal(prefix_set_overlaps(set, prefix), inside > 0);
}

static void check_against_model(uint64_t seed, uint8_t family, size_t count)
{
	struct prefix_set *set = prefix_set_new();
	struct rng rng = rng_of(seed);
	struct model model = {.count = 0};

	for (size_t i = 0; i < count; i++) {
		struct bw_prefix prefix = random_prefix(&rng, family);

		/* Few of the widest, lest everything be covered. */
		if (prefix.length < top_byte(family) * 8 + 10 && rng_below(&rng, 20))
			prefix = bw_prefix_of(&prefix.addr, top_byte(family) * 8 + 16);
		model_add(&model, &prefix);
		assert_int_equal(prefix_set_add(set, &prefix, (uint32_t)i), 0);
	}
	assert_int_equal(prefix_set_seal(set), 0);
	for (unsigned i = 0; i < 200; i++) {
		struct bw_prefix prefix = random_prefix(&rng, family);
		struct bw_addr other = bw_addr_add(&prefix.addr, bw_prefix_size(&prefix));

		check_find(set, &model, &prefix.addr);
		check_find(set, &model, &other);
		check_whole(set, &model, &prefix);
	}
	prefix_set_free(set);
}

static void test_against_model(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 60; seed++) {
		check_against_model(seed, 4, 1 + seed * seed % MODEL);
		check_against_model(seed, 6, 1 + seed * 7 % MODEL);
	}
}

/* The search works at every size around the steps of its sample. */
static void test_sizes(void **state)
{
	(void)state;
	for (uint32_t count = 1; count < 200; count++) {
		struct prefix_set *set = prefix_set_new();

		for (uint32_t i = 0; i < count; i++) {
			struct bw_addr addr = bw_addr_from_v4(0x0a000000 + i * 512);
			struct bw_prefix prefix = bw_prefix_of(&addr, 24);

			assert_int_equal(prefix_set_add(set, &prefix, i), 0);
		}
		assert_int_equal(prefix_set_seal(set), 0);
		for (uint32_t i = 0; i < count; i++) {
			struct bw_addr in = bw_addr_from_v4(0x0a0000ff + i * 512);
			struct bw_addr out = bw_addr_from_v4(0x0a000100 + i * 512);
			uint32_t value = count;

			assert_true(prefix_set_find(set, &in, NULL, &value));
			assert_int_equal(value, i);
			assert_false(prefix_set_find(set, &out, NULL, NULL));
		}
		prefix_set_free(set);
	}
}

/* Hosts of one /64, which no index over the first 64 bits can tell apart. */
static void test_crowded(void **state)
{
	struct prefix_set *set = prefix_set_new();
	struct bw_prefix prefix = prefix_of("2001:db8::/128"), outer = prefix_of("2001:db8::/64");
	struct bw_addr first = prefix.addr;
	uint32_t value;

	(void)state;
	for (uint32_t i = 0; i < 5000; i++) {
		prefix.addr = bw_addr_add(&first, i * UINT64_C(2));
		assert_int_equal(prefix_set_add(set, &prefix, i), 0);
	}
	assert_int_equal(prefix_set_add(set, &outer, 9999), 0);
	assert_int_equal(prefix_set_seal(set), 0);
	for (uint32_t i = 0; i < 10000; i++) {
		struct bw_addr addr = bw_addr_add(&first, i);

		assert_true(prefix_set_find(set, &addr, NULL, &value));
		assert_int_equal(value, i % 2 ? 9999 : i / 2);
	}
	prefix_set_free(set);
}

/* A chain of all lengths is the deepest nesting there is. */
static void test_deep(void **state)
{
	struct prefix_set *set = prefix_set_new();
	struct bw_addr zero = {.family = 6}, addr = zero;
	uint32_t value;

	(void)state;
	for (unsigned length = 0; length <= 128; length++) {
		struct bw_prefix prefix = bw_prefix_of(&zero, length);

		assert_int_equal(prefix_set_add(set, &prefix, length), 0);
	}
	assert_int_equal(prefix_set_seal(set), 0);
	for (unsigned bit = 0; bit < 128; bit++) {
		addr = zero;
		addr.bytes[bit / 8] = (uint8_t)(0x80 >> bit % 8);
		assert_true(prefix_set_find(set, &addr, NULL, &value));
		assert_int_equal(value, bit);
	}
	assert_true(prefix_set_find(set, &zero, NULL, &value));
	assert_int_equal(value, 128);
	prefix_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),         cmocka_unit_test(test_longest_match),
		cmocka_unit_test(test_given_twice),   cmocka_unit_test(test_sealed_again),
		cmocka_unit_test(test_covers),        cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_against_model), cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_crowded),       cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests_name("base/prefix_set", tests, NULL, NULL);
}
