/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/evidence/silence.h"

static struct bw_mono at(int64_t seconds)
{
	return (struct bw_mono){seconds * BW_S};
}

/* One silence of a good host is not enough; the first of two is when it was dark. */
static void test_two_good_hosts(void **state)
{
	struct silence silence;

	(void)state;
	silence_init(&silence);
	silence_add(&silence, at(10), 1, 3.6F);
	assert_true(silence.sure.ns < 0);
	silence_add(&silence, at(20), 2, 3.6F);
	assert_int_equal(silence.sure.ns, at(10).ns);
	silence_add(&silence, at(30), 3, 3.6F);
	assert_int_equal(silence.sure.ns, at(10).ns);
	silence_add(&silence, at(40), 4, 3.6F);
	assert_int_equal(silence.sure.ns, at(30).ns);
}

/* Whatever the weights: what came at or after the bound weighs enough, and not too much. */
static void test_weight_behind_the_bound(void **state)
{
	struct silence silence;
	float weights[200], behind = 0;

	(void)state;
	silence_init(&silence);
	for (int64_t i = 0; i < 200; i++) {
		weights[i] = 0.1F + (float)(i * 37 % 29) / 10;
		silence_add(&silence, at(i), (uint16_t)(i % 32), weights[i]);
		if (silence.sure.ns < 0)
			continue;
		behind = 0;
		for (int64_t j = silence.sure.ns / BW_S; j <= i; j++)
			behind += weights[j];
		assert_true(behind >= SILENCE_SURE - 0.01F);
		assert_true(behind < 2 * SILENCE_SURE + 3);
	}
}

/* A lone host that is off says so again and again; it takes long to be believed. */
static void test_the_same_host_again(void **state)
{
	struct silence silence;
	unsigned needed = 0;

	(void)state;
	silence_init(&silence);
	while (silence.sure.ns < 0 && needed < 1000)
		silence_add(&silence, at(60 * needed++), 5, 3.1F);
	assert_in_range(needed, 77, 81); /* 3 an hour for what is missing to 7 */
	assert_int_equal(silence.sure.ns, at(0).ns);
}

/* Silences at 10, 20 ... 60 s, each two of which bound the end of the outage. */
static struct silence six_silences(void)
{
	struct silence silence;

	silence_init(&silence);
	for (uint16_t i = 1; i <= 6; i++)
		silence_add(&silence, at(10 * i), i, 3.6F);
	return silence;
}

static void test_a_late_answer_takes_back_what_rests_on_later_silences(void **state)
{
	struct silence silence = six_silences();

	(void)state;
	silence_take_back(&silence, at(61));
	assert_int_equal(silence.sure.ns, at(50).ns); /* all of them were before it */
	silence_take_back(&silence, at(60));
	assert_int_equal(silence.sure.ns, at(30).ns);
	silence_add(&silence, at(70), 7, 3.6F); /* not together with that of 60 s */
	assert_int_equal(silence.sure.ns, at(30).ns);
	silence_add(&silence, at(80), 8, 3.6F);
	assert_int_equal(silence.sure.ns, at(70).ns);
	assert_int_equal(silence.before.ns, at(30).ns);
}

static void test_an_answer_from_before_both_moments_leaves_none(void **state)
{
	struct silence silence = six_silences();

	(void)state;
	silence_take_back(&silence, at(30));
	assert_true(silence.sure.ns < 0);
	assert_true(silence.before.ns < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_good_hosts),
		cmocka_unit_test(test_weight_behind_the_bound),
		cmocka_unit_test(test_the_same_host_again),
		cmocka_unit_test(test_a_late_answer_takes_back_what_rests_on_later_silences),
		cmocka_unit_test(test_an_answer_from_before_both_moments_leaves_none),
	};

	return cmocka_run_group_tests_name("infer/silence", tests, NULL, NULL);
}
