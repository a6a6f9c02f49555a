/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xff};

static void test_reads(void **state)
{
	struct cursor c = cursor_of(bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(cursor_left(&c), 15);
	assert_int_equal(cursor_u8(&c), 1);
	assert_int_equal(cursor_u16(&c), 0x0203);
	assert_int_equal(cursor_u32(&c), 0x04050607);
	cursor_skip(&c, 1);
	assert_ptr_equal(cursor_take(&c, 6), bytes + 8);
	assert_int_equal(cursor_u8(&c), 0xff);
	assert_int_equal(cursor_left(&c), 0);
	assert_false(c.failed);
	c = cursor_of(bytes, 8);
	assert_int_equal(cursor_u64(&c), UINT64_C(0x0102030405060708));
	assert_false(c.failed);
}

static void test_failure_sticks(void **state)
{
	struct cursor c = cursor_of(bytes, 3);

	(void)state;
	assert_int_equal(cursor_u32(&c), 0);
	assert_true(c.failed);
	assert_int_equal(cursor_left(&c), 0);
	assert_int_equal(cursor_u8(&c), 0);
	assert_null(cursor_take(&c, 1));
	assert_non_null(cursor_take(&c, 0));
	assert_true(c.failed);
	c = cursor_of(bytes, 7);
	assert_int_equal(cursor_u64(&c), UINT64_C(0x0102030400000000));
	assert_true(c.failed);
}

static void test_huge_counts(void **state)
{
	struct cursor c = cursor_of(bytes, sizeof(bytes));

	(void)state;
	assert_null(cursor_take(&c, SIZE_MAX));
	assert_true(c.failed);
	c = cursor_of(NULL, 0);
	assert_int_equal(cursor_left(&c), 0);
	assert_int_equal(cursor_u8(&c), 0);
	assert_true(c.failed);
}

static void test_limit(void **state)
{
	struct cursor c = cursor_of(bytes, sizeof(bytes));

	(void)state;
	cursor_limit(&c, 100);
	assert_int_equal(cursor_left(&c), sizeof(bytes));
	cursor_limit(&c, 2);
	assert_int_equal(cursor_u16(&c), 0x0102);
	assert_false(c.failed);
	assert_int_equal(cursor_u8(&c), 0);
	assert_true(c.failed);
}

static void test_writes(void **state)
{
	uint8_t out[14];
	struct cursor c = cursor_of(out, sizeof(out));

	(void)state;
	put_u16(out, 0xfedc);
	put_u32(out + 2, 0x89abcdef);
	put_u64(out + 6, UINT64_C(0x0123456789abcdef));
	assert_int_equal(cursor_u16(&c), 0xfedc);
	assert_int_equal(cursor_u32(&c), 0x89abcdef);
	assert_int_equal(cursor_u64(&c), UINT64_C(0x0123456789abcdef));
	assert_int_equal(out[0], 0xfe);
	assert_int_equal(out[13], 0xef);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_failure_sticks),
		cmocka_unit_test(test_huge_counts),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_writes),
	};

	return cmocka_run_group_tests_name("base/cursor", tests, NULL, NULL);
}
