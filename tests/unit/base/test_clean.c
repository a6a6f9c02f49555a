/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clean.h"

static void expect_print(const char *text, const char *clean)
{
	char *printed = NULL;
	size_t length;
	FILE *out = open_memstream(&printed, &length);

	assert_non_null(out);
	clean_print(text, out);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(printed, clean);
	free(printed);
}

static void expect(const char *text, const char *clean)
{
	char buffer[64];

	assert_int_equal(clean_append(buffer, sizeof(buffer), 0, text), strlen(clean));
	assert_string_equal(buffer, clean);
	expect_print(text, clean);
}

static void test_what_is_safe_stays(void **state)
{
	(void)state;
	expect("", "");
	expect("Labland, 3 of 4", "Labland, 3 of 4");
	expect("북한 Ελλάδα \xf0\x9f\x8c\x8d", "북한 Ελλάδα \xf0\x9f\x8c\x8d");
}

static void test_controls(void **state)
{
	(void)state;
	expect("a\x1b[31mred\r\n\x7f", "a?[31mred???");
	expect("\xc2\x9b" "31m", "?31m"); /* the one-byte CSI of ISO 8859 */
}

static void test_what_reorders_text(void **state)
{
	static const char *const marks[] = {
		"\xd8\x9c",     "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x80\xaa", "\xe2\x80\xae",
		"\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x81\xa6", "\xe2\x81\xa9", "\xef\xbb\xbf",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		expect(marks[i], "?");
}

static void test_no_utf8(void **state)
{
	(void)state;
	expect("\xff" "a\xc3", "?a?");
	expect("\xed\xa0\x80", "???");
}

static void test_cut_at_a_whole_character(void **state)
{
	char buffer[4];

	(void)state;
	assert_int_equal(clean_append(buffer, sizeof(buffer), 0, "ab\xc3\xa9"), 2);
	assert_string_equal(buffer, "ab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_safe_stays),
		cmocka_unit_test(test_controls),
		cmocka_unit_test(test_what_reorders_text),
		cmocka_unit_test(test_no_utf8),
		cmocka_unit_test(test_cut_at_a_whole_character),
	};

	return cmocka_run_group_tests_name("base/clean", tests, NULL, NULL);
}
