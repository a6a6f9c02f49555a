/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/field.h"

static const struct document_form form = {.max = 1 << 16};
static const struct document_form wide = {.max = 1 << 16, .wide = true};

struct one {
	struct bw_err err;
	struct document document;
	struct node root, node;
};

/* The value of "v" in an object. */
static void begin(struct one *one, const struct document_form *how, const char *json)
{
	char text[256];
	int length = snprintf(text, sizeof(text), "{\"v\": %s}", json);

	one->document = (struct document){.file = "c.json", .err = &one->err};
	assert_int_equal(document_parse(&one->document, how, strdup(text), (size_t)length), 0);
	one->root = node_root(&one->document);
	one->node = node_member(&one->root, "v");
}

static void end(struct one *one)
{
	free((char *)(uintptr_t)one->document.text);
	document_fini(&one->document);
}

static void test_text(void **state)
{
	static const struct {
		const char *json, *message;
	} bad[] = {
		{"7", "must be a string, not a number"},
		{"\"\"", "must not be empty: leave it out"},
		{"\"a\\n\"", "has a control character in it"},
		{"\"a\\u007f\"", "has a control character in it"},
		{"\"abcdef\"", "6 bytes is out of range: 1 to 5 bytes"},
	};
	const char *text = "before";
	char *copy = NULL;
	struct one one;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(&one, &form, bad[i].json);
		assert_int_equal(field_text(&one.node, 5, &text), BW_ERR_VALUE);
		assert_int_equal(field_copy_text(&one.node, 5, &copy), BW_ERR_VALUE);
		assert_string_equal(one.err.message, bad[i].message);
		end(&one);
	}
	assert_string_equal(text, "before");
	assert_null(copy);
	begin(&one, &form, "\"abcde\"");
	assert_int_equal(field_text(&one.node, 5, &text), 0);
	assert_string_equal(text, "abcde");
	assert_int_equal(field_copy_text(&one.node, 5, &copy), 0);
	end(&one);
	assert_string_equal(copy, "abcde");
	free(copy);
}

static void check_number(const char *json, int code, const char *message)
{
	uint64_t value = 77;
	struct one one;

	begin(&one, &form, json);
	assert_int_equal(field_unsigned(&one.node, 1, 9, &value), code);
	if (code < 0) {
		assert_string_equal(one.err.message, message);
		assert_string_equal(one.err.field, "v");
		assert_true(value == 77);
	} else {
		assert_true(value >= 1 && value <= 9);
	}
	end(&one);
}

static void test_unsigned(void **state)
{
	uint64_t value = 0;
	struct one one;

	(void)state;
	check_number("1", 0, NULL);
	check_number("9", 0, NULL);
	check_number("0", BW_ERR_VALUE, "0 is out of range: 1 to 9");
	check_number("10", BW_ERR_VALUE, "10 is out of range: 1 to 9");
	check_number("-3", BW_ERR_VALUE, "-3 is out of range: 1 to 9");
	check_number("1.5", BW_ERR_VALUE, "must be a whole number");
	check_number("1.0", BW_ERR_VALUE, "must be a whole number");
	check_number("\"1\"", BW_ERR_VALUE, "must be a whole number, not a string");
	check_number("null", BW_ERR_VALUE, "must be a whole number, not null");
	begin(&one, &wide, "18446744073709551615");
	assert_int_equal(field_unsigned(&one.node, 0, UINT64_MAX, &value), 0);
	assert_true(value == UINT64_MAX);
	end(&one);
	begin(&one, &wide, "18446744073709551616");
	assert_int_equal(field_unsigned(&one.node, 0, UINT64_MAX, &value), BW_ERR_VALUE);
	end(&one);
	begin(&one, &wide, "20000000000000000000");
	assert_int_equal(field_unsigned(&one.node, 0, UINT64_MAX, &value), BW_ERR_VALUE);
	assert_non_null(strstr(one.err.message,
			       "20000000000000000000 is out of range: 0 to 18446744073709551615"));
	end(&one);
}

static void test_number_bool_and_word(void **state)
{
	static const char *const words[] = {"red", "green", NULL};
	struct one one;
	double number = 0;
	unsigned index = 0;
	bool flag = false;

	(void)state;
	begin(&one, &form, "0.5");
	assert_int_equal(field_number(&one.node, 0, 1, &number), 0);
	assert_true(number == 0.5);
	assert_int_equal(field_number(&one.node, 1, 2, &number), BW_ERR_VALUE);
	assert_string_equal(one.err.message, "0.5 is out of range: 1 to 2");
	assert_int_equal(field_bool(&one.node, &flag), BW_ERR_VALUE);
	assert_string_equal(one.err.message, "must be true or false, not a number");
	assert_int_equal(field_word(&one.node, words, &index), BW_ERR_VALUE);
	end(&one);
	begin(&one, &form, "true");
	assert_int_equal(field_bool(&one.node, &flag), 0);
	assert_true(flag);
	assert_int_equal(field_number(&one.node, 0, 1, &number), BW_ERR_VALUE);
	assert_string_equal(one.err.message, "must be a number, not true");
	end(&one);
	begin(&one, &form, "\"green\"");
	assert_int_equal(field_word(&one.node, words, &index), 0);
	assert_int_equal(index, 1);
	end(&one);
}

static void test_objects_and_lists(void **state)
{
	static const char *const fields[] = {"a", "b", NULL};
	struct one one;

	(void)state;
	begin(&one, &form, "{\"a\": 1, \"b\": 2}");
	assert_int_equal(field_object(&one.node), 0);
	assert_int_equal(field_object_of(&one.node, "it", fields), 0);
	assert_int_equal(field_list(&one.node), BW_ERR_VALUE);
	assert_string_equal(one.err.message, "must be a list, not an object");
	assert_int_equal(field_require(&one.node, "a", NULL), 0);
	assert_int_equal(field_require(&one.node, "c", "3"), BW_ERR_VALUE);
	end(&one);
	begin(&one, &form, "{\"a\": 1, \"xyz\": 2}");
	assert_int_equal(field_object_of(&one.node, "it", fields), BW_ERR_VALUE);
	assert_string_equal(one.err.message, "unknown key: it has a, b");
	assert_string_equal(one.err.field, "v.xyz");
	end(&one);
	begin(&one, &form, "[]");
	assert_int_equal(field_list(&one.node), 0);
	assert_int_equal(field_object_of(&one.node, "it", fields), BW_ERR_VALUE);
	assert_string_equal(one.err.message, "must be an object, not a list");
	end(&one);
}

/* What is not there is right and changes nothing. */
static void test_absent(void **state)
{
	const char *text = "before";
	uint64_t value = 7;
	double number = 7;
	bool flag = true;
	struct one one;
	struct node none;

	(void)state;
	begin(&one, &form, "1");
	none = node_member(&one.root, "none");
	assert_int_equal(field_text(&none, 5, &text), 0);
	assert_int_equal(field_unsigned(&none, 1, 2, &value), 0);
	assert_int_equal(field_number(&none, 1, 2, &number), 0);
	assert_int_equal(field_bool(&none, &flag), 0);
	assert_int_equal(field_list(&none), 0);
	assert_int_equal(field_object(&none), 0);
	assert_string_equal(text, "before");
	assert_true(value == 7 && number == 7 && flag);
	end(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_unsigned),
		cmocka_unit_test(test_number_bool_and_word),
		cmocka_unit_test(test_objects_and_lists),
		cmocka_unit_test(test_absent),
	};

	return cmocka_run_group_tests_name("json/field", tests, NULL, NULL);
}
