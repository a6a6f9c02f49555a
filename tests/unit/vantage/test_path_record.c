/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vantage/path/path_record.h"

#define NEAR 2

struct bench {
	struct trace_hop hops[TRACE_TTL_MAX + 1];
	struct trace trace;
	struct hop_table table;
	struct baseline baseline;
	struct path_record record;
};

static struct bw_addr router(unsigned number)
{
	return bw_addr_from_v4(0xc6130000U + number);
}

/* A trace that met these routers, from TTL 1 on; 0: none answered. */
static void meet(struct bench *bench, const unsigned *routers, uint8_t count)
{
	const struct path_plan plan = {.privacy_ttl = NEAR};

	bench->trace = (struct trace){.hops = bench->hops, .last = count, .sent = count};
	for (uint8_t ttl = 1; ttl <= count; ttl++)
		bench->hops[ttl] = (struct trace_hop){
			.from = routers[ttl - 1] ? router(routers[ttl - 1]) : (struct bw_addr){0},
			.state = routers[ttl - 1] ? TRACE_HOP_KNOWN : TRACE_HOP_QUIET,
			.kind = routers[ttl - 1] ? TRACE_TIME_EXCEEDED : TRACE_SILENT,
			.reply = REPLY_TIME_EXCEEDED,
		};
	path_record_fill(&bench->record, &bench->trace, &bench->baseline, &bench->table, &plan);
}

/* The usual path is by routers 1, 2 and 3 to a destination at TTL 4. */
static void learn(struct bench *bench)
{
	struct path path = {.destination = router(99), .end = 4, .reached = true};

	for (unsigned ttl = 1; ttl < 4; ttl++)
		path.hops[ttl] = (struct path_hop){.from = router(ttl), .answer = PATH_PASSED};
	path.hops[4] = (struct path_hop){.from = path.destination, .answer = PATH_REPLIED};
	baseline_learn(&bench->baseline, &bench->table, &path, 1, (struct bw_mono){BW_S});
}

static void assert_hidden(const struct bench *bench, const char *wanted)
{
	for (uint8_t n = 0; wanted[n]; n++) {
		const struct record_trace_hop *hop = &bench->record.hops[n];

		assert_int_equal(hop->hidden, wanted[n] == 'h');
		assert_true(!hop->hidden || hop->from.family == 0);
	}
}

/* Hidden hops are hidden wherever a loop meets them. */
static void test_a_loop(void **state)
{
	const unsigned loop[] = {1, 2, 3, 2, 3};
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	meet(&bench, loop, 5);
	assert_hidden(&bench, "hh-h-");
	hop_table_fini(&bench.table);
}

/* So are those that the baseline has nearer, and no change names them. */
static void test_a_longer_path(void **state)
{
	const unsigned longer[] = {7, 8, 2, 0}, changed[] = {1, 2, 9, 0};
	struct bench bench = {.table = hop_table_of()};

	(void)state;
	learn(&bench);
	meet(&bench, longer, 4);
	assert_hidden(&bench, "hhh-");
	assert_int_equal(bench.record.trace.change_count, 0);
	meet(&bench, changed, 4);
	assert_hidden(&bench, "hh--");
	assert_int_equal(bench.record.trace.change_count, 1);
	hop_table_fini(&bench.table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_loop),
		cmocka_unit_test(test_a_longer_path),
	};

	return cmocka_run_group_tests_name("vantage/path_record", tests, NULL, NULL);
}
