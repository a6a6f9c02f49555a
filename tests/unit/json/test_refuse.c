/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/refuse.h"

static const struct document_form form = {.max = 1 << 16};

static void check(int code, int wanted, const struct bw_err *err, const char *message)
{
	char text[512];

	assert_int_equal(code, wanted);
	assert_int_equal(err->code, wanted);
	assert_string_equal(bw_err_format(err, text, sizeof(text)), message);
}

static void test_messages(void **state)
{
	static const char text[] = "{\"a\": [{\"b\":\n 1}]}";
	struct bw_err err;
	struct document document = {.file = "c.json", .err = &err};
	struct node root, a, first, b;

	(void)state;
	assert_int_equal(document_parse(&document, &form, text, strlen(text)), 0);
	root = node_root(&document);
	a = node_member(&root, "a");
	first = node_element(&a, 0);
	b = node_member(&first, "b");
	check(refuse_value(&b, BW_ERR_VALUE, "is %d", 1), BW_ERR_VALUE, &err,
	      "c.json:2:2: a[0].b: is 1");
	check(refuse_key(&b, BW_ERR_VALUE, "no"), BW_ERR_VALUE, &err, "c.json:1:9: a[0].b: no");
	check(refuse_type(&b, "a list"), BW_ERR_VALUE, &err,
	      "c.json:2:2: a[0].b: must be a list, not a number");
	check(refuse_range(&b, "1", "2 to 3"), BW_ERR_VALUE, &err,
	      "c.json:2:2: a[0].b: 1 is out of range: 2 to 3");
	check(refuse_empty(&a, NULL), BW_ERR_VALUE, &err, "c.json:1:7: a: must not be empty");
	check(refuse_empty(&a, "leave it out"), BW_ERR_VALUE, &err,
	      "c.json:1:7: a: must not be empty: leave it out");
	check(refuse_missing(&first, "c", "7"), BW_ERR_VALUE, &err,
	      "c.json:1:8: a[0].c: missing: write it, as in \"c\": 7");
	check(refuse_missing(&first, "c", NULL), BW_ERR_VALUE, &err, "c.json:1:8: a[0].c: missing");
	check(refuse_twice(&b, "1", NULL, 0), BW_ERR_OVERLAP, &err,
	      "c.json:2:2: a[0].b: '1' is given twice");
	check(refuse_twice(&b, "1", "d.json", 7), BW_ERR_OVERLAP, &err,
	      "c.json:2:2: a[0].b: '1' is given twice, first in d.json, line 7");
	check(refuse_count(&a, 3), BW_ERR_LIMIT, &err, "c.json:1:7: a: more than 3 of them");
	bw_err_set(&err, BW_ERR_SYNTAX, "too much");
	check(refuse_relay(&a, BW_ERR_LIMIT), BW_ERR_LIMIT, &err, "c.json:1:7: a: too much");
	document_fini(&document);
}

static void test_included_file(void **state)
{
	struct bw_err err;
	struct document outer = {.file = "c.json", .err = &err};
	struct document inner = {.file = "d.json", .err = &err};
	struct node root, include, inner_root;

	(void)state;
	assert_int_equal(document_parse(&outer, &form, "{\n\"include\": 1}", 15), 0);
	root = node_root(&outer);
	include = node_member(&root, "include");
	inner.included_from = &include;
	assert_int_equal(document_parse(&inner, &form, "[]", 2), 0);
	inner_root = node_root(&inner);
	check(refuse_value(&inner_root, BW_ERR_VALUE, "bad"), BW_ERR_VALUE, &err,
	      "d.json:1:1: bad (included by c.json, line 2)");
	document_fini(&inner);
	document_fini(&outer);
}

static void test_unknown(void **state)
{
	static const char *const names[] = {"red", "green", NULL};
	static const char text[] = "{\"gren\": \"reed\", \"qqqqqq\": \"zzzzzz\"}";
	struct bw_err err;
	struct document document = {.file = "c.json", .err = &err};
	struct node root, near, far;

	(void)state;
	assert_int_equal(document_parse(&document, &form, text, strlen(text)), 0);
	root = node_root(&document);
	near = node_member(&root, "gren");
	far = node_member(&root, "qqqqqq");
	check(refuse_unknown_key(&near, "a colour", names), BW_ERR_VALUE, &err,
	      "c.json:1:2: gren: unknown key, did you mean 'green'?");
	check(refuse_unknown_key(&far, "a colour", names), BW_ERR_VALUE, &err,
	      "c.json:1:18: qqqqqq: unknown key: a colour has red, green");
	check(refuse_unknown_word(&near, names), BW_ERR_VALUE, &err,
	      "c.json:1:10: gren: 'reed' is not known, did you mean 'red'?");
	check(refuse_unknown_word(&far, names), BW_ERR_VALUE, &err,
	      "c.json:1:28: qqqqqq: 'zzzzzz' is not known, there are: red, green");
	document_fini(&document);
}

/* Without somebody who reads the message the code is still returned. */
static void test_without_err(void **state)
{
	static const char *const names[] = {"red", NULL};
	struct document document = {.file = "c.json"};
	struct node root;

	(void)state;
	assert_int_equal(document_parse(&document, &form, "[]", 2), 0);
	root = node_root(&document);
	root.key = "key";
	assert_int_equal(refuse_value(&root, BW_ERR_VALUE, "no"), BW_ERR_VALUE);
	assert_int_equal(refuse_key(&root, BW_ERR_LIMIT, "no"), BW_ERR_LIMIT);
	assert_int_equal(refuse_relay(&root, BW_ERR_SYNTAX), BW_ERR_SYNTAX);
	assert_int_equal(refuse_unknown_key(&root, "it", names), BW_ERR_VALUE);
	document_fini(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_included_file),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_without_err),
	};

	return cmocka_run_group_tests_name("json/refuse", tests, NULL, NULL);
}
