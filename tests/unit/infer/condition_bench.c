/* SPDX-License-Identifier: Apache-2.0 */
#include "condition_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

uint8_t bench_part_of(uint16_t host)
{
	return (uint8_t)(host / 10);
}

int bench_setup(void **state)
{
	static struct bench bench;

	bench = (struct bench){.now = {BW_S}, .asked.answered = 1};
	condition_init(&bench.condition);
	block_init(&bench.block, HOSTS, true, bench.now);
	hotlist_init(&bench.block.hot, 0.95F, 0.9F);
	bench.block.verdict = BW_UP;
	for (uint16_t host = 0; host < 28; host += 4)
		(void)hotlist_add(&bench.block.hot, host, 0);
	evidence_begin(&bench.log, 5, 5 * BW_S);
	*state = &bench;
	return 0;
}

void bench_ask(struct bench *bench, uint16_t host, bool answered)
{
	bool hot = hotlist_has(&bench->block.hot, host);
	struct evidence piece = {.host = host,
				 .availability = hot ? 0.95F : 0.9F,
				 .part = bench_part_of(host)};
	int index = evidence_ask(&bench->log, &piece, bench->now);

	assert_true(index >= 0);
	evidence_sent(&bench->log, (unsigned)index, bench->now);
	evidence_settle(&bench->log, (unsigned)index, answered ? EVIDENCE_REPLY : EVIDENCE_SILENT);
	if (answered)
		observe_reply(&bench->condition, host, host == BORDER ? BORDER_TTL : USUAL_TTL,
			      RTT + host * 10 * BW_MS, RTT);
	bench->now = bw_mono_add(bench->now, 100 * BW_MS);
}

unsigned bench_end_round(struct bench *bench)
{
	observe_round(&bench->condition, &bench->evidence, &bench->block, &bench->log,
		      &bench->asked);
	if (condition_evidence_is_empty(&bench->evidence))
		bench->evidence = condition_evidence_none(&bench->condition);
	bench->now = bw_mono_add(bench->now, ROUND);
	evidence_begin(&bench->log, 5, 5 * BW_S);
	bench->asked.extra = 0;
	return bench->condition.conditions;
}

unsigned bench_all_answer(struct bench *bench, unsigned times)
{
	unsigned conditions = 0;

	for (unsigned i = 0; i < times * HOSTS; i++) {
		bench_ask(bench, (uint16_t)(i * 7 % HOSTS), true);
		conditions |= bench_end_round(bench);
	}
	return conditions;
}

unsigned bench_lose_upper_half(struct bench *bench, unsigned from, unsigned rounds)
{
	unsigned conditions = 0;

	for (unsigned i = from; i < from + rounds; i++) {
		bench_ask(bench, (uint16_t)(20 + i % 20), false);
		bench_ask(bench, (uint16_t)(i * 3 % 20), true);
		bench_ask(bench, (uint16_t)(i * 3 % 20 + 1), true);
		conditions = bench_end_round(bench);
	}
	return conditions;
}
