/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/err.h>

#include "infer/step.h"

#include "block_bench.h"

static void test_unknown_and_silent_is_never_seen(void **state)
{
	struct block block;
	struct evidence_log log;
	struct step step;

	(void)state;
	block_init(&block, HOSTS, false, ms(0));
	step = block_bench_play(&block, &log, (struct outcome){.kind = OUTCOME_TIMEOUT});
	assert_int_equal(step.kind, STEP_UNDECIDED);
	assert_int_equal(step.reasons, BW_WHY_NEVER_SEEN);
}

/* The router at NUMBER says prohibited of a host at 198.18.0.1. */
static struct outcome prohibited_by(uint32_t number)
{
	return (struct outcome){
		.kind = OUTCOME_ERROR,
		.reply = REPLY_PROHIBITED,
		.probe.dst = bw_addr_from_v4(0xc6120001),
		.from = bw_addr_from_v4(number),
	};
}

static void test_prohibited_from_inside_is_filtered_not_dark(void **state)
{
	struct block block;
	struct evidence_log log;
	struct step step;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	step = block_bench_play(&block, &log, prohibited_by(0xc61200fe));
	assert_int_equal(step.kind, STEP_UNDECIDED);
	assert_int_equal(step.reasons, BW_WHY_FILTERED);
	assert_true(block.conditions & BW_FILTERED);
}

static void test_prohibited_from_outside_is_silence(void **state)
{
	struct block block;
	struct evidence_log log;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	assert_int_equal(block_bench_play(&block, &log, prohibited_by(0xc61201fe)).kind, STEP_DARK);
	assert_false(block.conditions & BW_FILTERED);
}

static void test_unreachable_is_silence(void **state)
{
	struct block block;
	struct evidence_log log;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	assert_int_equal(block_bench_play(&block, &log,
					  (struct outcome){.kind = OUTCOME_ERROR,
							   .reply = REPLY_HOST_UNREACHABLE})
				 .kind,
			 STEP_DARK);
}

static void test_voids_are_no_evidence(void **state)
{
	struct block block;
	struct evidence_log log;
	struct step step;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	step = block_bench_play(&block, &log,
				(struct outcome){.kind = OUTCOME_VOID, .status = BW_ERR_NO_ROUTE});
	assert_int_equal(step.kind, STEP_UNDECIDED);
	assert_int_equal(step.reasons, BW_WHY_NO_ROUTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown_and_silent_is_never_seen),
		cmocka_unit_test(test_prohibited_from_inside_is_filtered_not_dark),
		cmocka_unit_test(test_prohibited_from_outside_is_silence),
		cmocka_unit_test(test_unreachable_is_silence),
		cmocka_unit_test(test_voids_are_no_evidence),
	};

	return cmocka_run_group_tests_name("infer/step", tests, NULL, NULL);
}
