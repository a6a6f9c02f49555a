/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/prefix.h>

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

static struct bw_addr addr_of(const char *text)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

static struct bw_prefix prefix_of(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static void check_prefix(const struct bw_prefix *prefix, const char *text)
{
	char buffer[BW_PREFIX_TEXT];

	assert_string_equal(bw_prefix_format(prefix, buffer), text);
}

static void test_format(void **state)
{
	/* What is parsed, and how RFC 5952 writes it. */
	static const char *const cases[][2] = {
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"198.18.0.109", "198.18.0.109"},
		{"::", "::"},
		{"::1", "::1"},
		{"1::", "1::"},
		{"0:0:0:0:0:0:0:0", "::"},
		{"2001:0DB8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"0:0:1:0:0:0:0:0", "0:0:1::"},
		{"1:0:0:0:0:0:0:0", "1::"},
		{"0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"},
		{"1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"},
		{"1:2:3:4:5:6::", "1:2:3:4:5:6::"},
		{"::ffff:198.18.0.1", "::ffff:198.18.0.1"},
		{"::ffff:c612:1", "::ffff:198.18.0.1"},
		{"::1:2", "::1:2"},
		{"::198.18.0.1", "::c612:1"},
		{"64:ff9b::198.18.0.1", "64:ff9b::c612:1"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};
	char buffer[BW_ADDR_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_addr addr = addr_of(cases[i][0]), again;

		assert_string_equal(bw_addr_format(&addr, buffer), cases[i][1]);
		again = addr_of(buffer);
		assert_true(bw_addr_equal(&addr, &again));
	}
	assert_string_equal(bw_addr_format(&(struct bw_addr){0}, buffer), "-");
}

static void test_parse_refuses(void **state)
{
	static const char *const cases[] = {
		"", " ", "198.18.0", "198.18.0.1.", ".198.18.0.1", "198.18.0.256", "198.18.0.-1",
		"198.18.0.01", "0198.18.0.1", " 198.18.0.1", "198.18.0.1 ", "198.18.0.1\n",
		"198.18..1", "198.18.0.1/32", "198.18.0.1:80", "0x7f.0.0.1", "2130706433", "1.2.3",
		"localhost", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::",
		"g::", "::1%lo", "[::1]", "::1 ", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:",
		"::198.18.0", "::198.18.0.256", "1:2:3:4:5:6:7:198.18.0.1", "::ffff:198.18.0.1:1",
		"198.18.0.1\xc2\xa0", "\xef\xbc\x91.2.3.4",
		"1111111111111111111111111111111111111111111111111111111111111111111111111111111",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_addr addr = {.family = 9};

		assert_int_equal(bw_addr_parse(cases[i], &addr), BW_ERR_SYNTAX);
		assert_int_equal(addr.family, 9);
	}
}

/* A random address with many zero groups, which is where text forms differ. */
static struct bw_addr random_addr(struct rng *rng)
{
	struct bw_addr addr = {.family = rng_below(rng, 2) ? 4 : 6};
	unsigned length = bw_addr_bits(&addr) / 8;

	for (unsigned i = 0; i < length; i += 2) {
		uint64_t bits = rng_u64(rng);

		addr.bytes[i] = bits & 3 ? 0 : (uint8_t)(bits >> 8);
		addr.bytes[i + 1] = bits & 4 ? 0 : (uint8_t)(bits >> 16);
	}
	return addr;
}

static void test_round_trip(void **state)
{
	struct rng rng = rng_of(1);

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		struct bw_addr addr = random_addr(&rng), again;
		struct bw_prefix prefix =
			bw_prefix_of(&addr, (unsigned)rng_below(&rng, bw_addr_bits(&addr) + 1));
		struct bw_prefix same;
		char text[BW_PREFIX_TEXT];
		uint8_t other[16];

		assert_int_equal(bw_addr_parse(bw_addr_format(&addr, text), &again), 0);
		assert_true(bw_addr_equal(&addr, &again));
		assert_int_equal(
			inet_pton(addr.family == 4 ? AF_INET : AF_INET6, text, other), 1);
		assert_memory_equal(other, addr.bytes, bw_addr_bits(&addr) / 8);
		assert_int_equal(
			bw_prefix_parse(bw_prefix_format(&prefix, text), &same, NULL), 0);
		assert_int_equal(bw_prefix_compare(&prefix, &same), 0);
	}
}

static void test_v4(void **state)
{
	struct bw_addr addr = bw_addr_from_v4(0xc6120001);

	(void)state;
	assert_int_equal(addr.family, 4);
	assert_int_equal(bw_addr_bits(&addr), 32);
	assert_int_equal(bw_addr_to_v4(&addr), 0xc6120001);
	addr = addr_of("198.18.0.1");
	assert_int_equal(bw_addr_to_v4(&addr), 0xc6120001);
	addr = addr_of("::1");
	assert_int_equal(bw_addr_bits(&addr), 128);
	assert_int_equal(bw_addr_bits(&(struct bw_addr){0}), 0);
}

static void test_compare(void **state)
{
	static const char *const ascending[] = {
		"0.0.0.0", "0.0.0.255", "0.0.1.0", "127.255.255.255", "128.0.0.0",
		"255.255.255.255", "::", "::1", "::ffff:0:0", "0:0:0:1::", "7fff::", "8000::"};
	size_t count = sizeof(ascending) / sizeof(ascending[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < count; j++) {
			struct bw_addr a = addr_of(ascending[i]), b = addr_of(ascending[j]);
			int order = bw_addr_compare(&a, &b);

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
			assert_int_equal(bw_addr_equal(&a, &b), i == j);
		}
	}
}

static void test_add(void **state)
{
	static const struct {
		const char *from, *to;
		uint64_t offset;
	} cases[] = {
		{"198.18.0.255", "198.18.1.0", 1},
		{"255.255.255.255", "0.0.0.0", 1},
		{"0.0.0.5", "0.0.0.4", UINT64_MAX},
		{"198.18.0.1", "198.18.0.1", UINT64_C(1) << 32},
		{"::", "::1", 1},
		{"::ffff:ffff:ffff:ffff", "0:0:0:1::", 1},
		{"::2", "::1:0:0:0:1", UINT64_MAX},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::", 1},
	};
	char buffer[BW_ADDR_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_addr from = addr_of(cases[i].from);
		struct bw_addr to = bw_addr_add(&from, cases[i].offset);

		assert_string_equal(bw_addr_format(&to, buffer), cases[i].to);
	}
}

static void test_prefix_parse(void **state)
{
	static const char *const cases[][2] = {
		{"198.18.0.0/24", "198.18.0.0/24"}, {"198.18.0.1", "198.18.0.1/32"},
		{"198.18.0.1/32", "198.18.0.1/32"}, {"0.0.0.0/0", "0.0.0.0/0"},
		{"::/0", "::/0"},                   {"2001:db8::1", "2001:db8::1/128"},
		{"2001:DB8::/32", "2001:db8::/32"}, {"8000::/1", "8000::/1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_prefix prefix = prefix_of(cases[i][0]);

		check_prefix(&prefix, cases[i][1]);
	}
}

static void test_prefix_parse_refuses(void **state)
{
	/* Input, code, and a part of the message that helps. */
	static const struct {
		const char *text;
		int code;
		const char *says;
	} cases[] = {
		{"", BW_ERR_SYNTAX, "no prefix or address"},
		{"/24", BW_ERR_SYNTAX, "no prefix or address"},
		{"198.18.0/24", BW_ERR_SYNTAX, "no prefix or address"},
		{"kp", BW_ERR_SYNTAX, "'kp'"},
		{"198.18.0.0/", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/x", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/24x", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/24/24", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/ 24", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/+24", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/-1", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/024", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/255.255.255.0", BW_ERR_SYNTAX, "no prefix"},
		{"198.18.0.0/33", BW_ERR_VALUE, "32"},
		{"::/129", BW_ERR_VALUE, "128"},
		{"::/4294967297", BW_ERR_VALUE, "128"},
		{"::/99999999999999999999999999", BW_ERR_VALUE, "128"},
		{"198.18.0.1/24", BW_ERR_VALUE, "198.18.0.0/24"},
		{"255.255.255.255/0", BW_ERR_VALUE, "0.0.0.0/0"},
		{"2001:db8::1/32", BW_ERR_VALUE, "2001:db8::/32"},
		{"2001:db8::1/127", BW_ERR_VALUE, "2001:db8::/127"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_prefix prefix = {.length = 99};
		struct bw_err err;

		assert_int_equal(bw_prefix_parse(cases[i].text, &prefix, &err), cases[i].code);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(prefix.length, 99);
		assert_non_null(strstr(err.message, cases[i].says));
		assert_int_equal(bw_prefix_parse(cases[i].text, &prefix, NULL), cases[i].code);
	}
}

static void test_prefix_parse_long(void **state)
{
	struct bw_prefix prefix;
	struct bw_err err;
	char text[5000];

	(void)state;
	memset(text, '1', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(bw_prefix_parse(text, &prefix, &err), BW_ERR_SYNTAX);
	memcpy(text, "198.18.0.0/", 11);
	assert_int_equal(bw_prefix_parse(text, &prefix, &err), BW_ERR_VALUE);
}

static void test_prefix_relations(void **state)
{
	/* a, b, a covers b, b covers a */
	static const struct {
		const char *a, *b;
		bool ab, ba;
	} cases[] = {
		{"198.18.0.0/15", "198.19.255.0/24", true, false},
		{"198.18.0.0/24", "198.18.0.0/24", true, true},
		{"198.18.0.0/24", "198.18.1.0/24", false, false},
		{"0.0.0.0/0", "255.255.255.255/32", true, false},
		{"0.0.0.0/0", "::/0", false, false},
		{"0.0.0.0/0", "::/128", false, false},
		{"::/0", "ffff::/16", true, false},
		{"2001:db8::/63", "2001:db8:0:1::/64", true, false},
		{"2001:db8::/64", "2001:db8:0:1::/64", false, false},
		{"2001:db8::/65", "2001:db8::8000:0:0:0/65", false, false},
		{"2001:db8::/127", "2001:db8::1/128", true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_prefix a = prefix_of(cases[i].a), b = prefix_of(cases[i].b);
		bool apart = !cases[i].ab && !cases[i].ba;

		assert_int_equal(bw_prefix_covers(&a, &b), cases[i].ab);
		assert_int_equal(bw_prefix_covers(&b, &a), cases[i].ba);
		assert_int_equal(bw_prefix_overlaps(&a, &b), !apart);
		assert_int_equal(bw_prefix_overlaps(&b, &a), !apart);
		assert_int_equal(bw_prefix_contains(&a, &b.addr), cases[i].ab);
	}
	assert_false(bw_prefix_contains(&(struct bw_prefix){0}, &(struct bw_addr){0}));
}

static void test_prefix_of(void **state)
{
	struct bw_addr addr = addr_of("255.255.255.255");
	struct bw_prefix prefix = bw_prefix_of(&addr, 13);

	(void)state;
	check_prefix(&prefix, "255.248.0.0/13");
	prefix = bw_prefix_of(&addr, 0);
	check_prefix(&prefix, "0.0.0.0/0");
	prefix = bw_prefix_of(&addr, 32);
	check_prefix(&prefix, "255.255.255.255/32");
	addr = addr_of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	prefix = bw_prefix_of(&addr, 63);
	check_prefix(&prefix, "ffff:ffff:ffff:fffe::/63");
	prefix = bw_prefix_of(&addr, 65);
	check_prefix(&prefix, "ffff:ffff:ffff:ffff:8000::/65");
}

static void test_prefix_order(void **state)
{
	static const char *const ascending[] = {"0.0.0.0/0",     "10.0.0.0/8",   "10.0.0.0/24",
						"10.0.0.0/32",   "10.0.0.1/32",  "10.0.1.0/24",
						"255.0.0.0/8",   "::/0",         "::/128",
						"2001:db8::/32", "2001:db8::/48"};

	(void)state;
	for (size_t i = 1; i < sizeof(ascending) / sizeof(ascending[0]); i++) {
		struct bw_prefix a = prefix_of(ascending[i - 1]), b = prefix_of(ascending[i]);

		assert_true(bw_prefix_compare(&a, &b) < 0);
		assert_true(bw_prefix_compare(&b, &a) > 0);
		assert_int_equal(bw_prefix_compare(&a, &a), 0);
	}
}

static void check_parts(const char *text, unsigned length, uint64_t parts, const char *last)
{
	struct bw_prefix prefix = prefix_of(text);
	struct bw_prefix part = bw_prefix_part(&prefix, length, parts - 1);

	assert_true(bw_prefix_parts(&prefix, length) == parts);
	check_prefix(&part, last);
	assert_true(bw_prefix_covers(&prefix, &part));
}

static void test_parts(void **state)
{
	(void)state;
	check_parts("198.18.0.0/15", 24, 512, "198.19.255.0/24");
	check_parts("198.18.0.0/24", 24, 1, "198.18.0.0/24");
	check_parts("198.18.0.0/28", 24, 1, "198.18.0.0/28");
	check_parts("198.18.0.0/24", 32, 256, "198.18.0.255/32");
	check_parts("0.0.0.0/0", 32, UINT64_C(1) << 32, "255.255.255.255/32");
	check_parts("0.0.0.0/0", 0, 1, "0.0.0.0/0");
	check_parts("2001:db8::/32", 48, 65536, "2001:db8:ffff::/48");
	check_parts("2001:db8::/62", 66, 16, "2001:db8:0:3:c000::/66");
	check_parts("::/0", 63, UINT64_C(1) << 63, "ffff:ffff:ffff:fffe::/63");
	check_parts("::/0", 64, UINT64_MAX, "ffff:ffff:ffff:fffe::/64");
	check_parts("2001:db8::/64", 128, UINT64_MAX, "2001:db8::ffff:ffff:ffff:fffe/128");
	check_parts("2001:db8::/65", 128, UINT64_C(1) << 63, "2001:db8::7fff:ffff:ffff:ffff/128");
	check_parts("2001:db8::8/125", 128, 8, "2001:db8::f/128");
}

static void test_size(void **state)
{
	static const struct {
		const char *text;
		uint64_t size;
	} cases[] = {
		{"198.18.0.0/24", 256}, {"198.18.0.1", 1},   {"0.0.0.0/0", UINT64_C(1) << 32},
		{"::/0", UINT64_MAX},   {"::/64", UINT64_MAX}, {"::/65", UINT64_C(1) << 63},
		{"::/128", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_prefix prefix = prefix_of(cases[i].text);

		assert_true(bw_prefix_size(&prefix) == cases[i].size);
	}
	assert_true(bw_prefix_size(&(struct bw_prefix){0}) == 0);
}

/* Parts ascend, join without a gap, and have their length. */
static void test_parts_pave(void **state)
{
	static const char *const cases[] = {"198.18.4.0/22", "2001:db8::/56", "2001:db8::/120"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_prefix prefix = prefix_of(cases[i]);
		unsigned length = prefix.length + 7u;
		struct bw_addr next = prefix.addr;

		for (uint64_t n = 0; n < bw_prefix_parts(&prefix, length); n++) {
			struct bw_prefix part = bw_prefix_part(&prefix, length, n);
			struct bw_prefix again = bw_prefix_of(&part.addr, length);

			assert_int_equal(part.length, length);
			assert_int_equal(bw_prefix_compare(&part, &again), 0);
			assert_true(length == 63 || bw_addr_equal(&part.addr, &next));
			next = bw_addr_add(&part.addr, bw_prefix_size(&part));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_v4),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_prefix_parse),
		cmocka_unit_test(test_prefix_parse_refuses),
		cmocka_unit_test(test_prefix_parse_long),
		cmocka_unit_test(test_prefix_relations),
		cmocka_unit_test(test_prefix_of),
		cmocka_unit_test(test_prefix_order),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_parts_pave),
	};

	return cmocka_run_group_tests_name("base/addr", tests, NULL, NULL);
}
