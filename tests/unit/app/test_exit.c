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

/* What a machine may refuse, and no bug of ours: nothing of it is 70. */
static const int of_data[] = {
	EISDIR, ENOTDIR, ELOOP, ENAMETOOLONG, EILSEQ,
};
static const int of_missing[] = {
	ENOENT,
};
static const int of_unavailable[] = {
	ENODEV, ENXIO, ENETDOWN, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EADDRINUSE,
	ENOBUFS, ENOMEM, EMFILE, ENFILE, EAGAIN, EBUSY, ETXTBSY, EROFS, ENOSPC, EDQUOT,
	EFBIG, EIO, EPIPE, ESTALE, ETIMEDOUT, ECONNREFUSED, ECONNRESET, EAFNOSUPPORT,
	EPROTONOSUPPORT, EOPNOTSUPP, ENOSYS, ENOLCK, EEXIST, EXDEV, EINTR,
};
static const int of_privilege[] = {
	EPERM, EACCES,
};

#define EXPECT_ALL(list, status)                                                                   \
	for (size_t i = 0; i < sizeof(list) / sizeof((list)[0]); i++)                              \
		assert_int_equal(exit_code(-(list)[i]), status)

static void test_codes_of_the_system(void **state)
{
	(void)state;
	EXPECT_ALL(of_data, 65);
	EXPECT_ALL(of_missing, 66);
	EXPECT_ALL(of_unavailable, 69);
	EXPECT_ALL(of_privilege, 77);
}

static void test_other_codes_are_internal(void **state)
{
	(void)state;
	assert_int_equal(exit_code(-EINVAL), EXIT_INTERNAL);
	assert_int_equal(exit_code(-EFAULT), EXIT_INTERNAL);
	assert_int_equal(exit_code(-EBADF), EXIT_INTERNAL);
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
