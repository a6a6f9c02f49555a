/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/err.h>

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_text(void **state)
{
	(void)state;
	assert_string_equal(bw_error_text(BW_ERR_USAGE), "wrong usage");
	assert_string_equal(bw_error_text(BW_ERR_INTERNAL), "internal error");
	assert_string_equal(bw_error_text(-ENOENT), "No such file or directory");
	assert_string_equal(bw_error_text(0), "success");
}

static void test_text_of_nonsense(void **state)
{
	const int codes[] = {1, ENOENT, -4095, -4096, -999, -1012, INT_MAX, INT_MIN};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_string_equal(bw_error_text(codes[i]), "unknown error");
}

static void test_set(void **state)
{
	struct bw_err err = {.line = 7, .column = 8, .file = "old", .field = "old"};

	(void)state;
	assert_int_equal(bw_err_set(&err, BW_ERR_VALUE, "%d is %s", 5, "odd"), BW_ERR_VALUE);
	assert_int_equal(err.code, BW_ERR_VALUE);
	assert_string_equal(err.message, "5 is odd");
	assert_int_equal(err.line, 0);
	assert_int_equal(err.column, 0);
	assert_string_equal(err.file, "");
	assert_string_equal(err.field, "");
}

static void test_null(void **state)
{
	(void)state;
	assert_int_equal(bw_err_set(NULL, -ENOMEM, "%s", "text"), -ENOMEM);
	bw_err_place(NULL, "file", 1, 2, "field");
}

static void test_place_adds(void **state)
{
	struct bw_err err;

	(void)state;
	bw_err_set(&err, BW_ERR_SYNTAX, "no");
	bw_err_place(&err, "kp.json", 0, 0, NULL);
	bw_err_place(&err, NULL, 3, 0, "networks[0].prefix");
	bw_err_place(&err, NULL, 0, 9, NULL);
	assert_string_equal(err.file, "kp.json");
	assert_string_equal(err.field, "networks[0].prefix");
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 9);
	assert_string_equal(err.message, "no");
}

static void test_place_cuts(void **state)
{
	struct bw_err err;
	char name[1000];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	bw_err_set(&err, BW_ERR_SYNTAX, "%s", name);
	bw_err_place(&err, name, 1, 1, name);
	assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
	assert_int_equal(strlen(err.file), sizeof(err.file) - 1);
	assert_int_equal(strlen(err.field), sizeof(err.field) - 1);
}

/* Formats an error made of these parts. */
static const char *format(char *buffer, size_t size, const char *file, const int at[2],
			  const char *field, const char *message)
{
	struct bw_err err;

	bw_err_set(&err, BW_ERR_SYNTAX, "%s", message);
	bw_err_place(&err, file, at[0], at[1], field);
	return bw_err_format(&err, buffer, size);
}

static void test_format_parts(void **state)
{
	char b[512];

	(void)state;
	assert_string_equal(format(b, sizeof(b), "f", (int[]){3, 9}, "a.b", "no"),
			    "f:3:9: a.b: no");
	assert_string_equal(format(b, sizeof(b), "f", (int[]){3, 0}, NULL, "no"), "f:3: no");
	assert_string_equal(format(b, sizeof(b), "f", (int[]){0, 9}, NULL, "no"), "f: no");
	assert_string_equal(format(b, sizeof(b), NULL, (int[]){3, 9}, NULL, "no"), "3:9: no");
	assert_string_equal(format(b, sizeof(b), NULL, (int[]){0, 0}, "--rate", "no"),
			    "--rate: no");
	assert_string_equal(format(b, sizeof(b), NULL, (int[]){0, 0}, NULL, "no"), "no");
	assert_string_equal(format(b, sizeof(b), NULL, (int[]){0, 0}, NULL, ""), "bad syntax");
	assert_string_equal(format(b, sizeof(b), "f", (int[]){INT_MAX, INT_MAX}, NULL, "no"),
			    "f:2147483647:2147483647: no");
}

static void test_format_cleans(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"a\nb\tc\x1b[2Jd\x7f", "a?b?c?[2Jd?"},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\xe2\x82\xac \xf0\x9f\x8c\x8d", "\xe2\x82\xac \xf0\x9f\x8c\x8d"},
		{"c1 \xc2\x9b[2J", "c1 ?[2J"},
		{"nbsp \xc2\xa0", "nbsp \xc2\xa0"},
		{"bare \x9b \xff", "bare ? ?"},
		{"overlong \xc0\xaf \xe0\x80\xaf", "overlong ?? ???"},
		{"surrogate \xed\xa0\x80", "surrogate ???"},
		{"cut \xe2\x82", "cut ??"},
		{"too high \xf4\x90\x80\x80 \xf5\x80\x80\x80", "too high ???? ????"},
	};
	char buffer[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
			format(buffer, sizeof(buffer), NULL, (int[]){0, 0}, NULL, cases[i].in),
			cases[i].out);
	assert_string_equal(format(buffer, sizeof(buffer), "a\rb", (int[]){0, 0}, "c\nd", "e"),
			    "a?b: c?d: e");
}

static void test_format_small_buffers(void **state)
{
	const char *whole = "file:3:9: field: \xe2\x82\xac";
	char buffer[64];

	(void)state;
	for (size_t size = 1; size < sizeof(buffer); size++) {
		memset(buffer, '#', sizeof(buffer));
		format(buffer, size, "file", (int[]){3, 9}, "field", "\xe2\x82\xac");
		assert_true(strlen(buffer) < size);
		assert_int_equal(strncmp(buffer, whole, strlen(buffer)), 0);
		assert_int_equal(buffer[size], '#');
	}
	buffer[0] = '#';
	assert_ptr_equal(format(buffer, 0, "file", (int[]){3, 9}, "field", "x"), buffer);
	assert_int_equal(buffer[0], '#');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_of_nonsense),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_place_adds),
		cmocka_unit_test(test_place_cuts),
		cmocka_unit_test(test_format_parts),
		cmocka_unit_test(test_format_cleans),
		cmocka_unit_test(test_format_small_buffers),
	};

	return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
