/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ship/spool/index.h"
#include "ship/spool/recovery.h"
#include "spool_place.h"
#include "sys/spool/write/spool.h"
#include "sys/spool/write/spool_lines.h"

static void test_records_are_there_at_once_and_after_a_restart(void **state)
{
	struct place *place = *state;

	open_spool(place);
	for (int i = 0; i < 10; i++)
		put(place, SPOOL_BLOCK, 10);
	assert_int_equal(read_all(place, 1, 1).records, 10);
	assert_int_equal(stats_of(place).records, 10);
	again(place);
	assert_int_equal(stats_of(place).records, 10);
	put(place, SPOOL_EVENT, 10);
	assert_int_equal(read_all(place, 1, 1).last_seq, 11);
	assert_true(is_there(place, "spool.json"));
	assert_true(is_there(place, "positions"));
	assert_true(is_there(place, "refused"));
	check_news(place, NULL);
}

static void test_torn_last_line(void **state)
{
	struct place *place = *state;

	open_spool(place);
	put(place, SPOOL_BLOCK, 10);
	spool_flush(place->spool);
	append_bytes(place, "records-1.jsonl", "{\"schema\":\"blockwatch/rec", 25);
	again(place);
	check_news(place, "25 bytes behind the last whole record were cut off");
	put(place, SPOOL_BLOCK, 10);
	assert_int_equal(read_all(place, 1, 1).records, 2);
	assert_int_equal(read_all(place, 1, 1).bad, 0);
}

static void test_zeros_at_the_end(void **state)
{
	struct place *place = *state;
	static const char zeros[100000];

	open_spool(place);
	for (int i = 0; i < 1000; i++)
		put(place, SPOOL_BLOCK, 100);
	append_bytes(place, "records-1.jsonl", zeros, sizeof(zeros));
	again(place);
	check_news(place, "100000 bytes");
	assert_int_equal(read_all(place, 1, 1).records, 1000);
	assert_int_equal(read_all(place, 1, 1).bad, 0);
}

/* The index names the group that does not fit; its record is lost, all others are read. */
static void test_bit_flip_in_the_middle(void **state)
{
	struct place *place = *state;
	struct index_reader reader;
	struct spool_group group;
	char *text, *index;
	ssize_t length, index_length;
	int wrong = 0, count = 0, fd;

	open_spool(place);
	for (int i = 0; i < 2000; i++)
		put(place, SPOOL_BLOCK, 100);
	spool_flush(place->spool);
	fd = open(path_of(place, "records-1.jsonl"), O_WRONLY);
	assert_int_equal(pwrite(fd, "\x01", 1, 200000), 1);
	close(fd);
	again(place);
	check_news(place, NULL);
	assert_int_equal(stats_of(place).records, 2000);
	length = spool_lines_load(AT_FDCWD, path_of(place, "records-1.jsonl"), MIB, &text);
	index_length = spool_lines_load(AT_FDCWD, path_of(place, "records-1.index"), MIB, &index);
	index_read(&reader, index, (size_t)index_length);
	for (; index_next(&reader, &group); count++)
		wrong += !spool_group_check(&group, text + group.offset);
	assert_int_equal(wrong, 1);
	assert_int_equal(count, (int)(length / (ssize_t)SPOOL_GROUP_SIZE) + 1);
	assert_int_equal(read_all(place, 1, 1).records, 1999);
	free(text);
	free(index);
}

static void test_index_is_made_anew(void **state)
{
	struct place *place = *state;
	struct stat before, after;

	open_spool(place);
	for (int i = 0; i < 2000; i++)
		put(place, SPOOL_BLOCK, 100);
	spool_flush(place->spool);
	assert_int_equal(stat(path_of(place, "records-1.index"), &before), 0);
	assert_int_equal(truncate(path_of(place, "records-1.index"), before.st_size - 7), 0);
	again(place);
	assert_int_equal(stats_of(place).records, 2000);
	unlink(path_of(place, "records-1.index"));
	again(place);
	assert_int_equal(stats_of(place).records, 2000);
	assert_int_equal(stat(path_of(place, "records-1.index"), &after), 0);
	append_bytes(place, "records-1.index", "7 8 9\n", 6);
	again(place);
	assert_int_equal(stats_of(place).records, 2000);
}

/* The lines of a segment were deleted, its index was not: the new segment has one of its own. */
static void test_index_without_a_segment(void **state)
{
	struct place *place = *state;
	struct index_reader reader;
	struct spool_group group;
	char *text, *index;
	ssize_t index_length;
	int count = 0;

	open_spool(place);
	for (int i = 0; i < 2000; i++)
		put(place, SPOOL_BLOCK, 100);
	spool_flush(place->spool);
	spool_close(place->spool);
	place->spool = NULL;
	unlink(path_of(place, "records-1.jsonl"));
	open_spool(place);
	for (int i = 0; i < 3000; i++)
		put(place, SPOOL_BLOCK, 120);
	spool_flush(place->spool);
	assert_true(spool_lines_load(AT_FDCWD, path_of(place, "records-1.jsonl"), MIB, &text) > 0);
	index_length = spool_lines_load(AT_FDCWD, path_of(place, "records-1.index"), MIB, &index);
	index_read(&reader, index, (size_t)index_length);
	for (; index_next(&reader, &group); count++)
		assert_true(spool_group_check(&group, text + group.offset));
	assert_true(count > 3);
	free(text);
	free(index);
}

static void test_stray_files_and_missing_segments(void **state)
{
	struct place *place = *state;

	place->limits.size = MIB;
	open_spool(place);
	for (int i = 0; i < 2000; i++)
		put(place, SPOOL_EVENT, 100);
	append_bytes(place, "stray", "x", 1);
	append_bytes(place, "records-x.jsonl", "x", 1);
	append_bytes(place, "records-1.jsonl.tmp", "x", 1);
	unlink(path_of(place, "records-2.jsonl"));
	again(place);
	check_news(place, NULL);
	assert_true(is_there(place, "stray"));
	assert_false(is_there(place, "records-1.jsonl.tmp"));
	assert_int_equal(read_all(place, 1, 99).records, stats_of(place).records);
}

static void test_folder_that_is_removed(void **state)
{
	struct place *place = *state;
	char command[128], id[SPOOL_ID_TEXT];

	open_spool(place);
	put(place, SPOOL_BLOCK, 10);
	snprintf(id, sizeof(id), "%s", spool_id(place->spool));
	snprintf(command, sizeof(command), "rm -rf %s/spool", place->directory);
	assert_int_equal(system(command), 0);
	pass(place, 20 * BW_S);
	check_news(place, "cannot be written");
	pass(place, SPOOL_RETRY_NS);
	put(place, SPOOL_BLOCK, 10);
	assert_int_equal(read_all(place, 1, 1).records, 1);
	assert_string_not_equal(id, spool_id(place->spool));
}

static void test_full_spool_drops_by_type(void **state)
{
	struct place *place = *state;
	struct spool_stats stats;
	struct bw_err news;
	struct reading reading;

	place->limits.size = MIB;
	open_spool(place);
	for (int i = 0; i < 3000; i++) {
		put(place, SPOOL_PROBE, 300);
		put(place, i % 2 ? SPOOL_BLOCK : SPOOL_TARGET, 300);
		if (i % 30 == 0)
			put(place, SPOOL_EVENT, 300);
		stats = stats_of(place);
		assert_true(stats.bytes <= MIB);
	}
	assert_true(spool_news(place->spool, &news));
	assert_non_null(strstr(news.message, "full: records of type probe"));
	assert_int_equal(stats.dropped[SPOOL_EVENT], 0);
	assert_int_equal(stats.dropped[SPOOL_TARGET], 0);
	assert_true(stats.dropped[SPOOL_PROBE] > 2500);
	reading = read_all(place, 1, 999);
	assert_int_equal(reading.records, stats.records);
	assert_int_equal(stats.records + stats.dropped[SPOOL_PROBE] + stats.dropped[SPOOL_BLOCK],
			 place->seq);
	again(place);
	assert_int_equal(stats_of(place).records, stats.records);
}

static void test_events_go_last_and_are_counted(void **state)
{
	struct place *place = *state;
	struct spool_stats stats;

	place->limits.size = MIB;
	open_spool(place);
	for (int i = 0; i < 1000; i++)
		put(place, SPOOL_EVENT, 300);
	put(place, SPOOL_CONDITION, 300);
	assert_int_equal(stats_of(place).dropped[SPOOL_EVENT], 0);
	for (int i = 0; i < 4000; i++)
		put(place, SPOOL_EVENT, 300);
	stats = stats_of(place);
	assert_true(stats.bytes <= MIB);
	assert_int_equal(stats.dropped[SPOOL_CONDITION], 1);
	assert_true(stats.dropped[SPOOL_EVENT] > 1000);
	assert_int_equal(stats.records + stats.dropped[SPOOL_EVENT], 5000);
	assert_int_equal(read_all(place, 1, 999).last_seq, 5001);
}

static void test_age_keeps_events(void **state)
{
	struct place *place = *state;
	struct spool_stats stats;

	open_spool(place);
	put(place, SPOOL_BLOCK, 10);
	put(place, SPOOL_EVENT, 10);
	put(place, SPOOL_TARGET, 10);
	for (int i = 0; i < 5; i++)
		pass(place, 86401 * BW_S / 4);
	stats = stats_of(place);
	assert_int_equal(stats.records, 1);
	assert_int_equal(stats.dropped[SPOOL_BLOCK] + stats.dropped[SPOOL_TARGET], 2);
	assert_int_equal(stats.dropped[SPOOL_EVENT], 0);
	assert_true(stats.age_s > 86400);
	assert_int_equal(read_all(place, 1, 9).last_seq, 2);
}

/* Ages follow the monotonic clock; times in the future are new. */
static void test_clock_set_back(void **state)
{
	struct place *place = *state;

	open_spool(place);
	put(place, SPOOL_BLOCK, 10);
	place->now.wall.ns -= 400 * 86400 * BW_S;
	put(place, SPOOL_BLOCK, 10);
	pass(place, 60 * BW_S);
	assert_int_equal(stats_of(place).records, 2);
	assert_true(stats_of(place).age_s == 0);
	again(place);
	pass(place, 60 * BW_S);
	put(place, SPOOL_BLOCK, 10);
	assert_int_equal(stats_of(place).records, 3);
	place->now.wall.ns += 800 * 86400 * BW_S;
	pass(place, 60 * BW_S);
	assert_int_equal(stats_of(place).records, 3);
}

static void test_delivered_segments_go(void **state)
{
	struct place *place = *state;

	place->limits.size = MIB;
	open_spool(place);
	for (int i = 0; i < 2000; i++)
		put(place, SPOOL_EVENT, 100);
	assert_true(is_there(place, "records-3.jsonl"));
	spool_delivered(place->spool, 3, "b1", 1);
	for (int i = 0; i < 5; i++)
		pass(place, 1);
	assert_false(is_there(place, "records-1.jsonl"));
	assert_false(is_there(place, "records-2.index"));
	assert_true(is_there(place, "records-3.jsonl"));
	assert_int_equal(stats_of(place).dropped[SPOOL_EVENT], 0);
	again(place);
	assert_int_equal(read_all(place, 3, 99).records, stats_of(place).records);
}

/* A writer that is killed: each record whose spool_put() returned is there, once, in order. */
static void test_killed_writers(void **state)
{
	struct place *place = *state;
	uint64_t told[50] = {0}, sum = 0;
	struct reading reading;

	place->limits.size = 256 * MIB;
	for (int round = 0; round < 50; round++) {
		int pipes[2], status;
		pid_t pid;

		assert_int_equal(pipe(pipes), 0);
		snprintf(place->boot, sizeof(place->boot), "k%d", round);
		pid = fork();
		if (pid == 0) {
			place->seq = 0;
			open_spool(place);
			for (;;) {
				put(place, place->seq % 50 ? SPOOL_BLOCK : SPOOL_EVENT, 300);
				if (write(pipes[1], &place->seq, 8) != 8)
					_exit(1);
			}
		}
		close(pipes[1]);
		while (told[round] < 100 + (uint64_t)round * 37)
			assert_int_equal(read(pipes[0], &told[round], 8), 8);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		while (read(pipes[0], &told[round], 8) == 8)
			continue;
		close(pipes[0]);
		sum += told[round];
	}
	open_spool(place);
	reading = read_all(place, 1, 9999);
	assert_int_equal(reading.bad, 0);
	assert_true(reading.records >= sum && reading.records <= sum + 50);
	assert_int_equal(stats_of(place).records, reading.records);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_records_are_there_at_once_and_after_a_restart),
		TEST(test_torn_last_line),
		TEST(test_zeros_at_the_end),
		TEST(test_bit_flip_in_the_middle),
		TEST(test_index_without_a_segment),
		TEST(test_index_is_made_anew),
		TEST(test_stray_files_and_missing_segments),
		TEST(test_folder_that_is_removed),
		TEST(test_full_spool_drops_by_type),
		TEST(test_events_go_last_and_are_counted),
		TEST(test_age_keeps_events),
		TEST(test_clock_set_back),
		TEST(test_delivered_segments_go),
		TEST(test_killed_writers),
	};

	return cmocka_run_group_tests_name("sys/spool", tests, NULL, NULL);
}
