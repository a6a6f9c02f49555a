/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/state/state_write.h"
#include "state_samples.h"

static void break_nothing(struct state_block *block)
{
	(void)block;
}
static void break_target(struct state_block *block)
{
	block->target = "\xff";
}
static void break_long_target(struct state_block *block)
{
	block->target = "................................................................"
			"................................................................"
			"................................................................"
			"................................................................";
}
static void break_prefix(struct state_block *block)
{
	block->block.length = 8;
}
static void break_family(struct state_block *block)
{
	block->block.addr.family = 0;
}
static void break_since(struct state_block *block)
{
	block->since.ns = -1;
}
static void break_belief(struct state_block *block)
{
	block->log_odds = NAN;
}
static void break_conditions(struct state_block *block)
{
	block->conditions = 1U << BW_CONDITIONS;
}
static void break_penalty(struct state_block *block)
{
	block->penalty = INFINITY;
}
static void break_chance(struct state_block *block)
{
	block->cold_availability = NAN;
}
static void break_hot_count(struct state_block *block)
{
	block->hot_count = STATE_HOT_MAX + 1;
}
static void break_verdict(struct state_block *block)
{
	block->verdict = (enum bw_verdict)BW_VERDICTS;
}

/* The writer keeps to what a reader accepts: no state is lost at the next start. */
static void test_writer_refuses(void **state)
{
	static const struct {
		void (*spoil)(struct state_block *block);
		const char *field;
	} cases[] = {
		{break_nothing, NULL},         {break_target, "target"},
		{break_long_target, "target"}, {break_prefix, "block"},
		{break_family, "block"},       {break_since, "since_ns"},
		{break_belief, "log_odds"},    {break_conditions, "conditions"},
		{break_penalty, "penalty"},    {break_chance, "cold_availability"},
		{break_hot_count, "hot"},      {break_verdict, "verdict"},
	};
	const struct state_head head = sample_head(1, 0, 0);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const int wanted = cases[i].field ? BW_ERR_VALUE : 0;
		struct state_block block = sample_dark_block();
		FILE *file = fopen("/dev/null", "w");
		struct state_writer writer;
		struct bw_err err = {0};

		cases[i].spoil(&block);
		assert_int_equal(state_writer_begin(&writer, file, &head, &err), 0);
		assert_int_equal(state_writer_put_block(&writer, &block), wanted);
		assert_int_equal(state_writer_end(&writer), wanted);
		assert_string_equal(err.field, cases[i].field ? cases[i].field : "");
		assert_int_equal(err.line, wanted ? 2 : 0);
		fclose(file);
	}
}

static void test_writer_counts(void **state)
{
	const struct state_head head = sample_head(1, 1, 0);
	const struct state_block block = sample_dark_block();
	const struct state_group group = sample_network();
	FILE *file = fopen("/dev/null", "w");
	struct state_writer writer;
	struct bw_err err;

	(void)state;
	state_writer_begin(&writer, file, &head, &err);
	assert_int_equal(state_writer_put_block(&writer, &block), 0);
	assert_int_equal(state_writer_end(&writer), BW_ERR_VALUE);
	assert_string_equal(err.message,
			    "1 blocks, 0 groups and 0 paths, not the 1, 1 and 0 of the head");
	state_writer_begin(&writer, file, &head, &err);
	assert_int_equal(state_writer_put_block(&writer, &block), 0);
	assert_int_equal(state_writer_put_block(&writer, &block), BW_ERR_VALUE);
	assert_int_equal(state_writer_put_group(&writer, &group), BW_ERR_VALUE);
	state_writer_begin(&writer, file, &head, &err);
	assert_int_equal(state_writer_put_group(&writer, &group), 0);
	assert_int_equal(state_writer_put_group(&writer, &group), BW_ERR_VALUE);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writer_refuses),
		cmocka_unit_test(test_writer_counts),
	};

	return cmocka_run_group_tests_name("report/state_write", tests, NULL, NULL);
}
