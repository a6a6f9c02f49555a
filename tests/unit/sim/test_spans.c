/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "sim/score/spans.h"

#define START_NS (1000 * BW_S) /* wall time at time 0 */

/* Takes an event of subject 0 to a verdict, decided at SECOND; undoes WITHDRAWS unless it is 0. */
static void take(struct spans *spans, enum bw_verdict to, int64_t second, uint64_t withdraws)
{
	struct bw_now now = {{second * BW_S}, {START_NS + second * BW_S}};
	struct record record = {.type = RECORD_EVENT};

	record.head.seq = (uint64_t)second;
	record.head.time = now.wall;
	record.event.to = to;
	record.event.detected = now.wall;
	record.event.latest = now.wall;
	record.event.confidence = .99;
	record.event.withdraws = withdraws;
	spans_take(spans, 0, &record, now);
}

static void test_an_outage_is_a_span(void **state)
{
	struct spans spans;
	(void)state;

	assert_int_equal(spans_init(&spans, 1), 0);
	take(&spans, BW_DARK, 10, 0);
	assert_int_equal(spans.count, 1);
	assert_false(spans.list[0].over);
	assert_int_equal(spans.list[0].from, 10 * BW_S);
	assert_int_equal(spans.list[0].start.earliest, INT64_MIN);
	assert_int_equal(spans.list[0].start.latest, 10 * BW_S);
	take(&spans, BW_UP, 30, 0);
	assert_int_equal(spans.count, 1);
	assert_true(spans.list[0].over);
	assert_int_equal(spans.list[0].to, 30 * BW_S);
	assert_int_equal(spans.list[0].after, BW_UP);
	spans_fini(&spans);
}

static void test_one_verdict_follows_another(void **state)
{
	struct spans spans;
	(void)state;

	assert_int_equal(spans_init(&spans, 1), 0);
	take(&spans, BW_UNKNOWN, 10, 0);
	take(&spans, BW_DARK, 20, 0);
	spans_sort(&spans);
	assert_int_equal(spans.count, 2);
	assert_int_equal(spans.list[0].verdict, BW_UNKNOWN);
	assert_int_equal(spans.list[0].to, 20 * BW_S);
	assert_int_equal(spans.list[0].after, BW_DARK);
	assert_int_equal(spans.list[1].to, INT64_MAX);
	spans_fini(&spans);
}

static void test_a_withdrawn_outage(void **state)
{
	struct spans spans;
	(void)state;

	assert_int_equal(spans_init(&spans, 1), 0);
	take(&spans, BW_DARK, 10, 0);
	take(&spans, BW_UP, 20, 10);
	assert_int_equal(spans.count, 1);
	assert_true(spans.list[0].withdrawn);
	assert_true(spans.list[0].over);
	spans_fini(&spans);
}

static void test_a_withdrawn_recovery(void **state)
{
	struct spans spans;
	(void)state;

	assert_int_equal(spans_init(&spans, 1), 0);
	take(&spans, BW_DARK, 10, 0);
	take(&spans, BW_UP, 20, 0);
	take(&spans, BW_DARK, 30, 20);
	assert_int_equal(spans.count, 1);
	assert_false(spans.list[0].withdrawn);
	assert_false(spans.list[0].over);
	assert_int_equal(spans.list[0].to, INT64_MAX);
	spans_fini(&spans);
}

/* Newest first, as withdrawals come: each span that followed another uncovers it. */
static void test_a_chain_of_withdrawals(void **state)
{
	struct spans spans;
	(void)state;

	assert_int_equal(spans_init(&spans, 1), 0);
	take(&spans, BW_DARK, 10, 0);
	take(&spans, BW_PARTLY_DARK, 20, 0);
	take(&spans, BW_DARK, 30, 20);
	assert_int_equal(spans.count, 2);
	assert_true(spans.list[1].withdrawn);
	assert_false(spans.list[0].withdrawn);
	assert_false(spans.list[0].over);
	assert_int_equal(spans.list[0].to, INT64_MAX);
	take(&spans, BW_UP, 31, 10);
	assert_true(spans.list[0].withdrawn);
	assert_true(spans.list[0].over);
	take(&spans, BW_DARK, 40, 0);
	assert_int_equal(spans.list[2].before, 0);
	spans_fini(&spans);
}

/* What was withdrawn and then ended is one outage. */
static void test_an_outage_goes_on_behind_a_withdrawn_part(void **state)
{
	struct spans spans;
	(void)state;

	assert_int_equal(spans_init(&spans, 1), 0);
	take(&spans, BW_PARTLY_DARK, 10, 0);
	take(&spans, BW_DARK, 20, 0);
	take(&spans, BW_PARTLY_DARK, 30, 20);
	take(&spans, BW_UP, 40, 0);
	assert_int_equal(spans.count, 2);
	assert_true(spans.list[1].withdrawn);
	assert_false(spans.list[0].withdrawn);
	assert_int_equal(spans.list[0].to, 40 * BW_S);
	assert_int_equal(spans.list[0].after, BW_UP);
	spans_fini(&spans);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_outage_is_a_span),
		cmocka_unit_test(test_one_verdict_follows_another),
		cmocka_unit_test(test_a_withdrawn_outage),
		cmocka_unit_test(test_a_withdrawn_recovery),
		cmocka_unit_test(test_a_chain_of_withdrawals),
		cmocka_unit_test(test_an_outage_goes_on_behind_a_withdrawn_part),
	};

	return cmocka_run_group_tests_name("sim/spans", tests, NULL, NULL);
}
