/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/machine/notify.h"

/* A service manager: a datagram socket of its own, at a path or under an abstract name. */
struct manager {
	int fd;
	char folder[32], name[64], text[1024];
};

static void listen_at(struct manager *manager, const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(name);

	memcpy(address.sun_path, name, length);
	if (*name == '@')
		address.sun_path[0] = '\0';
	manager->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_true(manager->fd >= 0);
	assert_int_equal(bind(manager->fd, (const struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)), 0);
	snprintf(manager->name, sizeof(manager->name), "%s", name);
	setenv("NOTIFY_SOCKET", name, 1);
}

static void hear(struct manager *manager, const char *wanted)
{
	ssize_t length = recv(manager->fd, manager->text, sizeof(manager->text) - 1, 0);

	assert_true(length >= 0);
	manager->text[length] = '\0';
	assert_string_equal(manager->text, wanted);
}

static void hear_nothing(struct manager *manager)
{
	assert_int_equal(recv(manager->fd, manager->text, sizeof(manager->text), 0), -1);
	assert_int_equal(errno, EAGAIN);
}

static int set_up(void **state)
{
	struct manager *manager = calloc(1, sizeof(*manager));
	char name[64];

	snprintf(manager->folder, sizeof(manager->folder), "/tmp/bw-notify-XXXXXX");
	assert_non_null(mkdtemp(manager->folder));
	snprintf(name, sizeof(name), "%s/socket", manager->folder);
	listen_at(manager, name);
	*state = manager;
	return 0;
}

static int tear_down(void **state)
{
	struct manager *manager = *state;

	close(manager->fd);
	unlink(manager->name);
	rmdir(manager->folder);
	free(manager);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return 0;
}

static void test_all_messages(void **state)
{
	struct manager *manager = *state;
	struct notify notify;

	notify_init(&notify);
	hear_nothing(manager);
	notify_ready(&notify);
	hear(manager, "READY=1");
	notify_reloading(&notify, (struct bw_mono){INT64_C(1234567890123)});
	hear(manager, "RELOADING=1\nMONOTONIC_USEC=1234567890");
	notify_watchdog(&notify);
	hear(manager, "WATCHDOG=1");
	notify_status(&notify, "4 of 4 networks are up");
	hear(manager, "STATUS=4 of 4 networks are up");
	notify_stopping(&notify);
	hear(manager, "STOPPING=1");
	notify_fini(&notify);
	notify_ready(&notify);
	hear_nothing(manager);
	notify_fini(&notify);
}

static void test_abstract_socket(void **state)
{
	struct manager *manager = *state, other = {.fd = -1};
	struct notify notify;
	char name[64];

	snprintf(name, sizeof(name), "@blockwatch/test/%d", getpid());
	listen_at(&other, name);
	notify_init(&notify);
	notify_ready(&notify);
	hear(&other, "READY=1");
	hear_nothing(manager);
	notify_fini(&notify);
	close(other.fd);
}

/* A status is one line, and ends with a whole character. */
static void test_status(void **state)
{
	struct manager *manager = *state;
	struct notify notify;
	char text[NOTIFY_STATUS_MAX + 10], wanted[NOTIFY_STATUS_MAX + 10] = "STATUS=";

	notify_init(&notify);
	notify_status(&notify, "a\nREADY=1\tb\x7f");
	hear(manager, "STATUS=a READY=1 b ");
	notify_status(&notify, "");
	hear(manager, "STATUS=");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memset(wanted + 7, 'x', NOTIFY_STATUS_MAX);
	notify_status(&notify, text);
	hear(manager, wanted);
	memcpy(text + NOTIFY_STATUS_MAX - 2, "\xe2\x98\x83", 3);
	wanted[7 + NOTIFY_STATUS_MAX - 2] = '\0';
	notify_status(&notify, text);
	hear(manager, wanted);
	notify_fini(&notify);
}

static void test_nobody_listens(void **state)
{
	static const char *const names[] = {"", "/", "@", "relative", "vsock:2:1234",
					    "/nowhere/socket"};
	struct manager *manager = *state;
	struct notify notify;
	char name[200];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		setenv("NOTIFY_SOCKET", names[i], 1);
		notify_init(&notify);
		notify_ready(&notify);
		assert_int_equal(notify.watchdog_ns, 0);
		notify_fini(&notify);
	}
	memset(name, '/', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	setenv("NOTIFY_SOCKET", name, 1);
	notify_init(&notify);
	assert_int_equal(notify.fd, -1);
	unsetenv("NOTIFY_SOCKET");
	setenv("WATCHDOG_USEC", "1000000", 1);
	notify_init(&notify);
	assert_int_equal(notify.fd, -1);
	assert_int_equal(notify.watchdog_ns, 0);
	notify_ready(&notify);
	hear_nothing(manager);
}

/* A manager that does not read must not stop the service. */
static void test_full_socket(void **state)
{
	struct manager *manager = *state;
	struct notify notify;

	notify_init(&notify);
	for (int i = 0; i < 10000; i++)
		notify_watchdog(&notify);
	hear(manager, "WATCHDOG=1");
	notify_fini(&notify);
}

static int64_t watchdog_of(struct manager *manager, const char *usec, const char *pid)
{
	struct notify notify;
	int64_t watchdog_ns;

	setenv("NOTIFY_SOCKET", manager->name, 1);
	setenv("WATCHDOG_USEC", usec, 1);
	if (pid)
		setenv("WATCHDOG_PID", pid, 1);
	notify_init(&notify);
	watchdog_ns = notify.watchdog_ns;
	notify_fini(&notify);
	return watchdog_ns;
}

static void test_watchdog(void **state)
{
	struct manager *manager = *state;
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	assert_int_equal(watchdog_of(manager, "60000000", NULL), 30 * BW_S);
	assert_int_equal(watchdog_of(manager, "60000000", pid), 30 * BW_S);
	assert_int_equal(watchdog_of(manager, "60000000", "1"), 0);
	assert_int_equal(watchdog_of(manager, "60000000", "x"), 0);
	assert_int_equal(watchdog_of(manager, "0", NULL), 0);
	assert_int_equal(watchdog_of(manager, "-1", NULL), 0);
	assert_int_equal(watchdog_of(manager, "1s", NULL), 0);
	assert_int_equal(watchdog_of(manager, "18446744073709551615", NULL), 0);
	assert_int_equal(watchdog_of(manager, "18446744073709551616", NULL), 0);
}

/* What is meant for this process is not meant for its children. */
static void test_environment_is_taken(void **state)
{
	struct manager *manager = *state;

	assert_int_equal(watchdog_of(manager, "60000000", "1"), 0);
	assert_null(getenv("NOTIFY_SOCKET"));
	assert_null(getenv("WATCHDOG_USEC"));
	assert_null(getenv("WATCHDOG_PID"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_all_messages),
		TEST(test_abstract_socket),
		TEST(test_status),
		TEST(test_nobody_listens),
		TEST(test_full_socket),
		TEST(test_watchdog),
		TEST(test_environment_is_taken),
	};

	return cmocka_run_group_tests_name("sys/notify", tests, NULL, NULL);
}
