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

#include <zlib.h>

#include "sys/disk/input_file.h"

#define LINES 100000

struct taken {
	size_t length;
	uint32_t sum;
};

static int take(void *self, const char *bytes, size_t length, struct bw_err *err)
{
	struct taken *taken = self;

	(void)err;
	for (size_t i = 0; i < length; i++)
		taken->sum = taken->sum * 31 + (unsigned char)bytes[i];
	taken->length += length;
	return 0;
}

static void put_lines(struct taken *wanted, gzFile gz, FILE *plain)
{
	char line[64];

	for (unsigned i = 0; i < LINES; i++) {
		int length = snprintf(line, sizeof(line), "line %u of a list\n", i * 7919);

		if (gz && i % 1000 == 999)
			gzflush(gz, Z_FINISH); /* begins another member */
		if (gz)
			assert_int_equal(gzwrite(gz, line, (unsigned)length), length);
		else if (plain)
			fputs(line, plain);
		take(wanted, line, (size_t)length, NULL);
	}
}

static void test_plain_and_gzip(void **state)
{
	char path[] = "/tmp/bw-input-XXXXXX", gzip[64];
	struct taken wanted = {0}, plain = {0}, unpacked = {0}, again = {0};
	struct input_facts facts, gzip_facts;
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	gzFile gz;

	(void)state;
	snprintf(gzip, sizeof(gzip), "%s.gz", path);
	put_lines(&wanted, NULL, file);
	fclose(file);
	gz = gzopen(gzip, "wb");
	put_lines(&again, gz, NULL);
	gzclose(gz);
	assert_int_equal(input_file_read(path, take, &plain, &facts, NULL), 0);
	assert_int_equal(input_file_read(gzip, take, &unpacked, &gzip_facts, NULL), 0);
	assert_memory_equal(&plain, &wanted, sizeof(wanted));
	assert_memory_equal(&unpacked, &wanted, sizeof(wanted));
	assert_true(facts.has_modified && facts.modified.ns > 0);
	assert_int_equal(strlen(facts.sha256), 64);
	assert_string_not_equal(facts.sha256, gzip_facts.sha256);
	assert_int_equal(truncate(gzip, 5000), 0);
	assert_int_equal(input_file_read(gzip, take, &unpacked, &facts, NULL), BW_ERR_SYNTAX);
	unlink(path);
	unlink(gzip);
}

static void test_digest(void **state)
{
	char path[] = "/tmp/bw-input-XXXXXX";
	struct input_facts facts;
	struct taken taken = {0};
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, "abc", 3), 3);
	close(fd);
	assert_int_equal(input_file_read(path, take, &taken, &facts, NULL), 0);
	assert_string_equal(facts.sha256, "ba7816bf8f01cfea414140de5dae2223"
					  "b00361a396177a9cb410ff61f20015ad");
	unlink(path);
}

static int refuse(void *self, const char *bytes, size_t length, struct bw_err *err)
{
	(void)self;
	(void)bytes;
	(void)length;
	return bw_err_set(err, BW_ERR_VALUE, "enough");
}

static void test_errors(void **state)
{
	struct input_facts facts;
	struct bw_err err;

	(void)state;
	assert_int_equal(input_file_read("/none/such", take, NULL, &facts, &err), BW_ERR_MISSING);
	assert_string_equal(err.file, "/none/such");
	assert_int_equal(input_file_read("/", take, NULL, &facts, &err), BW_ERR_MISSING);
	assert_int_equal(input_file_read("/proc/self/stat", refuse, NULL, &facts, &err),
			 BW_ERR_VALUE);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(input_file_name("-"), "standard input");
	assert_string_equal(input_file_name("a/b/delegated.gz"), "delegated.gz");
	assert_string_equal(input_file_name("list"), "list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_and_gzip),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("sys/input_file", tests, NULL, NULL);
}
