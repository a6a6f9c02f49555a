/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "target/file/file.h"

#define PIPE_BYTES 20000 /* more than the first guess of a size, less than a pipe holds */

static void regular_files(void **state)
{
	char path[] = "/tmp/blockwatch-file-XXXXXX", *bytes = NULL;
	int fd = mkstemp(path);
	size_t length = 0;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(file_read(path, &bytes, &length, NULL), 0);
	assert_int_equal(length, 0);
	assert_string_equal(bytes, "");
	free(bytes);
	assert_int_equal(write(fd, "ab\0c", 4), 4);
	assert_int_equal(file_read(path, &bytes, &length, NULL), 0);
	assert_int_equal(length, 4);
	assert_memory_equal(bytes, "ab\0c", 5);
	free(bytes);
	close(fd);
	unlink(path);
}

static void pipes(void **state)
{
	char path[32], text[PIPE_BYTES], *bytes = NULL;
	size_t length = 0;
	int ends[2];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, sizeof(text)), sizeof(text));
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(file_read(path, &bytes, &length, NULL), 0);
	assert_int_equal(length, sizeof(text));
	assert_memory_equal(bytes, text, length);
	free(bytes);
	close(ends[0]);
}

static void what_cannot_be_read(void **state)
{
	char *bytes = NULL;
	size_t length = 0;
	struct bw_err err = {0};

	(void)state;
	assert_int_equal(file_read("/no/such/file", &bytes, &length, &err), BW_ERR_MISSING);
	assert_string_equal(err.file, "/no/such/file");
	assert_string_equal(err.message, "cannot open it: No such file or directory");
	assert_int_equal(file_read("/tmp", &bytes, &length, &err), BW_ERR_MISSING);
	assert_string_equal(err.message, "cannot read it: Is a directory");
	assert_null(bytes);
}

static void size_is_limited(void **state)
{
	char path[] = "/tmp/blockwatch-file-XXXXXX", *bytes = NULL;
	int fd = mkstemp(path);
	size_t length = 0;
	struct bw_err err = {0};

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)FILE_SIZE_MAX + 1), 0);
	assert_int_equal(file_read(path, &bytes, &length, &err), BW_ERR_LIMIT);
	assert_string_equal(err.message, "too large: the limit is 256 MiB");
	assert_null(bytes);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regular_files),
		cmocka_unit_test(pipes),
		cmocka_unit_test(what_cannot_be_read),
		cmocka_unit_test(size_is_limited),
	};

	return cmocka_run_group_tests_name("target/file", tests, NULL, NULL);
}
