/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "collect/board/outages.h"

static void become(struct timeline *timeline, int64_t earliest_s, int64_t from_s,
		   enum bw_verdict verdict)
{
	const struct interval interval = {.from_ns = from_s * BW_S,
					  .decided_ns = from_s * BW_S,
					  .earliest_ns = earliest_s * BW_S,
					  .verdict = (uint8_t)verdict};

	assert_int_equal(timeline_add(timeline, &interval), 0);
}

static struct outage only(const struct timeline *timeline)
{
	struct outages outages = outages_from(timeline, 0);
	struct outage outage, other;

	assert_true(outages_next(&outages, &outage));
	assert_false(outages_next(&outages, &other));
	return outage;
}

/* The vantage was down when it came or went: the length is no surer than that. */
static void test_the_uncertainty_covers_the_returns(void **state)
{
	struct timeline timeline;
	struct outage outage, before;

	(void)state;
	timeline_init(&timeline);
	become(&timeline, 990, 1000, BW_DARK);
	become(&timeline, 36700, 37000, BW_UP);
	assert_int_equal(outage_uncertainty(&(struct outage){0}), 0);
	outage = only(&timeline);
	assert_int_equal(outage_uncertainty(&outage), 300 * BW_S);
	become(&timeline, 37000, 38200, BW_DARK);
	before = only(&timeline);
	assert_int_equal(before.return_count, 1);
	assert_int_equal(outage_uncertainty(&before), 1200 * BW_S); /* while it lasts, too */
	become(&timeline, 70980, 71000, BW_UP);
	outage = only(&timeline);
	assert_int_equal(outage_uncertainty(&outage), 1200 * BW_S);
	assert_false(outage_is_same(&outage, &before));
	become(&timeline, 71595, 71600, BW_DARK);
	become(&timeline, 109000, 111000, BW_UP);
	outage = only(&timeline);
	assert_int_equal(outage.return_count, 2);
	assert_int_equal(outage_uncertainty(&outage), 2000 * BW_S);
	timeline_fini(&timeline);
}

/* The last part ended at some time before the return began. */
static void test_a_return_that_began_unseen(void **state)
{
	struct timeline timeline;
	struct outage outage, narrow;

	(void)state;
	timeline_init(&timeline);
	become(&timeline, 990, 1000, BW_DARK);
	become(&timeline, 35000, 37000, BW_UP);
	become(&timeline, 34000, 38200, BW_DARK); /* it was seen back meanwhile */
	become(&timeline, 70980, 71000, BW_UP);
	outage = narrow = only(&timeline);
	assert_int_equal(outage_uncertainty(&outage), 2000 * BW_S);
	assert_true(outage_is_same(&outage, &narrow));
	narrow.returns_within_ns = 10 * BW_S;
	assert_false(outage_is_same(&outage, &narrow));
	timeline_fini(&timeline);
}

/* Another outage has nothing of it. */
static void test_the_next_outage_is_sure(void **state)
{
	struct timeline timeline;
	struct outages outages;
	struct outage outage;

	(void)state;
	timeline_init(&timeline);
	become(&timeline, 990, 1000, BW_DARK);
	become(&timeline, 35000, 37000, BW_UP);
	become(&timeline, 38190, 38200, BW_DARK);
	become(&timeline, 70980, 71000, BW_UP);
	become(&timeline, 199990, 200000, BW_DARK);
	become(&timeline, 239980, 240000, BW_UP);
	outages = outages_from(&timeline, 0);
	assert_true(outages_next(&outages, &outage));
	assert_true(outages_next(&outages, &outage));
	assert_int_equal(outage_uncertainty(&outage), 20 * BW_S);
	timeline_fini(&timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_uncertainty_covers_the_returns),
		cmocka_unit_test(test_a_return_that_began_unseen),
		cmocka_unit_test(test_the_next_outage_is_sure),
	};

	return cmocka_run_group_tests_name("collect/outages", tests, NULL, NULL);
}
