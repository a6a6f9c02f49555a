/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "probe/sweep/sweep_order.h"
#include "probe/sweep/sweep_space.h"

static struct bw_prefix prefix_of(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

/* A space of these, NULL last. */
static struct sweep_space *space_of(const char *const *texts, const struct permit *permit,
				    struct sweep_space_sum *ret_sum)
{
	const struct permit all = {.allow_reserved = true};
	struct sweep_space *space = sweep_space_new();

	assert_non_null(space);
	for (; *texts; texts++) {
		struct bw_prefix prefix = prefix_of(*texts);

		assert_int_equal(sweep_space_add(space, &prefix), 0);
	}
	assert_int_equal(sweep_space_seal(space, permit ? permit : &all, ret_sum), 0);
	return space;
}

/* Every number finds its address and every address its number; none comes twice. */
static void assert_bijective(const struct sweep_space *space)
{
	uint64_t count = sweep_space_count(space), singles = sweep_space_singles(space);
	struct bw_addr before = {0};

	for (uint64_t number = 0; number < count; number++) {
		struct bw_addr addr = sweep_space_at(space, number);
		uint64_t found;

		assert_true(sweep_space_find(space, &addr, &found));
		assert_int_equal(found, number);
		if (number != 0 && number != singles)
			assert_true(bw_addr_compare(&before, &addr) < 0);
		before = addr;
	}
}

static void assert_has(const struct sweep_space *space, const char *text, bool expected)
{
	struct bw_addr addr;
	uint64_t number;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	assert_int_equal(sweep_space_find(space, &addr, &number), expected);
}

static void test_overlaps(void **state)
{
	static const char *const texts[] = {
		"10.1.0.0/24",    "10.1.0.128/25", "10.1.1.0/24",   "10.1.0.0/24",
		"10.1.0.7",       "10.9.9.9",      "10.9.9.9",      "10.0.255.255",
		"2001:db8::/126", "2001:db8::1",   "2001:db8:1::5", NULL,
	};
	struct sweep_space_sum sum;
	struct sweep_space *space = space_of(texts, NULL, &sum);

	(void)state;
	assert_int_equal(sum.count, 512 + 1 + 1 + 4 + 1);
	assert_int_equal(sum.count_v4, 514);
	assert_int_equal(sum.count_v6, 5);
	assert_int_equal(sum.repeated, 128 + 256 + 1 + 1 + 1);
	assert_bijective(space);
	assert_has(space, "10.1.1.255", true);
	assert_has(space, "10.1.2.0", false);
	assert_has(space, "10.0.255.255", true);
	assert_has(space, "10.0.255.254", false);
	assert_has(space, "2001:db8::3", true);
	assert_has(space, "2001:db8::4", false);
	assert_has(space, "0.0.0.0", false);
	sweep_space_free(space);
}

static void test_permit(void **state)
{
	static const char *const texts[] = {"198.51.0.0/16", "9.0.0.0/30", "9.0.0.9",
					    "10.0.0.1",      "9.1.1.1",    NULL};
	struct prefix_set *blocked = prefix_set_new();
	struct permit permit = {.blocklist = blocked};
	const struct bw_prefix blocks[] = {prefix_of("198.51.3.0/24"), prefix_of("9.0.0.2/32"),
					   prefix_of("9.1.1.1/32")};
	struct sweep_space_sum sum;
	struct sweep_space *space;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(prefix_set_add(blocked, &blocks[i], 0), 0);
	assert_int_equal(prefix_set_seal(blocked), 0);
	space = space_of(texts, &permit, &sum);
	assert_int_equal(sum.blocklisted, 256 + 1 + 1);
	assert_int_equal(sum.reserved, 256 + 1); /* 198.51.100.0/24 is for documentation */
	assert_int_equal(sum.count, 65536 - 512 + 3 + 1);
	assert_int_equal(sum.repeated, 0);
	assert_bijective(space);
	assert_has(space, "198.51.3.7", false);
	assert_has(space, "198.51.100.7", false);
	assert_has(space, "198.51.101.0", true);
	assert_has(space, "9.0.0.2", false);
	assert_has(space, "9.0.0.3", true);
	sweep_space_free(space);
	prefix_set_free(blocked);
}

/* The whole of IPv4 is arithmetic: no memory, no time. */
static void test_everything(void **state)
{
	static const char *const texts[] = {"0.0.0.0/0", NULL};
	const struct permit permit = {.allow_reserved = false};
	struct sweep_space_sum sum;
	struct sweep_space *space = space_of(texts, &permit, &sum);

	(void)state;
	assert_int_equal(sum.count + sum.reserved, UINT64_C(1) << 32);
	assert_in_range(sum.count, 3600000000, 3800000000);
	assert_has(space, "10.0.0.1", false);
	assert_has(space, "127.0.0.1", false);
	assert_has(space, "1.1.1.1", true);
	sweep_space_free(space);
	/* All but multicast, 0.0.0.0 and the broadcast, which no host has. */
	space = space_of(texts, NULL, &sum);
	assert_int_equal(sum.count, (UINT64_C(1) << 32) - (UINT64_C(1) << 28) - 2);
	assert_int_equal(sum.count + sum.reserved, UINT64_C(1) << 32);
	sweep_space_free(space);
}

static void test_limits(void **state)
{
	struct bw_prefix large = prefix_of("2001:db8::/64");
	struct sweep_space *space = sweep_space_new();

	(void)state;
	assert_int_equal(sweep_space_add(space, &large), BW_ERR_LIMIT);
	sweep_space_free(space);
	sweep_space_free(NULL);
}

static void test_many_singles(void **state)
{
	struct sweep_space *space = sweep_space_new();
	const struct permit all = {.allow_reserved = true};
	struct rng rng = rng_of(7);
	struct sweep_space_sum sum;

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		struct bw_prefix v4 = {bw_addr_from_v4((uint32_t)rng_below(&rng, 65536)), 32};
		struct bw_prefix v6 = prefix_of("2001:db8::");

		v6.addr.bytes[5] = (uint8_t)rng_below(&rng, 8);
		v6.addr.bytes[15] = (uint8_t)rng_below(&rng, 256);
		assert_int_equal(sweep_space_add(space, &v4), 0);
		assert_int_equal(sweep_space_add(space, &v6), 0);
	}
	assert_int_equal(sweep_space_seal(space, &all, &sum), 0);
	assert_int_equal(sum.count + sum.repeated, 40000);
	assert_int_equal(sum.count_v6, 8 * 256);
	assert_bijective(space);
	sweep_space_free(space);
}

static void test_fingerprint(void **state)
{
	static const char *const a[] = {"10.0.0.0/24", "10.9.0.1", NULL};
	static const char *const same[] = {"10.9.0.1", "10.0.0.128/25", "10.0.0.0/25", NULL};
	static const char *const other[] = {"10.0.0.0/24", "10.9.0.2", NULL};
	struct sweep_space_sum sum;
	struct sweep_space *space_a = space_of(a, NULL, &sum);
	struct sweep_space *space_same = space_of(same, NULL, &sum);
	struct sweep_space *space_other = space_of(other, NULL, &sum);

	(void)state;
	assert_true(sweep_space_fingerprint(space_a) == sweep_space_fingerprint(space_same));
	assert_true(sweep_space_fingerprint(space_a) != sweep_space_fingerprint(space_other));
	sweep_space_free(space_a);
	sweep_space_free(space_same);
	sweep_space_free(space_other);
}

static void assert_order(uint64_t count, uint32_t shards)
{
	static uint8_t seen[5000];

	memset(seen, 0, sizeof(seen));
	for (uint32_t shard = 0; shard < shards; shard++) {
		struct sweep_order order = sweep_order_of(count, 42, shard, shards);

		for (uint64_t n = 0; n < order.share; n++) {
			uint64_t number = sweep_order_at(&order, n), back;

			assert_true(number < count);
			assert_int_equal(seen[number]++, 0);
			assert_true(sweep_order_find(&order, number, &back));
			assert_int_equal(back, n);
		}
	}
	for (uint64_t number = 0; number < count; number++)
		assert_int_equal(seen[number], 1);
}

static void test_order(void **state)
{
	static const uint64_t counts[] = {1, 2, 3, 5, 64, 1000, 4096, 4097};

	(void)state;
	for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		for (uint32_t shards = 1; shards <= 8; shards++)
			assert_order(counts[i], shards);
}

static void test_order_of_others(void **state)
{
	struct sweep_order first = sweep_order_of(1000, 42, 0, 3), again;
	struct sweep_order second = sweep_order_of(1000, 42, 1, 3);
	unsigned same = 0;
	uint64_t n;

	(void)state;
	for (uint64_t i = 0; i < second.share; i++)
		assert_false(sweep_order_find(&first, sweep_order_at(&second, i), &n));
	again = sweep_order_of(1000, 43, 0, 3);
	for (uint64_t i = 0; i < first.share; i++)
		same += sweep_order_at(&first, i) == sweep_order_at(&again, i);
	assert_in_range(same, 0, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overlaps),     cmocka_unit_test(test_permit),
		cmocka_unit_test(test_everything),   cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many_singles), cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_order),        cmocka_unit_test(test_order_of_others),
	};

	return cmocka_run_group_tests_name("probe/sweep_space", tests, NULL, NULL);
}
