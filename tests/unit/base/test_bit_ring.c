/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bit_ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/rng.h"

static void test_goes_round(void **state)
{
	struct bit_ring ring = {.summary = 0};

	(void)state;
	bit_ring_set(&ring, 70);
	assert_int_equal(bit_ring_next(&ring, 0), 70);
	assert_int_equal(bit_ring_next(&ring, 70), 70);
	assert_int_equal(bit_ring_next(&ring, 71), 70);
	bit_ring_set(&ring, BIT_RING_SIZE - 1);
	assert_int_equal(bit_ring_next(&ring, 71), BIT_RING_SIZE - 1);
	bit_ring_clear(&ring, 70);
	assert_int_equal(bit_ring_next(&ring, 0), BIT_RING_SIZE - 1);
	bit_ring_clear(&ring, BIT_RING_SIZE - 1);
	assert_int_equal(ring.summary, 0);
}

static unsigned walk(const bool *bits, unsigned from)
{
	while (!bits[from])
		from = (from + 1) % BIT_RING_SIZE;
	return from;
}

static void test_against_walk(void **state)
{
	static bool bits[BIT_RING_SIZE];
	struct bit_ring ring = {.summary = 0};
	struct rng rng = rng_of(1);

	(void)state;
	bit_ring_set(&ring, 0);
	bits[0] = true;
	for (unsigned n = 0; n < 20000; n++) {
		unsigned bit = 1 + (unsigned)rng_below(&rng, BIT_RING_SIZE - 1);
		unsigned from = (unsigned)rng_below(&rng, BIT_RING_SIZE);

		bits[bit] = rng_below(&rng, 1 + n / 2000) == 0;
		if (bits[bit])
			bit_ring_set(&ring, bit);
		else
			bit_ring_clear(&ring, bit);
		assert_int_equal(bit_ring_next(&ring, from), walk(bits, from));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_round),
		cmocka_unit_test(test_against_walk),
	};

	return cmocka_run_group_tests_name("base/bit_ring", tests, NULL, NULL);
}
