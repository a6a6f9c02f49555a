/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "target/locate.h"

static const char text[] = "{\n"
			   "  \"a\": [1, {\"b\": \"x, ]}\\\" y\",\n"
			   "    \"c\" : true}, [ ] ],\n"
			   "\t\"\\u0064\":-2.5e3, \"\xc3\xa4\": null, \"z\": {}\n"
			   "}";

static struct locate_place find(const struct locate_step *path, bool key)
{
	struct locate_place place = {-1, -1};

	if (!locate_find(text, sizeof(text) - 1, path, key, &place))
		assert_int_equal(place.line, -1);
	return place;
}

#define assert_place(path, key, l, c)                                                    \
	do {                                                                             \
		struct locate_place found = find(path, key);                             \
		assert_int_equal(found.line, l);                                         \
		assert_int_equal(found.column, c);                                       \
	} while (0)

static void values_and_keys(void **state)
{
	struct locate_step a = {NULL, "a", 0}, a0 = {&a, NULL, 0}, a1 = {&a, NULL, 1};
	struct locate_step a1b = {&a1, "b", 0}, a1c = {&a1, "c", 0}, a2 = {&a, NULL, 2};

	(void)state;
	assert_place(NULL, false, 1, 1);
	assert_place(&a, false, 2, 8);
	assert_place(&a, true, 2, 3);
	assert_place(&a0, false, 2, 9);
	assert_place(&a1, false, 2, 12);
	assert_place(&a1b, false, 2, 18);
	assert_place(&a1c, false, 3, 11);
	assert_place(&a1c, true, 3, 5);
	assert_place(&a2, false, 3, 18);
}

/* Columns count characters, keys are compared as they are meant. */
static void keys_with_escapes_and_other_scripts(void **state)
{
	struct locate_step d = {NULL, "d", 0}, umlaut = {NULL, "\xc3\xa4", 0}, z = {NULL, "z", 0};

	(void)state;
	assert_place(&d, false, 4, 11);
	assert_place(&d, true, 4, 2);
	assert_place(&umlaut, true, 4, 19);
	assert_place(&umlaut, false, 4, 24);
	assert_place(&z, true, 4, 30);
}

static void what_is_not_there(void **state)
{
	struct locate_step none = {NULL, "none", 0}, a = {NULL, "a", 0}, a3 = {&a, NULL, 3};
	struct locate_step index = {NULL, NULL, 0}, deep = {&a3, "x", 0}, ak = {&a, "k", 0};

	(void)state;
	assert_place(&none, false, -1, -1);
	assert_place(&a3, false, -1, -1);
	assert_place(&index, false, -1, -1);
	assert_place(&deep, false, -1, -1);
	assert_place(&ak, false, -1, -1);
}

/* A text that no parser accepted may give any answer, but must be read within its bounds. */
static void broken_text_stays_in_bounds(void **state)
{
	struct locate_step a = {NULL, "a", 0}, a2 = {&a, NULL, 2}, z = {NULL, "z", 0};
	struct locate_place place;

	(void)state;
	for (size_t length = 0; length < sizeof(text); length++) {
		char *copy = (char *)test_malloc(length ? length : 1);

		memcpy(copy, text, length);
		(void)locate_find(copy, length, &a2, false, &place);
		(void)locate_find(copy, length, &z, true, &place);
		test_free(copy);
	}
}

static void paths_as_text(void **state)
{
	struct locate_step networks = {NULL, "networks", 0}, second = {&networks, NULL, 2};
	struct locate_step hosts = {&second, "hosts", 0}, first = {&hosts, NULL, 0};
	struct locate_step address = {&first, "address", 0}, index = {NULL, NULL, 7};
	char buffer[64], small[12];

	(void)state;
	assert_string_equal(locate_format(NULL, buffer, sizeof(buffer)), "");
	assert_string_equal(locate_format(&address, buffer, sizeof(buffer)),
			    "networks[2].hosts[0].address");
	assert_string_equal(locate_format(&index, buffer, sizeof(buffer)), "[7]");
	assert_string_equal(locate_format(&address, small, sizeof(small)), "networks[2]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_and_keys),
		cmocka_unit_test(keys_with_escapes_and_other_scripts),
		cmocka_unit_test(what_is_not_there),
		cmocka_unit_test(broken_text_stays_in_bounds),
		cmocka_unit_test(paths_as_text),
	};

	return cmocka_run_group_tests_name("target/locate", tests, NULL, NULL);
}
