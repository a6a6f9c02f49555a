/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/tables/ranges.h"

static int parse(struct ranges *ranges, const char *text, struct bw_err *err)
{
	int result;

	ranges_begin(ranges);
	result = text_lines_read("ranges", text, strlen(text), ranges_line, ranges, err);
	return result == 0 ? ranges_end(ranges, err) : result;
}

static void assert_set(const struct range_set *set, const char *wanted)
{
	char text[512] = "";
	size_t used = 0;

	for (uint32_t i = 0; i < range_set_count(set); i++) {
		struct range range = *range_set_at(set, i);
		char one[BW_PREFIX_TEXT];
		struct bw_prefix prefix;

		while (range_take(&range, &prefix))
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s=%u ",
						 bw_prefix_format(&prefix, one),
						 range_set_at(set, i)->value);
	}
	assert_string_equal(text, wanted);
}

/* The forms of one table of countries. */
static void test_countries(void **state)
{
	static const char *const forms[] = {
		"175.45.176.0,175.45.179.255,KP\n1.0.0.0,1.0.0.255,AU\n",
		"start_ip,end_ip,country\n\"175.45.176.0\",\"175.45.179.255\",\"kp\"\n",
		"# comment\r\n2939006976,2939007999,KP\r\n16777216,16777471,??\r\n",
		"175.45.176.0\t175.45.179.255\tKP\n1.0.0.0\t1.0.0.255\tNone\n",
		"175.45.176.0/22,KP\n",
		"175.45.176.0 175.45.179.255 KP\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct ranges ranges = ranges_of("KP");
		struct bw_err err = {0};

		if (parse(&ranges, forms[i], &err) < 0)
			fail_msg("%zu: %s", i, err.message);
		assert_int_equal(ranges_seal(&ranges), 0);
		assert_set(&ranges.countries, "175.45.176.0/22=0 ");
		assert_set(&ranges.ases, "");
		ranges_fini(&ranges);
	}
}

static void test_ases_and_names(void **state)
{
	struct ranges ranges = ranges_of("KP");

	(void)state;
	assert_int_equal(parse(&ranges,
			       "1.0.0.0,1.0.0.255,13335,\"Cloudflare, \"\"the\"\" Inc.\"\n"
			       "175.45.176.0,175.45.179.255,131279,Star JV\n"
			       "198.18.0.0,198.18.255.255,AS64496\n"
			       "198.18.4.0,198.18.4.255,64497,\n",
			       NULL),
			 0);
	assert_int_equal(parse(&ranges,
			       "2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t64499\tKP\t"
			       "NET\n"
			       "2001:db9::\t2001:db9::ffff\t0\tNone\tNot routed\n",
			       NULL),
			 0);
	assert_int_equal(ranges_seal(&ranges), 0);
	assert_set(&ranges.countries, "");
	assert_set(&ranges.both, "2001:db8::/32=0 ");
	assert_set(&ranges.ases, "1.0.0.0/24=13335 175.45.176.0/22=131279 198.18.0.0/22=64496 "
				 "198.18.4.0/24=64497 198.18.5.0/24=64496 198.18.6.0/23=64496 "
				 "198.18.8.0/21=64496 198.18.16.0/20=64496 198.18.32.0/19=64496 "
				 "198.18.64.0/18=64496 198.18.128.0/17=64496 2001:db8::/32=64499 ");
	assert_string_equal(ranges_name(&ranges, 13335), "Cloudflare, \"the\" Inc.");
	assert_string_equal(ranges_name(&ranges, 131279), "Star JV");
	assert_string_equal(ranges_name(&ranges, 64499), "NET");
	assert_null(ranges_name(&ranges, 64496));
	assert_null(ranges_name(&ranges, 64497));
	ranges_fini(&ranges);
}

static void test_numbers_of_ipv6(void **state)
{
	struct ranges ranges = ranges_of("JP");

	(void)state;
	assert_int_equal(parse(&ranges,
			       "0,42540488161975842760550356425300246527,??\n"
			       "42540528726795050063891204319802818560,"
			       "42540528806023212578155541913346768895,JP\n",
			       NULL),
			 0);
	assert_int_equal(ranges_seal(&ranges), 0);
	assert_set(&ranges.countries, "2001:200::/32=0 ");
	ranges_fini(&ranges);
}

static const struct {
	const char *text, *words;
	int line;
} bad[] = {
	{"1.0.0.0,1.0.0.255,AU\n1.0.1.0,1.0.0.255,AU\n", "ends before it begins", 2},
	{"1.0.0.0,2001:db8::,AU\n", "two families", 1},
	{"1.0.0.0,1.0.0.255\n", "2 columns", 1},
	{"1.0.0.0,nothing,AU\n", "'nothing' is no address", 1},
	{"1.0.0.0,1.0.0.255,Australia\n", "'Australia' is no country and no AS", 1},
	{"1.0.0.0,1.0.0.255,AU\nfoo,bar,AU\n", "'foo' is no address", 2},
	{"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\n", "give it as --delegated", 1},
	{"1.0.0.0,1.0.0.255,4294967296\n", "no AS", 1},
	{"", "no range", 0},
	{"# nothing\n\n", "no range", 0},
	{"start,end,country\n", "no range", 0},
};

static void test_bad_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ranges ranges = ranges_of("AU");
		struct bw_err err = {0};

		assert_true(parse(&ranges, bad[i].text, &err) < 0);
		if (!strstr(err.message, bad[i].words))
			fail_msg("'%s' is not in '%s'", bad[i].words, err.message);
		assert_int_equal(err.line, bad[i].line);
		ranges_fini(&ranges);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_countries),
		cmocka_unit_test(test_ases_and_names),
		cmocka_unit_test(test_numbers_of_ipv6),
		cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests_name("target/ranges", tests, NULL, NULL);
}
