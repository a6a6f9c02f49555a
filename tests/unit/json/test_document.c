/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/document.h"
#include "json/node.h"

#define SIZE_MAX_BYTES ((size_t)1 << 20)

static const struct document_form form = {.max = SIZE_MAX_BYTES, .comments = true};
static const struct document_form plain = {.max = SIZE_MAX_BYTES};

static void refuse(const char *text, int wanted, struct bw_err *err)
{
	struct document document = {.file = "c.json", .err = err};

	assert_int_equal(document_parse(&document, &form, text, strlen(text)), wanted);
	assert_null(document.json);
	assert_null(document.own);
}

static void test_comment_without_end(void **state)
{
	struct bw_err err;

	(void)state;
	refuse("{\n  \"a\": 1, /* no end\n}", BW_ERR_SYNTAX, &err);
	assert_int_equal(err.line, 2);
	assert_int_equal(err.column, 11);
	assert_string_equal(err.message, "this comment has no end: close it with '*/'");
	refuse("{} /*/", BW_ERR_SYNTAX, &err);
}

static void test_hints(void **state)
{
	static const char *const between[] = {
		"[1 2]", "[1 -2]", "[{} {}]", "[[1] [2]]", "[\"a\" null]", "{\"a\": 1 \"b\": 2",
	};
	static const char *const other[] = {
		"{\"a\": }",    "{\"a\": 1",    "{\"a\": [1, 2]\n", "[1",
		"[{\"a\": 1 ]", "{\"a\": [1 }", "{\"a\": 1 : 2}",   "[\"a\": 1]",
	};
	struct bw_err err;

	(void)state;
	refuse("{\n\"a\": [1, 2, ]}", BW_ERR_SYNTAX, &err);
	assert_non_null(strstr(err.message, "take away the comma before it"));
	assert_int_equal(err.line, 2);
	assert_int_equal(err.column, 13);
	refuse("{\"a\": 1, // b\n}", BW_ERR_SYNTAX, &err);
	assert_non_null(strstr(err.message, "take away the comma before it"));
	refuse("{\"a\": 1\n \"b\": 2}", BW_ERR_SYNTAX, &err);
	assert_non_null(strstr(err.message, "a comma may be missing before it"));
	assert_int_equal(err.line, 2);
	for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++) {
		refuse(between[i], BW_ERR_SYNTAX, &err);
		assert_non_null(strstr(err.message, "a comma may be missing before it"));
	}
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		refuse(other[i], BW_ERR_SYNTAX, &err);
		assert_null(strstr(err.message, "comma"));
	}
}

static void test_what_is_no_json(void **state)
{
	static const char *const bad[] = {
		"",
		"  ",
		"// only",
		"1",
		"\"a\"",
		"nul",
		"{a: 1}",
		"[1]]",
		"{\"a\": tru}",
		"[\"\xff\"]",
		"['a']",
		"[99999999999999999999]",
		"[\"a\n\"]",
		"{\"a\\u0000\": 1}",
	};
	struct bw_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		refuse(bad[i], BW_ERR_SYNTAX, &err);
		assert_string_equal(err.file, "c.json");
	}
}

static void test_key_twice(void **state)
{
	struct bw_err err;

	(void)state;
	refuse("{\"a\": 1,\n \"\\u0061\": 2}", BW_ERR_OVERLAP, &err);
	assert_int_equal(err.line, 2);
	assert_non_null(strstr(err.message, "keep one of the two"));
	refuse("[{\"b\": {\"a\": 1, \"a\": 1}}]", BW_ERR_OVERLAP, NULL);
}

static void test_byte_order_mark_and_zero_bytes(void **state)
{
	static const char zero[] = "[1,\0 2]";
	struct document document = {.file = "c.json"};
	struct node root, first;

	(void)state;
	assert_int_equal(document_parse(&document, &plain, "\xef\xbb\xbf[1]", 6), 0);
	root = node_root(&document);
	first = node_element(&root, 0);
	assert_int_equal(node_place(&first).column, 2);
	document_fini(&document);
	assert_int_equal(document_parse(&document, &form, zero, sizeof(zero) - 1), BW_ERR_SYNTAX);
}

static void test_comments_only_where_the_form_has_them(void **state)
{
	static const char text[] = "[1] // one";
	struct document document = {.file = "c.json"};

	(void)state;
	assert_int_equal(document_parse(&document, &plain, text, strlen(text)), BW_ERR_SYNTAX);
	assert_int_equal(document_parse(&document, &form, text, strlen(text)), 0);
	assert_ptr_not_equal(document.text, text);
	document_fini(&document);
	assert_int_equal(document_parse(&document, &plain, text, 3), 0);
	assert_ptr_equal(document.text, text);
	document_fini(&document);
}

static void test_limits(void **state)
{
	static const struct document_form small = {.max = 4, .advice = "use less"};
	struct bw_err err;
	struct document document = {.file = "c.json", .err = &err};
	size_t size = SIZE_MAX_BYTES + 1;
	char *text = malloc(size);

	(void)state;
	memset(text, ' ', size);
	memcpy(text, "[]", 2);
	assert_int_equal(document_parse(&document, &form, text, size - 1), 0);
	document_fini(&document);
	assert_int_equal(document_parse(&document, &form, text, size), BW_ERR_LIMIT);
	assert_string_equal(err.message, "too large: the limit is 1 MiB");
	assert_int_equal(document_parse(&document, &small, text, 5), BW_ERR_LIMIT);
	assert_string_equal(err.message, "too large: the limit is 4 bytes, use less");
	/* As deep as the text is long: an error, not the end of the stack. */
	memset(text, '[', size - 1);
	assert_int_equal(document_parse(&document, &form, text, size - 1), BW_ERR_SYNTAX);
	free(text);
	document_fini(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comment_without_end),
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_what_is_no_json),
		cmocka_unit_test(test_key_twice),
		cmocka_unit_test(test_byte_order_mark_and_zero_bytes),
		cmocka_unit_test(test_comments_only_where_the_form_has_them),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("json/document", tests, NULL, NULL);
}
