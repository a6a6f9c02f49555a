/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/learn.h"

#include "block_bench.h"

static void test_an_outcome_of_another_probe_is_not_taken(void **state)
{
	struct block block;
	struct evidence_log log;
	struct outcome outcome;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	(void)block_bench_play(&block, &log, (struct outcome){.kind = OUTCOME_TIMEOUT});
	outcome = block_bench_outcome_of(&log, 1, OUTCOME_REPLY);
	assert_false(learn_outcome(&block, &log, 2, &outcome));
	assert_false(learn_outcome(&block, &log, EVIDENCE_MAX, &outcome));
}

static void test_tcp_where_icmp_is_silent(void **state)
{
	struct block block;
	struct evidence_log log;
	struct outcome outcome;

	(void)state;
	block_init(&block, 1, true, ms(0));
	(void)block_bench_play(&block, &log, (struct outcome){.kind = OUTCOME_TIMEOUT});
	outcome = block_bench_outcome_of(&log, 1, OUTCOME_REPLY);
	outcome.probe.method = (struct bw_method){BW_PROTOCOL_TCP, 443};
	outcome.reply = REPLY_SYN_ACK;
	learn_outcome(&block, &log, 1, &outcome);
	assert_true(block.conditions & BW_ICMP_FILTERED);
}

/* A dark block asks another host each time, also when the hour has no probe for each round. */
static void test_dark_block_rotates_hosts(void **state)
{
	struct block block;
	struct evidence_log log;
	struct verdict_change change;
	unsigned start;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	for (uint16_t host = 0; host < HOSTS; host++)
		(void)hotlist_add(&block.hot, host, 0);
	(void)block_bench_play(&block, &log, (struct outcome){.kind = OUTCOME_TIMEOUT});
	assert_true(block_bench_decide(&block, &log, BW_DARK, 60000, &change));
	start = block.hot.start;
	evidence_begin(&log, 0, infer_params_default().confirm_ns);
	learn_round(&block, &log, ms(61000));
	assert_int_equal(block.hot.start, start);
	(void)evidence_ask(&log, &(struct evidence){.host = 1, .availability = 0.9F}, ms(62000));
	evidence_sent(&log, 0, ms(62000));
	evidence_settle(&log, 0, EVIDENCE_SILENT);
	learn_round(&block, &log, ms(65000));
	assert_int_equal(block.hot.start, start + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_outcome_of_another_probe_is_not_taken),
		cmocka_unit_test(test_tcp_where_icmp_is_silent),
		cmocka_unit_test(test_dark_block_rotates_hosts),
	};

	return cmocka_run_group_tests_name("infer/learn", tests, NULL, NULL);
}
