/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/array.h"

static void test_items_keep_their_numbers(void **state)
{
	struct array array = array_of(sizeof(uint64_t));
	(void)state;

	assert_null(array_at(&array, 0));
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(array_add(&array, &(uint64_t){i * i}), (int)i);
	assert_int_equal(array.count, 1000);
	for (uint32_t i = 0; i < 1000; i++)
		assert_int_equal(*(uint64_t *)array_at(&array, i), (uint64_t)i * i);
	array_fini(&array);
	assert_int_equal(array.count, 0);
	assert_int_equal(array_add(&array, &(uint64_t){7}), 0);
	array_fini(&array);
}

static void test_reserved_room_is_not_moved(void **state)
{
	struct array array = array_of(sizeof(uint32_t));
	const uint8_t *items;
	(void)state;

	assert_int_equal(array_reserve(&array, 100), 0);
	items = array.items;
	for (uint32_t i = 0; i < 100; i++)
		array_add(&array, &i);
	assert_ptr_equal(array.items, items);
	array_fini(&array);
}

static void test_limit(void **state)
{
	struct array array = array_of(1);
	struct bw_err err = {0};
	(void)state;

	assert_int_equal(array_put(&array, "a", 2, &err), 0);
	assert_int_equal(array_put(&array, "b", 2, &err), 1);
	assert_int_equal(array_put(&array, "c", 2, &err), BW_ERR_LIMIT);
	assert_string_equal(err.message, "at most 2 of these");
	assert_int_equal(array_reserve(&array, UINT32_MAX), -ENOMEM);
	assert_int_equal(array.count, 2);
	array_fini(&array);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_keep_their_numbers),
		cmocka_unit_test(test_reserved_room_is_not_moved),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests_name("base/array", tests, NULL, NULL);
}
