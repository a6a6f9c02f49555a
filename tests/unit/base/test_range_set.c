/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/addr/range_set.h"
#include "base/rng.h"

static void add(struct range_set *set, const char *first, const char *last, uint32_t value)
{
	struct bw_addr a, b;
	struct range range;

	assert_int_equal(bw_addr_parse(first, &a), 0);
	assert_int_equal(bw_addr_parse(last, &b), 0);
	range = range_of(&a, &b, value);
	assert_int_equal(range_set_add(set, &range), 0);
}

/* The set as "first-last=value ...". */
static void assert_ranges(struct range_set *set, const char *wanted)
{
	char text[1024] = "";
	size_t used = 0;

	for (uint32_t i = 0; i < range_set_count(set); i++) {
		const struct range *r = range_set_at(set, i);
		struct bw_addr a = addr_key_addr(r->first, r->family);
		struct bw_addr b = addr_key_addr(r->last, r->family);
		char first[BW_ADDR_TEXT], last[BW_ADDR_TEXT];

		if (r->family == 4)
			memset(b.bytes + 4, 0, 12);
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s-%s=%u",
					 i ? " " : "", bw_addr_format(&a, first),
					 bw_addr_format(&b, last), (unsigned)r->value);
	}
	assert_string_equal(text, wanted);
	range_set_fini(set);
}

static void test_merge(void **state)
{
	struct range_set set = {0};

	(void)state;
	add(&set, "198.18.9.0", "198.18.9.255", 3);
	add(&set, "198.18.0.0", "198.18.3.255", 1);
	add(&set, "198.18.2.0", "198.18.2.255", 2);
	add(&set, "198.18.4.0", "198.18.4.255", 4);
	add(&set, "2001:db8::", "2001:db8::ffff", 5);
	range_set_merge(&set, false);
	assert_ranges(&set, "198.18.0.0-198.18.3.255=1 198.18.4.0-198.18.4.255=4 "
			    "198.18.9.0-198.18.9.255=3 2001:db8::-2001:db8::ffff=5");
	add(&set, "198.18.0.0", "198.18.3.255", 1);
	add(&set, "198.18.4.0", "198.18.4.255", 4);
	add(&set, "0.0.0.0", "255.255.255.255", 9);
	add(&set, "::", "::1", 9);
	range_set_merge(&set, true);
	assert_ranges(&set, "0.0.0.0-255.255.255.255=9 ::-::1=9");
}

/* The nearest start is not the range that has an address: it may end before. */
static void test_find_in_nested_ranges(void **state)
{
	struct range_set set = {0};
	struct bw_addr addr;

	(void)state;
	add(&set, "198.18.0.0", "198.18.255.255", 1);
	add(&set, "198.18.4.0", "198.18.4.255", 2);
	range_set_merge(&set, false);
	bw_addr_parse("198.18.8.1", &addr);
	assert_non_null(range_set_find(&set, &addr));
	bw_addr_parse("198.19.0.0", &addr);
	assert_null(range_set_find(&set, &addr));
	bw_addr_parse("198.17.255.255", &addr);
	assert_null(range_set_find(&set, &addr));
	range_set_fini(&set);
}

static void test_flatten(void **state)
{
	struct range_set set = {0}, flat = {0};

	(void)state;
	add(&set, "198.18.0.0", "198.18.3.255", 1);
	add(&set, "198.18.1.0", "198.18.1.255", 2);
	add(&set, "198.18.1.128", "198.18.1.255", 3);
	add(&set, "198.18.3.0", "198.18.5.255", 4);
	add(&set, "2001:db8::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 5);
	add(&set, "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 6);
	assert_int_equal(range_set_flatten(&set, &flat), 0);
	range_set_fini(&set);
	assert_ranges(&flat, "198.18.0.0-198.18.0.255=1 198.18.1.0-198.18.1.127=2 "
			     "198.18.1.128-198.18.1.255=3 198.18.2.0-198.18.2.255=1 "
			     "198.18.3.0-198.18.5.255=4 "
			     "2001:db8::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff=5 "
			     "ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff=6");
}

static void test_common_and_rest(void **state)
{
	struct range_set a = {0}, b = {0}, common = {0}, rest = {0};

	(void)state;
	add(&a, "198.18.0.0", "198.18.3.255", 1);
	add(&a, "198.18.8.0", "198.18.8.255", 2);
	add(&a, "255.255.255.0", "255.255.255.255", 3);
	add(&a, "2001:db8::", "2001:db8::ff", 4);
	add(&b, "198.17.0.0", "198.18.0.255", 11);
	add(&b, "198.18.2.0", "198.18.2.127", 12);
	add(&b, "198.18.3.0", "198.18.8.127", 13);
	add(&b, "255.255.255.255", "255.255.255.255", 14);
	assert_int_equal(range_set_common(&a, &b, &common), 0);
	assert_int_equal(range_set_without(&a, &b, &rest), 0);
	range_set_fini(&a);
	range_set_fini(&b);
	assert_ranges(&common, "198.18.0.0-198.18.0.255=11 198.18.2.0-198.18.2.127=12 "
			       "198.18.3.0-198.18.3.255=13 198.18.8.0-198.18.8.127=13 "
			       "255.255.255.255-255.255.255.255=14");
	assert_ranges(&rest, "198.18.1.0-198.18.1.255=1 198.18.2.128-198.18.2.255=1 "
			     "198.18.8.128-198.18.8.255=2 255.255.255.0-255.255.255.254=3 "
			     "2001:db8::-2001:db8::ff=4");
}

/* A count that is no power of two is several prefixes. */
static void test_take(void **state)
{
	struct range_set set = {0};
	struct bw_prefix prefix;
	char text[BW_PREFIX_TEXT];
	struct range range;

	(void)state;
	add(&set, "194.0.38.0", "194.0.41.255", 0);
	add(&set, "0.0.0.0", "255.255.255.255", 0);
	add(&set, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0);
	range = *range_set_at(&set, 0);
	assert_int_equal(range_size(&range), 1024);
	assert_true(range_take(&range, &prefix));
	assert_string_equal(bw_prefix_format(&prefix, text), "194.0.38.0/23");
	assert_true(range_take(&range, &prefix));
	assert_string_equal(bw_prefix_format(&prefix, text), "194.0.40.0/23");
	assert_false(range_take(&range, &prefix));
	for (uint32_t i = 1; i < 3; i++) {
		range = *range_set_at(&set, i);
		assert_true(range_take(&range, &prefix));
		assert_int_equal(prefix.length, 0);
		assert_false(range_take(&range, &prefix));
	}
	assert_int_equal(range_size(range_set_at(&set, 1)), UINT64_C(1) << 32);
	assert_int_equal(range_size(range_set_at(&set, 2)), UINT64_MAX);
	range_set_fini(&set);
}

#define SPACE 256

static void mark(const struct range_set *set, uint32_t value_of[SPACE])
{
	for (uint32_t i = 0; i < range_set_count(set); i++) {
		const struct range *r = range_set_at(set, i);

		for (uint64_t at = r->first.hi >> 32; at <= r->last.hi >> 32; at++) {
			assert_int_equal(value_of[at], 0);
			value_of[at] = r->value;
		}
	}
}

static void fill(struct range_set *set, struct rng *rng, uint32_t truth[SPACE], bool flat)
{
	struct range_set all = {0};

	for (uint32_t i = 1; i <= 12; i++) {
		uint32_t first = (uint32_t)(rng_below(rng, SPACE));
		uint32_t last = first + (uint32_t)(rng_below(rng, 60));
		struct bw_addr a = bw_addr_from_v4(first);
		struct bw_addr b = bw_addr_from_v4(last < SPACE ? last : SPACE - 1);
		struct range range = range_of(&a, &b, i);

		assert_int_equal(range_set_add(&all, &range), 0);
	}
	range_set_sort(&all);
	for (uint32_t i = 0; i < range_set_count(&all); i++)
		for (uint64_t at = range_set_at(&all, i)->first.hi >> 32;
		     at <= range_set_at(&all, i)->last.hi >> 32; at++)
			truth[at] = range_set_at(&all, i)->value;
	if (flat) {
		assert_int_equal(range_set_flatten(&all, set), 0);
		range_set_fini(&all);
		return;
	}
	range_set_merge(&all, false);
	*set = all;
}

/* Against a table of 256 addresses. */
static void test_random_sets(void **state)
{
	struct rng rng = rng_of(7);

	(void)state;
	for (unsigned n = 0; n < 300; n++) {
		uint32_t a_at[SPACE] = {0}, b_at[SPACE] = {0};
		uint32_t at[SPACE] = {0}, rest_at[SPACE] = {0};
		struct range_set a = {0}, b = {0}, common = {0}, rest = {0};

		fill(&a, &rng, a_at, false);
		fill(&b, &rng, b_at, true);
		assert_int_equal(range_set_common(&a, &b, &common), 0);
		assert_int_equal(range_set_without(&a, &b, &rest), 0);
		mark(&common, at);
		mark(&rest, rest_at);
		for (uint32_t i = 0; i < SPACE; i++) {
			struct bw_addr addr = bw_addr_from_v4(i);

			assert_int_equal(at[i], a_at[i] ? b_at[i] : 0);
			assert_int_equal(rest_at[i] != 0, a_at[i] && !b_at[i]);
			assert_int_equal(range_set_find(&a, &addr) != NULL, a_at[i] != 0);
		}
		range_set_fini(&a);
		range_set_fini(&b);
		range_set_fini(&common);
		range_set_fini(&rest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge),   cmocka_unit_test(test_find_in_nested_ranges),
		cmocka_unit_test(test_flatten), cmocka_unit_test(test_common_and_rest),
		cmocka_unit_test(test_take),    cmocka_unit_test(test_random_sets),
	};

	return cmocka_run_group_tests_name("base/range_set", tests, NULL, NULL);
}
