/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr/special_purpose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr/prefix_set.h"
#include "base/rng.h"

/* First and last address of a range, and what its name must hold; NULL: ordinary. */
static const struct {
	const char *first, *last, *says;
} ranges[] = {
	{"0.0.0.0", "0.0.0.0", "RFC 1122"},
	{"0.0.0.1", "0.255.255.255", "RFC 791"},
	{"1.0.0.0", "9.255.255.255", NULL},
	{"10.0.0.0", "10.255.255.255", "RFC 1918"},
	{"11.0.0.0", "100.63.255.255", NULL},
	{"100.64.0.0", "100.127.255.255", "RFC 6598"},
	{"100.128.0.0", "126.255.255.255", NULL},
	{"127.0.0.0", "127.255.255.255", "loopback"},
	{"128.0.0.0", "169.253.255.255", NULL},
	{"169.254.0.0", "169.254.255.255", "RFC 3927"},
	{"169.255.0.0", "172.15.255.255", NULL},
	{"172.16.0.0", "172.31.255.255", "RFC 1918"},
	{"172.32.0.0", "191.255.255.255", NULL},
	{"192.0.0.0", "192.0.0.7", "RFC 7335"},
	{"192.0.0.8", "192.0.0.8", "RFC 7600"},
	{"192.0.0.9", "192.0.0.10", NULL},
	{"192.0.0.11", "192.0.0.169", "RFC 6890"},
	{"192.0.0.170", "192.0.0.171", "RFC 8880"},
	{"192.0.0.172", "192.0.0.255", "RFC 6890"},
	{"192.0.1.0", "192.0.1.255", NULL},
	{"192.0.2.0", "192.0.2.255", "RFC 5737"},
	{"192.31.196.0", "192.31.196.255", NULL},
	{"192.52.193.0", "192.52.193.255", NULL},
	{"192.88.98.0", "192.88.98.255", NULL},
	{"192.88.99.0", "192.88.99.1", "RFC 7526"},
	{"192.88.99.2", "192.88.99.2", "RFC 6751"},
	{"192.88.99.3", "192.88.99.255", "RFC 7526"},
	{"192.88.100.0", "192.167.255.255", NULL},
	{"192.168.0.0", "192.168.255.255", "RFC 1918"},
	{"192.169.0.0", "198.17.255.255", NULL},
	{"192.175.48.0", "192.175.48.255", NULL},
	{"198.18.0.0", "198.19.255.255", "RFC 2544"},
	{"198.20.0.0", "198.51.99.255", NULL},
	{"198.51.100.0", "198.51.100.255", "RFC 5737"},
	{"198.51.101.0", "203.0.112.255", NULL},
	{"203.0.113.0", "203.0.113.255", "RFC 5737"},
	{"203.0.114.0", "223.255.255.255", NULL},
	{"224.0.0.0", "239.255.255.255", "multicast"},
	{"240.0.0.0", "255.255.255.254", "RFC 1112"},
	{"255.255.255.255", "255.255.255.255", "broadcast"},

	{"::", "::", "unspecified"},
	{"::1", "::1", "loopback"},
	{"::2", "::fffe:ffff:ffff", "unicast"},
	{"::ffff:0:0", "::ffff:255.255.255.255", "IPv4-mapped"},
	{"::1:0:0:0", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "unicast"},
	{"64:ff9b::1.0.0.0", "64:ff9b::9.255.255.255", NULL},
	{"64:ff9b::10.0.0.0", "64:ff9b::10.255.255.255", "RFC 1918"},
	{"64:ff9b::192.0.0.9", "64:ff9b::192.0.0.10", NULL},
	{"64:ff9b::192.0.0.11", "64:ff9b::192.0.0.169", "RFC 6890"},
	{"64:ff9b::255.255.255.255", "64:ff9b::255.255.255.255", "broadcast"},
	{"64:ff9b::1:0:0", "64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "unicast"},
	{"64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "RFC 8215"},
	{"64:ff9b:2::", "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unicast"},
	{"100::", "100::ffff:ffff:ffff:ffff", "RFC 6666"},
	{"100:0:0:1::", "100::1:ffff:ffff:ffff:ffff", "RFC 9780"},
	{"100:0:0:2::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unicast"},
	{"2000::", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"2001::", "2001:0:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4380"},
	{"2001:1::", "2001:1::", "RFC 2928"},
	{"2001:1::1", "2001:1::3", NULL},
	{"2001:1::4", "2001:1:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 2928"},
	{"2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", "RFC 5180"},
	{"2001:2:1::", "2001:2:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 2928"},
	{"2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"2001:4::", "2001:4:111:ffff:ffff:ffff:ffff:ffff", "RFC 2928"},
	{"2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff", NULL},
	{"2001:4:113::", "2001:f:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 2928"},
	{"2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4843"},
	{"2001:20::", "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"2001:40::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 2928"},
	{"2001:200::", "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3849"},
	{"2001:db9::", "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6to4"},
	{"2003::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", NULL},
	{"3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 9637"},
	{"3fff:1000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	{"4000::", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unicast"},
	{"5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 9602"},
	{"5f01::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unicast"},
	{"fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 4193"},
	{"fe00::", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "unicast"},
	{"fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "link-local"},
	{"fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "RFC 3879"},
	{"ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "multicast"},
};

static struct bw_addr addr_of(const char *text)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

static int make_set(void **state)
{
	struct prefix_set *set = prefix_set_new();

	*state = set;
	return set ? special_purpose_add_to(set, false) + prefix_set_seal(set) : -1;
}

static int drop_set(void **state)
{
	prefix_set_free((struct prefix_set *)*state);
	return 0;
}

/* The table and the set say the same of ADDR; returns the table's index. */
static int look_up(const struct prefix_set *set, const struct bw_addr *addr)
{
	int index = special_purpose_find(addr);
	uint32_t value;

	assert_int_equal(prefix_set_find(set, addr, NULL, &value), index >= 0);
	if (index >= 0)
		assert_int_equal(value, index);
	return index;
}

static void test_ranges(void **state)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		struct bw_addr ends[2] = {addr_of(ranges[i].first), addr_of(ranges[i].last)};

		assert_true(bw_addr_compare(&ends[0], &ends[1]) <= 0);
		for (unsigned e = 0; e < 2; e++) {
			int index = look_up((const struct prefix_set *)*state, &ends[e]);

			assert_int_equal(index >= 0, ranges[i].says != NULL);
			if (index >= 0)
				assert_non_null(strstr(special_purpose_name((uint32_t)index),
						       ranges[i].says));
		}
	}
}

/* Random addresses near the ends of the ranges and anywhere. */
static void test_set_agrees(void **state)
{
	struct rng rng = rng_of(1);

	for (unsigned i = 0; i < 20000; i++) {
		size_t at = rng_below(&rng, sizeof(ranges) / sizeof(ranges[0]));
		struct bw_addr addr = addr_of(i % 2 ? ranges[at].first : ranges[at].last);
		unsigned bits = bw_addr_bits(&addr), bit = (unsigned)rng_below(&rng, bits);

		addr.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		look_up((const struct prefix_set *)*state, &addr);
		for (unsigned b = bit / 8 + 1; b < bits / 8; b++)
			addr.bytes[b] = (uint8_t)rng_u64(&rng);
		look_up((const struct prefix_set *)*state, &addr);
	}
}

static void test_names(void **state)
{
	uint32_t count = 0;

	(void)state;
	for (; special_purpose_name(count); count++)
		assert_non_null(strstr(special_purpose_name(count), " (RFC "));
	assert_int_equal(count, 43);
	assert_null(special_purpose_name(UINT32_MAX));
}

static void test_prefixes(void **state)
{
	/* Prefix, all of it special, some of it special. */
	static const struct {
		const char *text;
		bool covered, touched;
	} cases[] = {
		{"198.18.0.0/15", true, true},
		{"198.16.0.0/14", false, true},
		{"192.0.0.0/24", false, true},
		{"192.0.0.0/29", true, true},
		{"192.0.0.128/25", true, true},
		{"192.0.0.9/32", false, false},
		{"224.0.0.0/3", true, true},
		{"8.0.0.0/8", false, false},
		{"::/8", false, true},
		{"8000::/1", true, true},
		{"4000::/2", true, true},
		{"2000::/3", false, true},
		{"2001:db8::/32", true, true},
		{"2001::/23", false, true},
		{"2001:20::/27", false, false},
		{"64:ff9b::/96", false, true},
		{"64:ff9b::a00:0/104", true, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct prefix_set *set = (const struct prefix_set *)*state;
		struct bw_prefix prefix;

		assert_int_equal(bw_prefix_parse(cases[i].text, &prefix, NULL), 0);
		assert_int_equal(prefix_set_covers(set, &prefix), cases[i].covered);
		assert_int_equal(prefix_set_overlaps(set, &prefix), cases[i].touched);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_set_agrees),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_prefixes),
	};

	return cmocka_run_group_tests_name("base/special_purpose", tests, make_set, drop_set);
}
