/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lab.h"

#define NOBODY 65534

/* The checks run in children, which give up their privileges for good and answer a number. */
enum answer { WORKED, REFUSED_WITH_FIXES, REFUSED_BY_SYSTEM, SOMETHING_ELSE };

static enum answer try_to_open(void)
{
	struct bw_egress egress = {.interface = "lo", .interface_index = 1,
				   .source = {4, {127, 0, 0, 1}}};
	struct loop_callbacks nothing = {NULL, NULL};
	struct permit permit = {0};
	struct netio_config config = {.egress = &egress, .egress_count = 1, .permit = &permit};
	struct netio *netio;
	struct bw_err err;
	int r;

	if (loop_new(&nothing, NULL, &config.loop, NULL) != 0)
		return SOMETHING_ELSE;
	r = netio_open(&config, &netio, &err);
	if (r == 0)
		netio_close(netio);
	loop_free(config.loop);
	if (r == 0)
		return WORKED;
	if (r != BW_ERR_PRIVILEGE)
		return SOMETHING_ELSE;
	return strstr(err.message, "setcap cap_net_raw+ep") ? REFUSED_WITH_FIXES
							    : REFUSED_BY_SYSTEM;
}

/* Becomes an ordinary user who keeps the given set of the first 32 capabilities. */
static int become_nobody(uint32_t keep)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{keep, keep, 0}};

	if (prctl(PR_SET_KEEPCAPS, 1) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) != 0)
		return -1;
	return (int)syscall(SYS_capset, &header, data);
}

static int without(void)
{
	return become_nobody(0);
}

static int with_net_raw_only(void)
{
	return become_nobody(CAP_TO_MASK(CAP_NET_RAW));
}

/* All capabilities, but in a user namespace that does not own this network. */
static int in_a_user_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static enum answer answer_of_child(int (*prepare)(void))
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(prepare() == 0 ? (int)try_to_open() : SOMETHING_ELSE);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return (enum answer)WEXITSTATUS(status);
}

static void test_ordinary_user(void **state)
{
	(void)state;
	assert_int_equal(answer_of_child(without), REFUSED_WITH_FIXES);
}

static void test_one_capability_is_enough(void **state)
{
	(void)state;
	assert_int_equal(answer_of_child(with_net_raw_only), WORKED);
}

static void test_refused_in_a_container(void **state)
{
	(void)state;
	assert_int_equal(answer_of_child(in_a_user_namespace), REFUSED_BY_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordinary_user),
		cmocka_unit_test(test_one_capability_is_enough),
		cmocka_unit_test(test_refused_in_a_container),
	};

	lab_enter();
	return cmocka_run_group_tests_name("lab/sys/privilege", tests, NULL, NULL);
}
