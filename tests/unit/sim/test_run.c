/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "report/record/decode.h"
#include "report/record/encode.h"
#include "sim/run/run.h"
#include "simulation_of.h"

#define WORLD                                                                                \
	STAGE_HEAD "\"seed\": 7, \"duration\": \"3h\", \"world\": {\"rtt_tail\": \"20ms\", " \
		   "\"rtt_sigma\": 1, \"line\": {\"loss\": 0.05}}, " STAGE_LAND              \
		   ", \"vantage\": {\"round\": \"20s\", \"probes_per_hour\": 300}, "         \
		   "\"faults\": [{\"subject\": \"198.18.2.0/24\", \"at\": \"1h\", \"for\": " \
		   "\"1h\"}]}"

struct tape {
	uint64_t hash, records, events, probes;
	int64_t last_ns;
};

/* A record that a simulation writes can be decoded, and is the same when encoded again. */
static void check_decode(const char *line, int length)
{
	struct record_memory memory = {0};
	char copy[RECORD_LINE_MAX];
	struct record record;

	assert_int_equal(record_decode(line, (size_t)length, "tape", &memory, &record, NULL), 0);
	assert_int_equal(record_encode(&record, copy, sizeof(copy)), length);
	assert_memory_equal(copy, line, (size_t)length);
	record_memory_fini(&memory);
}

static void put_record(void *self, const struct record *record, struct bw_now now)
{
	char line[RECORD_LINE_MAX];
	struct tape *tape = self;
	int length = record_encode(record, line, sizeof(line));

	assert_true(length > 0);
	check_decode(line, length);
	assert_true(now.mono.ns >= tape->last_ns);
	assert_int_equal(record->head.seq, ++tape->records);
	tape->last_ns = now.mono.ns;
	tape->events += record->type == RECORD_EVENT;
	for (int i = 0; i < length; i++) /* FNV-1a */
		tape->hash = (tape->hash ^ (uint8_t)line[i]) * UINT64_C(0x100000001b3);
}

static void put_probe(void *self, const struct bw_addr *to, struct bw_mono at)
{
	struct tape *tape = self;

	assert_int_equal(bw_addr_to_v4(to) >> 16, 0xc612);
	assert_true(at.ns >= 0);
	tape->probes++;
}

static struct tape play(uint64_t seed, int64_t until_ns)
{
	struct run_options options = {until_ns, {put_record, put_probe, NULL}};
	struct tape tape = {.hash = UINT64_C(0xcbf29ce484222325)};
	struct run_result result;
	struct stage stage;
	struct simulation *simulation;

	stage_begin(&stage, WORLD);
	assert_int_equal(simulation_new(stage.scenario, &(struct simulation_options){NULL, seed},
					&simulation, &stage.err),
			 0);
	options.watcher.self = &tape;
	assert_int_equal(run_simulation(simulation, &options, &result, &stage.err), 0);
	assert_int_equal(result.probes, tape.probes);
	assert_int_equal(result.records, tape.records);
	assert_int_equal(result.end.ns, until_ns ? until_ns : 3 * 3600 * BW_S);
	simulation_free(simulation);
	stage_end(&stage);
	return tape;
}

static void test_the_same_to_the_byte(void **state)
{
	struct tape a = play(0, 0), b = play(0, 0), own = play(7, 0), other = play(8, 0);

	(void)state;
	assert_true(a.records > 100);
	assert_true(a.events > 0);
	assert_true(a.hash == b.hash);
	assert_true(a.hash == own.hash);
	assert_true(a.hash != other.hash);
}

static void test_until(void **state)
{
	struct tape early = play(0, 1800 * BW_S), whole = play(0, 0);

	(void)state;
	assert_true(early.probes < whole.probes);
	assert_true(early.last_ns <= 1800 * BW_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_to_the_byte),
		cmocka_unit_test(test_until),
	};

	return cmocka_run_group_tests_name("sim/run", tests, NULL, NULL);
}
