/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/out_of_range.h"

#define ROUND_S 60

/* COUNT rounds from *NOW_S on, each of which adds ADDED. The last step. */
static enum out_of_range_step play(struct out_of_range *range, unsigned count, int added,
				   uint32_t *now_s)
{
	enum out_of_range_step step = OUT_OF_RANGE_SAME;

	while (count-- > 0) {
		step = out_of_range_round(range, added, *now_s, *now_s + ROUND_S);
		*now_s += ROUND_S;
	}
	return step;
}

static void test_one_round_alone_never_enters(void **state)
{
	struct out_of_range range = {0};
	uint32_t now_s = 1000;

	(void)state;
	assert_int_equal(play(&range, 1, 100000, &now_s), OUT_OF_RANGE_SAME);
	assert_int_equal(play(&range, 1, -OUT_OF_RANGE_ROUND, &now_s), OUT_OF_RANGE_SAME);
	assert_int_equal(range.score, 0);
	assert_int_equal(play(&range, 3, 100000, &now_s), OUT_OF_RANGE_SAME);
	assert_false(range.is_out);
}

static void test_four_rounds_enter_since_the_first(void **state)
{
	struct out_of_range range = {0};
	uint32_t now_s = 1000;

	(void)state;
	(void)play(&range, 5, -10, &now_s);
	assert_int_equal(play(&range, 4, 1000, &now_s), OUT_OF_RANGE_ENTERED);
	assert_true(range.is_out);
	assert_int_equal(range.since_s, 1000 + 5 * ROUND_S);
	assert_int_equal(play(&range, 10, 1000, &now_s), OUT_OF_RANGE_SAME);
	assert_int_equal(range.since_s, 1000 + 5 * ROUND_S);
}

/* It is back since the first good round behind the last bad one. */
static void test_it_leaves_after_several_rounds(void **state)
{
	struct out_of_range range = {0};
	uint32_t now_s = 1000, back_s;

	(void)state;
	(void)play(&range, 10, 1000, &now_s);
	assert_int_equal(play(&range, 1, -40, &now_s), OUT_OF_RANGE_SAME);
	assert_int_equal(play(&range, 3, 50, &now_s), OUT_OF_RANGE_SAME);
	back_s = now_s;
	assert_int_equal(play(&range, 2, -40, &now_s), OUT_OF_RANGE_SAME);
	assert_int_equal(play(&range, 1, -40, &now_s), OUT_OF_RANGE_LEFT);
	assert_in_range(out_of_range_until(&range, now_s), back_s - 16, back_s);
	assert_false(range.is_out);
	assert_int_equal(range.score, 0);
}

/* More than 12 days are not kept in 16 bits: then it is back now. */
static void test_a_long_time_out_ends_now(void **state)
{
	struct out_of_range range = {0};
	uint32_t now_s = 1000;

	(void)state;
	(void)play(&range, 4, 1000, &now_s);
	now_s += 30 * 86400;
	assert_int_equal(play(&range, 2, -50, &now_s), OUT_OF_RANGE_LEFT);
	assert_int_equal(out_of_range_until(&range, now_s), now_s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_round_alone_never_enters),
		cmocka_unit_test(test_four_rounds_enter_since_the_first),
		cmocka_unit_test(test_it_leaves_after_several_rounds),
		cmocka_unit_test(test_a_long_time_out_ends_now),
	};

	return cmocka_run_group_tests_name("infer/out_of_range", tests, NULL, NULL);
}
