/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/merge/merge.h"

#define TELLS(verdict, upstream)               \
	{                                      \
		verdict, upstream, true, false \
	}
#define SILENT(verdict, upstream)               \
	{                                       \
		verdict, upstream, false, false \
	}
#define CUT_OFF(verdict, upstream)            \
	{                                     \
		verdict, upstream, true, true \
	}
#define MERGE(quorum, before, ...)                                                          \
	merge_votes(&(struct merge_rule){quorum}, (struct merge_vote[]){__VA_ARGS__},       \
		    sizeof((struct merge_vote[]){__VA_ARGS__}) / sizeof(struct merge_vote), \
		    before)

static void test_one_answer_is_a_veto(void **state)
{
	(void)state;
	assert_int_equal(
		MERGE(2, BW_DARK, TELLS(BW_DARK, 1), TELLS(BW_DARK, 2), TELLS(BW_UP, 3)).verdict,
		BW_UP);
	assert_true(MERGE(2, BW_UP, TELLS(BW_DARK, 1), TELLS(BW_UP, 3)).mixed);
	/* Also that of a vantage to which all else is dark; not that of one that is not fresh. */
	assert_int_equal(MERGE(1, BW_DARK, TELLS(BW_DARK, 1), CUT_OFF(BW_UP, 3)).verdict, BW_UP);
	assert_int_equal(MERGE(1, BW_DARK, TELLS(BW_DARK, 1), SILENT(BW_UP, 3)).verdict, BW_DARK);
}

static void test_dark_takes_a_quorum_of_networks(void **state)
{
	struct merge_result result;

	(void)state;
	result = MERGE(2, BW_UP, TELLS(BW_DARK, 1), TELLS(BW_DARK, 1));
	assert_int_equal(result.verdict, BW_UNKNOWN);
	assert_true(result.lacks_quorum);
	result = MERGE(2, BW_UP, TELLS(BW_DARK, 1), TELLS(BW_DARK, 2), SILENT(BW_UP, 3));
	assert_int_equal(result.verdict, BW_DARK);
	assert_int_equal(result.upstreams, 2);
	assert_false(result.lacks_quorum);
	assert_int_equal(MERGE(1, BW_UP, TELLS(BW_DARK, 1)).verdict, BW_DARK);
	/* One that cannot tell is no voice. */
	assert_int_equal(MERGE(2, BW_UP, TELLS(BW_DARK, 1), TELLS(BW_UNKNOWN, 2)).verdict,
			 BW_UNKNOWN);
}

static void test_darkness_of_who_is_cut_off_does_not_count(void **state)
{
	(void)state;
	assert_int_equal(MERGE(1, BW_UP, CUT_OFF(BW_DARK, 1)).verdict, BW_UP);
	assert_int_equal(MERGE(1, BW_DARK, CUT_OFF(BW_DARK, 1)).verdict, BW_DARK);
	assert_false(MERGE(1, BW_UP, CUT_OFF(BW_DARK, 1), TELLS(BW_UP, 2)).mixed);
	assert_int_equal(MERGE(2, BW_UP, CUT_OFF(BW_DARK, 1), TELLS(BW_DARK, 2)).verdict, BW_UP);
}

static void test_nobody_knows(void **state)
{
	(void)state;
	assert_int_equal(MERGE(1, BW_DARK, SILENT(BW_DARK, 1)).verdict, BW_UNKNOWN);
	assert_int_equal(MERGE(1, BW_DARK, TELLS(BW_UNKNOWN, 1)).verdict, BW_UNKNOWN);
	assert_int_equal(MERGE(1, BW_UP, TELLS(BW_FLAPPING, 1), TELLS(BW_DARK, 2)).verdict,
			 BW_FLAPPING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_answer_is_a_veto),
		cmocka_unit_test(test_dark_takes_a_quorum_of_networks),
		cmocka_unit_test(test_darkness_of_who_is_cut_off_does_not_count),
		cmocka_unit_test(test_nobody_knows),
	};

	return cmocka_run_group_tests_name("infer/merge", tests, NULL, NULL);
}
