/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/evidence/line.h"

#define OUTAGE_NATS 13.2F /* what a block's evidence has to weigh for dark */

static struct bw_mono at(int64_t seconds)
{
	return (struct bw_mono){seconds * BW_S};
}

/* A block answered after so many SILENCES of good hosts. */
static void answer(struct line_belief *line, unsigned silences, int64_t seconds)
{
	struct line_evidence evidence = {0};

	for (unsigned i = 0; i < silences; i++)
		line_add_silence(&evidence, 0.95F);
	line_add_reply(&evidence);
	line_learn(line, &evidence, at(seconds));
}

static float share(const struct line_belief *line, int64_t seconds)
{
	float states[LINE_STATES];

	line_states(line, at(seconds), states);
	return line_mean_share(states);
}

/* What COUNT silences weigh together. */
static float weight(struct line_belief *line, unsigned count, int64_t seconds)
{
	float nats = 0;

	while (count-- > 0)
		nats += line_miss(line, 0.95F, at(seconds));
	return nats;
}

static void test_a_new_line_is_sound(void **state)
{
	struct line_belief line = {0};

	(void)state;
	assert_true(share(&line, 10) > 0.999F);
	assert_true(weight(&line, 4, 10) > 10);
	assert_true(line_share(0) == 1);
}

/* Onset of loss: two blocks are asked twice more before they answer. A third one is not dark. */
static void test_answers_after_silences_are_loss(void **state)
{
	struct line_belief line = {0};

	(void)state;
	for (int64_t t = 10; t < 3600; t += 10)
		answer(&line, 0, t);
	answer(&line, 2, 3600);
	answer(&line, 2, 3602);
	assert_true(weight(&line, 10, 3603) < OUTAGE_NATS);
}

/* An outage of one block beside others that answer at once: a few silences say so. */
static void test_prompt_answers_are_a_sound_line(void **state)
{
	struct line_belief line = {0};

	(void)state;
	for (int64_t t = 10; t < 3600; t += 10)
		answer(&line, 0, t);
	answer(&line, 1, 3600); /* one host went off */
	for (int64_t t = 3601; t < 3605; t++)
		answer(&line, 0, t);
	assert_true(share(&line, 3605) > 0.999F);
	assert_true(weight(&line, 8, 3605) > OUTAGE_NATS);
}

/* Three quarters are lost for hours: ten silences are nothing, eighty are an outage. */
static void test_a_lossy_line_is_known_and_ends(void **state)
{
	struct line_belief line = {0};

	(void)state;
	for (int64_t t = 60; t < 7200; t += 60)
		answer(&line, 3, t);
	assert_true(share(&line, 7200) < 0.4F);
	assert_true(weight(&line, 10, 7200) < 5);
	assert_true(weight(&line, 70, 7200) > OUTAGE_NATS - 5);
	for (int64_t t = 7260; t < 8400; t += 60)
		answer(&line, 0, t);
	assert_true(share(&line, 8400) > 0.99F);
}

/* What is pending weighs less and less, and is void when the vantage could not hear. */
/* Where answers are never delayed a few that are say much; where many are, they say nothing. */
static void test_delays_say_as_much_as_they_are_rare(void **state)
{
	struct line_belief calm = {0}, noisy = {0};

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		struct line_evidence evidence = {0};

		line_add_delay(&calm, &evidence, false);
		line_add_delay(&noisy, &evidence, i % 2 == 0);
	}
	for (unsigned i = 0; i < 3; i++) {
		struct line_evidence queue = {0}, noise = {0};

		line_add_delay(&calm, &queue, true);
		line_learn(&calm, &queue, at(100 + i));
		line_add_delay(&noisy, &noise, true);
		line_learn(&noisy, &noise, at(100 + i));
	}
	assert_true(share(&calm, 103) < 0.7F);
	assert_true(share(&noisy, 103) > 0.99F);
}

static void test_pending_silences(void **state)
{
	struct line_belief line = {0};
	float first, last;

	(void)state;
	first = line_miss(&line, 0.95F, at(10));
	(void)weight(&line, 12, 10);
	last = line_miss(&line, 0.95F, at(10));
	assert_true(last < first / 4);
	line_forget_pending(&line);
	assert_float_equal(line_miss(&line, 0.95F, at(10)), first, 0.01);
}

static void test_restored_from_counts(void **state)
{
	struct line_belief lossy = {0}, sound = {0};

	(void)state;
	line_restore(&lossy, 60, 15, at(100));
	assert_true(share(&lossy, 100) < 0.4F);
	line_restore(&sound, 60, 59, at(100));
	assert_true(share(&sound, 100) > 0.99F);
}

/* Probes of rounds before count by their sum; cold hosts say little. */
static void test_missing_and_cold(void **state)
{
	struct line_belief line = {0};
	struct line_evidence evidence = {0};

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		line_add_silence(&evidence, 0.05F);
	line_add_reply(&evidence);
	line_learn(&line, &evidence, at(10));
	assert_true(share(&line, 10) > 0.99F);
	line_add_missing(&evidence, 9);
	line_learn(&line, &evidence, at(20));
	assert_true(share(&line, 20) < 0.4F);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_new_line_is_sound),
		cmocka_unit_test(test_answers_after_silences_are_loss),
		cmocka_unit_test(test_prompt_answers_are_a_sound_line),
		cmocka_unit_test(test_a_lossy_line_is_known_and_ends),
		cmocka_unit_test(test_delays_say_as_much_as_they_are_rare),
		cmocka_unit_test(test_pending_silences),
		cmocka_unit_test(test_restored_from_counts),
		cmocka_unit_test(test_missing_and_cold),
	};

	return cmocka_run_group_tests_name("infer/line", tests, NULL, NULL);
}
