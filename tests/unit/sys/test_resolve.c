/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sys/net/resolve.h"

static void test_names(void **state)
{
	(void)state;
	assert_true(resolve_is_name("www.example.org"));
	assert_true(resolve_is_name("localhost"));
	assert_true(resolve_is_name("Host-1.example."));
	assert_false(resolve_is_name(""));
	assert_false(resolve_is_name("-n"));
	assert_false(resolve_is_name(".example"));
	assert_false(resolve_is_name("a/b"));
	assert_false(resolve_is_name("two words"));
}

/* What is an address already needs no name server. */
static void test_addresses(void **state)
{
	struct bw_addr list[RESOLVE_MAX], want;
	struct bw_err err;

	(void)state;
	assert_int_equal(resolve_name("198.18.0.1", 0, list, &err), 1);
	assert_int_equal(bw_addr_parse("198.18.0.1", &want), 0);
	assert_true(bw_addr_equal(&list[0], &want));
	assert_int_equal(resolve_name("2001:db8::1", 6, list, &err), 1);
	assert_int_equal(bw_addr_parse("2001:db8::1", &want), 0);
	assert_true(bw_addr_equal(&list[0], &want));
	assert_int_equal(resolve_name("198.18.0.1", 6, list, &err), BW_ERR_MISSING);
	assert_string_equal(err.field, "198.18.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests_name("sys/resolve", tests, NULL, NULL);
}
