/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../report/samples.h"
#include "report/record/encode.h"
#include "sys/disk/json_lines.h"

static size_t line_length(void)
{
	const struct record record = sample_vantage();
	char line[RECORD_LINE_MAX];
	int length = record_encode(&record, line, sizeof(line));

	assert_true(length > 0);
	return (size_t)length;
}

static void put(struct json_lines *lines)
{
	const struct record_sink sink = json_lines_sink(lines);
	const struct record record = sample_vantage();

	sink.put(sink.self, &record);
}

/* Each record can be read as soon as it was put. */
static void test_written_at_once(void **state)
{
	struct json_lines lines;
	char bytes[RECORD_LINE_MAX];
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	json_lines_init(&lines, fds[1]);
	for (int n = 0; n < 3; n++) {
		put(&lines);
		assert_int_equal(read(fds[0], bytes, sizeof(bytes)), line_length());
		assert_int_equal(bytes[line_length() - 1], '\n');
	}
	assert_int_equal(lines.written, 3);
	assert_int_equal(lines.lost, 0);
	assert_int_equal(json_lines_error(&lines), 0);
	close(fds[0]);
	close(fds[1]);
}

/* Reads to the end; exits with 0 when that were COUNT whole lines. */
static void drain(int fd, size_t count)
{
	char bytes[4096], last = 0;
	size_t lines = 0;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			lines += bytes[i] == '\n';
		last = bytes[n - 1];
	}
	_exit(lines == count && last == '\n' ? 0 : 1);
}

/* Far more than a pipe holds, into one that would not wait. */
static void test_non_blocking_output(void **state)
{
	const int count = 2000;
	struct json_lines lines;
	int fds[2], status;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
	child = fork();
	if (child == 0) {
		close(fds[1]);
		drain(fds[0], (size_t)count);
	}
	assert_true(child > 0);
	close(fds[0]);
	json_lines_init(&lines, fds[1]);
	for (int n = 0; n < count; n++)
		put(&lines);
	assert_int_equal(json_lines_error(&lines), 0);
	assert_true(fcntl(fds[1], F_GETFL) & O_NONBLOCK);
	close(fds[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void test_broken_pipe(void **state)
{
	struct json_lines lines;
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	json_lines_init(&lines, fds[1]);
	put(&lines);
	put(&lines);
	assert_int_equal(json_lines_error(&lines), -EPIPE);
	assert_int_equal(lines.written, 0);
	assert_int_equal(lines.lost, 2);
	close(fds[1]);
}

static void test_closed_output(void **state)
{
	struct json_lines lines;

	(void)state;
	json_lines_init(&lines, -1);
	put(&lines);
	assert_int_equal(json_lines_error(&lines), -EBADF);
}

static void test_full_device(void **state)
{
	struct json_lines lines;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	json_lines_init(&lines, fd);
	put(&lines);
	assert_int_equal(json_lines_error(&lines), -ENOSPC);
	close(fd);
}

/* A file that may grow to one line and a half: the half is taken back. */
static void test_no_line_cut_short(void **state)
{
	const struct rlimit half = {line_length() + line_length() / 2, RLIM_INFINITY};
	struct json_lines lines;
	struct rlimit before;
	int fd = memfd_create("lines", MFD_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &half), 0);
	json_lines_init(&lines, fd);
	put(&lines);
	put(&lines);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	put(&lines);
	assert_int_equal(json_lines_error(&lines), -EFBIG);
	assert_int_equal(lines.written, 1);
	assert_int_equal(lines.lost, 2);
	assert_int_equal(lseek(fd, 0, SEEK_END), line_length());
	close(fd);
}

/* Behind what others have written to the same file nothing is taken back. */
static void test_foreign_bytes_stay(void **state)
{
	const struct rlimit half = {line_length() / 2, RLIM_INFINITY};
	struct json_lines lines;
	struct rlimit before;
	int fd = memfd_create("lines", MFD_CLOEXEC);

	(void)state;
	assert_int_equal(pwrite(fd, "foreign", 7, (off_t)line_length()), 7);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &half), 0);
	json_lines_init(&lines, fd);
	put(&lines);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(json_lines_error(&lines), -EFBIG);
	assert_int_equal(lseek(fd, 0, SEEK_END), line_length() + 7);
	close(fd);
}

static void test_record_beyond_the_limit(void **state)
{
	struct json_lines lines;
	struct record record = sample_vantage();
	const struct record_sink sink = json_lines_sink(&lines);
	char *version = malloc(RECORD_LINE_MAX + 1);
	int fd = memfd_create("lines", MFD_CLOEXEC);

	(void)state;
	memset(version, 'x', RECORD_LINE_MAX);
	version[RECORD_LINE_MAX] = '\0';
	record.vantage.version = version;
	json_lines_init(&lines, fd);
	sink.put(sink.self, &record);
	assert_int_equal(json_lines_error(&lines), BW_ERR_LIMIT);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	free(version);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_at_once),
		cmocka_unit_test(test_non_blocking_output),
		cmocka_unit_test(test_broken_pipe),
		cmocka_unit_test(test_closed_output),
		cmocka_unit_test(test_full_device),
		cmocka_unit_test(test_no_line_cut_short),
		cmocka_unit_test(test_foreign_bytes_stay),
		cmocka_unit_test(test_record_beyond_the_limit),
	};

	return cmocka_run_group_tests_name("sys/json_lines", tests, NULL, NULL);
}
