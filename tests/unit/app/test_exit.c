/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/common/exit.h"

/* The codes that README documents, for each code of blockwatch's own. */
static const struct {
	int error, status;
} expected[] = {
	{BW_ERR_USAGE, 64},       {BW_ERR_SYNTAX, 65},   {BW_ERR_VALUE, 65},
	{BW_ERR_OVERLAP, 65},     {BW_ERR_LIMIT, 65},    {BW_ERR_SPECIAL_PURPOSE, 65},
	{BW_ERR_BLOCKLISTED, 65}, {BW_ERR_MISSING, 66},  {BW_ERR_UNAVAILABLE, 69},
	{BW_ERR_NO_ROUTE, 69},    {BW_ERR_INTERNAL, 70}, {BW_ERR_PRIVILEGE, 77},
};

static int expected_of(int error)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (expected[i].error == error)
			return expected[i].status;
	return -1;
}

static void test_every_code_of_our_own(void **state)
{
	(void)state;
#define X(name, value, text) assert_int_equal(exit_code(name), expected_of(name));
	BW_ERROR_LIST(X)
#undef X
}

static void test_codes_of_the_system(void **state)
{
	(void)state;
	assert_int_equal(exit_code(-ENOENT), EXIT_MISSING);
	assert_int_equal(exit_code(-EPERM), EXIT_PRIVILEGE);
	assert_int_equal(exit_code(-EACCES), EXIT_PRIVILEGE);
	assert_int_equal(exit_code(-ENODEV), EXIT_UNAVAILABLE);
	assert_int_equal(exit_code(-ENXIO), EXIT_UNAVAILABLE);
	assert_int_equal(exit_code(-ENETDOWN), EXIT_UNAVAILABLE);
	assert_int_equal(exit_code(-ENETUNREACH), EXIT_UNAVAILABLE);
	assert_int_equal(exit_code(-EHOSTUNREACH), EXIT_UNAVAILABLE);
	assert_int_equal(exit_code(-EADDRNOTAVAIL), EXIT_UNAVAILABLE);
}

static void test_other_codes_are_internal(void **state)
{
	(void)state;
	assert_int_equal(exit_code(-ENOMEM), EXIT_INTERNAL);
	assert_int_equal(exit_code(-EIO), EXIT_INTERNAL);
	assert_int_equal(exit_code(-4711), EXIT_INTERNAL);
}

static void test_error_becomes_exit_code(void **state)
{
	struct bw_err err;

	(void)state;
	bw_err_set(&err, BW_ERR_MISSING, "a message of the test");
	assert_int_equal(exit_with_error("test", &err), EXIT_MISSING);
	assert_int_equal(exit_with_error(NULL, &err), EXIT_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code_of_our_own),
		cmocka_unit_test(test_codes_of_the_system),
		cmocka_unit_test(test_other_codes_are_internal),
		cmocka_unit_test(test_error_becomes_exit_code),
	};

	return cmocka_run_group_tests_name("app/exit", tests, NULL, NULL);
}
