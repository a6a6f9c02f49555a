/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/crc32c.h"

/* RFC 3720, B.4. */
static void test_vectors(void **state)
{
	uint8_t bytes[32] = {0};

	(void)state;
	assert_int_equal(crc32c(0, bytes, 32), 0x8A9136AA);
	memset(bytes, 0xFF, sizeof(bytes));
	assert_int_equal(crc32c(0, bytes, 32), 0x62A8AB43);
	for (uint8_t i = 0; i < 32; i++)
		bytes[i] = i;
	assert_int_equal(crc32c(0, bytes, 32), 0x46DD794E);
	for (uint8_t i = 0; i < 32; i++)
		bytes[i] = 31 - i;
	assert_int_equal(crc32c(0, bytes, 32), 0x113FDB5C);
	assert_int_equal(crc32c(0, "123456789", 9), 0xE3069283);
	assert_int_equal(crc32c(0, "", 0), 0);
}

static void test_pieces_are_as_the_whole(void **state)
{
	const char text[] = "{\"schema\":\"blockwatch/record/1\",\"type\":\"block\"}";
	uint32_t whole = crc32c(0, text, sizeof(text));

	(void)state;
	for (size_t i = 0; i <= sizeof(text); i++)
		assert_int_equal(crc32c(crc32c(0, text, i), text + i, sizeof(text) - i), whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_pieces_are_as_the_whole),
	};

	return cmocka_run_group_tests_name("base/crc32c", tests, NULL, NULL);
}
