/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/common/blocklists.h"
#include "files.h"

static void test_files_become_one_set(void **state)
{
	char first[FILES_PATH], second[FILES_PATH];
	struct options_texts files = {.list = {first, second}, .count = 2};
	struct prefix_set *set = NULL;

	(void)state;
	files_make(first, "198.18.0.0/24\n# a comment\n198.18.1.0/24\n");
	files_make(second, "2001:db8::/32\n");
	assert_int_equal(blocklists_read(&files, &set, NULL), 0);
	assert_int_equal(prefix_set_count(set), 3);
	prefix_set_free(set);
	unlink(first);
	unlink(second);
}

static void test_no_file_is_an_empty_set(void **state)
{
	struct options_texts files = {.count = 0};
	struct prefix_set *set = NULL;

	(void)state;
	assert_int_equal(blocklists_read(&files, &set, NULL), 0);
	assert_int_equal(prefix_set_count(set), 0);
	prefix_set_free(set);
}

static void test_a_bad_line_is_named_and_no_set_is_left(void **state)
{
	char path[FILES_PATH];
	struct options_texts files = {.list = {path}, .count = 1};
	struct prefix_set *set = NULL;
	struct bw_err err;

	(void)state;
	files_make(path, "198.18.0.0/24\nnonsense\n");
	assert_true(blocklists_read(&files, &set, &err) < 0);
	assert_null(set);
	assert_int_equal(err.line, 2);
	assert_string_equal(err.file, path);
	unlink(path);
}

static void test_a_missing_file(void **state)
{
	struct options_texts files = {.list = {"/nonexistent/list"}, .count = 1};
	struct prefix_set *set = NULL;
	struct bw_err err;

	(void)state;
	assert_int_equal(blocklists_read(&files, &set, &err), BW_ERR_MISSING);
	assert_null(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_become_one_set),
		cmocka_unit_test(test_no_file_is_an_empty_set),
		cmocka_unit_test(test_a_bad_line_is_named_and_no_set_is_left),
		cmocka_unit_test(test_a_missing_file),
	};

	return cmocka_run_group_tests_name("app/blocklists", tests, NULL, NULL);
}
