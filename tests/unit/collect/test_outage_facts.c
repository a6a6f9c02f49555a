/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect/board/board_vantage.h"
#include "collect/tell/outage_facts.h"

static void say(struct board *board, uint32_t vantage, const char *block, enum bw_verdict verdict)
{
	struct board_fact fact = {.vantage = vantage,
				  .target = "kp",
				  .claim = {10, 10, 10, (uint8_t)verdict}};
	struct board_place place = {.target = "kp", .said_ns = 1};

	assert_int_equal(bw_prefix_parse(block, &fact.block, NULL), 0);
	place.block = fact.block;
	place.network = bw_prefix_of(&fact.block.addr, 23);
	assert_int_equal(board_place(board, &place), 0);
	assert_int_equal(board_take(board, &fact), 0);
}

static void check_first_alone(const struct board *board, enum bw_scope scope)
{
	const struct subject subject = subject_get(board, scope, 0);
	uint32_t numbers[BOARD_VANTAGES_MAX];

	assert_int_equal(outage_facts_saying(board, &subject, BW_UP, 20, numbers), 1);
	assert_int_equal(numbers[0], 0);
}

/* The second calls a part dark, the third is silent, the fourth knows nothing. */
static void test_who_says_that_a_sum_is_up(void **state)
{
	struct board board;

	(void)state;
	board_init(&board);
	board.vantage_count = 4;
	for (uint32_t n = 0; n < 4; n++) {
		heard_init(&board.vantages[n].heard);
		timeline_init(&board.vantages[n].cut_off);
		board.vantages[n].upstreams = array_of(sizeof(struct board_upstream));
		assert_int_equal(board_hear(&board, n, 5, n == 2 ? 15 : 50), 0);
	}
	for (uint32_t n = 0; n < 3; n++) {
		say(&board, n, "198.18.0.0/24", BW_UP);
		say(&board, n, "198.18.1.0/24", n == 1 ? BW_DARK : BW_FLAPPING);
	}
	check_first_alone(&board, BW_SCOPE_NETWORK);
	check_first_alone(&board, BW_SCOPE_TARGET);
	board_fini(&board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_says_that_a_sum_is_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
