/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/node.h"

static const struct document_form form = {.max = 1 << 16, .comments = true};
static const struct document_form wide = {.max = 1 << 16, .wide = true};

static struct node parse(const char *text, struct document *document)
{
	*document = (struct document){.file = "c.json"};
	assert_int_equal(document_parse(document, &form, text, strlen(text)), 0);
	return node_root(document);
}

static void check_place(const struct node *node, int line, int column)
{
	assert_true(node_exists(node));
	assert_int_equal(node_place(node).line, line);
	assert_int_equal(node_place(node).column, column);
}

static const char sample[] = "{ // first\n"
			     "  \"a\": [1, -2.5e3,\n"
			     "        true, {\"x\": null}, []],\n"
			     "  /* \xc3\xbc */ \"b\\\"\" :\"\xc3\xbc,]}\", \"c\": {}\n"
			     "}\n";

static void check_element(const struct node *list, size_t index, int line, int column)
{
	const struct node element = node_element(list, index);

	check_place(&element, line, column);
}

static void test_places(void **state)
{
	struct document document;
	const struct node root = parse(sample, &document), a = node_member(&root, "a");
	const struct node fourth = node_element(&a, 3), x = node_member(&fourth, "x");
	const struct node b = node_member(&root, "b\""), c = node_member(&root, "c");
	const struct node d = node_member(&root, "d"), ax = node_member(&a, "x");

	(void)state;
	check_place(&root, 1, 1);
	assert_int_equal(node_count(&root), 3);
	check_place(&a, 2, 8);
	assert_int_equal(node_key_place(&a).line, 2);
	assert_int_equal(node_key_place(&a).column, 3);
	assert_int_equal(node_count(&a), 5);
	check_element(&a, 0, 2, 9);
	check_element(&a, 1, 2, 12);
	check_element(&a, 2, 3, 9);
	check_place(&fourth, 3, 15);
	check_place(&x, 3, 21);
	check_element(&a, 4, 3, 28);
	check_place(&b, 4, 18);
	assert_string_equal(node_text(&b), "\xc3\xbc,]}");
	check_place(&c, 4, 31);
	assert_false(node_exists(&d));
	assert_int_equal(node_place(&d).line, 1);
	assert_false(node_exists(&ax));
	assert_int_equal(node_place(&ax).line, 2);
	document_fini(&document);
}

/* The same places in the order of the text. */
static void test_next(void **state)
{
	static const int lines[] = {2, 2, 3, 3, 3}, columns[] = {9, 12, 9, 15, 28};
	struct document document;
	const struct node root = parse(sample, &document);
	struct node member = {0}, element = {0}, none = {0};

	(void)state;
	assert_true(node_next(&root, &member));
	assert_string_equal(member.key, "a");
	while (node_next(&member, &element))
		check_place(&element, lines[element.index], columns[element.index]);
	assert_int_equal(element.index, 5);
	assert_true(node_next(&root, &member));
	assert_string_equal(member.key, "b\"");
	check_place(&member, 4, 18);
	assert_int_equal(node_key_place(&member).column, 11);
	assert_false(node_next(&member, &none));
	assert_true(node_next(&root, &member));
	none = (struct node){0};
	assert_false(node_next(&member, &none));
	assert_false(node_next(&root, &member));
	document_fini(&document);
}

static void test_next_key(void **state)
{
	struct document document;
	const struct node root = parse("{\"b\": 1, \"a\": {}}", &document);
	const struct node a = node_member(&root, "a"), b = node_member(&root, "b");
	const char *key = node_next_key(&root, NULL);

	(void)state;
	assert_string_equal(key, "b");
	key = node_next_key(&root, key);
	assert_string_equal(key, "a");
	assert_null(node_next_key(&root, key));
	assert_null(node_next_key(&a, NULL));
	assert_null(node_next_key(&b, NULL));
	document_fini(&document);
}

/* The place of each value is that of its own text, however it is laid out. */
static void test_places_of_many_layouts(void **state)
{
	static const char *const spaces[] = {"", " ", "\n", "\t \r\n", "//c\n", "/*[,\"*/"};
	char text[128];

	(void)state;
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		const char *s = spaces[i];
		struct document document;
		struct node root, element = {0};

		snprintf(text, sizeof(text), "%s[%s[%s]%s,%s\"k\"%s,%s7%s]%s", s, s, s, s, s, s, s,
			 s, s);
		root = parse(text, &document);
		assert_int_equal(node_count(&root), 3);
		while (node_next(&root, &element)) {
			struct locate_place at = node_place(&element);
			const char *line = text;

			for (int n = 1; n < at.line; n++)
				line = strchr(line, '\n') + 1;
			assert_int_equal(line[at.column - 1], "[\"7"[element.index]);
		}
		document_fini(&document);
	}
}

static void test_types(void **state)
{
	static const char *const texts[] = {"an object", "a list", "a string", "a number",
					    "a number",  "true",   "false",    "null"};
	struct document document;
	const struct node root = parse("[{}, [], \"s\", 1, 1.5, true, false, null]", &document);
	struct node element = {0};
	int64_t integer = 0;

	(void)state;
	while (node_next(&root, &element)) {
		size_t i = element.index;

		assert_string_equal(node_type_text(&element), texts[i]);
		assert_int_equal(node_is_object(&element), i == 0);
		assert_int_equal(node_is_list(&element), i == 1);
		assert_int_equal(node_text(&element) != NULL, i == 2);
		assert_int_equal(node_is_number(&element), i == 3 || i == 4);
		assert_int_equal(node_integer(&element, &integer), i == 3);
		assert_true(node_number(&element) == (i == 3 ? 1 : i == 4 ? 1.5 : 0));
		assert_int_equal(node_is_bool(&element), i == 5 || i == 6);
		assert_int_equal(node_bool(&element), i == 5);
		assert_int_equal(node_is_null(&element), i == 7);
	}
	document_fini(&document);
}

static void test_wide_numbers(void **state)
{
	static const char text[] = "[18446744073709551615, 9007199254740993, 1e3, 7, -7, 1.5, "
				   "18446744073709551616, 1e300, \"7\"]";
	static const uint64_t numbers[] = {UINT64_MAX, UINT64_C(9007199254740993), 1000, 7};
	struct document document = {.file = "c.json"};
	struct node root, element = {0};
	uint64_t value;
	int64_t integer;

	(void)state;
	assert_int_equal(document_parse(&document, &wide, text, strlen(text)), 0);
	root = node_root(&document);
	while (node_next(&root, &element)) {
		if (element.index >= 4) {
			assert_false(node_unsigned(&element, &value));
			continue;
		}
		assert_true(node_unsigned(&element, &value));
		assert_true(value == numbers[element.index]);
	}
	element = node_element(&root, 4);
	assert_true(node_integer(&element, &integer) && integer == -7);
	document_fini(&document);
}

static void test_find_place(void **state)
{
	struct document document;

	(void)state;
	(void)parse(sample, &document);
	assert_int_equal(node_find_place(&document, "").line, 1);
	assert_int_equal(node_find_place(&document, "a[3].x").column, 21);
	assert_int_equal(node_find_place(&document, "a[3].y").column, 15);
	assert_int_equal(node_find_place(&document, "a[9]").column, 8);
	assert_int_equal(node_find_place(&document, "c.x[1].y").column, 31);
	document_fini(&document);
}

static void test_paths(void **state)
{
	struct document document;
	const struct node root = parse("{\"networks\": [{}, {\"hosts\": [{}]}]}", &document);
	const struct node networks = node_member(&root, "networks");
	const struct node second = node_element(&networks, 1);
	const struct node hosts = node_member(&second, "hosts"), first = node_element(&hosts, 0);
	const struct node address = node_member(&first, "address");
	char buffer[64], small[12];

	(void)state;
	assert_string_equal(node_format_path(&root, buffer, sizeof(buffer)), "");
	assert_string_equal(node_format_path(&address, buffer, sizeof(buffer)),
			    "networks[1].hosts[0].address");
	assert_string_equal(node_format_path(&address, small, sizeof(small)), "networks[1]");
	document_fini(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),     cmocka_unit_test(test_next),
		cmocka_unit_test(test_next_key),   cmocka_unit_test(test_places_of_many_layouts),
		cmocka_unit_test(test_types),      cmocka_unit_test(test_wide_numbers),
		cmocka_unit_test(test_find_place), cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests_name("json/node", tests, NULL, NULL);
}
