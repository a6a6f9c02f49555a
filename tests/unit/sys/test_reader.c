/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/spool/reader.h"

#define SEGMENT "records-1.jsonl"

static const struct filter all = {.lane = FILTER_REST};

/* From this offset on, and in no other segment, reads fail as from a bad disk. */
static off_t bad_from = -1;

ssize_t pread(int fd, void *buffer, size_t size, off_t offset)
{
	if (bad_from >= 0 && offset >= bad_from) {
		errno = EIO;
		return -1;
	}
	if (bad_from >= 0 && offset + (off_t)size > bad_from)
		size = (size_t)(bad_from - offset);
	return syscall(SYS_pread64, fd, buffer, size, offset);
}

struct place {
	char directory[64];
	int folder;
	size_t damaged; /* bytes */
	struct reader *reader;
};

static void damaged(void *self, const char *bytes, size_t length)
{
	struct place *place = self;

	(void)bytes;
	place->damaged += length;
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	snprintf(place->directory, sizeof(place->directory), "%s/bw-reader-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(place->directory));
	place->folder = open(place->directory, O_RDONLY | O_DIRECTORY);
	assert_int_equal(reader_new(place->folder, &all, damaged, place, &place->reader), 0);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char command[128];

	reader_free(place->reader);
	close(place->folder);
	snprintf(command, sizeof(command), "rm -rf %s", place->directory);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

static void append(const struct place *place, const char *name, const char *text, size_t length)
{
	int fd = openat(place->folder, name, O_WRONLY | O_APPEND | O_CREAT, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), (ssize_t)length);
	close(fd);
}

/* A record; the text is valid until the next call. */
static const char *record(const char *boot, unsigned seq)
{
	static char text[256];

	snprintf(text, sizeof(text),
		 "{\"schema\":\"blockwatch/record/1\",\"type\":\"block\",\"vantage\":\"v\","
		 "\"boot\":\"%s\",\"seq\":%u,\"time\":\"2026-11-30T00:00:00.000000Z\"}\n",
		 boot, seq);
	return text;
}

static void append_record(const struct place *place, const char *name, const char *boot,
			  unsigned seq)
{
	const char *text = record(boot, seq);

	append(place, name, text, strlen(text));
}

static void check_next(struct place *place, const char *boot, unsigned seq)
{
	struct position_place end;
	const char *line;
	size_t length;

	assert_int_equal(reader_next(place->reader, &line, &length, &end), 1);
	assert_int_equal(length, strlen(record(boot, seq)));
	assert_memory_equal(line, record(boot, seq), length);
}

static void check_none(struct place *place)
{
	struct position_place end;
	const char *line;
	size_t length;

	assert_int_equal(reader_next(place->reader, &line, &length, &end), 0);
}

/* `run` cuts a torn line off, and writes another record, of the same length or longer, there. */
static void test_torn_line_is_cut_off(void **state)
{
	struct place *place = *state;
	struct stat status;
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", place->directory, SEGMENT);
	append_record(place, SEGMENT, "b1", 1);
	check_next(place, "b1", 1);
	assert_int_equal(stat(path, &status), 0);
	append(place, SEGMENT, record("b1", 2), 110);
	check_none(place);
	assert_int_equal(truncate(path, status.st_size), 0);
	append_record(place, SEGMENT, "b2", 1);
	append_record(place, SEGMENT, "b2", 2);
	check_next(place, "b2", 1);
	check_next(place, "b2", 2);
	append(place, SEGMENT, record("b2", 3), 110);
	check_none(place);
	append(place, SEGMENT, record("b2", 3) + 110, strlen(record("b2", 3)) - 110);
	check_next(place, "b2", 3);
	check_none(place);
	assert_int_equal(place->damaged, 0);
}

/* What is behind it is read when it can be: never in front of it, and never without it. */
static void test_segment_that_cannot_be_opened(void **state)
{
	struct place *place = *state;
	uint64_t segment;

	append_record(place, SEGMENT, "b1", 1);
	append_record(place, "there", "b1", 2);
	append_record(place, "records-3.jsonl", "b1", 3);
	assert_int_equal(symlinkat("there", place->folder, "records-2.jsonl"), 0);
	check_next(place, "b1", 1);
	assert_int_equal(reader_error(place->reader, &segment), 0);
	for (int i = 0; i < 2; i++) {
		check_none(place);
		assert_int_equal(reader_error(place->reader, &segment), -ELOOP);
		assert_int_equal(segment, 2);
	}
	assert_int_equal(renameat(place->folder, "there", place->folder, "records-2.jsonl"), 0);
	check_next(place, "b1", 2);
	assert_int_equal(reader_error(place->reader, &segment), 0);
	check_next(place, "b1", 3);
}

/* Bytes that cannot be read are not the end of their segment. */
static void test_segment_that_cannot_be_read(void **state)
{
	struct place *place = *state;
	const struct position_place begin = {.seq = 0};
	struct position_place end;
	uint64_t segment;
	const char *line;
	size_t length;

	for (unsigned seq = 1; seq <= 3; seq++)
		append_record(place, SEGMENT, "b1", seq);
	append_record(place, "records-2.jsonl", "b1", 4);
	bad_from = (off_t)strlen(record("b1", 1)) + 100;
	check_next(place, "b1", 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(reader_next(place->reader, &line, &length, &end), 0);
		assert_int_equal(reader_error(place->reader, &segment), -EIO);
		assert_int_equal(segment, 1);
		/* Nor is the place in it found by what can be read. */
		if (i == 1)
			reader_seek(place->reader, &end);
	}
	bad_from = 0;
	reader_seek(place->reader, &end);
	check_none(place);
	assert_int_equal(reader_error(place->reader, &segment), -EIO);
	bad_from = -1;
	for (unsigned seq = 2; seq <= 4; seq++)
		check_next(place, "b1", seq);
	assert_int_equal(reader_error(place->reader, &segment), 0);
	assert_int_equal(place->damaged, 0);
	reader_seek(place->reader, &begin);
	check_next(place, "b1", 1);
}

static void check_ahead(struct place *place, const char *boot, uint64_t seq, uint64_t segment,
			bool wanted)
{
	struct position_place at = {.seq = seq, .segment = segment, .offset = 300};

	snprintf(at.boot, sizeof(at.boot), "%s", boot);
	reader_seek(place->reader, &at);
	assert_int_equal(reader_is_ahead(place->reader), wanted);
}

/* Only of the newest segment it is known that `run` has not dropped records of it. */
static void test_place_ahead_of_the_spool(void **state)
{
	struct place *place = *state;

	check_ahead(place, "b1", 9, 1, false);
	append_record(place, SEGMENT, "b1", 1);
	append_record(place, "records-2.jsonl", "b1", 2);
	append_record(place, "records-2.jsonl", "b1", 5);
	check_ahead(place, "", 0, 0, false);
	check_ahead(place, "b1", 5, 2, false);
	check_ahead(place, "b1", 4, 2, false);
	check_ahead(place, "b1", 6, 2, true);
	check_ahead(place, "b2", 1, 2, true);
	check_ahead(place, "b1", 5, 3, true);
	check_ahead(place, "b1", 9, 1, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_torn_line_is_cut_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_segment_that_cannot_be_opened, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_segment_that_cannot_be_read, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_place_ahead_of_the_spool, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("sys/reader", tests, NULL, NULL);
}
