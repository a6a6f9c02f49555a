/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "probe/sweep/sweep_rate.h"
#include "probe/sweep/sweep_log.h"
#include "probe/sweep/sweep_redo.h"

static struct bw_mono ms(int64_t count)
{
	return (struct bw_mono){count * BW_MS};
}

static void test_log_times(void **state)
{
	struct sweep_log_time time;
	struct sweep_log log;

	(void)state;
	assert_int_equal(sweep_log_init(&log), 0);
	assert_false(sweep_log_find(&log, 0, &time));
	assert_true(sweep_log_place(&log, ms(0)) == UINT64_MAX);
	sweep_log_add(&log, 10, ms(100), true);
	assert_false(sweep_log_find(&log, 9, &time));
	assert_true(sweep_log_find(&log, 10, &time));
	assert_int_equal(time.at.ns, ms(100).ns);
	sweep_log_add(&log, 15, (struct bw_mono){ms(100).ns + 10}, false); /* too soon: left out */
	sweep_log_add(&log, 110, ms(200), false);
	assert_true(sweep_log_find(&log, 60, &time));
	assert_int_equal(time.from.ns, ms(100).ns);
	assert_int_equal(time.at.ns, ms(150).ns);
	assert_true(sweep_log_find(&log, 5000, &time)); /* the last point has no end */
	assert_int_equal(time.at.ns, ms(200).ns);
	assert_int_equal(sweep_log_place(&log, ms(150)), 10);
	assert_int_equal(sweep_log_place(&log, ms(90)), 10);
	sweep_log_fini(&log);
}

/* A pause: what comes behind it was asked behind it. */
static void test_log_gap(void **state)
{
	struct sweep_log_time time;
	struct sweep_log log;

	(void)state;
	assert_int_equal(sweep_log_init(&log), 0);
	sweep_log_add(&log, 0, ms(1), true);
	sweep_log_add(&log, 64, ms(1), true);
	sweep_log_add(&log, 64, ms(9001), true);
	assert_true(sweep_log_find(&log, 63, &time));
	assert_int_equal(time.at.ns, ms(1).ns);
	assert_true(sweep_log_find(&log, 64, &time));
	assert_int_equal(time.at.ns, ms(9001).ns);
	sweep_log_fini(&log);
}

static void test_log_forgets(void **state)
{
	struct sweep_log_time time;
	struct sweep_log log;
	const int64_t points = 3 * (int64_t)SWEEP_LOG_POINTS;

	(void)state;
	assert_int_equal(sweep_log_init(&log), 0);
	for (int64_t i = 0; i < points; i++)
		sweep_log_add(&log, (uint64_t)i * 100, ms(i), false);
	assert_false(sweep_log_find(&log, 0, &time));
	for (int64_t back = 1; back < 60000; back += 777) {
		assert_true(sweep_log_find(&log, (uint64_t)(points - back) * 100, &time));
		assert_int_equal(time.at.ns, ms(points - back).ns);
	}
	sweep_log_fini(&log);
}

static void test_redo(void **state)
{
	struct sweep_redo redo = {.count = 0};
	uint64_t place;

	(void)state;
	assert_false(sweep_redo_next(&redo, 0, &place));
	sweep_redo_add(&redo, 100, 200);
	sweep_redo_add(&redo, 300, 400);
	sweep_redo_add(&redo, 200, 210); /* touches the first */
	sweep_redo_add(&redo, 10, 20);
	assert_int_equal(redo.count, 3);
	assert_true(sweep_redo_next(&redo, 0, &place) && place == 10);
	assert_true(sweep_redo_next(&redo, 20, &place) && place == 100);
	assert_true(sweep_redo_next(&redo, 209, &place) && place == 209);
	assert_true(sweep_redo_next(&redo, 210, &place) && place == 300);
	assert_false(sweep_redo_next(&redo, 400, &place));
	sweep_redo_add(&redo, 0, 1000);
	assert_int_equal(redo.count, 1);
	assert_int_equal(redo.ranges[0].end, 1000);
}

/* More ranges than fit: near ones are taken together, none is lost. */
static void test_redo_full(void **state)
{
	struct sweep_redo redo = {.count = 0};
	uint64_t place;

	(void)state;
	for (uint64_t i = 0; i < 5 * SWEEP_REDO_MAX; i++)
		sweep_redo_add(&redo, i * 1000 + i % 7, i * 1000 + 500);
	assert_true(redo.count <= SWEEP_REDO_MAX);
	for (uint64_t i = 0; i < 5 * SWEEP_REDO_MAX; i++)
		for (uint64_t at = i * 1000 + i % 7; at < i * 1000 + 500; at += 100)
			assert_true(sweep_redo_next(&redo, at, &place) && place == at);
	for (size_t i = 1; i < redo.count; i++)
		assert_true(redo.ranges[i - 1].end < redo.ranges[i].first);
}

static struct packet_ring ring(uint64_t waiting, uint64_t lost)
{
	return (struct packet_ring){.room = 1000, .waiting = waiting, .lost = lost};
}

static uint64_t look(struct sweep_rate *rate, struct packet_ring ring, uint64_t sent,
		     int64_t at_ms)
{
	return sweep_rate_observe(rate, &ring, sent, ms(at_ms));
}

static void test_rate_holds(void **state)
{
	struct sweep_rate rate = sweep_rate_of(INFINITY, ms(0));
	struct packet_ring unread = {.room = 1000, .waiting = 1, .unread_ns = 400 * BW_MS};

	(void)state;
	look(&rate, ring(400, 0), 0, 1);
	assert_false(rate.held);
	look(&rate, ring(501, 0), 0, 2);
	assert_true(rate.held);
	look(&rate, ring(300, 0), 0, 3);
	assert_true(rate.held);
	look(&rate, ring(250, 0), 0, 4);
	assert_false(rate.held);
	look(&rate, unread, 0, 5);
	assert_true(rate.held);
	unread.waiting = 0; /* nothing there to be read: silence is no fault of the reader */
	look(&rate, unread, 0, 6);
	assert_false(rate.held);
	assert_int_equal(rate.holds, 2);
}

static void test_rate_cuts(void **state)
{
	struct sweep_rate rate = sweep_rate_of(INFINITY, ms(0));
	double cut;

	(void)state;
	for (int64_t t = 1; t <= 200; t++)
		look(&rate, ring(0, 0), (uint64_t)t * 500, t);
	assert_true(isinf(rate.allowed_pps));
	assert_int_equal(look(&rate, ring(0, 5), 201 * 500, 201), 5);
	assert_true(fabs(rate.allowed_pps - 350000) < 1000);
	assert_int_equal(look(&rate, ring(0, 9), 202 * 500, 202), 4); /* the same burst */
	cut = rate.allowed_pps;
	assert_true(fabs(cut - 350000) < 1000);
	look(&rate, ring(0, 9), 203 * 500, 203);
	assert_true(rate.allowed_pps == cut);
	look(&rate, ring(0, 9), 600000, 1202);
	assert_true(rate.allowed_pps > cut * 1.09 && rate.allowed_pps < cut * 1.11);
}

static void test_rate_eases(void **state)
{
	struct sweep_rate rate = sweep_rate_of(1000, ms(0));
	uint64_t sent = 0;

	(void)state;
	for (int64_t t = 1; t <= 1000; t++)
		look(&rate, ring(0, t > 500), sent++, t);
	assert_true(rate.allowed_pps < 750);
	for (int64_t t = 1001; t <= 20000; t++)
		look(&rate, ring(0, 1), sent++, t);
	assert_true(rate.allowed_pps == 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log_times),   cmocka_unit_test(test_log_gap),
		cmocka_unit_test(test_log_forgets), cmocka_unit_test(test_redo),
		cmocka_unit_test(test_redo_full),   cmocka_unit_test(test_rate_holds),
		cmocka_unit_test(test_rate_cuts),  cmocka_unit_test(test_rate_eases),
	};

	return cmocka_run_group_tests_name("probe/sweep_log", tests, NULL, NULL);
}
