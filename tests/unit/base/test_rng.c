/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The authors' reference: splitmix64 from seed 0; xoshiro256++ from the state 1, 2, 3, 4. */
static void test_reference(void **state)
{
	static const uint64_t expected[] = {
		UINT64_C(41943041),
		UINT64_C(58720359),
		UINT64_C(3588806011781223),
		UINT64_C(3591011842654386),
		UINT64_C(9228616714210784205),
		UINT64_C(9973669472204895162),
		UINT64_C(14011001112246962877),
		UINT64_C(12406186145184390807),
		UINT64_C(15849039046786891736),
		UINT64_C(10450023813501588000),
	};
	struct rng rng = {{1, 2, 3, 4}};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_true(rng_u64(&rng) == expected[i]);
	assert_true(rng_mix(0) == UINT64_C(0xe220a8397b1dcdaf));
	rng = rng_of(0);
	assert_true(rng.s[0] == UINT64_C(0xe220a8397b1dcdaf));
	assert_true(rng.s[1] == UINT64_C(0x6e789e6aa1b965f4));
	assert_true(rng.s[2] == UINT64_C(0x06c45d188009454f));
	assert_true(rng.s[3] == UINT64_C(0xf88bb8a8724c81ec));
}

static void test_repeats(void **state)
{
	struct rng a = rng_of(7), b = rng_of(7), c = rng_of(8);
	unsigned same = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t value = rng_u64(&a);

		assert_true(value == rng_u64(&b));
		same += value == rng_u64(&c);
	}
	assert_int_equal(same, 0);
}

static void test_below_edges(void **state)
{
	struct rng rng = rng_of(1);

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		assert_true(rng_below(&rng, 0) == 0);
		assert_true(rng_below(&rng, 1) == 0);
		assert_true(rng_below(&rng, 2) < 2);
		assert_true(rng_below(&rng, (UINT64_C(1) << 63) + 1) <= UINT64_C(1) << 63);
		assert_true(rng_below(&rng, UINT64_MAX) < UINT64_MAX);
	}
}

/* Chi-square over LIMIT cells; the bound is 6 standard deviations above the mean. */
static void check_uniform(uint64_t limit, unsigned draws)
{
	struct rng rng = rng_of(limit);
	double expected = (double)draws / (double)limit, sum = 0, above;
	unsigned counts[128] = {0};

	for (unsigned i = 0; i < draws; i++)
		counts[rng_below(&rng, limit)]++;
	for (uint64_t i = 0; i < limit; i++)
		sum += (counts[i] - expected) * (counts[i] - expected) / expected;
	above = sum - (double)(limit - 1);
	assert_true(above < 0 || above * above < 36.0 * 2.0 * (double)(limit - 1));
}

static void test_below_is_uniform(void **state)
{
	(void)state;
	check_uniform(3, 100000);
	check_uniform(10, 100000);
	check_uniform(64, 100000);
	check_uniform(100, 100000);
	check_uniform(128, 100000);
}

static void test_unit(void **state)
{
	struct rng rng = rng_of(3), zeros = {{0, 0, 0, 0}};
	double sum = 0, low = 1, high = 0;

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		double unit = rng_unit(&rng);

		assert_true(unit >= 0.0 && unit < 1.0);
		sum += unit;
		low = unit < low ? unit : low;
		high = unit > high ? unit : high;
	}
	assert_true(sum > 49400 && sum < 50600);
	assert_true(low < 0.001 && high > 0.999);
	assert_true(rng_unit(&zeros) == 0.0);
	/* The largest number there is must stay below 1. */
	zeros.s[0] = UINT64_MAX;
	assert_true(rng_unit(&zeros) < 1.0);
}

/* Each bit of the input flips about half of the bits of the result. */
static void test_mix_spreads(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < 64; bit++) {
		unsigned flipped = 0;

		for (uint64_t value = 0; value < 256; value++) {
			uint64_t other = value ^ UINT64_C(1) << bit;

			flipped += (unsigned)__builtin_popcountll(rng_mix(value) ^ rng_mix(other));
		}
		assert_true(flipped > 256 * 28 && flipped < 256 * 36);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference),   cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_below_edges), cmocka_unit_test(test_below_is_uniform),
		cmocka_unit_test(test_unit),        cmocka_unit_test(test_mix_spreads),
	};

	return cmocka_run_group_tests_name("base/rng", tests, NULL, NULL);
}
