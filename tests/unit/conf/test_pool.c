/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conf/keys/pool.h"

static void test_memory_is_zero_and_aligned(void **state)
{
	struct pool pool = {NULL};

	(void)state;
	for (size_t size = 1; size < 100; size += 7) {
		unsigned char *memory = pool_take(&pool, size);

		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		for (size_t i = 0; i < size; i++)
			memory[i] = 0xff;
	}
	assert_string_equal(pool_text(&pool, "text"), "text");
	assert_string_equal(pool_text(&pool, ""), "");
	pool_fini(&pool);
	assert_null(pool.first);
	pool_fini(&pool);
}

/* Far over several capacities; each element keeps its value as the list moves. */
static void test_list_grows(void **state)
{
	struct pool pool = {NULL};
	struct pool_list list = {NULL, 0};

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		unsigned *element = pool_list_add(&pool, &list, sizeof(*element));

		assert_int_equal(*element, 0);
		*element = i;
		assert_int_equal(list.count, i + 1);
	}
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(((unsigned *)list.list)[i], i);
	pool_fini(&pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory_is_zero_and_aligned),
		cmocka_unit_test(test_list_grows),
	};

	return cmocka_run_group_tests_name("conf/pool", tests, NULL, NULL);
}
