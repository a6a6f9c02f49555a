/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vantage/ledger/block/joint.h"

#define BLOCKS 3

static const struct roster_range all = {0, BLOCKS};

static struct bw_mono at(int64_t s)
{
	return (struct bw_mono){s * BW_S};
}

static void test_down_with_all_that_are_known(void **state)
{
	struct block blocks[BLOCKS] = {{.verdict = BW_DARK}, {.verdict = BW_FLAPPING, .down = 1}};

	(void)state;
	blocks[2].verdict = BW_UNKNOWN;
	assert_true(joint_is_down(blocks, all));
	block_set_condition(&blocks[2], BW_SUSPECT, true); /* doubted: it was up */
	assert_false(joint_is_down(blocks, all));
	blocks[2].verdict = BW_UP;
	assert_false(joint_is_down(blocks, all));
}

static void test_one_block_is_not_together(void **state)
{
	struct block blocks[BLOCKS] = {{.verdict = BW_DARK}};

	(void)state;
	blocks[1].verdict = blocks[2].verdict = BW_UNKNOWN;
	assert_false(joint_is_down(blocks, all));
}

static void test_outlasts_what_was_silent_together(void **state)
{
	struct infer_params params = infer_params_default();
	struct joint joint = {0};

	(void)state;
	joint_note(&joint, &params, 3, true, at(1000));
	assert_true(joint_is_dark(&joint, &params, at(1100))); /* never silent together before */
	joint_note(&joint, &params, 3, true, at(1010));        /* the same phase */
	joint_note(&joint, &params, 3, false, at(1100));
	assert_int_equal(joint.phases.longest_ns, 100 * BW_S);
	assert_false(joint_is_dark(&joint, &params, at(9000)));
	joint_note(&joint, &params, 3, true, at(1500));
	assert_false(joint_is_dark(&joint, &params, at(1900)));
	assert_true(joint_is_dark(&joint, &params, at(1901)));
}

/* The last of three blocks is found down twenty seconds after the last answer of any. */
static void test_silent_from_the_last_answer(void **state)
{
	struct infer_params params = infer_params_default();
	struct joint joint = {0};

	(void)state;
	joint_note(&joint, &params, 3, false, at(900));
	hearing_note(&joint.hearing, false, at(1000));
	joint_note(&joint, &params, 3, true, at(1020));
	assert_int_equal(joint.since.ns, 1000 * BW_S);
	hearing_note(&joint.hearing, true, at(1100)); /* an answer that is not confirmed */
	joint_note(&joint, &params, 3, true, at(1110));
	assert_int_equal(joint.since.ns, 1000 * BW_S);
	joint_note(&joint, &params, 3, false, at(1200));
	assert_int_equal(joint.phases.longest_ns, 200 * BW_S);
}

static void test_silences_add_up_until_one_answers(void **state)
{
	struct infer_params params = infer_params_rounds(1);
	struct joint joint = {0};

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		joint_missed(&joint, 3);
	joint_missed(&joint, -1);
	assert_true(joint_belief(&joint, &params) > -params.dark_nats);
	joint_missed(&joint, 3);
	assert_true(joint_belief(&joint, &params) <= -params.dark_nats);
	joint_forget(&joint);
	assert_true(joint_belief(&joint, &params) > 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_down_with_all_that_are_known),
		cmocka_unit_test(test_one_block_is_not_together),
		cmocka_unit_test(test_silences_add_up_until_one_answers),
		cmocka_unit_test(test_outlasts_what_was_silent_together),
		cmocka_unit_test(test_silent_from_the_last_answer),
	};

	return cmocka_run_group_tests_name("vantage/joint", tests, NULL, NULL);
}
