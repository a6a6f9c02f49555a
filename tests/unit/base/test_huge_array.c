/* SPDX-License-Identifier: Apache-2.0 */
#include "base/huge_array.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(size_t count, size_t size)
{
	uint8_t *array = (uint8_t *)huge_array_new(count, size);

	assert_non_null(array);
	assert_int_equal((uintptr_t)array % 64, 0);
	for (size_t i = 0; i < count * size; i++)
		assert_int_equal(array[i], 0);
	memset(array, 0xff, count * size);
	huge_array_free(array);
}

static void test_zeros_from_the_start_of_a_line_on(void **state)
{
	(void)state;
	check(0, 64);
	check(1, 1);
	check(3, 12);
	check(1000, 64);
	check(5000, 1000);
	check(150000, 64);
}

static void test_too_many(void **state)
{
	(void)state;
	assert_null(huge_array_new(SIZE_MAX / 64 + 2, 64));
	assert_null(huge_array_new(SIZE_MAX, 1));
	huge_array_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeros_from_the_start_of_a_line_on),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("base/huge_array", tests, NULL, NULL);
}
