/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/spread.h"

#define MOST 300

static void test_each_number_once(void **state)
{
	(void)state;
	for (size_t count = 0; count <= MOST; count++) {
		struct spread spread = spread_over(count);
		unsigned char seen[MOST] = {0};
		size_t number, taken = 0;

		while (spread_next(&spread, &number)) {
			assert_true(number < count);
			assert_int_equal(seen[number]++, 0);
			taken++;
		}
		assert_int_equal(taken, count);
	}
}

static void test_the_first_few_are_spread(void **state)
{
	static const size_t expected[] = {0, 8, 4, 2, 10, 6, 1, 9, 5, 3, 11, 7};
	struct spread spread = spread_over(12);
	size_t number;

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		assert_true(spread_next(&spread, &number));
		assert_int_equal(number, expected[i]);
	}
	assert_false(spread_next(&spread, &number));
}

/* Of any half in one piece some are among the first six. */
static void test_no_half_is_left_out(void **state)
{
	(void)state;
	for (size_t count = 6; count <= MOST; count++)
		for (size_t from = 0; from + count / 2 <= count; from++) {
			struct spread spread = spread_over(count);
			unsigned hits = 0;
			size_t number;

			for (unsigned i = 0; i < 6 && spread_next(&spread, &number); i++)
				hits += number >= from && number < from + count / 2;
			assert_true(hits > 0);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_number_once),
		cmocka_unit_test(test_the_first_few_are_spread),
		cmocka_unit_test(test_no_half_is_left_out),
	};

	return cmocka_run_group_tests_name("base/spread", tests, NULL, NULL);
}
