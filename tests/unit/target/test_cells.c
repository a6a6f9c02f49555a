/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/tables/cells.h"

static struct cells split(const char *text, char separator)
{
	struct text_line line = {text, strlen(text), 1};
	struct cells cells;

	cells_split(&line, separator, &cells);
	return cells;
}

static void assert_cells(const char *text, char separator, const char *wanted)
{
	struct cells cells = split(text, separator);
	char joined[256] = "";
	size_t used = 0;

	for (unsigned i = 0; i < cells.count; i++)
		used += (size_t)snprintf(joined + used, sizeof(joined) - used, "[%.*s]",
					 (int)cells.list[i].length, cells.list[i].at);
	assert_string_equal(joined, wanted);
}

static void test_split(void **state)
{
	(void)state;
	assert_cells("a,b , c", ',', "[a][b][c]");
	assert_cells("1,2,\"Cloudflare, Inc.\"", ',', "[1][2][Cloudflare, Inc.]");
	assert_cells("\"a\",\"b\"", ',', "[a][b]");
	assert_cells("\"open, to the end", ',', "[\"open, to the end]");
	assert_cells("a||c|", '|', "[a][][c][]");
	assert_cells("  a \t b  ", ' ', "[a][b]");
	assert_cells("", ',', "");
}

static struct cell of(const char *text)
{
	return (struct cell){text, strlen(text)};
}

static void test_numbers(void **state)
{
	struct cell big = of("18446744073709551615"), over = of("18446744073709551616");
	struct cell asn = of("AS131279"), word = of("12x"), none = of(""), real = of("-0.75");
	uint32_t as = 0;
	uint64_t value;
	double number;

	(void)state;
	assert_true(cell_number(&big, UINT64_MAX, &value) && value == UINT64_MAX);
	assert_false(cell_number(&over, UINT64_MAX, &value));
	assert_false(cell_number(&big, 7, &value));
	assert_false(cell_number(&word, UINT64_MAX, &value));
	assert_false(cell_number(&none, UINT64_MAX, &value));
	assert_true(cell_asn(&asn, &as) && as == 131279);
	assert_false(cell_asn(&big, &as));
	assert_true(cell_real(&real, &number) && number == -0.75);
	assert_false(cell_real(&none, &number));
}

static void assert_address(const char *given, const char *wanted)
{
	struct cell cell = of(given);
	char text[BW_ADDR_TEXT];
	struct bw_addr addr;

	assert_int_equal(cell_address_or_number(&cell, &addr), wanted != NULL);
	if (wanted)
		assert_string_equal(bw_addr_format(&addr, text), wanted);
}

static void test_addresses(void **state)
{
	(void)state;
	assert_address("175.45.176.0", "175.45.176.0");
	assert_address("2939006976", "175.45.176.0");
	assert_address("4294967295", "255.255.255.255");
	assert_address("42540528726795050063891204319802818560", "2001:200::");
	assert_address("340282366920938463463374607431768211455",
		       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	assert_address("340282366920938463463374607431768211456", NULL);
	assert_address("", NULL);
	assert_address("tuvalu", NULL);
}

static void assert_day(const char *given, const char *wanted)
{
	struct cell cell = of(given);
	char day[CELL_DAY] = "";

	assert_int_equal(cell_day(&cell, day), *wanted != '\0');
	assert_string_equal(day, wanted);
}

static void test_days(void **state)
{
	(void)state;
	assert_day("20260617", "2026-06-17");
	assert_day("2026-06-17", "2026-06-17");
	assert_day("2026-06-17T10:11:12Z", "2026-06-17");
	assert_day("1750118400", "2025-06-17");
	assert_day("1750118400000", "2025-06-17");
	assert_day("00000000", "");
	assert_day("20261317", "");
	assert_day("202606", "");
	assert_day("", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_days),
	};

	return cmocka_run_group_tests_name("target/cells", tests, NULL, NULL);
}
