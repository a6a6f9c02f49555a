/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/roster_find.h"

/* Target a: networks 0 (blocks 0 and 1) and 1 (block 2). Target b: network 2, open, block 3. */
static const char lines[] = "a 198.18.0.0/23 3\n"
			    "a 198.18.4.0/24 3\n"
			    "b 198.19.0.0/24\n";

static struct bw_prefix prefix(const char *text)
{
	struct bw_prefix parsed;

	assert_int_equal(bw_prefix_parse(text, &parsed, NULL), 0);
	return parsed;
}

static void test_what_is_there(void **state)
{
	struct fixture *f = fixture_new(lines, false);
	const struct roster *r = &f->roster;
	const struct bw_prefix network = prefix("198.18.4.0/24"), block = prefix("198.18.1.0/24");
	struct bw_addr addr = bw_addr_add(&block.addr, 3), found;

	(void)state;
	assert_int_equal(roster_find_target(r, "b"), 1);
	assert_int_equal(roster_find_network(r, 0, &network), 1);
	assert_int_equal(roster_find_block(r, 0, &network), 2);
	assert_int_equal(roster_find_block(r, 0, &block), 1);
	assert_int_equal(roster_find_block_of(r, 0, &addr), 1);
	found = roster_host_addr(r, 1, (uint16_t)roster_find_host(r, 1, &addr));
	assert_true(bw_addr_equal(&found, &addr));
	addr = roster_host_addr(r, 3, 77);
	assert_int_equal(roster_find_block_of(r, 1, &addr), 3);
	assert_int_equal(roster_find_host(r, 3, &addr), 77);
	fixture_free(f);
}

static void test_what_is_not_there(void **state)
{
	struct fixture *f = fixture_new(lines, false);
	const struct roster *r = &f->roster;
	const struct bw_prefix block = prefix("198.18.1.0/24"), below = prefix("198.17.0.0/24");
	const struct bw_prefix other = prefix("198.19.0.0/24"), between = prefix("198.18.2.0/24");
	const struct bw_addr unlisted = bw_addr_add(&block.addr, 4);

	(void)state;
	assert_int_equal(roster_find_target(r, "c"), ROSTER_NONE);
	assert_int_equal(roster_find_network(r, 0, &block), ROSTER_NONE);
	assert_int_equal(roster_find_network(r, 0, &other), ROSTER_NONE);
	assert_int_equal(roster_find_block(r, 0, &below), ROSTER_NONE);
	assert_int_equal(roster_find_block(r, 0, &between), ROSTER_NONE);
	assert_int_equal(roster_find_block_of(r, 0, &below.addr), ROSTER_NONE);
	assert_int_equal(roster_find_block_of(r, 0, &between.addr), ROSTER_NONE);
	assert_int_equal(roster_find_block_of(r, 0, &other.addr), ROSTER_NONE);
	assert_int_equal(roster_find_host(r, 1, &unlisted), ROSTER_NONE);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_there),
		cmocka_unit_test(test_what_is_not_there),
	};

	return cmocka_run_group_tests_name("vantage/roster_find", tests, NULL, NULL);
}
