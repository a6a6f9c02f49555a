/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/machine/privilege.h"

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

/* The checks run in a child, which gives up its privileges for good and answers a number. */
static int answer_of_child(int (*check)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(check());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define NOBODY 65534
#define REQUIRE(condition)                                                               \
	do {                                                                             \
		if (!(condition))                                                        \
			return __LINE__ & 0xff ? __LINE__ & 0xff : 1;                    \
	} while (0)

/* Nobody in every respect, except that a raw socket can be opened. */
static int check_is_nobody(void)
{
	struct capabilities now = {.header = {_LINUX_CAPABILITY_VERSION_3, 0}};
	uid_t ids[6];
	gid_t groups[8];
	int fd;

	REQUIRE(getresuid(&ids[0], &ids[1], &ids[2]) == 0);
	REQUIRE(getresgid(&ids[3], &ids[4], &ids[5]) == 0);
	for (int i = 0; i < 6; i++)
		REQUIRE(ids[i] == NOBODY);
	REQUIRE(getgroups(8, groups) == 1 && groups[0] == NOBODY);
	REQUIRE(syscall(SYS_capget, &now.header, now.data) == 0);
	REQUIRE(now.data[0].permitted == CAP_TO_MASK(CAP_NET_RAW));
	REQUIRE(now.data[0].effective == CAP_TO_MASK(CAP_NET_RAW));
	REQUIRE(now.data[0].inheritable == 0 && now.data[1].permitted == 0);
	REQUIRE(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	REQUIRE(prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0) == 0);
	REQUIRE(setuid(0) != 0 && setgid(0) != 0 && setgroups(0, NULL) != 0);
	REQUIRE(open("/etc/shadow", O_RDONLY | O_CLOEXEC) < 0);
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 1);
	REQUIRE(fd >= 0);
	REQUIRE(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) == 0);
	REQUIRE(close(fd) == 0);
	return privilege_check(NULL) == 0 ? 0 : 1;
}

static int become_by_name(void)
{
	gid_t more[] = {0, 1};

	REQUIRE(setgroups(2, more) == 0);
	REQUIRE(privilege_become("nobody", NULL) == 0);
	return check_is_nobody();
}

static int become_by_number(void)
{
	REQUIRE(privilege_become("65534", NULL) == 0);
	return check_is_nobody();
}

/* A number that nobody has: its group is the same. */
static int become_a_stranger(void)
{
	REQUIRE(privilege_become("54321", NULL) == 0);
	REQUIRE(getuid() == 54321 && getgid() == 54321);
	return 0;
}

/* Who has no CAP_NET_RAW to begin with does not get it. */
static int become_without_net_raw(void)
{
	struct capabilities now = {.header = {_LINUX_CAPABILITY_VERSION_3, 0}};

	REQUIRE(syscall(SYS_capget, &now.header, now.data) == 0);
	now.data[0].permitted &= ~CAP_TO_MASK(CAP_NET_RAW);
	now.data[0].effective &= ~CAP_TO_MASK(CAP_NET_RAW);
	REQUIRE(syscall(SYS_capset, &now.header, now.data) == 0);
	REQUIRE(privilege_become("nobody", NULL) == 0);
	REQUIRE(getuid() == NOBODY);
	REQUIRE(privilege_check(NULL) == BW_ERR_PRIVILEGE);
	return 0;
}

/* Only root changes; who is it already stays. */
static int become_another_then(void)
{
	struct bw_err err = {0};

	REQUIRE(privilege_become("nobody", NULL) == 0);
	REQUIRE(privilege_become("nobody", NULL) == 0);
	REQUIRE(privilege_become("65534", NULL) == 0);
	REQUIRE(privilege_become("root", &err) == BW_ERR_PRIVILEGE);
	REQUIRE(strstr(err.message, "only root can become 'root'") != NULL);
	return getuid() == NOBODY ? 0 : 1;
}

/* Without CAP_SETUID root is not root: it is said, and nothing pretends to have worked. */
static int become_in_vain(void)
{
	struct capabilities now = {.header = {_LINUX_CAPABILITY_VERSION_3, 0}};
	struct bw_err err = {0};

	REQUIRE(syscall(SYS_capget, &now.header, now.data) == 0);
	now.data[0].permitted &= ~CAP_TO_MASK(CAP_SETUID);
	now.data[0].effective &= ~CAP_TO_MASK(CAP_SETUID);
	REQUIRE(syscall(SYS_capset, &now.header, now.data) == 0);
	REQUIRE(privilege_become("nobody", &err) == BW_ERR_PRIVILEGE);
	REQUIRE(strcmp(err.message, "cannot become 'nobody': Operation not permitted") == 0);
	return 0;
}

static void test_becoming_a_user(void **state)
{
	(void)state;
	if (geteuid() != 0 || privilege_check(NULL) < 0)
		skip();
	assert_int_equal(answer_of_child(become_by_name), 0);
	assert_int_equal(answer_of_child(become_by_number), 0);
	assert_int_equal(answer_of_child(become_a_stranger), 0);
	assert_int_equal(answer_of_child(become_without_net_raw), 0);
	assert_int_equal(answer_of_child(become_another_then), 0);
	assert_int_equal(answer_of_child(become_in_vain), 0);
}

static void test_unknown_users(void **state)
{
	static const char *const unknown[] = {"no-such-user", "99999999999", "1x", "-1"};
	struct bw_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_int_equal(privilege_become(unknown[i], &err), BW_ERR_VALUE);
		assert_non_null(strstr(err.message, "there is no user '"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_message_names_three_fixes),
		cmocka_unit_test(test_refused_in_spite_of_it),
		cmocka_unit_test(test_becoming_a_user),
		cmocka_unit_test(test_unknown_users),
	};

	return cmocka_run_group_tests_name("sys/privilege", tests, NULL, NULL);
}
