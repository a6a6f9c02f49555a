/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sys/net/interface.h"

/* Every machine and every namespace has lo; nothing else is taken for granted here. */

static void test_nothing_wished(void **state)
{
	struct interface_wish wish = {99, {4, {1}}};

	(void)state;
	assert_int_equal(interface_wish(NULL, NULL, &wish, NULL), 0);
	assert_int_equal(wish.index, 0);
	assert_int_equal(wish.source.family, 0);
}

static void test_no_such_interface(void **state)
{
	struct interface_wish wish = {99, {0}};
	struct bw_err err;
	char line[1024];

	(void)state;
	assert_int_equal(interface_wish("blockwatch9", NULL, &wish, &err), BW_ERR_MISSING);
	assert_int_equal(wish.index, 99);
	bw_err_format(&err, line, sizeof(line));
	assert_non_null(strstr(line, "--interface blockwatch9: there is no such interface "
				     "(this machine has: lo"));
}

static void test_source_of_another_machine(void **state)
{
	struct bw_addr source = {4, {203, 0, 113, 77}};
	struct interface_wish wish;
	struct bw_err err;
	char line[1024];

	(void)state;
	assert_int_equal(interface_wish(NULL, &source, &wish, &err), BW_ERR_MISSING);
	bw_err_format(&err, line, sizeof(line));
	assert_non_null(strstr(line, "--source 203.0.113.77: not an address of this machine"));
}

static void test_source_of_another_interface(void **state)
{
	struct bw_addr source = {4, {203, 0, 113, 77}};
	struct interface_wish wish;
	struct bw_err err;

	(void)state;
	if (interface_state(if_nametoindex("lo")) != 0)
		skip();
	assert_int_equal(interface_wish("lo", &source, &wish, &err), BW_ERR_MISSING);
	assert_non_null(strstr(err.message, "not an address of the interface lo"));
	assert_string_equal(err.field, "--source 203.0.113.77");
}

static void test_loopback(void **state)
{
	struct bw_addr localhost = {4, {127, 0, 0, 1}};
	unsigned index = if_nametoindex("lo");
	struct interface_wish wish;
	char name[INTERFACE_NAME];

	(void)state;
	assert_string_equal(interface_name(index, name), "lo");
	if (interface_state(index) != 0)
		skip();
	assert_int_equal(interface_wish("lo", &localhost, &wish, NULL), 0);
	assert_int_equal(wish.index, index);
	assert_true(bw_addr_equal(&wish.source, &localhost));
}

static void test_interface_that_is_gone(void **state)
{
	char name[INTERFACE_NAME];

	(void)state;
	assert_string_equal(interface_name(0x7ffffff0, name), "");
	assert_int_equal(interface_state(0x7ffffff0), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_wished),
		cmocka_unit_test(test_no_such_interface),
		cmocka_unit_test(test_source_of_another_machine),
		cmocka_unit_test(test_source_of_another_interface),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_interface_that_is_gone),
	};

	return cmocka_run_group_tests_name("sys/interface", tests, NULL, NULL);
}
