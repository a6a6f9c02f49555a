/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/addr/lpm.h"
#include "base/rng.h"

#define MANY 20000

struct book {
	struct bw_prefix prefixes[MANY];
	uint32_t count;
};

static struct bw_addr parse_addr(const char *text)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

static struct bw_prefix parse_prefix(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static struct bw_prefix prefix_of(const void *self, uint32_t block)
{
	return ((const struct book *)self)->prefixes[block];
}

static int add(struct lpm *lpm, struct book *book, struct bw_prefix prefix)
{
	int rc;

	book->prefixes[book->count] = prefix;
	rc = lpm_add(lpm, book->count, 1);
	book->count += rc == 0;
	return rc;
}

static void assert_found(const struct lpm *lpm, const char *text, uint32_t expected)
{
	struct bw_addr addr = parse_addr(text);
	uint32_t block;

	assert_true(lpm_find(lpm, &addr, &block));
	assert_int_equal(block, expected);
}

static void assert_nowhere(const struct lpm *lpm, const char *text)
{
	struct bw_addr addr = parse_addr(text);
	uint32_t block;

	assert_false(lpm_find(lpm, &addr, &block));
}

static void test_the_longest_prefix_has_the_address(void **state)
{
	static struct book book;
	struct lpm lpm = {.prefix_of = prefix_of, .self = &book};
	(void)state;

	assert_nowhere(&lpm, "198.18.0.1");
	assert_int_equal(add(&lpm, &book, parse_prefix("198.18.0.0/24")), 0);
	assert_int_equal(add(&lpm, &book, parse_prefix("198.18.0.128/25")), 0);
	assert_int_equal(add(&lpm, &book, parse_prefix("198.18.0.200/32")), 0);
	assert_int_equal(add(&lpm, &book, parse_prefix("2001:db8:1::/48")), 0);
	assert_int_equal(add(&lpm, &book, parse_prefix("2001:db8:1:2:3::/80")), 0);
	assert_int_equal(add(&lpm, &book, parse_prefix("2001:db8::1/128")), 0);
	assert_found(&lpm, "198.18.0.0", 0);
	assert_found(&lpm, "198.18.0.127", 0);
	assert_found(&lpm, "198.18.0.128", 1);
	assert_found(&lpm, "198.18.0.200", 2);
	assert_found(&lpm, "2001:db8:1:ffff::9", 3);
	assert_found(&lpm, "2001:db8:1:2:3:4:5:6", 4);
	assert_found(&lpm, "2001:db8::1", 5);
	assert_nowhere(&lpm, "198.18.1.0");
	assert_nowhere(&lpm, "2001:db8:2::");
	assert_nowhere(&lpm, "2001:db8::2");
	assert_int_equal(add(&lpm, &book, parse_prefix("198.18.0.0/24")), BW_ERR_OVERLAP);
	lpm_fini(&lpm);
}

static void test_many(void **state)
{
	static struct book book;
	struct lpm lpm = {.prefix_of = prefix_of, .self = &book};
	(void)state;

	for (uint32_t i = 0; i < MANY; i++) {
		struct bw_addr addr = bw_addr_from_v4((uint32_t)rng_mix(i / 2) << 8);

		add(&lpm, &book, bw_prefix_of(&addr, i % 2 ? 24 : 26));
	}
	assert_true(book.count > MANY - 100);
	for (uint32_t i = 0; i < book.count; i++) {
		struct bw_addr last =
			bw_addr_add(&book.prefixes[i].addr, bw_prefix_size(&book.prefixes[i]) - 1);
		uint32_t block;

		assert_true(lpm_find(&lpm, &last, &block));
		assert_int_equal(block, i);
	}
	lpm_fini(&lpm);
}

/* Blocks in a row from a third byte on; returns what lpm_add() says. */
static int add_row(struct lpm *lpm, struct book *book, const char *first, uint32_t count)
{
	struct bw_prefix prefix = parse_prefix(first);
	uint64_t step = bw_prefix_size(&prefix);
	int rc;

	for (uint32_t i = 0; i < count; i++, prefix.addr = bw_addr_add(&prefix.addr, step))
		book->prefixes[book->count + i] = prefix;
	rc = lpm_add(lpm, book->count, count);
	book->count += rc == 0 ? count : 0;
	return rc;
}

static void test_rows(void **state)
{
	static struct book book;
	struct lpm lpm = {.prefix_of = prefix_of, .self = &book};
	(void)state;

	assert_int_equal(add_row(&lpm, &book, "198.18.100.0/24", 100), 0);
	assert_int_equal(add_row(&lpm, &book, "198.18.0.0/24", 64), 0);
	assert_int_equal(add_row(&lpm, &book, "198.18.64.0/24", 4), 0);
	assert_int_equal(add_row(&lpm, &book, "198.18.200.0/24", 20), 0);
	assert_int_equal(add_row(&lpm, &book, "198.18.10.64/26", 16), 0);
	assert_found(&lpm, "198.18.100.0", 0);
	assert_found(&lpm, "198.18.199.255", 99);
	assert_found(&lpm, "198.18.0.0", 100);
	assert_found(&lpm, "198.18.63.9", 163);
	assert_found(&lpm, "198.18.67.9", 167);
	assert_found(&lpm, "198.18.219.9", 187);
	assert_found(&lpm, "198.18.10.63", 110);
	assert_found(&lpm, "198.18.10.64", 188);
	assert_nowhere(&lpm, "198.18.68.0");
	assert_nowhere(&lpm, "198.18.99.255");
	assert_nowhere(&lpm, "198.18.220.0");
	assert_nowhere(&lpm, "198.17.255.255");
	assert_int_equal(lpm.singles, 4);
	/* over the front, in the middle, over the end of a row; over a single one */
	assert_int_equal(add_row(&lpm, &book, "198.18.90.0/24", 20), BW_ERR_OVERLAP);
	assert_int_equal(add_row(&lpm, &book, "198.18.120.0/24", 1), BW_ERR_OVERLAP);
	assert_int_equal(add_row(&lpm, &book, "198.18.219.0/24", 20), BW_ERR_OVERLAP);
	assert_int_equal(add_row(&lpm, &book, "198.18.67.0/24", 16), BW_ERR_OVERLAP);
	assert_int_equal(add_row(&lpm, &book, "198.18.68.0/24", 32), 0);
	assert_found(&lpm, "198.18.99.255", 204 + 31);
	lpm_fini(&lpm);
}

static void test_too_many_lengths(void **state)
{
	static struct book book;
	struct lpm lpm = {.prefix_of = prefix_of, .self = &book};
	struct bw_addr addr = parse_addr("2001:db8::");
	(void)state;

	for (unsigned length = 0; length < LPM_SHAPES_MAX; length++)
		assert_int_equal(add(&lpm, &book, bw_prefix_of(&addr, 64 + length)), 0);
	assert_int_equal(add(&lpm, &book, bw_prefix_of(&addr, 128)), BW_ERR_LIMIT);
	assert_int_equal(lpm.singles, LPM_SHAPES_MAX);
	lpm_fini(&lpm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_longest_prefix_has_the_address),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_too_many_lengths),
	};

	return cmocka_run_group_tests_name("base/lpm", tests, NULL, NULL);
}
