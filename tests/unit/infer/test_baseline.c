/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/path/baseline.h"
#include "infer/path/path_break.h"

#define MINUTE (60 * BW_S)

static struct bw_addr addr(unsigned n)
{
	return bw_addr_from_v4(0xc6120000 + n);
}

/* A path whose hops answer from address HOPS[ttl - 1]; 0: silent. The destination is 99. */
static struct path path_of(const unsigned *hops, uint8_t count, bool reached)
{
	struct path path = {.destination = addr(99), .completed = true, .end = count};

	for (uint8_t ttl = 1; ttl <= count; ttl++) {
		path.hops[ttl].answer = hops[ttl - 1] ? PATH_PASSED : PATH_SILENT;
		if (hops[ttl - 1])
			path.hops[ttl].from = addr(hops[ttl - 1]);
	}
	if (!reached)
		return path;
	path.end = count + 1;
	path.reached = true;
	path.hops[path.end] = (struct path_hop){.from = addr(99), .answer = PATH_REPLIED};
	return path;
}

#define PATH(reached, ...)                       \
	path_of((const unsigned[]){__VA_ARGS__}, \
		sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned), reached)

struct bench {
	struct baseline baseline;
	struct hop_table table;
	struct bw_mono now;
};

static void learn(struct bench *bench, struct path path, unsigned flow)
{
	bench->now = bw_mono_add(bench->now, 60 * MINUTE);
	baseline_learn(&bench->baseline, &bench->table, &path, flow, bench->now);
}

static unsigned usual(const struct bench *bench, uint8_t ttl)
{
	const struct baseline_hop *hop = baseline_usual(&bench->baseline, ttl);

	return hop ? bw_addr_to_v4(hop_table_addr(&bench->table, hop->hop)) - 0xc6120000 : 0;
}

static void test_learns_a_path(void **state)
{
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	learn(&bench, PATH(true, 1, 2, 0, 4), 1);
	assert_int_equal(bench.baseline.end, 5);
	assert_int_equal(baseline_ttls(&bench.baseline), 0xb);
	assert_int_equal(usual(&bench, 2), 2);
	assert_int_equal(usual(&bench, 3), 0);
	assert_int_equal(usual(&bench, 5), 0);
	hop_table_fini(&bench.table);
}

static void test_a_path_that_did_not_arrive_teaches_nothing(void **state)
{
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	learn(&bench, PATH(false, 1, 2), 1);
	assert_int_equal(bench.baseline.end, 0);
	learn(&bench, PATH(true, 1, 2, 3), 1);
	learn(&bench, PATH(true, 1, 2, 2), 1); /* it changed under way */
	assert_int_equal(usual(&bench, 3), 3);
	hop_table_fini(&bench.table);
}

/* Both branches of a balancer are known, and yesterday's route stays known. */
static void test_keeps_branches_and_old_routes(void **state)
{
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	learn(&bench, PATH(true, 1, 2, 3), 1);
	learn(&bench, PATH(true, 1, 22, 3), 2);
	for (unsigned n = 0; n < 24; n++)
		learn(&bench, PATH(true, 1, 5, 3), 1 + n % 2);
	assert_int_equal(usual(&bench, 2), 5);
	for (unsigned n = 2; n <= 22; n += 20) {
		struct bw_addr from = addr(n);

		assert_true(baseline_has(&bench.baseline, 2, hop_table_find(&bench.table, &from)));
	}
	for (unsigned n = 0; n < 8 * 24; n++)
		learn(&bench, PATH(true, 1, 5, 3), 1);
	assert_int_equal(bench.baseline.count, 3);
	hop_table_fini(&bench.table);
}

/* So it is where paths are traced more often than once a minute. */
static void test_seconds_add_up_to_an_age(void **state)
{
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	learn(&bench, PATH(true, 1, 2, 3), 1);
	for (unsigned n = 0; n < 7; n++) {
		const struct path path = PATH(true, 1, 5, 3);

		bench.now = bw_mono_add(bench.now, MINUTE / 6);
		baseline_learn(&bench.baseline, &bench.table, &path, 1, bench.now);
		if (n < 5)
			assert_int_equal(usual(&bench, 2), 2);
	}
	assert_int_equal(usual(&bench, 2), 5);
	hop_table_fini(&bench.table);
}

static void test_a_hop_that_falls_silent_is_no_longer_usual(void **state)
{
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	learn(&bench, PATH(true, 1, 2, 3), 1);
	learn(&bench, PATH(true, 1, 0, 3), 1);
	assert_int_equal(usual(&bench, 2), 2); /* once is loss */
	for (unsigned n = 0; n < 3; n++)
		learn(&bench, PATH(true, 1, 0, 3), 1);
	assert_int_equal(usual(&bench, 2), 0);
	hop_table_fini(&bench.table);
}

static void test_is_never_larger(void **state)
{
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	for (unsigned n = 0; n < 100; n++)
		learn(&bench, PATH(true, 100 + n, 200 + n, 300 + n, 400 + n, 5, 6), 1);
	assert_int_equal(bench.baseline.count, BASELINE_HOPS_MAX);
	assert_int_equal(usual(&bench, 6), 6);
	assert_int_equal(usual(&bench, 1), 199);
	hop_table_fini(&bench.table);
}

static void check_break(const struct bench *bench, struct path path, unsigned last, unsigned next,
			enum path_kind kind)
{
	struct path_break found = path_break_find(&path, &bench->baseline, &bench->table, 1);
	struct bw_addr from = addr(last), behind = addr(next);

	assert_int_equal(found.kind, kind);
	assert_true(bw_addr_equal(&found.last.from, &from));
	assert_int_equal(found.next.ttl != 0, next != 0);
	assert_true(next == 0 || bw_addr_equal(&found.next.from, &behind));
	assert_int_equal(found.direction, kind == PATH_KIND_SILENT ? PATH_DIRECTION_UNKNOWN
								   : PATH_DIRECTION_FORWARD);
	assert_false(found.is_own);
}

static void test_finds_the_break(void **state)
{
	struct bench bench = {.table = hop_table_of()};
	struct path path;

	(void)state;
	learn(&bench, PATH(true, 1, 2, 0, 4, 5), 1);
	check_break(&bench, PATH(false, 1, 2, 0, 0, 0), 2, 4, PATH_KIND_SILENT);
	check_break(&bench, PATH(false, 1, 2, 0, 4, 5, 0), 5, 99, PATH_KIND_SILENT);
	check_break(&bench, PATH(false, 1, 7, 8, 0), 8, 0, PATH_KIND_SILENT); /* another path */
	path = PATH(false, 1, 2, 0, 4);
	path.hops[4].answer = PATH_REFUSED;
	path.hops[4].refusal = PATH_KIND_PROHIBITED;
	check_break(&bench, path, 2, 4, PATH_KIND_PROHIBITED);
	path = PATH(false, 1, 2, 0, 4, 2, 4);
	path.loops = true;
	check_break(&bench, path, 4, 5, PATH_KIND_LOOP);
	hop_table_fini(&bench.table);
}

static struct path refused(struct path path, uint8_t ttl, unsigned from)
{
	path.hops[ttl] = (struct path_hop){addr(from), PATH_REFUSED, PATH_KIND_NET_UNREACHABLE};
	path.end = ttl;
	return path;
}

/* The time exceeded of the hop before the one that refuses is lost, or was not waited for. */
static void test_a_lost_time_exceeded(void **state)
{
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	learn(&bench, PATH(true, 1, 2, 3, 4, 5), 1);
	check_break(&bench, refused(PATH(false, 1, 2, 0, 0), 4, 4), 3, 4,
		    PATH_KIND_NET_UNREACHABLE);
	check_break(&bench, refused(PATH(false, 1, 0, 0, 0, 0), 5, 4), 3, 4,
		    PATH_KIND_NET_UNREACHABLE);
	/* It is not where it usually is, or nobody knows it. */
	check_break(&bench, refused(PATH(false, 1, 2, 0), 3, 5), 2, 3, PATH_KIND_NET_UNREACHABLE);
	check_break(&bench, refused(PATH(false, 1, 2, 0, 0), 4, 8), 2, 3,
		    PATH_KIND_NET_UNREACHABLE);
	/* One of several hops was passed: which one is not known. */
	learn(&bench, PATH(true, 1, 2, 33, 4, 5), 2);
	check_break(&bench, refused(PATH(false, 1, 2, 0, 0), 4, 4), 2, 33,
		    PATH_KIND_NET_UNREACHABLE);
	hop_table_fini(&bench.table);
}

static void test_own_first_hops(void **state)
{
	struct bench bench = {.table = hop_table_of()};
	struct path path = PATH(false, 1, 0, 0);
	struct path_break found;

	(void)state;
	learn(&bench, PATH(true, 1, 2, 3), 1);
	found = path_break_find(&path, &bench.baseline, &bench.table, 1);
	assert_true(found.is_own && found.blames_vantage);
	found = path_break_find(&path, &bench.baseline, &bench.table, 0);
	assert_false(found.is_own || found.blames_vantage);
	path.hops[2] = (struct path_hop){addr(2), PATH_REFUSED, PATH_KIND_NET_UNREACHABLE};
	found = path_break_find(&path, &bench.baseline, &bench.table, 1);
	assert_false(found.is_own); /* what is refused at hop 2 has passed hop 1 */
	path = PATH(false, 0, 0, 0);
	path.completed = false;
	found = path_break_find(&path, &bench.baseline, &bench.table, 1);
	assert_int_equal(found.kind, PATH_KIND_UNKNOWN);
	assert_false(found.blames_vantage);
	hop_table_fini(&bench.table);
}

/* A destination right behind the gateway: nothing shows that the gateway has lost its line. */
static void test_short_path_does_not_blame(void **state)
{
	struct bench bench = {.table = hop_table_of()};
	struct path path = PATH(false, 1, 0);
	struct path_break found;

	(void)state;
	learn(&bench, PATH(true, 1), 1);
	found = path_break_find(&path, &bench.baseline, &bench.table, 1);
	assert_true(found.is_own);
	assert_false(found.blames_vantage);
	hop_table_fini(&bench.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learns_a_path),
		cmocka_unit_test(test_a_path_that_did_not_arrive_teaches_nothing),
		cmocka_unit_test(test_keeps_branches_and_old_routes),
		cmocka_unit_test(test_seconds_add_up_to_an_age),
		cmocka_unit_test(test_a_hop_that_falls_silent_is_no_longer_usual),
		cmocka_unit_test(test_is_never_larger),
		cmocka_unit_test(test_finds_the_break),
		cmocka_unit_test(test_a_lost_time_exceeded),
		cmocka_unit_test(test_own_first_hops),
		cmocka_unit_test(test_short_path_does_not_blame),
	};

	return cmocka_run_group_tests_name("infer/baseline", tests, NULL, NULL);
}
