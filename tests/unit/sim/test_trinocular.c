/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/reference/trinocular.h"
#include "sim/score/score.h"
#include "simulation_of.h"

/* How many probes without an answer make a block down. */
static unsigned count_to_down(double availability)
{
	struct trinocular_belief belief = TRINOCULAR_START;
	unsigned count = 0;

	while (!trinocular_is_down(belief)) {
		belief = trinocular_learn(belief, availability, false);
		count++;
	}
	return count;
}

/* Values of the published model, computed separately: from a belief of .99 to below .1. */
static void test_probes_until_down(void **state)
{
	static const struct {
		double availability;
		unsigned probes;
	} known[] = {{.1, 67}, {.15, 43}, {.2, 31}, {.3, 20}, {.4, 14}, {.5, 10},
		     {.6, 8},  {.7, 6},   {.8, 5},  {.9, 3},  {.95, 3}, {.99, 2}};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_int_equal(count_to_down(known[i].availability), known[i].probes);
}

static void test_beliefs_are_clamped(void **state)
{
	struct trinocular_belief belief = TRINOCULAR_START;

	(void)state;
	for (int i = 0; i < 20; i++)
		belief = trinocular_learn(belief, .9, true);
	assert_true(belief.up == .99);
	for (int i = 0; i < 20; i++)
		belief = trinocular_learn(belief, .9, false);
	assert_true(belief.up == .01);
	/* One answer reverses nearly all of the belief. */
	belief = trinocular_learn(belief, .9, true);
	assert_true(belief.up > .69 && belief.up < .71);
}

static void test_recovery_rule(void **state)
{
	(void)state;
	assert_int_equal(trinocular_recovery_probes(.1), 16);
	assert_int_equal(trinocular_recovery_probes(.2), 8);
	assert_int_equal(trinocular_recovery_probes(.3), 5);
	assert_int_equal(trinocular_recovery_probes(.5), 3);
	assert_int_equal(trinocular_recovery_probes(.8), 1);
	assert_int_equal(trinocular_recovery_probes(1), 1);
	assert_true(trinocular_tries_recovery(1) && trinocular_tries_recovery(4));
	assert_false(trinocular_tries_recovery(5) || trinocular_tries_recovery(7));
	assert_true(trinocular_tries_recovery(8) && trinocular_tries_recovery(16));
	assert_false(trinocular_tries_recovery(9) || trinocular_tries_recovery(24));
	assert_true(trinocular_tries_recovery(32));
}

static void put_record(void *self, const struct record *record, struct bw_now now)
{
	score_record((struct score *)self, record, now);
}

static void put_probe(void *self, const struct bw_addr *to, struct bw_mono at)
{
	score_probe((struct score *)self, to, at);
}

static struct score_sum watch(const char *text)
{
	struct run_result result;
	struct score_sum sum;
	struct stage stage;
	struct score *score;

	stage_begin(&stage, text);
	score = score_new(stage.simulation);
	assert_int_equal(trinocular_run(stage.simulation,
					&(struct run_options){0, {put_record, put_probe, score}},
					&result, &stage.err),
			 0);
	assert_int_equal(score_finish(score, result.end, &sum), 0);
	assert_true(sum.probes <= result.probes);
	score_free(score);
	stage_end(&stage);
	return sum;
}

/* A separate simulation of the published rules gave 6.1 probes an hour and 351 s on average. */
static void test_a_known_world(void **state)
{
	struct score_sum sum = watch(
		STAGE_HEAD "\"duration\": \"14h\", \"vantage\": {\"round\": \"660s\"}, "
			   "\"world\": {\"line\": {\"loss\": 0.01}}, "
			   "\"targets\": [{\"name\": \"t\", \"copies\": 40, \"networks\": "
			   "[{\"prefix\": \"198.18.0.0/24\"}], \"hosts\": [{\"count\": 60, "
			   "\"availability\": 0.9, \"tau\": \"8h\"}]}], \"faults\": [{\"subject\": "
			   "\"all\", \"at\": \"6h\", \"for\": \"3h\", \"stagger\": \"97s\"}]}");
	const struct score_part *part = &sum.parts[BW_SCOPE_BLOCK];

	(void)state;
	assert_int_equal(part->outages, 40);
	assert_int_equal(part->seen, 40);
	assert_true(part->detect.mean > 280 && part->detect.mean < 430);
	assert_true(part->detect.most < 700);
	assert_true((double)sum.up_probes / sum.up_hours > 5.6);
	assert_true((double)sum.up_probes / sum.up_hours < 6.6);
}

/* Blocks of low availability are not tracked. */
static void test_sparse_blocks_are_left_out(void **state)
{
	struct score_sum sum = watch(
		STAGE_HEAD "\"duration\": \"4h\", \"targets\": [{\"name\": \"t\", \"networks\": "
			   "[{\"prefix\": \"198.18.0.0/24\"}], \"hosts\": [{\"count\": 60, "
			   "\"availability\": 0.05}]}]}");

	(void)state;
	assert_int_equal(sum.probes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probes_until_down),
		cmocka_unit_test(test_beliefs_are_clamped),
		cmocka_unit_test(test_recovery_rule),
		cmocka_unit_test(test_a_known_world),
		cmocka_unit_test(test_sparse_blocks_are_left_out),
	};

	return cmocka_run_group_tests_name("sim/trinocular", tests, NULL, NULL);
}
