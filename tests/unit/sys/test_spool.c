/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ship/spool/index.h"
#include "ship/spool/recovery.h"
#include "sys/spool/write/spool.h"
#include "sys/spool/write/spool_lines.h"

#define MIB ((uint64_t)1 << 20)
#define WALL INT64_C(1796083200000000000)

/* A state directory of its own, and the time of the test. */
struct place {
	char directory[64];
	struct bw_now now;
	struct plan_limits limits;
	struct spool *spool;
	uint64_t seq;
	char boot[16];
};

static void open_spool(struct place *place)
{
	struct spool_config config = {
		.directory = place->directory,
		.limits = place->limits,
	};

	assert_int_equal(spool_open(&config, place->now, &place->spool), 0);
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	/* In memory where that is possible: each event is an fsync(). */
	snprintf(place->directory, sizeof(place->directory), "%s/bw-spool-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(place->directory));
	place->now = (struct bw_now){{1000 * BW_S}, {WALL}};
	place->limits = (struct plan_limits){16 * MIB, 86400 * BW_S};
	snprintf(place->boot, sizeof(place->boot), "b1");
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char command[128];

	spool_close(place->spool);
	snprintf(command, sizeof(command), "rm -rf %s", place->directory);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

static void again(struct place *place)
{
	spool_close(place->spool);
	place->spool = NULL;
	open_spool(place);
}

static void put(struct place *place, unsigned type, size_t padding)
{
	static char text[32768];
	char time[BW_WALL_TEXT];
	int length = snprintf(text, sizeof(text),
			      "{\"schema\":\"blockwatch/record/1\",\"type\":\"%s\","
			      "\"vantage\":\"v\",\"boot\":\"%s\",\"seq\":%llu,"
			      "\"time\":\"%s\",\"x\":\"%0*d\"}\n",
			      spool_type_name(type), place->boot, (unsigned long long)++place->seq,
			      bw_wall_format(place->now.wall, time), (int)padding, 0);
	struct spool_line line = {text,        (size_t)length, type,
				  place->boot, place->seq,     place->now.wall};

	spool_put(place->spool, &line, place->now);
}

static void pass(struct place *place, int64_t ns)
{
	place->now.mono.ns += ns;
	place->now.wall.ns += ns;
	spool_wake(place->spool, place->now);
}

static char *path_of(const struct place *place, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/spool/%s", place->directory, name);
	return path;
}

static void append_bytes(const struct place *place, const char *name, const char *bytes,
			 size_t length)
{
	int fd = open(path_of(place, name), O_WRONLY | O_APPEND | O_CREAT, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	close(fd);
}

static bool is_there(const struct place *place, const char *name)
{
	return access(path_of(place, name), F_OK) == 0;
}

static struct spool_stats stats_of(const struct place *place)
{
	struct spool_stats stats;

	spool_stats(place->spool, place->now, &stats);
	return stats;
}

struct reading {
	uint64_t records, last_seq, bad;
	char boot[SPOOL_GROUP_BOOT];
};

/* Every record is of a higher number than the one before it, unless a boot began. */
static int take_line(void *self, const char *text, size_t length)
{
	struct reading *reading = self;
	struct spool_line line;
	char boot[SPOOL_GROUP_BOOT];

	if (!recovery_scan(text, length, boot, &line)) {
		reading->bad++;
		return 0;
	}
	if (strcmp(boot, reading->boot) == 0)
		assert_true(line.seq > reading->last_seq);
	snprintf(reading->boot, sizeof(reading->boot), "%s", boot);
	reading->last_seq = line.seq;
	reading->records++;
	return 0;
}

static struct reading read_all(const struct place *place, unsigned first, unsigned last)
{
	struct reading reading = {.records = 0};

	for (unsigned n = first; n <= last; n++) {
		char name[64];
		int fd;

		snprintf(name, sizeof(name), "records-%u.jsonl", n);
		fd = open(path_of(place, name), O_RDONLY);
		if (fd < 0)
			continue;
		assert_int_equal(spool_lines_read(fd, 0, take_line, &reading), 0);
		close(fd);
	}
	return reading;
}

static void check_news(const struct place *place, const char *part)
{
	struct bw_err news;

	if (!part) {
		assert_false(spool_news(place->spool, &news));
		return;
	}
	assert_true(spool_news(place->spool, &news));
	assert_non_null(strstr(news.message, part));
}

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

static void test_full_disk_and_then_room(void **state)
{
	struct place *place = *state;
	struct rlimit old, small;
	struct spool_stats stats;

	signal(SIGXFSZ, SIG_IGN);
	open_spool(place);
	put(place, SPOOL_BLOCK, 10);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = 200;
	setrlimit(RLIMIT_FSIZE, &small);
	put(place, SPOOL_BLOCK, 10);
	put(place, SPOOL_EVENT, 10);
	put(place, SPOOL_TARGET, 10);
	put(place, SPOOL_EVENT, 10);
	check_news(place, "File too large");
	check_news(place, NULL);
	stats = stats_of(place);
	assert_int_equal(stats.waiting, 2);
	assert_int_equal(stats.dropped[SPOOL_BLOCK], 1);
	assert_int_equal(stats.dropped[SPOOL_TARGET], 1);
	assert_int_equal(stats.dropped[SPOOL_EVENT], 0);
	assert_int_equal(stats.error, -EFBIG);
	setrlimit(RLIMIT_FSIZE, &old);
	put(place, SPOOL_BLOCK, 10);
	check_news(place, "2 records were dropped");
	assert_int_equal(stats_of(place).error, 0);
	assert_int_equal(read_all(place, 1, 1).records, 4);
	assert_int_equal(read_all(place, 1, 1).bad, 0);
	assert_int_equal(read_all(place, 1, 1).last_seq, 6);
}

static bool mount_disk(const struct place *place, const char *options)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", place->directory, "tmpfs", 0, options) == 0;
}

/* Probes go, then blocks, the oldest first. A reader that has a segment open keeps no bytes. */
static void test_disk_smaller_than_the_spool(void **state)
{
	struct place *place = *state;
	struct spool_stats stats;
	struct bw_err news;
	int fd;

	if (!mount_disk(place, "size=2m"))
		skip();
	open_spool(place);
	assert_true(is_there(place, "reserve"));
	put(place, SPOOL_PROBE, 300);
	fd = open(path_of(place, "records-1.jsonl"), O_RDONLY);
	for (int i = 0; i < 20000; i++) {
		put(place, i < 1000 ? SPOOL_PROBE : SPOOL_BLOCK, 300);
		if (i % 100 == 0)
			put(place, SPOOL_EVENT, 300);
		if (i % 10 == 0)
			pass(place, BW_S);
	}
	assert_true(spool_news(place->spool, &news));
	assert_non_null(strstr(news.message, "dropped, the older ones first: No space left"));
	while (spool_news(place->spool, &news))
		assert_null(strstr(news.message, "cannot make it smaller"));
	stats = stats_of(place);
	assert_int_equal(stats.dropped[SPOOL_EVENT] + stats.waiting, 0);
	assert_int_equal(stats.dropped[SPOOL_PROBE], 1001);
	assert_int_equal(stats.records + stats.dropped[SPOOL_PROBE] + stats.dropped[SPOOL_BLOCK],
			 place->seq);
	assert_true(stats.bytes > MIB);
	assert_int_equal(read_all(place, 1, 999).records, stats.records);
	assert_int_equal(read_all(place, 1, 999).bad, 0);
	assert_true(read_all(place, 1, 999).last_seq > place->seq - 200);
	close(fd);
	spool_close(place->spool);
	place->spool = NULL;
	assert_int_equal(umount(place->directory), 0);
}

/* A folder that cannot be made, as on a read-only or missing disk. */
static void test_no_disk_and_then_one(void **state)
{
	struct place *place = *state;
	char file[128];

	snprintf(file, sizeof(file), "%s/spool", place->directory);
	close(open(file, O_CREAT | O_WRONLY, 0600));
	open_spool(place);
	check_news(place, "the spool cannot be written");
	put(place, SPOOL_EVENT, 10);
	put(place, SPOOL_BLOCK, 10);
	pass(place, SPOOL_RETRY_NS);
	check_news(place, NULL);
	assert_int_equal(stats_of(place).waiting, 1);
	assert_true(spool_deadline(place->spool).ns == place->now.mono.ns + SPOOL_RETRY_NS);
	unlink(file);
	pass(place, SPOOL_RETRY_NS);
	check_news(place, "1 records were dropped");
	put(place, SPOOL_BLOCK, 10);
	assert_int_equal(read_all(place, 1, 1).records, 2);
	assert_int_equal(read_all(place, 1, 1).last_seq, 3);
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
		TEST(test_full_disk_and_then_room),
		TEST(test_disk_smaller_than_the_spool),
		TEST(test_no_disk_and_then_one),
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
