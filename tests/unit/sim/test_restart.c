/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/run/run.h"
#include "simulation_of.h"

#define WORLD(troubles)                                                                       \
	STAGE_HEAD "\"duration\": \"5h\", " STAGE_LAND                                        \
		   ", \"vantage\": {\"round\": \"20s\", \"probes_per_hour\": 300}, "          \
		   "\"faults\": [{\"subject\": \"land\", \"at\": \"2h\", \"for\": \"2h\"}], " \
		   "\"vantage_faults\": [" troubles "]}"

/* What came of a run. */
struct tape {
	char boot[64];
	uint64_t seq;
	unsigned boots, darks, returns, wrong; /* of the target; wrong: seq does not follow */
	int64_t longest_ns;                    /* between two records */
	int64_t last_ns, outage_ns;
};

static void put_record(void *self, const struct record *record, struct bw_now now)
{
	struct tape *tape = self;

	if (strcmp(tape->boot, record->head.boot) != 0) {
		snprintf(tape->boot, sizeof(tape->boot), "%s", record->head.boot);
		tape->boots++;
		tape->seq = 0;
	}
	tape->wrong += record->head.seq != ++tape->seq;
	if (now.mono.ns - tape->last_ns > tape->longest_ns)
		tape->longest_ns = now.mono.ns - tape->last_ns;
	tape->last_ns = now.mono.ns;
	if (record->type != RECORD_EVENT || record->event.scope != BW_SCOPE_TARGET)
		return;
	tape->darks += record->event.to == BW_DARK;
	tape->returns += record->event.from == BW_DARK;
	if (record->event.has_outage)
		tape->outage_ns = record->event.outage_end.ns - record->event.outage_start.ns;
}

static struct tape play(const char *text)
{
	struct tape tape = {.longest_ns = 0};
	struct run_options options = {0, {put_record, NULL, &tape}};
	struct run_result result;
	struct stage stage;

	stage_begin(&stage, text);
	assert_int_equal(run_simulation(stage.simulation, &options, &result, &stage.err), 0);
	assert_int_equal(tape.wrong, 0);
	stage_end(&stage);
	return tape;
}

/* An outage goes on over it: it is said once, with its whole length. */
static void assert_one_outage(const struct tape *tape)
{
	assert_int_equal(tape->darks, 1);
	assert_int_equal(tape->returns, 1);
	assert_in_range(tape->outage_ns / BW_S, 7100, 7300);
}

static void test_reload(void **state)
{
	struct tape tape = play(WORLD("{\"kind\": \"reload\", \"at\": \"3h\"}"));

	(void)state;
	assert_one_outage(&tape);
	assert_int_equal(tape.boots, 1);
}

static void test_restart(void **state)
{
	struct tape tape = play(WORLD("{\"kind\": \"restart\", \"at\": \"3h\", \"for\": \"5m\"}"));

	(void)state;
	assert_one_outage(&tape);
	assert_int_equal(tape.boots, 2);
	assert_string_equal(tape.boot, "sim-1-2");
	assert_true(tape.longest_ns >= 300 * BW_S);
}

static void test_again_and_again(void **state)
{
	struct tape tape = play(WORLD("{\"kind\": \"restart\", \"at\": \"2h30m\", \"for\": \"1m\", "
				      "\"every\": \"30m\"}, {\"kind\": \"reload\", \"at\": \"1m\", "
				      "\"every\": \"7m\"}"));

	(void)state;
	assert_one_outage(&tape);
	assert_int_equal(tape.boots, 6);
}

/* One that is due while nothing runs is made up for when the first is over. */
static void test_while_stopped(void **state)
{
	struct tape tape =
		play(WORLD("{\"kind\": \"restart\", \"at\": \"2h30m\", \"for\": \"9m\"}, "
			   "{\"kind\": \"restart\", \"at\": \"2h31m\", \"for\": \"1m\"}, "
			   "{\"kind\": \"reload\", \"at\": \"2h32m\"}"));

	(void)state;
	assert_one_outage(&tape);
	assert_int_equal(tape.boots, 2);
	assert_string_equal(tape.boot, "sim-1-3");
	assert_true(tape.longest_ns >= 540 * BW_S);
}

/* What is stopped to the end says nothing more. */
static void test_stopped(void **state)
{
	struct tape tape = play(WORLD("{\"kind\": \"restart\", \"at\": \"3h\"}"));

	(void)state;
	assert_int_equal(tape.darks, 1);
	assert_int_equal(tape.returns, 0);
	assert_true(tape.last_ns < 3 * 3600 * BW_S);
}

static void test_refused(void **state)
{
	struct stage stage;

	(void)state;
	assert_int_equal(stage_try(&stage, WORLD("{\"kind\": \"reload\", \"at\": \"3h\", "
						 "\"for\": \"1m\"}")),
			 BW_ERR_VALUE);
	assert_string_equal(stage.err.field, "vantage_faults[0].for");
	assert_string_equal(stage.err.message, "a reload takes no time");
	scenario_free(stage.scenario);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reload),  cmocka_unit_test(test_restart),
		cmocka_unit_test(test_stopped), cmocka_unit_test(test_again_and_again),
		cmocka_unit_test(test_refused), cmocka_unit_test(test_while_stopped),
	};

	return cmocka_run_group_tests_name("sim/restart", tests, NULL, NULL);
}
