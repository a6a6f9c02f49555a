/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/block.h"
#include "vantage/ledger/block/outages.h"

#define BLOCKS 1000

static void test_blocks_without_trouble_share_a_blank_memory(void **state)
{
	struct track one = {0}, other = {0};
	struct outages outages;

	(void)state;
	assert_int_equal(outages_init(&outages, BLOCKS, 0), 0);
	assert_ptr_equal(outages_of(&outages, &one), outages_of(&outages, &other));
	assert_int_equal(outages_of(&outages, &one)->outage.earliest.ns, BLOCK_NEVER_ANSWERED.ns);
	assert_int_equal(outages_of(&outages, &one)->phases.count, 0);
	assert_float_equal(outages_of(&outages, &one)->silence.next_nats, 0, 0);
	outages_fini(&outages);
}

static void test_the_blank_memory_tells_of_no_false_alarm_at_any_time(void **state)
{
	struct track track = {0};
	struct outages outages;
	struct bw_mono alarm;

	(void)state;
	assert_int_equal(outages_init(&outages, BLOCKS, 0), 0);
	alarm = outages_of(&outages, &track)->false_alarm;
	assert_true(bw_mono_since((struct bw_mono){0}, alarm) > 365 * 86400 * BW_S);
	assert_true(bw_mono_since((struct bw_mono){INT64_MAX / 2}, alarm) > 0);
	outages_fini(&outages);
}

static void test_a_memory_is_made_when_it_is_first_written(void **state)
{
	struct track one = {0}, other = {0};
	struct outages outages;
	struct outage_memory *memory;

	(void)state;
	assert_int_equal(outages_init(&outages, BLOCKS, 0), 0);
	memory = outages_for(&outages, &one);
	memory->decided.ns = 17;
	assert_int_equal(one.outage, 1);
	assert_int_equal(memory->outage.earliest.ns, BLOCK_NEVER_ANSWERED.ns);
	assert_ptr_equal(outages_for(&outages, &one), memory);
	assert_int_equal(outages_of(&outages, &one)->decided.ns, 17);
	assert_int_equal(outages_of(&outages, &other)->decided.ns, 0);
	assert_ptr_not_equal(outages_for(&outages, &other), memory);
	outages_fini(&outages);
}

static void test_each_block_may_have_a_memory(void **state)
{
	struct track tracks[BLOCKS] = {0};
	struct outages outages;

	(void)state;
	assert_int_equal(outages_init(&outages, BLOCKS, 0), 0);
	for (unsigned i = 0; i < BLOCKS; i++)
		outages_for(&outages, &tracks[i])->decided.ns = i;
	for (unsigned i = 0; i < BLOCKS; i++)
		assert_int_equal(outages_of(&outages, &tracks[i])->decided.ns, i);
	outages_fini(&outages);
}

static void test_the_history_begins_when_the_block_was_first_watched(void **state)
{
	struct track track = {.first_s = 1800000000};
	struct outages outages;
	struct history history;

	(void)state;
	assert_int_equal(outages_init(&outages, BLOCKS, 0), 0);
	history = outages_history(&outages, &track);
	assert_int_equal(history.first.ns, 1800000000 * BW_S);
	assert_int_equal(history.outages, 0);
	assert_int_equal(outages_for(&outages, &track)->outage.history.first.ns, 1800000000 * BW_S);
	history_add(&outages_for(&outages, &track)->outage.history,
		    (struct bw_wall){1800000100 * BW_S}, 50 * BW_S);
	assert_int_equal(outages_history(&outages, &track).outages, 1);
	outages_fini(&outages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_without_trouble_share_a_blank_memory),
		cmocka_unit_test(test_the_blank_memory_tells_of_no_false_alarm_at_any_time),
		cmocka_unit_test(test_a_memory_is_made_when_it_is_first_written),
		cmocka_unit_test(test_each_block_may_have_a_memory),
		cmocka_unit_test(test_the_history_begins_when_the_block_was_first_watched),
	};

	return cmocka_run_group_tests_name("vantage/outages", tests, NULL, NULL);
}
