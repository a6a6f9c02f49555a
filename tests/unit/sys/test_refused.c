/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/spool/refused.h"
#include "sys/spool/write/spool_lines.h"

#define WALL INT64_C(1796083200000000000)

struct place {
	char directory[64];
	struct refused refused;
	struct bw_now now;
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	char path[80];

	/* In memory where that is possible: each batch is two fdatasync(). */
	snprintf(place->directory, sizeof(place->directory), "%s/bw-refused-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(place->directory));
	snprintf(path, sizeof(path), "%s/refused", place->directory);
	assert_int_equal(mkdir(path, 0755), 0);
	place->refused.folder = open(place->directory, O_RDONLY | O_DIRECTORY);
	place->refused.max = 1 << 20;
	place->now.wall.ns = WALL;
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char command[128];

	close(place->refused.folder);
	snprintf(command, sizeof(command), "rm -rf %s", place->directory);
	assert_int_equal(system(command), 0);
	free(place);
	return 0;
}

static void put(struct place *place, const char *sink, const char *lines)
{
	const struct refused_batch batch = {.sink = sink,
					    .lines = lines,
					    .length = strlen(lines),
					    .reason = "why"};

	assert_int_equal(refused_put(&place->refused, &batch, place->now), 0);
	place->now.wall.ns += BW_MS;
}

/* As at a new start of `ship`. */
static void again(struct place *place)
{
	place->refused =
		(struct refused){.folder = place->refused.folder, .max = place->refused.max};
}

static bool is_there(const struct place *place, const char *sink, int64_t ms, unsigned number)
{
	char path[128];

	snprintf(path, sizeof(path), "refused/%s-%lld-%u.jsonl", sink,
		 (long long)(WALL / BW_MS + ms), number);
	return faccessat(place->refused.folder, path, F_OK, 0) == 0;
}

/* Batches and bytes in the folder, whoever has put them there. */
static size_t count(const struct place *place, size_t *ret_bytes)
{
	int fd = openat(place->refused.folder, "refused", O_RDONLY | O_DIRECTORY);
	DIR *folder = fdopendir(fd);
	const struct dirent *entry;
	struct stat status;
	size_t batches = 0;

	*ret_bytes = 0;
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		batches += strstr(entry->d_name, ".jsonl") != NULL;
		assert_int_equal(fstatat(fd, entry->d_name, &status, 0), 0);
		*ret_bytes += (size_t)status.st_size;
	}
	closedir(folder);
	return batches;
}

static void test_reasons(void **state)
{
	struct place *place = *state;
	const struct refused_batch batch = {.sink = "centre",
					    .lines = "one\ntwo\nthree\n",
					    .length = 14,
					    .reason = "first",
					    .reasons = (const char *[]){"first", NULL, "\"third\""},
					    .reason_count = 3};
	char *text, path[64];

	assert_int_equal(refused_put(&place->refused, &batch, place->now), 0);
	snprintf(path, sizeof(path), "refused/centre-%lld-0.json", (long long)(WALL / BW_MS));
	assert_true(spool_lines_load(place->refused.folder, path, 4096, &text) > 0);
	assert_non_null(strstr(text, "\"lines\":3,\"reason\":\"first\",\"reasons\":["
				     "{\"line\":1,\"reason\":\"first\"},"
				     "{\"line\":3,\"reason\":\"\\\"third\\\"\"}]}"));
	free(text);
}

/* The limit holds over all sinks and starts; the oldest batches go, and are counted. */
static void test_limit_of_bytes(void **state)
{
	struct place *place = *state;
	char lines[1001];
	size_t bytes, batches;

	memset(lines, 'x', sizeof(lines) - 1);
	lines[999] = '\n';
	lines[1000] = '\0';
	place->refused.max = 64 << 10;
	for (int i = 0; i < 40; i++)
		put(place, "a-1", lines);
	assert_int_equal(place->refused.removed, 0);
	again(place);
	for (int i = 0; i < 40; i++)
		put(place, "b", lines);
	batches = count(place, &bytes);
	assert_int_equal(batches + place->refused.removed, 80);
	assert_true(bytes <= place->refused.max);
	assert_true(bytes > place->refused.max * 7 / 8);
	assert_false(is_there(place, "a-1", 0, 0));
	assert_true(is_there(place, "a-1", 39, 39));
	assert_true(is_there(place, "b", 79, 39));
}

/* Files that nobody here has made stay, whatever their size. */
static void test_stray_file(void **state)
{
	struct place *place = *state;
	int fd = openat(place->refused.folder, "refused/notes.json", O_WRONLY | O_CREAT, 0644);

	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	close(fd);
	place->refused.max = 1024;
	for (int i = 0; i < 20; i++)
		put(place, "a", "line\n");
	assert_true(place->refused.removed > 0);
	assert_int_equal(faccessat(place->refused.folder, "refused/notes.json", F_OK, 0), 0);
	assert_true(is_there(place, "a", 19, 19));
}

/* A batch whose reason cannot be written leaves nothing behind. */
static void test_half_a_batch(void **state)
{
	struct place *place = *state;
	const struct refused_batch batch = {.sink = "a",
					    .lines = "line\n",
					    .length = 5,
					    .reason = "why"};
	char path[64];
	size_t bytes;

	snprintf(path, sizeof(path), "refused/a-%lld-0.json", (long long)(WALL / BW_MS));
	assert_int_equal(mkdirat(place->refused.folder, path, 0755), 0);
	assert_true(refused_put(&place->refused, &batch, place->now) < 0);
	assert_int_equal(unlinkat(place->refused.folder, path, AT_REMOVEDIR), 0);
	assert_int_equal(count(place, &bytes), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reasons, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_limit_of_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_stray_file, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_half_a_batch, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("sys/refused", tests, NULL, NULL);
}
