/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/build/announced.h"

static struct range_set space_of(const char *text)
{
	struct range_set space = {0};
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	assert_int_equal(range_set_add_prefix(&space, &prefix, 0), 0);
	return space;
}

static int parse(struct announced *announced, const char *text, char day[CELL_DAY],
		 struct bw_err *err)
{
	int result;

	announced_begin(announced);
	result = text_lines_read("routes", text, strlen(text), announced_line, announced, err);
	return result == 0 ? announced_end(announced, day, err) : result;
}

static void assert_routes(struct announced *announced, const char *wanted)
{
	char text[512] = "", one[BW_PREFIX_TEXT];
	size_t used = 0;

	announced_seal(announced);
	for (uint32_t i = 0; i < announced->routes.count; i++) {
		const struct announced_route *route = announced_at(announced, i);

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s=%u<%u ",
					 bw_prefix_format(&route->prefix, one), route->asn,
					 route->upstream);
	}
	assert_string_equal(text, wanted);
}

static void test_pfx2as(void **state)
{
	struct range_set space = space_of("198.18.0.0/22");
	struct announced announced = announced_of(&space, NULL, 0);
	char day[CELL_DAY];

	(void)state;
	assert_int_equal(parse(&announced,
			       "1.0.0.0\t24\t13335\n198.18.0.0\t24\t64496\n"
			       "198.18.1.0\t24\t64497_64496\n198.18.2.0\t23\t64498,64499\n"
			       "0.0.0.0\t0\t64500\n2001:db8::\t32\t64496\n198.18.0.0\t15\t64501\n",
			       day, NULL),
			 0);
	assert_string_equal(day, "");
	assert_true(announced.has_v4 && announced.has_v6);
	assert_routes(&announced, "198.18.0.0/15=64501<0 198.18.0.0/24=64496<0 "
				  "198.18.1.0/24=64496<0 198.18.1.0/24=64497<0 "
				  "198.18.2.0/23=64498<0 198.18.2.0/23=64499<0 ");
	announced_fini(&announced);
	range_set_fini(&space);
}

#define DUMP "TABLE_DUMP2|1750118400|B|192.0.2.2|65001|"

static void test_dump(void **state)
{
	struct range_set space = space_of("198.18.0.0/22");
	struct announced announced = announced_of(&space, NULL, 0);
	char day[CELL_DAY];

	(void)state;
	assert_int_equal(
		parse(&announced,
		      DUMP
		      "198.18.0.0/24|65000 64497 64496 64496|IGP|192.0.2.1|0|0||NAG||\n" DUMP
		      "198.18.0.0/24|65001 64498 64496|IGP\n"
		      "TABLE_DUMP2|1750118401|B|192.0.2.2|65001|198.18.0.0/24|9 64498 64496|\n" DUMP
		      "198.18.1.0/24|65001 {64496,64499}|IGP\n" DUMP "198.18.2.0/24||IGP\n" DUMP
		      "1.0.0.0/24|65001 13335|IGP\n",
		      day, NULL),
		0);
	assert_string_equal(day, "2025-06-17");
	assert_true(announced.has_v4 && !announced.has_v6);
	assert_routes(&announced, "198.18.0.0/24=64496<64497 198.18.0.0/24=64496<64498 "
				  "198.18.1.0/24=64496<0 198.18.1.0/24=64499<0 "
				  "198.18.2.0/24=0<0 ");
	assert_int_equal(announced_next(&announced, 0), 2);
	assert_int_equal(announced_origin(&announced, 0), 64496);
	announced_fini(&announced);
	range_set_fini(&space);
}

static void test_ases_of_interest(void **state)
{
	static const uint32_t ases[] = {64500};
	struct range_set space = {0};
	struct announced announced = announced_of(&space, ases, 1);
	char day[CELL_DAY];

	(void)state;
	assert_int_equal(parse(&announced, "198.18.0.0/24 64500\n198.18.1.0/24 64501\n", day, NULL),
			 0);
	assert_routes(&announced, "198.18.0.0/24=64500<0 ");
	announced_fini(&announced);
}

static const struct {
	const char *text, *words;
	int line;
} bad[] = {
	{"BGP4MP|1750118400|A|192.0.2.1|65000|198.18.0.0/24|65000|IGP\n", "updates", 1},
	{"apnic|KP|ipv4|175.45.176.0|1024|20091221|allocated\n", "no line of 'bgpdump -m'", 1},
	{"TABLE_DUMP2|1|B|192.0.2.1|65000|198.18.0.0/24\n", "cut short", 1},
	{"TABLE_DUMP2|1|B|192.0.2.1|65000|198.18/24|1|IGP\n", "'198.18/24' is no prefix", 1},
	{"1.0.0.0,1.0.0.255,13335,Cloudflare\n", "give it as --ranges", 1},
	{"1.0.0.0\t33\t13335\n", "no prefix length", 1},
	{"1.0.0.1\t24\t13335\n", "bits behind it", 1},
	{"1.0.0.0\t24\n", "no announced prefix", 1},
	{"1.0.0.0/24\n", "AS is missing", 1},
	{"1.0.0.0/24 x\n", "'x' is no AS", 1},
	{"", "no route", 0},
};

static void test_bad_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct range_set space = {0};
		struct announced announced = announced_of(&space, NULL, 0);
		struct bw_err err = {0};
		char day[CELL_DAY];

		assert_true(parse(&announced, bad[i].text, day, &err) < 0);
		if (!strstr(err.message, bad[i].words))
			fail_msg("'%s' is not in '%s'", bad[i].words, err.message);
		assert_int_equal(err.line, bad[i].line);
		announced_fini(&announced);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pfx2as),
		cmocka_unit_test(test_dump),
		cmocka_unit_test(test_ases_of_interest),
		cmocka_unit_test(test_bad_files),
	};

	return cmocka_run_group_tests_name("target/announced", tests, NULL, NULL);
}
