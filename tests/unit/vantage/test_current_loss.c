/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vantage/ledger/fitness/current_loss.h"

/* Without a count, 8 replies are assumed of 8: loss counts against these. */
#define PRIOR 8

static const struct loss no_references = {0};

static struct bw_mono at(double seconds)
{
	return (struct bw_mono){1000 * BW_S + (int64_t)(seconds * (double)BW_S)};
}

static struct current_loss setup(void)
{
	struct current_loss loss;

	assert_int_equal(current_loss_init(&loss, 2), 0);
	return loss;
}

static struct evidence_log round_of(unsigned replies, unsigned silent, float availability)
{
	struct evidence_log x;

	evidence_begin(&x, 0, 5 * BW_S);
	for (unsigned i = 0; i < replies + silent; i++)
		x.list[x.count++] = (struct evidence){
			.availability = availability,
			.state = i < replies ? EVIDENCE_REPLY : EVIDENCE_SILENT,
		};
	return x;
}

static struct current_loss_of block_of(uint32_t target, unsigned way)
{
	return (struct current_loss_of){target, way};
}

static float delivered(const struct current_loss *loss, uint32_t target, double seconds)
{
	return current_loss_delivered(loss, &no_references, block_of(target, 0), at(seconds));
}

static void test_all_arrives_while_nothing_is_known(void **state)
{
	struct current_loss loss = setup();

	(void)state;
	assert_float_equal(delivered(&loss, 0, 0), 1, 0);
	current_loss_fini(&loss);
}

static void test_replies_are_compared_with_those_that_were_expected(void **state)
{
	const struct evidence_log half = round_of(8, 8, 0.5F), all = round_of(4, 4, 1);
	struct current_loss loss = setup();

	(void)state;
	/* 8 of 8: these hosts answer half the time */
	current_loss_count(&loss, block_of(0, 0), &half, at(0));
	assert_float_equal(delivered(&loss, 0, 0), 1, 0);
	current_loss_count(&loss, block_of(0, 0), &all, at(0)); /* 4 of 8 */
	assert_float_equal(delivered(&loss, 0, 0), (12.0F + PRIOR) / (16 + PRIOR), 0.001);
	current_loss_fini(&loss);
}

static void test_a_round_without_an_answer_says_nothing_about_loss(void **state)
{
	const struct evidence_log silent = round_of(0, 20, 1);
	struct current_loss loss = setup();

	(void)state;
	current_loss_count(&loss, block_of(0, 0), &silent, at(0));
	assert_float_equal(delivered(&loss, 0, 0), 1, 0);
	current_loss_fini(&loss);
}

static void test_probes_that_were_not_sent_or_say_nothing_are_not_expected(void **state)
{
	struct evidence_log x = round_of(1, 0, 1);
	struct current_loss loss = setup();

	(void)state;
	x.list[x.count++] = (struct evidence){.availability = 1, .state = EVIDENCE_VOID};
	x.list[x.count++] = (struct evidence){.availability = 1, .state = EVIDENCE_NEUTRAL};
	x.list[x.count++] = (struct evidence){.availability = 1, .state = EVIDENCE_QUEUED};
	current_loss_count(&loss, block_of(0, 0), &x, at(0));
	assert_float_equal(loss.all[0].expected, 1, 0);
	x.list[x.count++] = (struct evidence){.availability = 1, .state = EVIDENCE_WAITING};
	current_loss_count(&loss, block_of(0, 0), &x, at(0));
	assert_float_equal(loss.all[0].expected, 3, 0);
	current_loss_fini(&loss);
}

static void test_loss_of_one_target_weighs_less_on_another(void **state)
{
	const struct evidence_log lossy = round_of(4, 12, 1), fine = round_of(20, 0, 1);
	struct current_loss loss = setup();

	(void)state;
	current_loss_count(&loss, block_of(0, 0), &lossy, at(0));
	for (unsigned i = 0; i < 3; i++)
		current_loss_count(&loss, block_of(1, 0), &fine, at(0));
	assert_float_equal(delivered(&loss, 0, 0), (4.0F + PRIOR) / (16 + PRIOR), 0.001);
	assert_float_equal(delivered(&loss, 1, 0), (64.0F + PRIOR) / (76 + PRIOR), 0.001);
	current_loss_fini(&loss);
}

static void test_loss_of_one_way_says_nothing_of_another(void **state)
{
	const struct evidence_log lossy = round_of(4, 12, 1);
	struct current_loss loss = setup();

	(void)state;
	current_loss_count(&loss, block_of(0, 0), &lossy, at(0));
	current_loss_count_control(&loss, 0, 20, false, at(0));
	assert_float_equal(current_loss_delivered(&loss, &no_references, block_of(1, 1), at(0)), 1,
			   0);
	current_loss_forget(&loss, 1, at(0));
	assert_true(delivered(&loss, 1, 0) < 0.8F);
	current_loss_fini(&loss);
}

static void test_the_worst_of_controls_and_references_counts(void **state)
{
	const struct loss references = {.expected = 8, .replied = 0, .counted = at(0)};
	struct current_loss loss = setup();

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		current_loss_count_control(&loss, 0, 1, i > 0, at(0)); /* one of four is lost */
	assert_float_equal(delivered(&loss, 1, 0), 11.0F / 12, 0.001);
	assert_float_equal(current_loss_delivered(&loss, &references, block_of(1, 0), at(0)), 0.5F,
			   0.001);
	current_loss_fini(&loss);
}

static void test_counts_fade_with_a_half_life_of_ten_seconds(void **state)
{
	const struct evidence_log lossy = round_of(1, 16, 1);
	struct current_loss loss = setup();

	(void)state;
	current_loss_count(&loss, block_of(0, 0), &lossy, at(0));
	assert_float_equal(delivered(&loss, 0, 10), (0.5F + PRIOR) / (8.5F + PRIOR), 0.001);
	assert_float_equal(delivered(&loss, 0, 600), 1, 0.001);
	current_loss_fini(&loss);
}

static void test_less_than_85_percent_is_bad(void **state)
{
	(void)state;
	assert_true(current_loss_is_bad(0.84F));
	assert_false(current_loss_is_bad(0.86F));
}

static void test_forgetting_leaves_no_loss(void **state)
{
	const struct evidence_log lossy = round_of(1, 20, 1);
	struct current_loss loss = setup();

	(void)state;
	current_loss_count(&loss, block_of(0, 0), &lossy, at(0));
	current_loss_count(&loss, block_of(1, 0), &lossy, at(0));
	current_loss_count_control(&loss, 0, 1, false, at(0));
	current_loss_forget(&loss, 0, at(1));
	assert_float_equal(delivered(&loss, 0, 1), 1, 0);
	assert_float_equal(delivered(&loss, 1, 1), 1, 0);
	current_loss_fini(&loss);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_arrives_while_nothing_is_known),
		cmocka_unit_test(test_replies_are_compared_with_those_that_were_expected),
		cmocka_unit_test(test_a_round_without_an_answer_says_nothing_about_loss),
		cmocka_unit_test(test_probes_that_were_not_sent_or_say_nothing_are_not_expected),
		cmocka_unit_test(test_loss_of_one_target_weighs_less_on_another),
		cmocka_unit_test(test_loss_of_one_way_says_nothing_of_another),
		cmocka_unit_test(test_the_worst_of_controls_and_references_counts),
		cmocka_unit_test(test_counts_fade_with_a_half_life_of_ten_seconds),
		cmocka_unit_test(test_less_than_85_percent_is_bad),
		cmocka_unit_test(test_forgetting_leaves_no_loss),
	};

	return cmocka_run_group_tests_name("vantage/current_loss", tests, NULL, NULL);
}
