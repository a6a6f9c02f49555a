/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/addr/addr_range.h"

static int open_range(struct addr_range *range, const char *first, const char *last)
{
	struct bw_addr a, b;

	assert_int_equal(bw_addr_parse(first, &a), 0);
	assert_int_equal(bw_addr_parse(last, &b), 0);
	return addr_range_init(range, &a, &b);
}

static const struct {
	const char *first, *last, *prefixes;
} cases[] = {
	{"198.18.0.9", "198.18.0.12", "198.18.0.9/32 198.18.0.10/31 198.18.0.12/32 "},
	{"198.18.0.7", "198.18.0.7", "198.18.0.7/32 "},
	{"198.18.0.0", "198.18.3.255", "198.18.0.0/22 "},
	{"0.0.0.0", "255.255.255.255", "0.0.0.0/0 "},
	{"255.255.255.254", "255.255.255.255", "255.255.255.254/31 "},
	{"2001:db8::", "2001:db8:1::", "2001:db8::/48 2001:db8:1::/128 "},
	{"::ffff:ffff:ffff:ffff", "0:0:0:1::", "::ffff:ffff:ffff:ffff/128 0:0:0:1::/128 "},
	{"::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0 "},
};

static void a_range_is_cut_into_the_fewest_prefixes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[200] = "", one[BW_PREFIX_TEXT];
		struct addr_range range;
		struct bw_prefix prefix;

		assert_int_equal(open_range(&range, cases[i].first, cases[i].last), 0);
		while (addr_range_take(&range, &prefix)) {
			size_t used = strlen(text);

			snprintf(text + used, sizeof(text) - used, "%s ",
				 bw_prefix_format(&prefix, one));
		}
		assert_string_equal(text, cases[i].prefixes);
		assert_false(addr_range_take(&range, &prefix));
	}
}

static void ends_must_fit(void **state)
{
	struct addr_range range;

	(void)state;
	assert_int_equal(open_range(&range, "198.18.0.2", "198.18.0.1"), BW_ERR_VALUE);
	assert_int_equal(open_range(&range, "198.18.0.2", "2001:db8::"), BW_ERR_VALUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_is_cut_into_the_fewest_prefixes),
		cmocka_unit_test(ends_must_fit),
	};

	return cmocka_run_group_tests_name("base/addr_range", tests, NULL, NULL);
}
