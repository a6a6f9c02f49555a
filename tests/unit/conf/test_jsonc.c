/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conf/keys/jsonc.h"

static void parse(const char *text, struct jsonc_document *document)
{
	*document = (struct jsonc_document){.file = "c.json"};
	assert_int_equal(jsonc_parse(text, strlen(text), document), 0);
}

static void refuse(const char *text, int wanted, struct bw_err *err)
{
	struct jsonc_document document = {.file = "c.json", .err = err};

	assert_int_equal(jsonc_parse(text, strlen(text), &document), wanted);
	assert_null(document.root);
}

static void check_strip(const char *text, const char *wanted)
{
	char out[256];
	struct jsonc_place open;
	long length = jsonc_strip(text, strlen(text), out, &open);

	assert_int_equal(length, strlen(wanted));
	assert_memory_equal(out, wanted, strlen(wanted));
}

static void test_comments_become_space(void **state)
{
	(void)state;
	check_strip("{} // end", "{}       ");
	check_strip("{} # end\n[]", "{}      \n[]");
	check_strip("{/* a\n\tb */}", "{    \n\t    }");
	check_strip("/**/{/***/}", "    {     }");
	check_strip("{} //", "{}   ");
	check_strip("#", " ");
	check_strip("", "");
	/* One space a character, so that columns stay: "ü" and "☃" have two and three bytes. */
	check_strip("/*\xc3\xbc\xe2\x98\x83*/1", "      1");
}

static void test_strings_are_no_comments(void **state)
{
	(void)state;
	check_strip("[\"# // /* */\"]", "[\"# // /* */\"]");
	check_strip("[\"a\\\"//b\"] // c", "[\"a\\\"//b\"]     ");
	check_strip("[\"a\\\\\"] // c", "[\"a\\\\\"]     ");
	check_strip("[1 / 2]", "[1 / 2]");
	check_strip("[\"open // to the end", "[\"open // to the end");
	check_strip("[\"open\\", "[\"open\\");
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

static void check_place(const struct jsonc *value, int line, int column)
{
	assert_non_null(value);
	assert_int_equal(value->at.line, line);
	assert_int_equal(value->at.column, column);
}

static void test_places(void **state)
{
	struct jsonc_document document;
	const struct jsonc *root, *a;

	(void)state;
	parse("{ // first\n"
	      "  \"a\": [1, -2.5e3,\n"
	      "        true, {\"x\": null}, []],\n"
	      "  /* \xc3\xbc */ \"b\\\"\" :\"\xc3\xbc,]}\", \"c\": {}\n"
	      "}\n", &document);
	root = document.root;
	a = jsonc_member(root, "a");
	check_place(root, 1, 1);
	assert_int_equal(root->count, 3);
	check_place(a, 2, 8);
	assert_int_equal(a->key_at.line, 2);
	assert_int_equal(a->key_at.column, 3);
	assert_int_equal(a->count, 5);
	check_place(&a->list[0], 2, 9);
	check_place(&a->list[1], 2, 12);
	check_place(&a->list[2], 3, 9);
	check_place(&a->list[3], 3, 15);
	check_place(jsonc_member(&a->list[3], "x"), 3, 21);
	check_place(&a->list[4], 3, 28);
	check_place(jsonc_member(root, "b\""), 4, 18);
	assert_string_equal(json_string_value(jsonc_member(root, "b\"")->json), "\xc3\xbc,]}");
	check_place(jsonc_member(root, "c"), 4, 31);
	assert_null(jsonc_member(root, "d"));
	assert_null(jsonc_member(a, "x"));
	jsonc_fini(&document);
}

/* The place of each value is that of its own text, however it is laid out. */
static void test_places_of_many_layouts(void **state)
{
	static const char *const spaces[] = {"", " ", "\n", "\t \r\n", "//c\n", "/*[,\"*/"};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		const char *s = spaces[i];
		struct jsonc_document document;

		snprintf(text, sizeof(text), "%s[%s[%s]%s,%s\"k\"%s,%s7%s]%s", s, s, s, s, s, s, s,
			 s, s);
		parse(text, &document);
		assert_int_equal(document.root->count, 3);
		for (size_t k = 0; k < 3; k++) {
			struct jsonc_place at = document.root->list[k].at;
			const char *line = text;

			for (int n = 1; n < at.line; n++)
				line = strchr(line, '\n') + 1;
			assert_int_equal(line[at.column - 1], "[\"7"[k]);
		}
		jsonc_fini(&document);
	}
}

static void test_hints(void **state)
{
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
	refuse("{\"a\": }", BW_ERR_SYNTAX, &err);
	assert_null(strstr(err.message, "comma"));
}

static void test_what_is_no_json(void **state)
{
	static const char *const bad[] = {
		"", "  ", "// only", "1", "\"a\"", "nul", "{a: 1}", "[1]]", "{\"a\": tru}",
		"[\"\xff\"]", "['a']", "[99999999999999999999]", "[\"a\n\"]", "{\"a\\u0000\": 1}",
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
	struct jsonc_document document;

	(void)state;
	parse("\xef\xbb\xbf[1]", &document);
	check_place(&document.root->list[0], 1, 2);
	jsonc_fini(&document);
	assert_int_equal(jsonc_parse(zero, sizeof(zero) - 1, &document), BW_ERR_SYNTAX);
}

static void test_limits(void **state)
{
	struct jsonc_document document = {.file = "c.json"};
	size_t size = JSONC_SIZE_MAX + 1;
	char *text = malloc(size);

	(void)state;
	memset(text, ' ', size);
	memcpy(text, "[]", 2);
	assert_int_equal(jsonc_parse(text, size - 1, &document), 0);
	jsonc_fini(&document);
	assert_int_equal(jsonc_parse(text, size, &document), BW_ERR_LIMIT);
	/* As deep as the text is long: an error, not the end of the stack. */
	memset(text, '[', size - 1);
	assert_int_equal(jsonc_parse(text, size - 1, &document), BW_ERR_SYNTAX);
	free(text);
	jsonc_fini(NULL);
}

static void test_messages(void **state)
{
	struct jsonc_document document, inner = {.file = "d.json"};
	const struct jsonc *a, *b;
	struct bw_err err;
	char text[512];

	(void)state;
	parse("{\"a\": [{\"b\":\n 1}]}", &document);
	document.err = inner.err = &err;
	a = jsonc_member(document.root, "a");
	b = jsonc_member(&a->list[0], "b");
	inner.included_from = b;
	assert_int_equal(jsonc_refuse(b, BW_ERR_VALUE, "is %d", 1), BW_ERR_VALUE);
	assert_string_equal(bw_err_format(&err, text, sizeof(text)), "c.json:2:2: a[0].b: is 1");
	jsonc_refuse_key(b, BW_ERR_VALUE, "no");
	assert_string_equal(bw_err_format(&err, text, sizeof(text)), "c.json:1:9: a[0].b: no");
	jsonc_refuse_type(b, "a list");
	assert_string_equal(err.message, "must be a list, not a number");
	bw_err_set(&err, BW_ERR_LIMIT, "too much");
	assert_int_equal(jsonc_relay(a, BW_ERR_LIMIT), BW_ERR_LIMIT);
	assert_string_equal(bw_err_format(&err, text, sizeof(text)), "c.json:1:7: a: too much");
	assert_int_equal(jsonc_parse("[]", 2, &inner), 0);
	jsonc_refuse(inner.root, BW_ERR_VALUE, "bad");
	assert_string_equal(bw_err_format(&err, text, sizeof(text)),
			    "d.json:1:1: bad (included by c.json, line 2)");
	jsonc_fini(&inner);
	jsonc_fini(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comments_become_space),
		cmocka_unit_test(test_strings_are_no_comments),
		cmocka_unit_test(test_comment_without_end),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_places_of_many_layouts),
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_what_is_no_json),
		cmocka_unit_test(test_key_twice),
		cmocka_unit_test(test_byte_order_mark_and_zero_bytes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests_name("conf/jsonc", tests, NULL, NULL);
}
