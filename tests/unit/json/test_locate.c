/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/locate.h"

static const char text[] = "{\n"
			   "  \"a\": [1, {\"b\": \"x, ]}\\\" y\",\n"
			   "    \"c\" : true}, [ ] ],\n"
			   "\t\"\\u0064\":-2.5e3, \"\xc3\xa4\": null, \"z\": {}\n"
			   "}";
static const struct locate_text whole = {text, sizeof(text) - 1};

static void check_place(size_t at, int line, int column)
{
	const struct locate_place place = locate_place(&whole, at);

	assert_int_equal(place.line, line);
	assert_int_equal(place.column, column);
}

static void test_members(void **state)
{
	struct locate_child child;

	(void)state;
	check_place(locate_root(&whole).value, 1, 1);
	assert_true(locate_first(&whole, 0, &child));
	check_place(child.key, 2, 3);
	check_place(child.value, 2, 8);
	assert_true(locate_next(&whole, true, &child));
	check_place(child.key, 4, 2);
	check_place(child.value, 4, 11);
	assert_true(locate_next(&whole, true, &child));
	check_place(child.key, 4, 19);
	check_place(child.value, 4, 24);
	assert_true(locate_next(&whole, true, &child));
	check_place(child.key, 4, 30);
	assert_false(locate_first(&whole, child.value, &child));
	assert_false(locate_next(&whole, true, &child));
}

static void test_elements(void **state)
{
	struct locate_child list, child, inner;

	(void)state;
	assert_true(locate_first(&whole, 0, &list));
	assert_true(locate_first(&whole, list.value, &child));
	check_place(child.value, 2, 9);
	assert_int_equal(child.key, child.value);
	assert_false(locate_first(&whole, child.value, &inner));
	assert_true(locate_next(&whole, false, &child));
	check_place(child.value, 2, 12);
	assert_true(locate_first(&whole, child.value, &inner));
	check_place(inner.value, 2, 18);
	assert_true(locate_next(&whole, true, &inner));
	check_place(inner.key, 3, 5);
	check_place(inner.value, 3, 11);
	assert_true(locate_next(&whole, false, &child));
	check_place(child.value, 3, 18);
	assert_false(locate_first(&whole, child.value, &inner));
	assert_false(locate_next(&whole, false, &child));
}

/* A text that no parser accepted may give any answer, but is read within its bounds. */
static void test_broken_text(void **state)
{
	(void)state;
	for (size_t length = 0; length < sizeof(text); length++) {
		char *copy = (char *)test_malloc(length ? length : 1);
		const struct locate_text part = {copy, length};
		struct locate_child child;
		bool found;

		memcpy(copy, text, length);
		found = locate_first(&part, locate_root(&part).value, &child);
		while (found)
			found = locate_next(&part, true, &child);
		(void)locate_place(&part, length + 1);
		test_free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_elements),
		cmocka_unit_test(test_broken_text),
	};

	return cmocka_run_group_tests_name("json/locate", tests, NULL, NULL);
}
