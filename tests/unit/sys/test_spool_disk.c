/* SPDX-License-Identifier: Apache-2.0 */
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "spool_place.h"

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_full_disk_and_then_room),
		TEST(test_disk_smaller_than_the_spool),
		TEST(test_no_disk_and_then_one),
	};

	return cmocka_run_group_tests_name("sys/spool_disk", tests, NULL, NULL);
}
