/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "json/json_out.h"

static const char *text_of_number(double value, int decimals)
{
	static char text[64];
	struct json_out out;
	int length;

	json_out_init(&out, text, sizeof(text));
	json_out_number(&out, value, decimals);
	length = json_out_end(&out);
	assert_int_equal(length, strlen(text));
	return text;
}

static const char *text_of_string(const char *value)
{
	static char text[256];
	struct json_out out;
	int length;

	json_out_init(&out, text, sizeof(text));
	json_out_string(&out, value);
	length = json_out_end(&out);
	assert_int_equal(length, strlen(text));
	return text;
}

static void test_numbers(void **state)
{
	(void)state;
	assert_string_equal(text_of_number(12.345, 3), "12.345");
	assert_string_equal(text_of_number(12.345000000000001, 3), "12.345");
	assert_string_equal(text_of_number(0.1, 3), "0.1");
	assert_string_equal(text_of_number(0.1 + 0.2, 4), "0.3");
	assert_string_equal(text_of_number(3, 3), "3");
	assert_string_equal(text_of_number(100, 3), "100");
	assert_string_equal(text_of_number(0, 3), "0");
	assert_string_equal(text_of_number(1234.5, 0), "1234");
	assert_string_equal(text_of_number(0.99996, 4), "1");
	assert_string_equal(text_of_number(-2.5, 3), "-2.5");
	assert_string_equal(text_of_number(0.000000001, 9), "0.000000001");
}

static void test_never_minus_zero(void **state)
{
	(void)state;
	assert_string_equal(text_of_number(-0.0, 3), "0");
	assert_string_equal(text_of_number(-0.0004, 3), "0");
	assert_string_equal(text_of_number(-0.4, 0), "0");
	assert_string_equal(text_of_number(-0.0006, 3), "-0.001");
}

static void test_what_is_no_number(void **state)
{
	(void)state;
	assert_string_equal(text_of_number(NAN, 3), "null");
	assert_string_equal(text_of_number(INFINITY, 3), "null");
	assert_string_equal(text_of_number(-INFINITY, 3), "null");
}

static void test_large_numbers(void **state)
{
	(void)state;
	assert_string_equal(text_of_number(999999999999999, 3), "999999999999999");
	assert_string_equal(text_of_number(1e15, 3), "1e+15");
	assert_string_equal(text_of_number(9007199254740993.0, 3), "9007199254740992");
	assert_string_equal(text_of_number(1.5e300, 3), "1.5e+300");
	assert_string_equal(text_of_number(-1.7976931348623157e308, 0), "-1.7976931348623157e+308");
}

/* Whatever is written reads back as the nearest decimal, and a shorter text would not. */
static void test_number_sweep(void **state)
{
	(void)state;
	for (int n = 0; n < 20000; n++) {
		double value = (double)n * 0.0371;
		const char *text = text_of_number(value, 3);
		size_t length = strlen(text);

		assert_true(fabs(strtod(text, NULL) - value) <= 0.0005 + 1e-12);
		if (strchr(text, '.')) {
			assert_true(text[length - 1] != '0' && text[length - 1] != '.');
			assert_true(strlen(strchr(text, '.')) <= 4);
		}
	}
}

static void test_integers(void **state)
{
	char text[128];
	struct json_out out;

	(void)state;
	json_out_init(&out, text, sizeof(text));
	json_out_array(&out);
	json_out_int(&out, INT64_MIN);
	json_out_int(&out, -1);
	json_out_uint(&out, UINT64_MAX);
	json_out_bool(&out, true);
	json_out_bool(&out, false);
	json_out_null(&out);
	json_out_array_end(&out);
	assert_true(json_out_end(&out) > 0);
	assert_string_equal(text, "[-9223372036854775808,-1,18446744073709551615,true,false,null]");
}

static void test_strings(void **state)
{
	(void)state;
	assert_string_equal(text_of_string(""), "\"\"");
	assert_string_equal(text_of_string("a \"b\" \\ /"), "\"a \\\"b\\\" \\\\ /\"");
	assert_string_equal(text_of_string("\b\f\n\r\t\x01\x1f\x7f"),
			    "\"\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
	assert_string_equal(text_of_string("N\u00fcrnberg \u5e73\u58e4 \U0001f4a1"),
			    "\"N\u00fcrnberg \u5e73\u58e4 \U0001f4a1\"");
	assert_string_equal(text_of_string("a\xff\xc0\xaf z\xe2\x82"),
			    "\"a\ufffd\ufffd\ufffd z\ufffd\"");
	assert_string_equal(text_of_string(NULL), "null");
}

/* Any bytes at all: jansson, which refuses bad UTF-8, must take the result. */
static void test_every_pair_of_bytes(void **state)
{
	(void)state;
	for (int a = 1; a < 256; a++)
		for (int b = 1; b < 256; b++) {
			char bytes[] = {(char)a, (char)b, 0};
			json_t *json = json_loads(text_of_string(bytes), JSON_DECODE_ANY, NULL);

			if (!json_is_string(json))
				fail_msg("bytes %02x %02x", (unsigned)a, (unsigned)b);
			json_decref(json);
		}
}

static void put_nested(struct json_out *out)
{
	json_out_object(out);
	json_out_key(out, "empty");
	json_out_object(out);
	json_out_object_end(out);
	json_out_key(out, "list");
	json_out_array(out);
	json_out_array(out);
	json_out_array_end(out);
	json_out_object(out);
	json_out_key(out, "a\"b");
	json_out_string(out, "x");
	json_out_key(out, "c");
	json_out_number(out, 1.5, 1);
	json_out_object_end(out);
	json_out_int(out, 7);
	json_out_array_end(out);
	json_out_key(out, "when");
	json_out_time(out, (struct bw_wall){INT64_C(1419264900) * BW_S + 42 * BW_US});
	json_out_key(out, "since");
	json_out_time(out, (struct bw_wall){0});
	json_out_object_end(out);
	json_out_newline(out);
}

#define NESTED                                                        \
	"{\"empty\":{},\"list\":[[],{\"a\\\"b\":\"x\",\"c\":1.5},7]," \
	"\"when\":\"2014-12-22T16:15:00.000042Z\",\"since\":null}\n"

static void test_nesting(void **state)
{
	char text[256];
	struct json_out out;
	json_t *json;

	(void)state;
	json_out_init(&out, text, sizeof(text));
	put_nested(&out);
	assert_int_equal(json_out_end(&out), strlen(NESTED));
	assert_string_equal(text, NESTED);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	assert_int_equal(json_object_size(json), 4);
	json_decref(json);
}

/* Every size: too small says so and never writes behind the end; the exact size is enough. */
static void test_overflow_sticks(void **state)
{
	const size_t enough = strlen(NESTED) + 1;

	(void)state;
	for (size_t size = 0; size <= enough; size++) {
		char *text = malloc(size + 1);
		struct json_out out;

		text[size] = '#';
		json_out_init(&out, text, size);
		put_nested(&out);
		assert_int_equal(json_out_end(&out),
				 size < enough ? BW_ERR_LIMIT : (int)strlen(NESTED));
		assert_int_equal(text[size], '#');
		free(text);
	}
}

static void check_real(double value, int digits, const char *wanted)
{
	char text[64];
	struct json_out out;

	json_out_init(&out, text, sizeof(text));
	json_out_real(&out, value, digits);
	assert_int_equal(json_out_end(&out), strlen(wanted));
	assert_string_equal(text, wanted);
}

static void test_reals(void **state)
{
	(void)state;
	check_real(0.9, 6, "0.9");
	check_real(1, 6, "1.0");
	check_real(0, 6, "0.0");
	check_real((double)0.7f, 6, "0.7");
	check_real(1e-6, 9, "1e-6");
	check_real(1e9, 6, "1e9");
	check_real(1.5e100, 6, "1.5e100");
	check_real(-2.25, 3, "-2.25");
	check_real((double)INFINITY, 3, "null");
}

static void put_sample(struct json_out *out)
{
	json_out_object(out);
	json_out_key(out, "a");
	json_out_array(out);
	json_out_int(out, 1);
	json_out_object(out);
	json_out_object_end(out);
	json_out_array_end(out);
	json_out_key(out, "b");
	json_out_array(out);
	json_out_array_end(out);
	json_out_object_end(out);
}

static void check_heap(bool indent, const char *wanted)
{
	struct json_out out;
	char *text;

	json_out_init_heap(&out, indent);
	put_sample(&out);
	text = json_out_take(&out);
	assert_string_equal(text, wanted);
	free(text);
}

static void test_heap(void **state)
{
	struct json_out out;
	char *text;

	(void)state;
	check_heap(false, "{\"a\":[1,{}],\"b\":[]}");
	check_heap(true, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
	json_out_init_heap(&out, false);
	json_out_array(&out);
	for (int i = 0; i < 10000; i++)
		json_out_int(&out, i);
	json_out_array_end(&out);
	text = json_out_take(&out);
	assert_int_equal(strlen(text), 48891);
	free(text);
	json_out_init_heap(&out, false);
	assert_null(json_out_take(&out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reals),
		cmocka_unit_test(test_heap),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_never_minus_zero),
		cmocka_unit_test(test_what_is_no_number),
		cmocka_unit_test(test_large_numbers),
		cmocka_unit_test(test_number_sweep),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_every_pair_of_bytes),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_overflow_sticks),
	};

	return cmocka_run_group_tests_name("json/json_out", tests, NULL, NULL);
}
