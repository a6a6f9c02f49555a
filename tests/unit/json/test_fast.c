/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "blockwatch/err.h"
#include "json/fast.h"
#include "json/node.h"

static const struct document_form form = {.max = FAST_TEXT_MAX + 1, .wide = true};

/* A sanitizer sees one byte too many: the text lies in a block of its exact length. */
static int parse(struct fast *fast, const char *text)
{
	const size_t length = strlen(text);
	char *copy = malloc(length + (length == 0));
	int code;

	memcpy(copy, text, length);
	code = fast_parse(fast, copy, length);
	free(copy);
	return code;
}

static void test_values(void **state)
{
	static const char text[] = " { \"a\" : [ 1 , -2.5e3 , { \"x\" : null } , [ ] ] ,\r\n\t"
				   "\"b\":\"\xc3\xbc\\\"\\\\\\/\\b\\f\\n\\r\\t,]}\",\"\":true,"
				   "\"c\":false,\"d\":{} } ";
	struct fast fast = {0};
	const struct fast_value *a;

	(void)state;
	assert_int_equal(parse(&fast, text), 0);
	assert_int_equal(fast.count, 11);
	assert_int_equal(fast.values[0].kind, FAST_OBJECT);
	assert_int_equal(fast.values[0].count, 5);
	assert_int_equal(fast.values[0].size, 11);
	a = fast_member(&fast.values[0], "a");
	assert_ptr_equal(a, &fast.values[1]);
	assert_int_equal(a->count, 4);
	assert_int_equal(a->size, 6);
	assert_true(a[2].number == -2500);
	assert_null(a[2].key);
	assert_int_equal(fast_member(&a[3], "x")->kind, FAST_NULL);
	assert_null(fast_member(&a[3], "y"));
	assert_null(fast_member(a, "x"));
	assert_string_equal(fast_member(&fast.values[0], "b")->text, "\xc3\xbc\"\\/\b\f\n\r\t,]}");
	assert_int_equal(fast_member(&fast.values[0], "")->kind, FAST_TRUE);
	assert_int_equal(fast_member(&fast.values[0], "c")->kind, FAST_FALSE);
	assert_int_equal(fast_member(&fast.values[0], "d")->count, 0);
	fast_fini(&fast);
}

/* jansson says what is wrong with these, or takes them. */
static const char *const left[] = {
	"", " ", "1", "\"a\"", "null", "{", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]",
	"[] x", "{}}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}",
	"{\"a\":1,\"a\":1}", "{\"a\":1,\"b\":2,\"\\n\":3,\"\\n\":4}", "[tru]", "[truex]", "[nul",
	"[01]", "[-]", "[+1]", "[.5]", "[1.]", "[1.e1]", "[1e]", "[1e+]", "[--1]", "[0x1]",
	"[1e45]", "[9007199254740992]", "[0.1234567890123456789]", "[1234567890123456789]",
	"[12345678901234567890123]", "[1e23]", "[1e-23]", "[1e99999999999999999999]", "[NaN]",
	"[\"]", "[\"\\", "[\"\\\"]", "[\"\\x\"]", "[\"\\u0041\"]", "[\"\t\"]", "[\"\xff\"]",
	"[\"\xc3\"]", "[\"\xed\xa0\x80\"]", "\xef\xbb\xbf[]", "[1]/**/", "\v[]",
};

static void test_left(void **state)
{
	struct fast fast = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (parse(&fast, left[i]) != BW_ERR_SYNTAX)
			fail_msg("%s is not left", left[i]);
	assert_int_equal(fast_parse(&fast, "[\"a\0b\"]", 7), BW_ERR_SYNTAX);
	assert_int_equal(fast_parse(&fast, "[\"\\\0\"]", 6), BW_ERR_SYNTAX);
	assert_int_equal(fast_parse(&fast, "[]\0", 3), BW_ERR_SYNTAX);
	fast_fini(&fast);
}

/* Each digit as strtod() has it. */
static void test_numbers(void **state)
{
	static const char *const numbers[] = {"0",
					      "-0",
					      "1",
					      "0.1",
					      "0.3",
					      "12.345",
					      "99.999999",
					      "1e22",
					      "1E+5",
					      "7e-22",
					      "0.95",
					      "1.5e-7",
					      "9007199254740991",
					      "0.000001",
					      "0.9999",
					      "1e-22",
					      "0e0",
					      "0e-9",
					      "1.10",
					      "123456789.123456",
					      "0.999999999",
					      "-1.5e3",
					      "3.3e21",
					      "100e20",
					      "-12.0",
					      "2.2e-5",
					      "9007199254740991e-16"};
	struct fast fast = {0};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		double wanted = strtod(numbers[i], NULL);

		snprintf(text, sizeof(text), "[%s]", numbers[i]);
		assert_int_equal(parse(&fast, text), 0);
		if (memcmp(&fast.values[1].number, &wanted, sizeof(wanted)) != 0)
			fail_msg("%s gives %.17g", numbers[i], fast.values[1].number);
	}
	fast_fini(&fast);
}

/* COUNT times PIECE between the ends. */
static int parse_many(struct fast *fast, const char *begin, const char *piece, size_t count,
		      const char *end)
{
	const size_t from = strlen(begin), step = strlen(piece), rest = strlen(end);
	const size_t length = from + count * step + rest;
	char *text = malloc(length);
	int code;

	memcpy(text, begin, from);
	for (size_t n = 0; n < count; n++)
		memcpy(text + from + n * step, piece, step);
	memcpy(text + length - rest, end, rest);
	code = fast_parse(fast, text, length);
	free(text);
	return code;
}

static int parse_members(struct fast *fast, unsigned count)
{
	char text[FAST_MEMBERS_MAX * 16] = "{";
	size_t length = 1;

	for (unsigned n = 0; n < count; n++)
		length +=
			(size_t)snprintf(text + length, sizeof(text) - length, "\"%u\":%u,", n, n);
	text[length - 1] = '}';
	return parse(fast, text);
}

static void test_limits(void **state)
{
	struct fast fast = {0};
	char deep[2 * FAST_DEPTH_MAX + 3] = {0};

	(void)state;
	assert_int_equal(parse_many(&fast, "[", "1,", FAST_VALUES_MAX - 2, "1]"), 0);
	assert_int_equal(fast.values[0].count, FAST_VALUES_MAX - 1);
	assert_int_equal(parse_many(&fast, "[", "1,", FAST_VALUES_MAX - 1, "1]"), BW_ERR_SYNTAX);
	assert_int_equal(parse_many(&fast, "[\"", "x", FAST_TEXT_MAX - 4, "\"]"), 0);
	assert_int_equal(parse_many(&fast, "[\"", "x", FAST_TEXT_MAX - 3, "\"]"), BW_ERR_SYNTAX);
	assert_int_equal(parse_members(&fast, FAST_MEMBERS_MAX), 0);
	assert_true(fast_member(&fast.values[0], "63")->number == 63);
	assert_int_equal(parse_members(&fast, FAST_MEMBERS_MAX + 1), BW_ERR_SYNTAX);
	memset(deep, '[', FAST_DEPTH_MAX);
	memset(deep + FAST_DEPTH_MAX, ']', FAST_DEPTH_MAX);
	assert_int_equal(parse(&fast, deep), 0);
	memset(deep, '[', FAST_DEPTH_MAX + 1);
	memset(deep + FAST_DEPTH_MAX + 1, ']', FAST_DEPTH_MAX + 1);
	assert_int_equal(fast_parse(&fast, deep, sizeof(deep) - 1), BW_ERR_SYNTAX);
	fast_fini(&fast);
	fast_fini(&fast);
}

/* Through nodes it is a document as any other, but for the places. */
static void test_document(void **state)
{
	static const char text[] = "{\"a\":[true,{\"b\":7}],\"c\":\"d\"}";
	struct document document = {0};
	struct fast fast = {0};
	struct node root, a, b, element = {0}, inner;
	uint64_t value = 0;
	char path[32];

	(void)state;
	assert_int_equal(document_parse_fast(&document, &form, &fast, text, sizeof(text) - 1), 0);
	root = node_root(&document);
	a = node_member(&root, "a");
	assert_true(node_next(&a, &element) && node_bool(&element));
	assert_true(node_next(&a, &element) && node_is_object(&element));
	b = node_member(&element, "b");
	assert_true(node_unsigned(&b, &value));
	assert_int_equal(value, 7);
	assert_string_equal(node_format_path(&b, path, sizeof(path)), "a[1].b");
	assert_int_equal(node_place(&b).line, 0);
	inner = node_element(&a, 1);
	assert_int_equal(node_count(&inner), 1);
	assert_false(node_next(&a, &element));
	assert_string_equal(node_next_key(&root, NULL), "a");
	assert_string_equal(node_next_key(&root, "a"), "c");
	assert_null(node_next_key(&root, "c"));
	document_fini(&document);
	fast_fini(&fast);
}

/* Whole numbers of other forms are not doubles, and comments are not taken away. */
static void test_forms(void **state)
{
	static const struct document_form narrow = {.max = 10},
					  short_form = {.max = 1, .wide = true},
					  comments = {.max = 10, .wide = true, .comments = true};
	struct document document = {0};
	struct fast fast = {0};

	(void)state;
	assert_true(document_parse_fast(&document, &narrow, &fast, "[]", 2) < 0);
	assert_true(document_parse_fast(&document, &short_form, &fast, "[]", 2) < 0);
	assert_true(document_parse_fast(&document, &comments, &fast, "[]", 2) < 0);
	assert_int_equal(document_parse_fast(&document, &form, &fast, "[]", 2), 0);
	document_fini(&document);
	fast_fini(&fast);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),   cmocka_unit_test(test_left),
		cmocka_unit_test(test_numbers),  cmocka_unit_test(test_limits),
		cmocka_unit_test(test_document), cmocka_unit_test(test_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
