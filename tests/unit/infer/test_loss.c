/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/evidence/loss.h"

static struct bw_mono at(int64_t seconds)
{
	return (struct bw_mono){seconds * BW_S};
}

/* Half of three replies is chance; a line is called bad from more on. */
static void test_little_is_no_judgement(void **state)
{
	struct loss loss = {0};

	(void)state;
	assert_true(loss_delivered(&loss, at(0)) == 1);
	loss_count(&loss, 3, 2, at(1));
	assert_true(loss_delivered(&loss, at(1)) > 0.9F);
}

static void test_share_of_what_was_expected(void **state)
{
	struct loss loss = {0};

	(void)state;
	loss_count(&loss, 200, 80, at(100));
	assert_true(loss_delivered(&loss, at(100)) > 0.41F);
	assert_true(loss_delivered(&loss, at(100)) < 0.43F);
	loss_count(&loss, 4, 4, at(100));
	assert_true(loss_delivered(&loss, at(100)) < 0.45F);
}

static void test_better_than_expected_is_1_and_nothing_is_not_0(void **state)
{
	struct loss loss = {0};

	(void)state;
	loss_count(&loss, 10, 20, at(1));
	assert_true(loss_delivered(&loss, at(1)) == 1);
	loss = (struct loss){0};
	loss_count(&loss, 100, 0, at(1));
	assert_true(loss_delivered(&loss, at(1)) == 0.1F);
}

/* A bad ten seconds are forgotten after a minute, whether anything was counted since or not. */
static void test_the_past_fades(void **state)
{
	struct loss loss = {0};

	(void)state;
	loss_count(&loss, 20, 4, at(0));
	assert_true(loss_delivered(&loss, at(0)) < 0.5F);
	assert_true(loss_delivered(&loss, at(60)) > 0.95F);
	for (int64_t t = 5; t <= 60; t += 5)
		loss_count(&loss, 5, 5, at(t));
	assert_true(loss_delivered(&loss, at(60)) > 0.98F);
}

/* Counts of a quarter of an hour, of which more than half is left 20 minutes later. */
static void test_loss_that_lasts(void **state)
{
	struct loss loss = {0};

	(void)state;
	for (int64_t t = 0; t < 900; t += 60)
		loss_count_lasting(&loss, 5, 1, at(t));
	assert_true(loss_delivered_lasting(&loss, at(900)) < 0.3F);
	assert_true(loss_delivered_lasting(&loss, at(2100)) < 0.35F);
	assert_true(loss_delivered_lasting(&loss, at(86400)) > 0.99F);
	for (int64_t t = 900; t < 9000; t += 60)
		loss_count_lasting(&loss, 5, 5, at(t));
	assert_true(loss_delivered_lasting(&loss, at(9000)) > 0.97F);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_little_is_no_judgement),
		cmocka_unit_test(test_share_of_what_was_expected),
		cmocka_unit_test(test_better_than_expected_is_1_and_nothing_is_not_0),
		cmocka_unit_test(test_the_past_fades),
		cmocka_unit_test(test_loss_that_lasts),
	};

	return cmocka_run_group_tests_name("infer/loss", tests, NULL, NULL);
}
