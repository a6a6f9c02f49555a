/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "target/file/parse.h"
#include "vantage/roster_weigh.h"

#define NOON "2026-11-21T12:00:00Z"

static const char file[] =
	"{\"schema\":\"blockwatch/target/1\",\"name\":\"t\",\"networks\":["
	"{\"prefix\":\"198.18.0.0/24\",\"hosts\":["
	"{\"address\":\"198.18.0.1\",\"availability\":0.98},"
	"{\"address\":\"198.18.0.2\",\"availability\":0.6,\"seen\":\"2026-11-21\"},"
	"{\"address\":\"198.18.0.3\",\"availability\":0.9,\"seen\":\"2026-10-22\"},"
	"{\"address\":\"198.18.0.4\",\"availability\":0.9,\"seen\":\"2016-09-20\"}]},"
	"{\"prefix\":\"198.18.1.0/24\",\"hosts\":[\"198.18.1.1\"]},"
	"{\"prefix\":\"198.18.2.0/24\"}]}";

struct weighed {
	struct bw_target *target;
	struct roster roster;
};

static void setup(struct weighed *w, bool weigh)
{
	struct roster_options options = {.seed = 1};
	struct bw_wall now;

	assert_int_equal(target_parse(file, strlen(file), "t.json", &w->target, NULL), 0);
	assert_int_equal(roster_init(&w->roster, (const struct bw_target *const *)&w->target, 1,
				     &options, NULL),
			 0);
	assert_int_equal(bw_wall_parse(NOON, &now), 0);
	if (weigh)
		assert_int_equal(roster_weigh(&w->roster, now), 0);
}

static void teardown(struct weighed *w)
{
	roster_fini(&w->roster);
	bw_target_free(w->target);
}

static int last_byte(const struct weighed *w, uint16_t host)
{
	return roster_host_addr(&w->roster, 0, host).bytes[3];
}

static void test_without_it_all_is_as_listed(void **state)
{
	struct weighed w;

	(void)state;
	setup(&w, false);
	assert_int_equal(last_byte(&w, 0), 1);
	assert_float_equal(roster_availability(&w.roster, 0, 0), 0.98, 0.01);
	assert_float_equal(roster_gone(&w.roster, 0, 0), 0, 0);
	assert_true(roster_is_known(&w.roster, 0));
	assert_true(roster_is_known(&w.roster, 1));
	assert_false(roster_is_known(&w.roster, 2));
	teardown(&w);
}

static void test_seen_hosts_come_first(void **state)
{
	struct weighed w;

	(void)state;
	setup(&w, true);
	assert_int_equal(last_byte(&w, 0), 2);
	assert_int_equal(last_byte(&w, 1), 3);
	assert_int_equal(last_byte(&w, 2), 1);
	assert_int_equal(last_byte(&w, 3), 4);
	teardown(&w);
}

static void test_age_and_origin_weigh(void **state)
{
	struct weighed w;

	(void)state;
	setup(&w, true);
	assert_float_equal(roster_availability(&w.roster, 0, 0), 0.6, 0.01);
	assert_float_equal(roster_gone(&w.roster, 0, 0), 0, 0);
	assert_float_equal(roster_availability(&w.roster, 0, 1), 0.9, 0.01);
	assert_float_equal(roster_gone(&w.roster, 0, 1), 0.5, 0.01);
	assert_float_equal(roster_availability(&w.roster, 0, 2), ROSTER_GUESS, 0.01);
	assert_float_equal(roster_availability(&w.roster, 0, 3), ROSTER_GUESS, 0.01);
	teardown(&w);
}

static void test_a_block_is_known_by_a_seen_host(void **state)
{
	struct weighed w;

	(void)state;
	setup(&w, true);
	assert_true(roster_is_known(&w.roster, 0));
	assert_false(roster_is_known(&w.roster, 1));
	assert_false(roster_is_known(&w.roster, 2));
	assert_float_equal(roster_gone(&w.roster, 2, 0), 0, 0);
	teardown(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_it_all_is_as_listed),
		cmocka_unit_test(test_seen_hosts_come_first),
		cmocka_unit_test(test_age_and_origin_weigh),
		cmocka_unit_test(test_a_block_is_known_by_a_seen_host),
	};

	return cmocka_run_group_tests_name("vantage/roster_weigh", tests, NULL, NULL);
}
