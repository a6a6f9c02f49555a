/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "path_bench.h"
#include "vantage/path/path_check.h"

static void receive(void *self, const struct bw_rx *rx)
{
	path_check_receive(self, rx);
}

static struct path_check *new_check(struct path_bench *bench)
{
	const struct path_tracing_config config = path_bench_config(bench);
	struct path_check *check = NULL;

	assert_int_equal(path_check_new(&config, &check, NULL), 0);
	return check;
}

/* Until all traces are done. */
static void run(struct path_bench *bench, struct path_check *check)
{
	while (!path_check_is_done(check)) {
		struct bw_mono at;

		path_check_tick(check, bench->way->now);
		at = bw_mono_min(path_check_deadline(check, bench->way->now), way_next(bench->way));
		if (path_check_is_done(check))
			break;
		assert_true(at.ns != BW_NEVER.ns);
		path_bench_set_time(bench, bw_mono_max(at, bench->way->now));
		way_deliver(bench->way, receive, check);
	}
}

static void test_nothing_is_dark(void **state)
{
	struct path_bench bench;

	(void)state;
	path_bench_begin(&bench, false);
	assert_null(new_check(&bench));
	path_bench_end(&bench);
}

static void test_where_paths_end_and_who_passes(void **state)
{
	struct path_bench bench;
	const struct record_path *path;
	struct path_check *check;
	char prefix[BW_PREFIX_TEXT];

	(void)state;
	path_bench_begin(&bench, false);
	path_bench_cut(&bench);
	check = new_check(&bench);
	assert_non_null(check);
	assert_null(path_check_tell(check, 0));
	run(&bench, check);
	path = path_check_tell(check, 0);
	assert_non_null(path);
	assert_string_equal(path->text, "3 of 4 networks end after 10.0.0.2; 1 still passes.");
	assert_int_equal(path->kind, PATH_KIND_SILENT);
	assert_int_equal(path->last.ttl, 2);
	assert_int_equal(path->next.ttl, 0); /* no baseline is known */
	assert_int_equal(path->shared, 3);
	assert_int_equal(path->exempt_count, 1);
	assert_string_equal(bw_prefix_format(&path->exempt[0], prefix), "198.18.3.0/24");
	path_check_free(check);
	path_bench_end(&bench);
}

/* Five seconds are what a check gives them; and a block that may not be probed is not traced. */
static void test_time_and_permission(void **state)
{
	struct path_bench bench;
	struct path_check *check;

	(void)state;
	path_bench_begin(&bench, false);
	path_bench_cut(&bench);
	bench.fixture->roster.blocks[0].refused = ROSTER_BLOCKLISTED;
	check = new_check(&bench);
	run(&bench, check);
	assert_true(bw_mono_since(bench.way->now, fixture_mono(0)) <= 5 * BW_S);
	for (unsigned n = 0; n < bench.way->sent_count; n++)
		assert_int_not_equal(bench.way->sent[n].dst.bytes[2], 0);
	assert_int_equal(path_check_tell(check, 0)->shared, 2);
	path_check_free(check);
	path_bench_end(&bench);
}

/* Cuts behind the vantage's own gateway. */
static struct path_check *cut_at_gateway(struct path_bench *bench)
{
	path_bench_begin(bench, false);
	path_bench_cut(bench);
	bench->egress.gateway = way_router(1, 4);
	bench->way->cut = 1;
	return new_check(bench);
}

/* The vantage's own gateway is the last that answers: that is no path of the target. */
static void test_the_own_gateway(void **state)
{
	struct path_bench bench;
	struct path_check *check = cut_at_gateway(&bench);

	(void)state;
	run(&bench, check);
	assert_null(path_check_tell(check, 0));
	path_check_free(check);
	path_bench_end(&bench);
}

/* Unless others are heard from behind it: then it is where these paths end. */
static void test_the_own_gateway_that_others_pass(void **state)
{
	struct path_bench bench;
	struct path_check *check = cut_at_gateway(&bench);
	const struct record_path *path;

	(void)state;
	health_answered(&bench.fixture->ledger->ways.of[0].health, HEALTH_BLOCK, fixture_mono(0));
	run(&bench, check);
	path = path_check_tell(check, 0);
	assert_non_null(path);
	assert_string_equal(path->text, "3 of 4 networks end after 10.0.0.1; 1 still passes.");
	assert_int_equal(path->exempt_count, 1);
	path_check_free(check);
	path_bench_end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_dark),
		cmocka_unit_test(test_where_paths_end_and_who_passes),
		cmocka_unit_test(test_time_and_permission),
		cmocka_unit_test(test_the_own_gateway),
		cmocka_unit_test(test_the_own_gateway_that_others_pass),
	};

	return cmocka_run_group_tests_name("vantage/path_check", tests, NULL, NULL);
}
