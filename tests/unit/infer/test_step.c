/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/err.h>

#include "infer/evidence/follow_up.h"
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

/* Asks silent hosts in a log that wants BREADTH of HOSTS; *RET_SENT: how many probes. */
static unsigned hosts_asked_before_dark(uint16_t hosts, uint8_t breadth, unsigned *ret_sent)
{
	const struct infer_params params = infer_params_default();
	struct block block;
	struct evidence_log log;
	struct step step = {0};
	bool asked[64] = {false};
	unsigned count = 0;

	block_init(&block, hosts, true, ms(0));
	hotlist_init(&block.hot, 0.97F, 0.05F);
	evidence_begin(&log, 0, params.confirm_ns);
	log.breadth = breadth;
	log.asked = ms(0);
	for (int64_t t = 0; t < 15000 && step.kind != STEP_DARK; t += 10) {
		struct evidence piece = {.availability = 0.97F};
		unsigned at = log.count;

		step = step_next(&block, &log, &params, ms(t));
		if (step.kind != STEP_ASK)
			continue;
		piece.host = step.host;
		log.widened += follow_up_is_widening(&log, &params, hosts);
		assert_int_equal(evidence_ask(&log, &piece, ms(t)), at);
		evidence_sent(&log, at, ms(t));
		evidence_settle(&log, at, EVIDENCE_SILENT);
		count += !asked[step.host];
		asked[step.host] = true;
	}
	assert_int_equal(step.kind, STEP_DARK);
	assert_true(bw_mono_since(log.asked, log.opened) < 8 * BW_S);
	*ret_sent = log.count;
	return count;
}

/* One check asks each listed host before it says dark; those that answer most often confirm. */
static void test_all_hosts_are_asked_before_dark(void **state)
{
	unsigned sent;

	(void)state;
	assert_int_equal(hosts_asked_before_dark(12, 0, &sent), 6);
	assert_int_equal(hosts_asked_before_dark(12, 12, &sent), 12);
	assert_int_equal(sent, 12);
	assert_int_equal(hosts_asked_before_dark(6, 6, &sent), 6);
	assert_int_equal(sent, 6);
	assert_int_equal(hosts_asked_before_dark(4, 4, &sent), 4);
	assert_int_equal(sent, 6);
	assert_int_equal(hosts_asked_before_dark(60, EVIDENCE_MAX, &sent), EVIDENCE_MAX);
	assert_int_equal(sent, EVIDENCE_MAX);
}

/* Two hot hosts among cold ones that hardly ever answer: the third probe. */
static uint16_t third_host(bool doubted)
{
	const struct infer_params params = infer_params_rounds(1);
	struct block block;
	struct evidence_log log;
	struct step step = {0};

	block_init(&block, 40, true, ms(0));
	block.verdict = BW_UP;
	hotlist_init(&block.hot, 0.9F, 0.1F);
	(void)hotlist_add(&block.hot, 3, 0);
	(void)hotlist_add(&block.hot, 5, 0);
	if (doubted)
		hotlist_doubt_all(&block.hot);
	evidence_begin(&log, 5, params.confirm_ns);
	for (unsigned i = 0; i < 3; i++) {
		const struct bw_mono now = ms(10000 * (int64_t)i);
		struct evidence piece = {.availability = 0.2F};

		step = step_next(&block, &log, &params, now);
		assert_int_equal(step.kind, STEP_ASK);
		piece.host = step.host;
		assert_int_equal(evidence_ask(&log, &piece, now), i);
		evidence_sent(&log, i, now);
		evidence_settle(&log, i, EVIDENCE_SILENT);
	}
	return step.host;
}

static void test_hot_hosts_are_asked_once_more_unless_all_were_silent_before(void **state)
{
	(void)state;
	assert_in_set(third_host(false), ((const uintmax_t[]){3, 5}), 2);
	assert_not_in_set(third_host(true), ((const uintmax_t[]){3, 5}), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_hosts_are_asked_before_dark),
		cmocka_unit_test(test_hot_hosts_are_asked_once_more_unless_all_were_silent_before),
		cmocka_unit_test(test_unknown_and_silent_is_never_seen),
		cmocka_unit_test(test_prohibited_from_inside_is_filtered_not_dark),
		cmocka_unit_test(test_prohibited_from_outside_is_silence),
		cmocka_unit_test(test_unreachable_is_silence),
		cmocka_unit_test(test_voids_are_no_evidence),
	};

	return cmocka_run_group_tests_name("infer/step", tests, NULL, NULL);
}
