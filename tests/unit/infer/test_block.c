/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/block.h"
#include "infer/evidence/belief.h"

#include "block_bench.h"

static void test_round_trip_of_the_penalty(void **state)
{
	struct block block;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	block_set_penalty(&block, 2.5F);
	assert_true(block_penalty(&block) == 2.5F);
	block_set_penalty(&block, 1e6F);
	assert_in_range(block_penalty(&block), 511, 512);
}

static void test_down_by_verdict_or_phase(void **state)
{
	struct block block;

	(void)state;
	block_init(&block, 1, true, ms(0));
	assert_true(block.conditions & BW_LONE);
	assert_false(block_is_down(&block));
	block.verdict = BW_DARK;
	assert_true(block_is_down(&block));
	block.verdict = BW_FLAPPING;
	assert_false(block_is_down(&block));
	block.down = 1;
	assert_true(block_is_down(&block));
}

/* In question: what was known stays; else it drifts, and at first it is the start's. */
static void test_a_log_begins_with_the_belief(void **state)
{
	struct infer_params params = infer_params_default();
	struct block block;
	struct evidence_log log;

	(void)state;
	params.start_nats = 3;
	block_init(&block, HOSTS, true, ms(0));
	block_begin(&block, &log, &params, 0, ms(5));
	assert_true(log.prior == 3);
	assert_int_equal(log.asked.ns, ms(5).ns);
	block.verdict = BW_UP;
	block.log_odds = -2;
	block_set_condition(&block, BW_SUSPECT, true);
	block_begin(&block, &log, &params, 600 * BW_S, ms(5));
	assert_true(log.prior == -2);
	assert_true(log.resumed);
	block.log_odds = 8;
	block_begin(&block, &log, &params, 600 * BW_S, ms(5));
	assert_true(log.prior < 8 && log.prior > 0);
}

/* A reply proves a block up that is not down: silences before it and beside it count no more. */
static void test_a_reply_outweighs_all_silences(void **state)
{
	const struct evidence probe = {.host = 1, .availability = 0.05F};
	struct block block;
	struct evidence_log log;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	block.verdict = BW_UP;
	evidence_begin(&log, -12, 5 * BW_S);
	for (unsigned i = 0; i < 3; i++) {
		(void)evidence_ask(&log, &probe, ms(i));
		evidence_sent(&log, i, ms(i));
		evidence_settle(&log, i, EVIDENCE_SILENT);
	}
	assert_true(block_belief(&block, &log) < -12);
	evidence_settle(&log, 1, EVIDENCE_REPLY);
	assert_true(belief_probability(block_belief(&block, &log)) > 0.99);
	block.verdict = BW_DARK; /* a second reply must confirm the first */
	assert_true(block_belief(&block, &log) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip_of_the_penalty),
		cmocka_unit_test(test_down_by_verdict_or_phase),
		cmocka_unit_test(test_a_log_begins_with_the_belief),
		cmocka_unit_test(test_a_reply_outweighs_all_silences),
	};

	return cmocka_run_group_tests_name("infer/block", tests, NULL, NULL);
}
