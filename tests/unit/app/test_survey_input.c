/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/survey/survey_input.h"
#include "files.h"

/* Opens an input of one operand. 198.18.0.0/15, for tests, is a special-purpose prefix. */
static int open_one(struct survey_input *input, const struct survey_options *options,
		    const char *operand, struct bw_err *err)
{
	char text[FILES_PATH];
	char *operands[] = {text};

	snprintf(text, sizeof(text), "%s", operand);
	return survey_input_open(input, options, operands, 1, err);
}

static void expect_count(const struct survey_options *options, const char *operand, uint64_t count)
{
	struct survey_input input;

	assert_int_equal(open_one(&input, options, operand, NULL), 0);
	assert_int_equal(input.sum.count, count);
	assert_int_equal(sweep_space_count(input.space), count);
	survey_input_close(&input);
}

static int code_of(const struct survey_options *options, const char *operand, struct bw_err *err)
{
	struct survey_input input;
	int code = open_one(&input, options, operand, err);

	survey_input_close(&input);
	return code;
}

static const struct survey_options allowed = {.allow_reserved = true};
static const struct survey_options plain = {.allow_reserved = false};

static void test_prefixes_and_addresses(void **state)
{
	(void)state;
	expect_count(&allowed, "198.18.0.0/24", 256);
	expect_count(&allowed, "198.18.0.1", 1);
	expect_count(&allowed, "2001:db8::/120", 256);
}

static void test_special_purpose_addresses_are_left_out(void **state)
{
	struct bw_err err;

	(void)state;
	assert_int_equal(code_of(&plain, "198.18.0.0/24", &err), BW_ERR_VALUE);
	assert_non_null(strstr(err.message, "--allow-reserved"));
}

static void test_lists(void **state)
{
	char path[FILES_PATH];

	(void)state;
	files_make(path, "# hosts\n198.18.0.1\n\n 198.18.0.2 # the second\n198.18.1.0/30\n");
	expect_count(&allowed, path, 6);
	unlink(path);
	files_make(path, "198.18.0.1\n198.18.0.1\n");
	expect_count(&allowed, path, 1);
	unlink(path);
}

static void test_a_bad_line_is_named(void **state)
{
	char path[FILES_PATH];
	struct bw_err err;

	(void)state;
	files_make(path, "198.18.0.1\n198.18.0.300\n");
	assert_true(code_of(&allowed, path, &err) < 0);
	assert_int_equal(err.line, 2);
	unlink(path);
}

static void test_a_block_list_is_obeyed(void **state)
{
	char path[FILES_PATH];
	struct survey_options options = {
		.allow_reserved = true,
		.blocklists = {.list = {path}, .count = 1},
	};

	(void)state;
	files_make(path, "198.18.0.0/25\n");
	expect_count(&options, "198.18.0.0/24", 128);
	assert_int_equal(code_of(&options, "198.18.0.0/26", NULL), BW_ERR_VALUE);
	unlink(path);
}

static void test_too_much(void **state)
{
	struct bw_err err;

	(void)state;
	assert_int_equal(code_of(&allowed, "2001:db8::/32", &err), BW_ERR_LIMIT);
	assert_int_equal(code_of(&allowed, "0.0.0.0/0", &err), BW_ERR_USAGE);
	assert_non_null(strstr(err.message, "--allow-everything"));
}

static void test_a_prefix_with_host_bits_is_no_target_name(void **state)
{
	struct bw_err err;

	(void)state;
	assert_int_equal(code_of(&allowed, "198.18.0.1/16", &err), BW_ERR_VALUE);
	assert_true(code_of(&allowed, "no-such-target", &err) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefixes_and_addresses),
		cmocka_unit_test(test_special_purpose_addresses_are_left_out),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_a_bad_line_is_named),
		cmocka_unit_test(test_a_block_list_is_obeyed),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_a_prefix_with_host_bits_is_no_target_name),
	};

	return cmocka_run_group_tests_name("app/survey_input", tests, NULL, NULL);
}
