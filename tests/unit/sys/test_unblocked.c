/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/sink/unblocked.h"

#define MUCH 100000 /* writes of a line; more than any pipe, socket or terminal holds */

static const char line[] = "a line that nobody reads\n";

/* Fills FD until it takes nothing; its flags stay. */
static void expect_no_block(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct unblocked out;
	ssize_t n = 0;

	unblocked_init(&out, fd);
	assert_true(out.may_block);
	for (int i = 0; i < MUCH && n >= 0; i++)
		n = unblocked_write(&out, line, strlen(line));
	assert_int_equal(n, -EAGAIN);
	unblocked_fini(&out);
	assert_int_equal(fcntl(fd, F_GETFL), flags);
}

static void test_pipe(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	expect_no_block(ends[1]);
	close(ends[0]);
	close(ends[1]);
}

static void test_socket(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	expect_no_block(ends[1]);
	close(ends[0]);
	close(ends[1]);
}

static void test_terminal(void **state)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), terminal;

	(void)state;
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		skip();
	terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0);
	expect_no_block(terminal);
	close(terminal);
	close(master);
}

static void test_no_reader(void **state)
{
	struct unblocked out;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	unblocked_init(&out, ends[1]);
	assert_int_equal(unblocked_write(&out, line, strlen(line)), -EPIPE);
	unblocked_fini(&out);
	close(ends[1]);
}

static void test_file(void **state)
{
	char path[] = "/tmp/blockwatch-unblocked-XXXXXX";
	int fd = mkstemp(path);
	struct unblocked out;

	(void)state;
	assert_true(fd >= 0);
	unblocked_init(&out, fd);
	assert_false(out.may_block);
	assert_int_equal(unblocked_write(&out, line, strlen(line)), strlen(line));
	unblocked_fini(&out);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pipe),     cmocka_unit_test(test_socket),
		cmocka_unit_test(test_terminal), cmocka_unit_test(test_no_reader),
		cmocka_unit_test(test_file),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("sys/unblocked", tests, NULL, NULL);
}
