/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/text/table.h"

static const struct table_column columns[] = {
	{.title = "place"},
	{.title = "name", .gives_way = true},
	{.title = "n", .right = true},
	{.title = "last"},
};

static const struct paint plain = {.utf8 = true};
static const struct paint colour = {.utf8 = true, .colour = true};

static int set_locale(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

static void put_row(struct table *table, const char *place, const char *name, const char *n,
		    const char *last)
{
	table_row(table);
	table_cell(table, 0, PAINT_PLAIN, place);
	table_cell(table, 1, PAINT_PLAIN, name);
	table_cell(table, 2, PAINT_GREEN, n);
	table_cell(table, 3, PAINT_PLAIN, last);
}

/* Prints, frees the table and compares. */
static void assert_printed(struct table *table, const struct paint *paint, unsigned screen,
			   const char *expected)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(table_print(table, paint, screen, out), 0);
	fclose(out);
	table_fini(table);
	assert_string_equal(text, expected);
	free(text);
}

static void test_aligned(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	put_row(&table, "a", "Zo\u00eb", "1", "now");
	put_row(&table, "bcdefgh", "\u5e73\u58e4", "12", "");
	assert_printed(&table, &plain, 80,
		       "place    name   n  last\n"
		       "a        Zo\u00eb    1  now\n"
		       "bcdefgh  \u5e73\u58e4  12\n");
}

static void test_columns_without_text_are_left_out(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	put_row(&table, "a", "", "1", "");
	assert_printed(&table, &plain, 80, "place  n\na      1\n");
}

static void test_no_rows(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	assert_printed(&table, &plain, 80, "");
}

/* Colour stands around words, never around the space beside them. */
static void test_colour(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	put_row(&table, "a", "", "1", "");
	put_row(&table, "b", "", "12", "");
	assert_printed(&table, &colour, 80,
		       "\033[1mplace\033[0m   \033[1mn\033[0m\n"
		       "a       \033[32m1\033[0m\n"
		       "b      \033[32m12\033[0m\n");
}

static void test_gives_way(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	put_row(&table, "a", "a rather long name", "1", "now");
	assert_printed(&table, &plain, 26,
		       "place  name        n  last\n"
		       "a      a rather \u2026  1  now\n");
}

static void test_wide_characters_give_way(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	put_row(&table, "a", "\u5e73\u58e4\u5e73\u58e4\u5e73\u58e4", "1", "now");
	assert_printed(&table, &plain, 24,
		       "place  name      n  last\n"
		       "a      \u5e73\u58e4\u5e73\u2026   1  now\n");
}

static void test_gives_way_only_so_far(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	put_row(&table, "a", "a rather long name", "1", "now");
	assert_printed(&table, &plain, 10,
		       "place  name      n  last\n"
		       "a      a rathe\u2026  1  now\n");
}

static void test_span(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	put_row(&table, "a", "b", "1", "now");
	table_row(&table);
	table_cell(&table, 0, PAINT_PLAIN, "c");
	table_span(&table, 1, "a rather long name", ": of one");
	assert_printed(&table, &plain, 80,
		       "place  name  n  last\n"
		       "a      b     1  now\n"
		       "c      a rather long name: of one\n");
}

static void test_span_gives_way(void **state)
{
	struct table table;

	(void)state;
	table_init(&table, columns, 4);
	table_row(&table);
	table_cell(&table, 0, PAINT_PLAIN, "c");
	table_span(&table, 1, "a rather long name", ": of one");
	assert_printed(&table, &plain, 25, "place\nc      a rather \u2026: of one\n");
}

/* Texts beyond a cell, and more rows than there was room for at first. */
static void test_limits(void **state)
{
	struct table table;
	char text[TABLE_CELL + 100];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	table_init(&table, columns, 1);
	for (int n = 0; n < 100; n++) {
		table_row(&table);
		table_cell(&table, 0, PAINT_PLAIN, text);
	}
	assert_int_equal(table.row_count, 100);
	text[TABLE_CELL - 1] = '\n';
	text[TABLE_CELL] = '\0';
	table.row_count = 1;
	memmove(text + 6, text, TABLE_CELL + 1);
	memcpy(text, "place\n", 6);
	assert_printed(&table, &plain, 80, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aligned),
		cmocka_unit_test(test_columns_without_text_are_left_out),
		cmocka_unit_test(test_no_rows),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_gives_way),
		cmocka_unit_test(test_wide_characters_give_way),
		cmocka_unit_test(test_gives_way_only_so_far),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_span_gives_way),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("report/table", tests, set_locale, NULL);
}
