/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/markup.h"

static void expect(struct markup *markup, const char *wanted)
{
	size_t length;
	char *text = markup_take(markup, &length);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	assert_int_equal(length, strlen(wanted));
	free(text);
}

static void expect_text(const char *given, const char *wanted)
{
	struct markup markup = {.failed = false};

	markup_raw(&markup, "");
	markup_text(&markup, given);
	expect(&markup, wanted);
}

static void test_markup_in_a_text_is_escaped(void **state)
{
	(void)state;
	expect_text("<script>alert(1)</script>", "&#60;script&#62;alert(1)&#60;/script&#62;");
	expect_text("\" onclick='x' &amp;", "&#34; onclick=&#39;x&#39; &#38;amp;");
	expect_text("]]>", "]]&#62;");
	expect_text("", "");
	expect_text(NULL, "");
	expect_text("Åland 북한", "Åland 북한");
}

/* What XML does not allow, and what would reorder the rest of the line. */
static void test_what_no_text_may_bring(void **state)
{
	(void)state;
	expect_text("a\tb\nc\x01"
		    "d\x7f",
		    "a?b?c?d?");
	expect_text("x\xe2\x80\xaey", "x?y");              /* U+202E */
	expect_text("x\xef\xbf\xbey\xef\xbf\xbf", "x?y?"); /* U+FFFE, U+FFFF */
	expect_text("\xef\xbf\xbd", "\xef\xbf\xbd");
	expect_text("\xff\xc0\xafz\xed\xa0\x80", "???z???");
	expect_text("\xef\xbf", "??");
}

static void test_a_path_is_encoded(void **state)
{
	struct markup markup = {.failed = false};

	(void)state;
	markup_path(&markup, "a-1/..?q=\"<%\xc3\xa9#");
	expect(&markup, "a-1%2F..%3Fq%3D%22%3C%25%C3%A9%23");
}

static void test_it_grows(void **state)
{
	struct markup markup = {.failed = false};
	const size_t count = 100000;
	size_t length;
	char *text;

	(void)state;
	for (size_t n = 0; n < count; n++)
		markup_print(&markup, "%s", "1234567890");
	text = markup_take(&markup, &length);
	assert_int_equal(length, 10 * count);
	assert_int_equal(strlen(text), length);
	free(text);
	markup_print(&markup, "%0300d", 1); /* longer than the room that a print begins with */
	text = markup_take(&markup, &length);
	assert_int_equal(length, 300);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markup_in_a_text_is_escaped),
		cmocka_unit_test(test_what_no_text_may_bring),
		cmocka_unit_test(test_a_path_is_encoded),
		cmocka_unit_test(test_it_grows),
	};

	return cmocka_run_group_tests_name("report/markup", tests, NULL, NULL);
}
