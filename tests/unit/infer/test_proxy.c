/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/condition/observe.h"
#include "infer/condition/proxy.h"

#include "condition_bench.h"

/* Everybody answers after the same time. */
static unsigned answer_alike(struct bench *bench, uint8_t ttl, bool listed, unsigned silent)
{
	unsigned conditions = 0;

	bench->asked.listed = listed;
	condition_init(&bench->condition);
	bench->evidence = condition_evidence_none(&bench->condition);
	evidence_begin(&bench->log, 5, 5 * BW_S);
	for (unsigned i = 1; i <= 200; i++) {
		uint16_t host = (uint16_t)(i % HOSTS);
		struct evidence piece = {.host = host,
					 .availability = 0.9F,
					 .part = bench_part_of(host)};
		bool answered = silent == 0 || i % silent;

		evidence_ask(&bench->log, &piece, bench->now);
		evidence_sent(&bench->log, 0, bench->now);
		evidence_settle(&bench->log, 0, answered ? EVIDENCE_REPLY : EVIDENCE_SILENT);
		if (answered)
			observe_reply(&bench->condition, host, ttl, RTT + i % 3 * BW_MS, RTT);
		conditions = bench_end_round(bench) & BW_PROXY;
	}
	return conditions;
}

static void test_proxy(void **state)
{
	assert_int_equal(answer_alike(*state, 250, true, 0), BW_PROXY);
	assert_int_equal(answer_alike(*state, 250, true, 60), BW_PROXY); /* a packet is lost */
	assert_int_equal(answer_alike(*state, 250, true, 8), 0);
	assert_int_equal(answer_alike(*state, 60, true, 0), 0); /* a rack of servers */
	assert_int_equal(answer_alike(*state, 60, false, 0), BW_PROXY);
}

static void test_proxy_ends(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(answer_alike(bench, 250, false, 0), BW_PROXY);
	for (uint16_t i = 0; i < 4; i++)
		bench_ask(bench, i, false);
	assert_int_equal(bench_end_round(bench), BW_PROXY);
	for (uint16_t i = 0; i < 6; i++)
		bench_ask(bench, i, false);
	assert_int_equal(bench_end_round(bench), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_proxy, bench_setup),
		cmocka_unit_test_setup(test_proxy_ends, bench_setup),
	};

	return cmocka_run_group_tests_name("infer/proxy", tests, NULL, NULL);
}
