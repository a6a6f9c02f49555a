/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/common/identity.h"

static void test_boot_ids_differ(void **state)
{
	char first[IDENTITY_BOOT_TEXT], second[IDENTITY_BOOT_TEXT];

	(void)state;
	identity_boot(first);
	identity_boot(second);
	assert_int_equal(strlen(first), IDENTITY_BOOT_TEXT - 1);
	assert_int_equal(strspn(first, "0123456789abcdef"), IDENTITY_BOOT_TEXT - 1);
	assert_string_not_equal(first, second);
}

static void test_host_has_a_name(void **state)
{
	char host[IDENTITY_HOST_TEXT];

	(void)state;
	identity_host(host);
	assert_in_range(strlen(host), 1, IDENTITY_HOST_TEXT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boot_ids_differ),
		cmocka_unit_test(test_host_has_a_name),
	};

	return cmocka_run_group_tests_name("app/identity", tests, NULL, NULL);
}
