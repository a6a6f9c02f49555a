/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/alias.h"

static bool is_nearby(const char *probed, const char *from)
{
	struct bw_addr a, b;

	assert_int_equal(bw_addr_parse(probed, &a), 0);
	assert_int_equal(bw_addr_parse(from, &b), 0);
	return alias_is_nearby(&a, &b);
}

static void test_addresses_of_one_block_are_nearby(void **state)
{
	(void)state;
	assert_true(is_nearby("198.18.1.7", "198.18.1.250"));
	assert_true(is_nearby("2001:db8:1::7", "2001:db8:1:ffff::1"));
}

static void test_others_are_not(void **state)
{
	(void)state;
	assert_false(is_nearby("198.18.1.7", "198.18.0.7"));
	assert_false(is_nearby("2001:db8:1::7", "2001:db8:2::7"));
	assert_false(is_nearby("198.18.1.7", "2001:db8::1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses_of_one_block_are_nearby),
		cmocka_unit_test(test_others_are_not),
	};

	return cmocka_run_group_tests_name("probe/alias", tests, NULL, NULL);
}
