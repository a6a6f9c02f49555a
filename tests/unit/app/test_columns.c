/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "app/common/columns.h"

static const struct table_column titles[] = {{.title = "NAME"}, {.title = "COUNT", .right = true}};

/* A table that is printed to memory, and what was printed. */
struct fixture {
	struct columns columns;
	FILE *out;
	char *text;
	size_t length;
};

static void begin(struct fixture *fixture)
{
	fixture->out = open_memstream(&fixture->text, &fixture->length);
	assert_non_null(fixture->out);
	columns_init(&fixture->columns, titles, 2, fixture->out);
}

static void print_and_end(struct fixture *fixture, const char *expected)
{
	assert_int_equal(columns_print(&fixture->columns), 0);
	assert_int_equal(fclose(fixture->out), 0);
	assert_string_equal(fixture->text, expected);
	columns_fini(&fixture->columns);
	free(fixture->text);
}

static void test_cells_fill_rows(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture);
	columns_add(&fixture.columns, "%s-%d", "a", 1);
	columns_add(&fixture.columns, "%d", 7);
	columns_add(&fixture.columns, "longer");
	columns_add(&fixture.columns, "%u", 123456U);
	print_and_end(&fixture, "NAME     COUNT\n"
				"a-1          7\n"
				"longer  123456\n");
}

static void test_control_characters_are_replaced(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture);
	columns_add(&fixture.columns, "a\033[2Jb");
	columns_add(&fixture.columns, "1");
	print_and_end(&fixture, "NAME    COUNT\n"
				"a?[2Jb      1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells_fill_rows),
		cmocka_unit_test(test_control_characters_are_replaced),
	};

	return cmocka_run_group_tests_name("app/columns", tests, NULL, NULL);
}
