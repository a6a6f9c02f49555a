/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/build/delegated.h"

#define HEADER "2|apnic|20260617|4|19830613|20260616|+1000\n"
#define SUMMARIES "apnic|*|asn|*|1|summary\napnic|*|ipv4|*|2|summary\napnic|*|ipv6|*|1|summary\n"
#define RECORDS                                                     \
	"apnic|KP|asn|131279|1|20091221|allocated|A91A\n"           \
	"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated|A91A\n" \
	"apnic|TV|ipv4|202.2.96.0|8192|20010101|allocated\n"        \
	"apnic||ipv6|2400:3500::|32||available|\n"

static int parse(const char *text, const char *country, struct delegated *delegated,
		 struct range_set *space, struct bw_err *err)
{
	int result;

	*delegated = delegated_of(country, space);
	result = text_lines_read("delegated", text, strlen(text), delegated_line, delegated, err);
	return result == 0 ? delegated_end(delegated, err) : result;
}

static void test_file(void **state)
{
	struct range_set space = {0};
	struct delegated delegated;

	(void)state;
	assert_int_equal(parse("# comment\n" HEADER SUMMARIES RECORDS, "KP", &delegated, &space,
			       NULL),
			 0);
	assert_string_equal(delegated.day, "2026-06-16");
	assert_int_equal(delegated.records, 4);
	assert_int_equal(range_set_count(&space), 1);
	assert_int_equal(range_size(range_set_at(&space, 0)), 1024);
	range_set_fini(&space);
}

/* A count need not be a power of two; IPv6 has prefix lengths; what nobody holds is left. */
static void test_records(void **state)
{
	struct range_set space = {0};
	struct delegated delegated;
	char text[BW_PREFIX_TEXT];
	struct bw_prefix prefix;
	struct range range;

	(void)state;
	assert_int_equal(parse("ripencc|SY|ipv4|198.18.0.0|768|20010101|ASSIGNED|x\r\n"
			       "arin|sy|ipv6|2001:db8::|33|20010101|allocated|y|e-stats\r\n"
			       "afrinic|SY|ipv4|198.18.64.0|256|20010101|reserved\r\n"
			       "lacnic|ZZ|ipv4|198.18.65.0|256||available\r\n",
			       "SY", &delegated, &space, NULL),
			 0);
	assert_string_equal(delegated.day, "");
	assert_int_equal(range_set_count(&space), 2);
	range = *range_set_at(&space, 0);
	assert_true(range_take(&range, &prefix));
	assert_string_equal(bw_prefix_format(&prefix, text), "198.18.0.0/23");
	assert_true(range_take(&range, &prefix));
	assert_string_equal(bw_prefix_format(&prefix, text), "198.18.2.0/24");
	range = *range_set_at(&space, 1);
	assert_true(range_take(&range, &prefix));
	assert_string_equal(bw_prefix_format(&prefix, text), "2001:db8::/33");
	range_set_fini(&space);
}

static void test_serials(void **state)
{
	struct range_set space = {0};
	struct delegated delegated;

	(void)state;
	assert_int_equal(parse("2|ripencc|1750118400|1|19830705|00000000|+0100\n"
			       "ripencc|SY|asn|1|1|20010101|allocated\n"
			       "2.3|arin|1718683200000|1|19700101|20240617|-0400\n"
			       "arin|SY|asn|2|1|20010101|allocated\n",
			       "SY", &delegated, &space, NULL),
			 0);
	assert_string_equal(delegated.day, "2025-06-17");
	range_set_fini(&space);
}

static const struct {
	const char *text, *words;
	int line;
} bad[] = {
	{HEADER, "cut short: 0 records and not the 4", 0},
	{HEADER SUMMARIES, "cut short: 0 records of asn and not the 1", 0},
	{HEADER "apnic|KP|asn|131279|1|20091221|allocated\n", "cut short: 1 records", 0},
	{"2|apnic|20260617|0|19830613|20260616|+1000\n", "no delegation in it", 0},
	{HEADER RECORDS "2|arin|20260617|3|19830613|20260616|+1000\n", "cut short: 0", 0},
	{HEADER "2|arin|20260617|3|19830613|20260616|+1000\n", "cut short: 0", 2},
	{"", "no delegation in it", 0},
	{HEADER "apnic|KP|ipv4|175.45.1\n", "cut short", 2},
	{"apnic|KP|ipv4|175.45.176.0|1024|20091221|alloc\n", "'alloc' is no status", 1},
	{"apnic|KP|ipv4|175.45.176.0|0|20091221|allocated\n", "'0' is no count", 1},
	{"apnic|KP|ipv4|255.255.255.0|257|20091221|allocated\n", "'257' is no count", 1},
	{"apnic|KP|ipv4|1.0.0.0|4294967296|20091221|allocated\n", "is no count", 1},
	{"apnic|KP|ipv4|1.0.0.0|18446744073709551617|20091221|allocated\n", "is no count", 1},
	{"apnic|KP|ipv4|1.0.0|256|20091221|allocated\n", "'1.0.0' is no IPv4 address", 1},
	{"apnic|KP|ipv6|2001:db8::|129|20091221|allocated\n", "no prefix length", 1},
	{"apnic|KP|ipv6|2001:db8::1|32|20091221|allocated\n", "bits behind it", 1},
	{"apnic|KP|ipx|1|1|20091221|allocated\n", "'ipx' is no type", 1},
	{"apnic|KP|asn|AS|1|20091221|allocated\n", "no AS number", 1},
	{"1.0.0.0,1.0.0.255,AU\n", "no line of a delegated file", 1},
	{"mynic|KP|asn|1|1|20091221|allocated\n", "no line of a delegated file", 1},
	{"2|mynic|20260617|3|19830613|20260616|+1000\n", "no version line", 1},
	{"2|apnic|20260617|many|19830613|20260616|+1000\n", "'many' is no count", 1},
};

static void test_bad_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct range_set space = {0};
		struct delegated delegated;
		struct bw_err err = {0};

		assert_true(parse(bad[i].text, "KP", &delegated, &space, &err) < 0);
		if (!strstr(err.message, bad[i].words))
			fail_msg("'%s' is not in '%s'", bad[i].words, err.message);
		assert_int_equal(err.line, bad[i].line);
		range_set_fini(&space);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_serials),
		cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests_name("target/delegated", tests, NULL, NULL);
}
