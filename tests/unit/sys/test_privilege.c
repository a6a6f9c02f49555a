/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/privilege.h"

struct capabilities {
	struct __user_cap_header_struct header;
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
};

/* What this process has; the tests run with CAP_NET_RAW taken away for a moment. */
static struct capabilities read_capabilities(void)
{
	struct capabilities c = {.header = {_LINUX_CAPABILITY_VERSION_3, 0}};

	assert_int_equal(syscall(SYS_capget, &c.header, c.data), 0);
	return c;
}

static void set_effective(struct capabilities c, bool net_raw)
{
	if (!net_raw)
		c.data[CAP_TO_INDEX(CAP_NET_RAW)].effective &= ~CAP_TO_MASK(CAP_NET_RAW);
	assert_int_equal(syscall(SYS_capset, &c.header, c.data), 0);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_true(privilege_is_missing(-EPERM));
	assert_true(privilege_is_missing(-EACCES));
	assert_false(privilege_is_missing(0));
	assert_false(privilege_is_missing(-ENETDOWN));
}

static void test_message_names_three_fixes(void **state)
{
	struct capabilities before = read_capabilities();
	char path[4096] = "";
	struct bw_err err;
	int r;

	(void)state;
	assert_true(readlink("/proc/self/exe", path, sizeof(path) - 1) > 0);
	set_effective(before, false);
	r = privilege_check(&err);
	set_effective(before, true);
	assert_int_equal(r, BW_ERR_PRIVILEGE);
	assert_int_equal(err.code, BW_ERR_PRIVILEGE);
	assert_non_null(strstr(err.message, "run as root"));
	assert_non_null(strstr(err.message, "setcap cap_net_raw+ep"));
	assert_non_null(strstr(err.message, "systemd unit blockwatch.service"));
	assert_null(strchr(err.message, '\n'));
	if (strlen(path) < 160)
		assert_non_null(strstr(err.message, path));
}

static void test_refused_in_spite_of_it(void **state)
{
	struct capabilities now = read_capabilities();
	struct bw_err err;

	(void)state;
	if (!(now.data[CAP_TO_INDEX(CAP_NET_RAW)].effective & CAP_TO_MASK(CAP_NET_RAW)))
		skip();
	assert_int_equal(privilege_check(NULL), 0);
	assert_int_equal(privilege_error(&err), BW_ERR_PRIVILEGE);
	assert_null(strstr(err.message, "setcap"));
	assert_non_null(strstr(err.message, "container"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_message_names_three_fixes),
		cmocka_unit_test(test_refused_in_spite_of_it),
	};

	return cmocka_run_group_tests_name("sys/privilege", tests, NULL, NULL);
}
