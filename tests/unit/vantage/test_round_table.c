/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vantage/watch/round/round_table.h"

#define SIZE 4

static struct round_table setup(void)
{
	struct round_table table;

	assert_int_equal(round_table_init(&table, SIZE), 0);
	return table;
}

static struct round *take(struct round_table *table, uint32_t block)
{
	struct round *round = round_table_take(table, block);

	*round = (struct round){.cold_rate = (uint16_t)block};
	return round;
}

static void test_a_block_has_no_round_before_and_after(void **state)
{
	struct round_table table = setup();
	struct round *round;

	(void)state;
	assert_null(round_table_find(&table, 7));
	round = take(&table, 7);
	assert_ptr_equal(round_table_find(&table, 7), round);
	assert_null(round_table_find(&table, 7 + SIZE)); /* the same chain */
	round_table_give_back(&table, 7);
	assert_null(round_table_find(&table, 7));
	round_table_fini(&table);
}

static void test_blocks_of_one_chain_keep_their_rounds(void **state)
{
	static const uint32_t removed[] = {9, 1, 13, 5}; /* middle, end, front, the last */
	struct round_table table = setup();

	(void)state;
	for (uint32_t block = 1; block <= 13; block += SIZE)
		(void)take(&table, block);
	for (unsigned i = 0; i < SIZE; i++) {
		for (unsigned j = i; j < SIZE; j++)
			assert_int_equal(round_table_find(&table, removed[j])->cold_rate,
					 removed[j]);
		round_table_give_back(&table, removed[i]);
		assert_null(round_table_find(&table, removed[i]));
	}
	round_table_fini(&table);
}

static void test_there_is_room_for_size_rounds_and_again_when_one_ends(void **state)
{
	struct round_table table = setup();

	(void)state;
	for (uint32_t block = 100; block < 100 + SIZE; block++) {
		assert_true(round_table_has_room(&table));
		(void)take(&table, block);
	}
	assert_false(round_table_has_room(&table));
	round_table_give_back(&table, 101);
	assert_true(round_table_has_room(&table));
	(void)take(&table, 5);
	assert_false(round_table_has_room(&table));
	assert_int_equal(round_table_find(&table, 5)->cold_rate, 5);
	assert_int_equal(round_table_find(&table, 103)->cold_rate, 103);
	round_table_fini(&table);
}

static void test_a_suspect_round_that_ends_is_no_longer_counted(void **state)
{
	struct round_table table = setup();

	(void)state;
	take(&table, 1)->was_suspect = true;
	(void)take(&table, 2);
	table.suspects = 1;
	round_table_give_back(&table, 2);
	assert_int_equal(table.suspects, 1);
	round_table_give_back(&table, 1);
	assert_int_equal(table.suspects, 0);
	round_table_fini(&table);
}

static void test_a_table_without_room_is_valid(void **state)
{
	struct round_table table;

	(void)state;
	assert_int_equal(round_table_init(&table, 0), 0);
	assert_false(round_table_has_room(&table));
	assert_null(round_table_find(&table, 0));
	round_table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_block_has_no_round_before_and_after),
		cmocka_unit_test(test_blocks_of_one_chain_keep_their_rounds),
		cmocka_unit_test(test_there_is_room_for_size_rounds_and_again_when_one_ends),
		cmocka_unit_test(test_a_suspect_round_that_ends_is_no_longer_counted),
		cmocka_unit_test(test_a_table_without_room_is_valid),
	};

	return cmocka_run_group_tests_name("vantage/round_table", tests, NULL, NULL);
}
