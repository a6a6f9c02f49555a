/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "infer/merge/merge_bounds.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void assert_bounds(struct merge_bounds got, int64_t earliest_s, int64_t latest_s)
{
	assert_int_equal(got.earliest_ns, earliest_s * BW_S);
	assert_int_equal(got.latest_ns, latest_s * BW_S);
}

static void test_bounds_intersect(void **state)
{
	const struct merge_bounds list[] = {{100 * BW_S, 160 * BW_S},
					    {130 * BW_S, 190 * BW_S},
					    {90 * BW_S, 150 * BW_S}};

	(void)state;
	assert_bounds(merge_bounds_dark(list, 1), 100, 160);
	assert_bounds(merge_bounds_dark(list, COUNT(list)), 130, 150);
	/* The first answer comes at 150: the last silence before it was at 130. */
	assert_bounds(merge_bounds_back(list, COUNT(list), 150 * BW_S), 130, 150);
}

/* One vantage lost the block an hour before the last answer that another one got. */
static void test_who_lost_it_earlier_bounds_nothing(void **state)
{
	const struct merge_bounds list[] = {{100 * BW_S, 160 * BW_S},
					    {3700 * BW_S, 3760 * BW_S},
					    {3690 * BW_S, 3740 * BW_S}};

	(void)state;
	assert_bounds(merge_bounds_dark(list, COUNT(list)), 3700, 3740);
	/* That the silence of the others goes on says nothing of the first answer. */
	assert_bounds(merge_bounds_back(list, COUNT(list), 160 * BW_S), 100, 160);
}

static void test_clocks_that_differ_widen_the_bounds(void **state)
{
	const struct merge_bounds list[] = {{100 * BW_S, 110 * BW_S}, {140 * BW_S, 150 * BW_S}};
	const struct merge_bounds far[] = {{100 * BW_S, 110 * BW_S}, {171 * BW_S, 180 * BW_S}};

	(void)state;
	assert_bounds(merge_bounds_dark(list, COUNT(list)), 110, 150);
	assert_bounds(merge_bounds_dark(far, COUNT(far)), 171, 180);
}

static void test_a_return_without_a_silence_is_the_answer(void **state)
{
	const struct merge_bounds list[] = {{200 * BW_S, 210 * BW_S}};

	(void)state;
	assert_bounds(merge_bounds_back(NULL, 0, 150 * BW_S), 150, 150);
	assert_bounds(merge_bounds_back(list, 1, 150 * BW_S), 150, 150);
}

/* What happened lies in the bounds, whatever rounds the vantages have and in whatever order. */
static void test_the_truth_is_inside(void **state)
{
	struct rng rng = rng_of(1);

	(void)state;
	for (int story = 0; story < 2000; story++) {
		const int64_t truth = 100000 * BW_S + (int64_t)rng_below(&rng, 1000) * BW_S;
		struct merge_bounds list[8], dark, back;
		const size_t count = 1 + (size_t)rng_below(&rng, 8);
		int64_t answer = INT64_MAX, narrowest = INT64_MAX;

		for (size_t n = 0; n < count; n++) {
			const int64_t before = (int64_t)rng_below(&rng, 600) * BW_S;
			const int64_t behind = (int64_t)rng_below(&rng, 600) * BW_S;

			list[n] = (struct merge_bounds){truth - before, truth + behind};
			answer = list[n].latest_ns < answer ? list[n].latest_ns : answer;
			narrowest = before + behind < narrowest ? before + behind : narrowest;
		}
		dark = merge_bounds_dark(list, count);
		back = merge_bounds_back(list, count, answer);
		assert_true(dark.earliest_ns <= truth && truth <= dark.latest_ns);
		assert_true(back.earliest_ns <= truth && truth <= back.latest_ns);
		assert_true(dark.latest_ns - dark.earliest_ns <= narrowest);
	}
}

/* Clocks that are wrong by anything never turn the bounds round. */
static void test_no_start_behind_its_end(void **state)
{
	struct rng rng = rng_of(2);

	(void)state;
	for (int story = 0; story < 2000; story++) {
		struct merge_bounds list[8], dark, back;
		const size_t count = 1 + (size_t)rng_below(&rng, 8);
		int64_t answer = INT64_MAX;

		for (size_t n = 0; n < count; n++) {
			list[n].earliest_ns = (int64_t)rng_below(&rng, 600) * BW_S;
			list[n].latest_ns =
				list[n].earliest_ns + (int64_t)rng_below(&rng, 100) * BW_S;
			answer = list[n].latest_ns < answer ? list[n].latest_ns : answer;
		}
		dark = merge_bounds_dark(list, count);
		back = merge_bounds_back(list, count, answer);
		assert_true(dark.earliest_ns <= dark.latest_ns);
		assert_true(back.earliest_ns <= back.latest_ns);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds_intersect),
		cmocka_unit_test(test_who_lost_it_earlier_bounds_nothing),
		cmocka_unit_test(test_clocks_that_differ_widen_the_bounds),
		cmocka_unit_test(test_a_return_without_a_silence_is_the_answer),
		cmocka_unit_test(test_the_truth_is_inside),
		cmocka_unit_test(test_no_start_behind_its_end),
	};

	return cmocka_run_group_tests_name("infer/merge_bounds", tests, NULL, NULL);
}
