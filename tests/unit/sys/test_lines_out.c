/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/disk/lines_out.h"

static void put_line(struct lines_out *out, const char *text)
{
	char *line = lines_out_line(out, 4096);

	assert_non_null(line);
	memcpy(line, text, strlen(text));
	lines_out_put(out, strlen(text));
}

/* A reader that does not read: what fits in the pipe goes, the rest stays and nothing blocks. */
static void test_stalls(void **state)
{
	struct lines_out out;
	char text[1001], got[65536];
	size_t total = 0, lines = 0;
	int ends[2];

	(void)state;
	memset(text, 'x', 999);
	memcpy(text + 999, "\n", 2);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(lines_out_init(&out, ends[1]), 0);
	for (unsigned i = 0; i < 1100; i++)
		put_line(&out, text);
	assert_true(lines_out_is_full(&out));
	assert_int_equal(lines_out_flush(&out, 0), 1);
	assert_int_equal(lines_out_flush(&out, 0), 1);
	while (total < 1100 * 1000) {
		ssize_t n = read(ends[0], got, sizeof(got));

		assert_true(n > 0);
		total += (size_t)n;
		for (ssize_t i = 0; i < n; i++)
			lines += got[i] == '\n';
		assert_true(lines_out_flush(&out, 0) >= 0);
	}
	assert_int_equal(lines, 1100);
	assert_int_equal(lines_out_flush(&out, 0), 0);
	close(ends[0]);
	put_line(&out, text);
	assert_int_equal(lines_out_flush(&out, 0), -EPIPE);
	assert_null(lines_out_line(&out, 10));
	lines_out_fini(&out);
	close(ends[1]);
}

/* A full disk, by way of a limit: what was written of the last line is taken back. */
static void test_full_disk(void **state)
{
	char path[] = "/tmp/blockwatch-test-XXXXXX", got[4096];
	struct rlimit before, small = {.rlim_cur = 1500};
	struct lines_out out;
	int fd = mkstemp(path);
	ssize_t n;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(lines_out_init(&out, fd), 0);
	for (unsigned i = 0; i < 400; i++)
		put_line(&out, "1234567\n");
	assert_int_equal(lines_out_flush(&out, 0), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	n = pread(fd, got, sizeof(got), 0);
	assert_int_equal(n, 1500 / 8 * 8);
	assert_int_equal(got[n - 1], '\n');
	lines_out_fini(&out);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_full_disk),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("sys/lines_out", tests, NULL, NULL);
}
