/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/disk/new_file.h"

struct fixture {
	char folder[32], path[64], temporary[80];
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->folder, sizeof(f->folder), "/tmp/bw-new-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/file", f->folder);
	snprintf(f->temporary, sizeof(f->temporary), "%s.tmp", f->path);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", f->folder);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static int write_file(const char *path, const char *text, int written)
{
	struct new_file file;

	assert_int_equal(new_file_open(&file, path), 0);
	assert_true(fputs(text, file.out) >= 0);
	return new_file_close(&file, written);
}

static void check_content(const char *path, const char *wanted)
{
	char text[64] = "";
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, wanted);
}

static int count_files(const struct fixture *f)
{
	DIR *folder = opendir(f->folder);
	int count = 0;

	assert_non_null(folder);
	for (const struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

static void test_replaces_when_complete(void **state)
{
	const struct fixture *f = *state;
	struct new_file file;

	assert_int_equal(write_file(f->path, "old", 0), 0);
	assert_int_equal(new_file_open(&file, f->path), 0);
	fputs("new", file.out);
	check_content(f->path, "old");
	assert_int_equal(new_file_close(&file, 0), 0);
	check_content(f->path, "new");
	assert_int_equal(count_files(f), 1);
}

static void test_nothing_is_left_of_a_failure(void **state)
{
	const struct fixture *f = *state;

	assert_int_equal(write_file(f->path, "old", 0), 0);
	assert_int_equal(write_file(f->path, "new", -EIO), -EIO);
	check_content(f->path, "old");
	assert_int_equal(count_files(f), 1);
}

static void test_no_folder(void **state)
{
	struct new_file file;

	(void)state;
	assert_int_equal(new_file_open(&file, "/nonexistent/file"), -ENOENT);
}

static void test_a_link_stays_a_link(void **state)
{
	const struct fixture *f = *state;
	char link[80];
	struct stat status;

	snprintf(link, sizeof(link), "%s/link", f->folder);
	assert_int_equal(symlink(f->path, link), 0);
	assert_int_equal(write_file(link, "new", 0), 0);
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	check_content(f->path, "new");
}

/* A link that somebody has put where a temporary file could be is not followed. */
static void test_a_planted_link_is_not_followed(void **state)
{
	const struct fixture *f = *state;
	char victim[80];
	struct stat status;

	snprintf(victim, sizeof(victim), "%s/victim", f->folder);
	assert_int_equal(write_file(victim, "precious", 0), 0);
	assert_int_equal(symlink(victim, f->temporary), 0);
	assert_int_equal(write_file(f->path, "new", 0), 0);
	check_content(victim, "precious");
	check_content(f->path, "new");
	assert_int_equal(lstat(f->path, &status), 0);
	assert_true(S_ISREG(status.st_mode));
}

static void test_permissions(void **state)
{
	const struct fixture *f = *state;
	const mode_t before = umask(027);
	struct stat status;

	assert_int_equal(write_file(f->path, "new", 0), 0);
	assert_int_equal(stat(f->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_int_equal(chmod(f->path, 0604), 0);
	assert_int_equal(write_file(f->path, "newer", 0), 0);
	assert_int_equal(stat(f->path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0604);
	umask(before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_replaces_when_complete),
		TEST(test_nothing_is_left_of_a_failure),
		TEST(test_no_folder),
		TEST(test_a_link_stays_a_link),
		TEST(test_a_planted_link_is_not_followed),
		TEST(test_permissions),
	};

	return cmocka_run_group_tests_name("sys/new_file", tests, NULL, NULL);
}
