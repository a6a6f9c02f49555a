/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "json/utf8.h"

struct expect {
	const char *text;
	uint32_t points[6]; /* until 0 */
};

static void assert_points(const struct expect *expect)
{
	const char *at = expect->text;

	for (size_t n = 0; n < 6; n++) {
		assert_int_equal(utf8_next(&at), expect->points[n]);
		if (expect->points[n] == 0)
			break;
	}
	assert_ptr_equal(at, expect->text + strlen(expect->text));
}

static void test_valid(void **state)
{
	static const struct expect list[] = {
		{"", {0}},
		{"a\x7f", {'a', 0x7f, 0}},
		{"\xc2\x80\xdf\xbf", {0x80, 0x7ff, 0}},
		{"\xe0\xa0\x80\xef\xbf\xbf", {0x800, 0xffff, 0}},
		{"\xed\x9f\xbf\xee\x80\x80", {0xd7ff, 0xe000, 0}},
		{"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", {0x10000, 0x10ffff, 0}},
	};

	(void)state;
	for (size_t n = 0; n < sizeof(list) / sizeof(list[0]); n++)
		assert_points(&list[n]);
}

/* Each maximal subpart is one replacement, and what follows is read as it is. */
static void test_invalid(void **state)
{
	static const struct expect list[] = {
		{"\x80z", {UTF8_REPLACEMENT, 'z', 0}},
		{"\xffz", {UTF8_REPLACEMENT, 'z', 0}},
		{"\xc0\xaf", {UTF8_REPLACEMENT, UTF8_REPLACEMENT, 0}},
		{"\xe0\x80\xaf", {UTF8_REPLACEMENT, UTF8_REPLACEMENT, UTF8_REPLACEMENT, 0}},
		{"\xed\xa0\x80", {UTF8_REPLACEMENT, UTF8_REPLACEMENT, UTF8_REPLACEMENT, 0}},
		{"\xf4\x90", {UTF8_REPLACEMENT, UTF8_REPLACEMENT, 0}},
		{"\xf5z", {UTF8_REPLACEMENT, 'z', 0}},
		{"\xe2\x82z", {UTF8_REPLACEMENT, 'z', 0}},
		{"\xf0\x9f\x98", {UTF8_REPLACEMENT, 0}},
		{"\xc3", {UTF8_REPLACEMENT, 0}},
		{"\xc3\xc3\xa4", {UTF8_REPLACEMENT, 0xe4, 0}},
	};

	(void)state;
	for (size_t n = 0; n < sizeof(list) / sizeof(list[0]); n++)
		assert_points(&list[n]);
}

static void test_put_undoes_next(void **state)
{
	(void)state;
	for (uint32_t point = 1; point <= 0x10ffff; point++) {
		char bytes[UTF8_MAX + 1] = {0};
		const char *at = bytes;
		int length;

		if (point >= 0xd800 && point <= 0xdfff)
			continue;
		length = utf8_put(point, bytes);
		if (utf8_next(&at) != point || at != bytes + length)
			fail_msg("U+%04X", point);
	}
}

static void test_is_valid(void **state)
{
	(void)state;
	assert_true(utf8_is_valid(""));
	assert_true(utf8_is_valid("a\xc3\xa4\xe2\x98\x83\xf0\x9f\x8c\x8d"));
	assert_true(utf8_is_valid("\xef\xbf\xbd"));
	assert_false(utf8_is_valid("\xff"));
	assert_false(utf8_is_valid("a\xc3"));
	assert_false(utf8_is_valid("\xed\xa0\x80"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_valid),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_put_undoes_next),
	};

	return cmocka_run_group_tests_name("json/utf8", tests, NULL, NULL);
}
