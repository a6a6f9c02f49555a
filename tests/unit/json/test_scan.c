/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json/scan.h"

static struct scan begin(const char *line)
{
	struct scan scan;

	scan_init(&scan, line, strlen(line));
	return scan;
}

static void test_members(void **state)
{
	struct scan scan = begin("{\"a\":12,\"c\":{\"d\":-0.5,\"e\":true},\"f\":[1,2]}\n");

	(void)state;
	scan_want(&scan, "a");
	assert_int_equal(scan_integer(&scan, 12), 12);
	assert_false(scan_has(&scan, "b"));
	assert_true(scan_has(&scan, "c"));
	scan_open(&scan);
	assert_true(scan_has(&scan, "d"));
	assert_true(scan_decimal(&scan) == -0.5);
	assert_true(scan_has(&scan, "e"));
	assert_true(scan_true(&scan));
	scan_close(&scan);
	assert_true(scan_has(&scan, "f"));
	scan_take(&scan, '[');
	assert_int_equal(scan_integer(&scan, 9), 1);
	assert_true(scan_is(&scan, ','));
	assert_int_equal(scan_integer(&scan, 9), 2);
	assert_false(scan_is(&scan, ','));
	scan_take(&scan, ']');
	scan_end(&scan);
	assert_null(scan.why);
}

static int64_t integer_of(const char *text, int64_t max, const char **ret_why)
{
	char line[64] = "{\"n\":";
	struct scan scan;
	int64_t value;

	strncat(line, text, 40);
	strncat(line, "}\n", 3);
	scan = begin(line);
	scan_want(&scan, "n");
	value = scan_integer(&scan, max);
	scan_end(&scan);
	*ret_why = scan.why;
	return value;
}

static void test_integers(void **state)
{
	static const char *const wrong[] = {"",    "-1",  "01",  "00",  "1.5", "1e3", "+1",
					    "\"1\"", "null", " 1", "1 ", "9223372036854775808",
					    "99999999999999999999", "true"};
	const char *why;

	(void)state;
	assert_int_equal(integer_of("0", 0, &why), 0);
	assert_null(why);
	assert_int_equal(integer_of("9223372036854775807", INT64_MAX, &why), INT64_MAX);
	assert_null(why);
	assert_int_equal(integer_of("256", 255, &why), 0);
	assert_string_equal(why, "is out of range");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		integer_of(wrong[i], INT64_MAX, &why);
		if (!why)
			fail_msg("accepted: %s", wrong[i]);
	}
}

static double decimal_of(const char *text, const char **ret_why)
{
	char line[64] = "{\"n\":";
	struct scan scan;
	double value;

	strncat(line, text, 40);
	strncat(line, "}\n", 3);
	scan = begin(line);
	scan_want(&scan, "n");
	value = scan_decimal(&scan);
	scan_end(&scan);
	*ret_why = scan.why;
	return value;
}

static void test_decimals(void **state)
{
	static const struct {
		const char *text;
		double value;
	} right[] = {{"0", 0}, {"12", 12}, {"-12.345678", -12.345678}, {"0.1", 0.1},
		     {"9999999.999999", 9999999.999999}, {"-0.000001", -0.000001}};
	static const char *const wrong[] = {"", "-", ".5", "1.", "1.1234567", "12345678", "01",
					    "00.1", "1e5", "NaN", "--1", "1.2.3", "0x1"};
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		assert_true(decimal_of(right[i].text, &why) == right[i].value);
		assert_null(why);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		decimal_of(wrong[i], &why);
		if (!why)
			fail_msg("accepted: %s", wrong[i]);
	}
}

static const char *text_of(const char *line, char *buffer, size_t size)
{
	struct scan scan = begin(line);

	scan_want(&scan, "t");
	scan_text(&scan, buffer, size);
	scan_end(&scan);
	return scan.why;
}

static void test_texts(void **state)
{
	static const char *const wrong[] = {
		"{\"t\":\"a\n\"}\n", "{\"t\":\"a}\n",         "{\"t\":\"a\\\"}\n",
		"{\"t\":\"a\\",      "{\"t\":\"\\u0000\"}\n", "{\"t\":\"\\u00\"}\n",
		"{\"t\":\"\\x41\"}\n", "{\"t\":\"\\u0041\"}\n",
		"{\"t\":a}\n",       "{\"t\":\"12345678\"}\n", "{\"t\":\"",
		"{\"t\":\"\\u001",   "{\"t\":\"\\u",           "{\"t\":\"\x1f\"}\n",
	};
	char buffer[8];

	(void)state;
	assert_null(text_of("{\"t\":\"1234567\"}\n", buffer, sizeof(buffer)));
	assert_string_equal(buffer, "1234567");
	assert_null(text_of("{\"t\":\"\"}\n", buffer, sizeof(buffer)));
	assert_string_equal(buffer, "");
	assert_null(text_of("{\"t\":\"\\\"\\\\\\n\\u001f\xc3\xa9\"}\n", buffer, sizeof(buffer)));
	assert_string_equal(buffer, "\"\\\n\x1f\xc3\xa9");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_non_null(text_of(wrong[i], buffer, sizeof(buffer)));
		assert_string_equal(buffer, "");
	}
}

static void test_first_failure_sticks(void **state)
{
	struct scan scan = begin("{\"a\":x,\"b\":1}\n");
	char buffer[8];

	(void)state;
	scan_want(&scan, "a");
	assert_int_equal(scan_integer(&scan, 9), 0);
	assert_int_equal(scan_column(&scan), 6);
	scan_want(&scan, "b");
	assert_int_equal(scan_integer(&scan, 9), 0);
	assert_true(scan_decimal(&scan) == 0);
	assert_false(scan_true(&scan));
	scan_text(&scan, buffer, sizeof(buffer));
	scan_end(&scan);
	assert_string_equal(scan.key, "a");
	assert_string_equal(scan.why, "must be a whole number");
	assert_int_equal(scan_column(&scan), 6);
}

static void test_strict_structure(void **state)
{
	static const char *const wrong[] = {"",           "{",          "{}",       "{\"a\":1}",
					    "{\"a\":1}\r\n", " {\"a\":1}\n", "{\"a\":1} \n",
					    "{,\"a\":1}\n",  "{\"a\":1,}\n", "{\"b\":1}\n",
					    "{\"a\":1}\n\n", "{\"a\" :1}\n", "{\"a\":1,\"a\":1}\n",
					    "[\"a\":1]\n",   "{\"a\":1]\n"};
	struct scan scan = begin("{}\n");

	(void)state;
	scan_end(&scan);
	assert_null(scan.why);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		scan = begin(wrong[i]);
		scan_want(&scan, "a");
		scan_integer(&scan, 1);
		scan_end(&scan);
		if (!scan.why)
			fail_msg("accepted: %s", wrong[i]);
	}
}

static void test_members_that_may_be_left_out(void **state)
{
	struct scan scan = begin("{\"t\":\"x\",\"a\":7,\"d\":1.5,\"f\":true}\n");
	char text[8];

	(void)state;
	scan_want_text(&scan, "t", text, sizeof(text));
	assert_string_equal(text, "x");
	assert_int_equal(scan_has_integer(&scan, "none", 9), 0);
	assert_int_equal(scan_want_integer(&scan, "a", 9), 7);
	assert_true(scan_has_decimal(&scan, "none") == 0);
	assert_true(scan_has_decimal(&scan, "d") == 1.5);
	assert_false(scan_has_true(&scan, "none"));
	assert_true(scan_has_true(&scan, "f"));
	scan_end(&scan);
	assert_null(scan.why);
	scan = begin("{}\n");
	assert_int_equal(scan_want_integer(&scan, "a", 9), 0);
	assert_string_equal(scan.why, "missing, or not in its place");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members_that_may_be_left_out),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_first_failure_sticks),
		cmocka_unit_test(test_strict_structure),
	};

	return cmocka_run_group_tests_name("json/scan", tests, NULL, NULL);
}
