/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/evidence/belief.h"
#include "infer/learn.h"
#include "infer/verdict.h"

#include "block_bench.h"

static void test_known_and_silent_is_dark(void **state)
{
	struct block block;
	struct evidence_log log;
	struct verdict_change change;
	struct step step;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	step = block_bench_play(&block, &log, (struct outcome){.kind = OUTCOME_TIMEOUT});
	assert_int_equal(step.kind, STEP_DARK);
	assert_true(block_bench_decide(&block, &log, BW_DARK, 10000, &change));
	assert_int_equal(change.from, BW_UNKNOWN);
	assert_int_equal(change.to, BW_DARK);
	assert_int_equal(block.since.ns, 0);
	assert_false(block_bench_decide(&block, &log, BW_DARK, 11000, &change));
}

static void test_a_reply_is_proof(void **state)
{
	struct infer_params params = infer_params_default();
	struct block block;
	struct evidence_log log;
	struct verdict_change change;
	struct outcome outcome;

	(void)state;
	block_init(&block, 1, true, ms(0));
	(void)block_bench_play(&block, &log, (struct outcome){.kind = OUTCOME_TIMEOUT});
	outcome = block_bench_outcome_of(&log, 2, OUTCOME_REPLY);
	assert_true(learn_outcome(&block, &log, 2, &outcome));
	assert_true(block_bench_decide(&block, &log, BW_UP, 12000, &change));
	assert_int_equal(block.since.ns, log.list[2].sent.ns);
	assert_true(block.conditions & BW_LONE);
	assert_int_equal(step_next(&block, &log, &params, ms(12000)).kind, STEP_UP);
}

/* Three transitions at once make it flap. It turns dark when it is down for longer than that. */
static void test_flapping_and_out_of_it(void **state)
{
	struct infer_params params = infer_params_default();
	struct block block;
	struct verdict_change change;
	struct verdict_decision up = {.to = BW_UP, .latest = ms(200)};
	struct verdict_decision dark = {.to = BW_DARK, .latest = ms(100)};

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	assert_true(verdict_decide(&block, &up, &params, ms(0), &change));
	assert_true(verdict_decide(&block, &dark, &params, ms(100), &change));
	assert_true(verdict_decide(&block, &up, &params, ms(200), &change));
	dark.latest = ms(300);
	assert_true(verdict_decide(&block, &dark, &params, ms(300), &change));
	assert_int_equal(change.to, BW_FLAPPING);
	assert_true(block_is_down(&block));
	assert_false(verdict_settle(&block, &params, 10 * BW_S, ms(10300), &change));
	assert_true(verdict_settle(&block, &params, 10 * BW_S, ms(10301), &change));
	assert_int_equal(change.from, BW_FLAPPING);
	assert_int_equal(change.to, BW_DARK);
	assert_int_equal(change.onset, BW_ONSET_UNSTABLE);
	assert_int_equal(block.since.ns, ms(300).ns);
}

static void test_withdrawn(void **state)
{
	struct infer_params params = infer_params_default();
	struct verdict_decision dark = {.to = BW_DARK, .latest = ms(1000)};
	struct outcome reply = {.kind = OUTCOME_REPLY, .sent = ms(1500)};
	struct verdict_change change;
	struct block block;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	hotlist_init(&block.hot, 0.9F, 0.5F);
	block.verdict = BW_UP;
	assert_true(verdict_decide(&block, &dark, &params, ms(1000), &change));
	assert_true(block_penalty(&block) == 1);
	verdict_withdraw(&block, &reply);
	assert_int_equal(block.verdict, BW_UP);
	assert_int_equal(block.last_answer.ns, ms(1500).ns);
	assert_true(block_penalty(&block) == 0);
	assert_true(block.log_odds >= BELIEF_PROVEN);
}

static void test_suspicion_is_cleared(void **state)
{
	struct infer_params params = infer_params_default();
	struct block block;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	block.verdict = BW_UP;
	block.log_odds = -3;
	verdict_clear_suspicion(&block, &params);
	assert_true(block.log_odds == -3);
	block_set_condition(&block, BW_SUSPECT, true);
	verdict_clear_suspicion(&block, &params);
	assert_true(block.log_odds == params.start_nats);
	assert_false(block.conditions & BW_SUSPECT);
}

/* Up, silent for too long, dark: one change from up, which what needs answers ends with. */
static void test_a_doubted_block_changes_from_up(void **state)
{
	const struct verdict_decision doubt = {.to = BW_UNKNOWN, .doubts = true};
	const struct verdict_decision dark = {.to = BW_DARK}, up = {.to = BW_UP};
	struct infer_params params = infer_params_default();
	struct verdict_change change;
	struct block block;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	assert_false(block_is_doubted(&block));
	block.verdict = BW_UP;
	block_set_condition(&block, BW_DEGRADED, true);
	assert_true(verdict_decide(&block, &doubt, &params, ms(0), &change));
	assert_true(block_is_doubted(&block));
	assert_false(verdict_decide(&block, &up, &params, ms(0), &change));
	assert_int_equal(block.verdict, BW_UP);
	assert_true(block_penalty(&block) == 0);
	assert_true(verdict_decide(&block, &doubt, &params, ms(0), &change));
	assert_true(verdict_decide(&block, &dark, &params, ms(0), &change));
	assert_int_equal(change.from, BW_UP);
	assert_true(block_penalty(&block) == 1);
	assert_int_equal(block.conditions, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_and_silent_is_dark),
		cmocka_unit_test(test_a_reply_is_proof),
		cmocka_unit_test(test_flapping_and_out_of_it),
		cmocka_unit_test(test_withdrawn),
		cmocka_unit_test(test_suspicion_is_cleared),
		cmocka_unit_test(test_a_doubted_block_changes_from_up),
	};

	return cmocka_run_group_tests_name("infer/verdict", tests, NULL, NULL);
}
