/* SPDX-License-Identifier: Apache-2.0 */
#include "base/permutation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

/* Each of 0..size-1 is hit once; SEEN holds a bit for each, all 0. */
static void check_bijection(uint64_t size, uint64_t seed, uint8_t *seen)
{
	struct permutation permutation = permutation_of(size, seed);

	for (uint64_t n = 0; n < size; n++) {
		uint64_t to = permutation_at(&permutation, n);

		assert_true(to < size);
		assert_false(seen[to / 8] >> to % 8 & 1);
		seen[to / 8] |= (uint8_t)(1u << to % 8);
	}
	memset(seen, 0, size / 8 + 1);
}

static void test_bijective_small(void **state)
{
	uint8_t seen[2000 / 8 + 1] = {0};

	(void)state;
	for (uint64_t size = 1; size <= 2000; size++)
		check_bijection(size, size * 31, seen);
	for (uint64_t seed = 0; seed < 100; seed++) {
		for (uint64_t size = 1; size <= 20; size++)
			check_bijection(size, seed, seen);
	}
}

static void test_bijective_large(void **state)
{
	static const uint64_t sizes[] = {65535,  65536,          65537,          100003,
					 262145, (1u << 20) - 1, (1u << 20) + 1, 1500000};
	uint8_t *seen = (uint8_t *)calloc(1500000 / 8 + 1, 1);

	(void)state;
	assert_non_null(seen);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		check_bijection(sizes[i], 5, seen);
	free(seen);
}

/* Too large to count out: a sample has no value twice and stays below the size. */
static void check_sample(uint64_t size)
{
	enum { SAMPLE = 2000, TABLE = 8192 };
	struct permutation permutation = permutation_of(size, 9);
	uint64_t table[TABLE];

	memset(table, 0xff, sizeof(table));
	for (uint64_t i = 0; i < SAMPLE; i++) {
		uint64_t to = permutation_at(&permutation, i % 2 ? size - 1 - i : i);
		uint64_t at = rng_mix(to) % TABLE;

		assert_true(to < size);
		for (; table[at] != UINT64_MAX; at = (at + 1) % TABLE)
			assert_true(table[at] != to);
		table[at] = to;
	}
}

static void test_huge(void **state)
{
	(void)state;
	check_sample(UINT64_C(1) << 32);
	check_sample((UINT64_C(1) << 32) + 1);
	check_sample(UINT64_C(1000000000039));
	check_sample((UINT64_C(1) << 62) + 1);
	check_sample((UINT64_C(1) << 63) - 1);
	check_sample(UINT64_C(1) << 63);
}

static void test_seeds_differ(void **state)
{
	struct permutation a = permutation_of(65536, 1), b = permutation_of(65536, 2), again = a;
	unsigned same = 0;

	(void)state;
	for (uint64_t n = 0; n < 65536; n++) {
		same += permutation_at(&a, n) == permutation_at(&b, n);
		assert_true(permutation_at(&a, n) == permutation_at(&again, n));
	}
	/* Two random permutations agree in one place on average. */
	assert_true(same < 12);
}

/* Few fixed points, and neighbours are sent far apart: what spreads load over networks. */
static void test_spreads(void **state)
{
	struct permutation permutation = permutation_of(65536, 3);
	unsigned fixed = 0, near_by = 0;

	(void)state;
	for (uint64_t n = 0; n + 1 < 65536; n++) {
		uint64_t here = permutation_at(&permutation, n),
			 there = permutation_at(&permutation, n + 1);

		fixed += here == n;
		near_by += (here > there ? here - there : there - here) < 256;
	}
	assert_true(fixed < 12);
	/* The expectation is 65535 * 2 * 255 / 65536 = 510. */
	assert_true(near_by > 300 && near_by < 800);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bijective_small),
		cmocka_unit_test(test_bijective_large),
		cmocka_unit_test(test_huge),
		cmocka_unit_test(test_seeds_differ),
		cmocka_unit_test(test_spreads),
	};

	return cmocka_run_group_tests_name("base/permutation", tests, NULL, NULL);
}
