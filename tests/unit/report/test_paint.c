/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

#include "report/text/paint.h"

static const struct paint plain = {.utf8 = true};
static const struct paint ascii = {.utf8 = false};
static const struct paint colour = {.colour = true, .utf8 = true};

static int set_locale(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

static const char *clean(const struct paint *paint, const char *text)
{
	static char buffer[128];

	return paint_clean(paint, text, buffer, sizeof(buffer));
}

static void test_styles(void **state)
{
	(void)state;
	assert_string_equal(paint_begin(&plain, PAINT_RED), "");
	assert_string_equal(paint_end(&plain, PAINT_RED), "");
	assert_string_equal(paint_begin(&colour, PAINT_PLAIN), "");
	assert_string_equal(paint_end(&colour, PAINT_PLAIN), "");
	assert_string_equal(paint_begin(&colour, paint_of(BW_UP)), "\033[32m");
	assert_string_equal(paint_begin(&colour, paint_of(BW_FLAPPING)), "\033[33m");
	assert_string_equal(paint_begin(&colour, paint_of(BW_DARK)), "\033[31m");
	assert_string_equal(paint_begin(&colour, paint_of(BW_UNKNOWN)), "\033[2m");
	assert_string_equal(paint_end(&colour, PAINT_RED), "\033[0m");
}

/* Nothing from a target file may steer the terminal. */
static void test_clean(void **state)
{
	(void)state;
	assert_string_equal(clean(&plain, "N\u00fcrnberg \u5e73\u58e4"),
			    "N\u00fcrnberg \u5e73\u58e4");
	assert_string_equal(clean(&plain, "a\033[31mb\a\n\x7f"), "a?[31mb???");
	assert_string_equal(clean(&plain, "a\xc2\x85\xc2\x9b" "31mb"), "a??31mb");
	assert_string_equal(clean(&plain, "a\u202eb\u2066c\u200f"), "a?b?c?");
	assert_string_equal(clean(&plain, "a\xff z"), "a\ufffd z");
	assert_string_equal(clean(&ascii, "N\u00fcrnberg \u5e73\u58e4\xff"), "N?rnberg ???");
}

static void test_clean_cuts_whole_characters(void **state)
{
	char buffer[8];

	(void)state;
	memset(buffer, '#', sizeof(buffer));
	paint_clean(&plain, "ab\u00fc\u5e73\u58e4", buffer, 7);
	assert_string_equal(buffer, "ab\u00fc");
	assert_string_equal(paint_clean(&plain, "ab\u00fc\u5e73", buffer, 8), "ab\u00fc\u5e73");
	assert_string_equal(paint_clean(&plain, "ab", buffer, 1), "");
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(paint_width(""), 0);
	assert_int_equal(paint_width("abc"), 3);
	assert_int_equal(paint_width("N\u00fcrnberg"), 8);
	assert_int_equal(paint_width("Nu\u0308rnberg"), 8);
	assert_int_equal(paint_width("\u5e73\u58e4"), 4);
	assert_int_equal(paint_width("\ud3c9\uc591"), 4);
}

static void test_fit(void **state)
{
	(void)state;
	assert_int_equal(paint_fit("abc", 0), 0);
	assert_int_equal(paint_fit("abc", 2), 2);
	assert_int_equal(paint_fit("abc", 9), 3);
	assert_int_equal(paint_fit("\u5e73\u58e4", 3), 3);
	assert_int_equal(paint_fit("\u5e73\u58e4", 1), 0);
	assert_int_equal(paint_fit("u\u0308r", 1), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_styles),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_clean_cuts_whole_characters),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_fit),
	};

	return cmocka_run_group_tests_name("report/paint", tests, set_locale, NULL);
}
