/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include <stdlib.h>

#include "collect/board/subject.h"

static struct bw_prefix parse(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

/* How many blocks are in the chain of a network. */
static uint32_t count_members(const struct board *board, const char *network)
{
	const struct bw_prefix prefix = parse(network);
	const struct board_network *found = board_find_network(board, "kp", &prefix);
	uint32_t count = 0;

	assert_non_null(found);
	for (uint32_t n = found->first; n > 0; n = board_block(board, n - 1)->next) {
		assert_ptr_equal(board_network(board, board_block(board, n - 1)->network), found);
		count++;
	}
	assert_int_equal(count, found->blocks);
	return count;
}

static void put(struct board *board, const char *block, const char *network, int64_t said_ns)
{
	const struct board_place place = {"kp", parse(network), parse(block), said_ns};

	assert_int_equal(board_place(board, &place), 0);
}

static void test_blocks_move_between_networks(void **state)
{
	struct board board;
	uint32_t networks = 0;

	(void)state;
	board_init(&board);
	put(&board, "198.18.0.0/24", "198.18.0.0/22", 2);
	put(&board, "198.18.1.0/24", "198.18.0.0/22", 2);
	put(&board, "198.18.2.0/24", "198.18.0.0/22", 2);
	put(&board, "198.18.3.0/24", "198.18.0.0/22", 2);
	assert_int_equal(count_members(&board, "198.18.0.0/22"), 4);
	put(&board, "198.18.1.0/24", "198.18.0.0/23", 1); /* in the middle */
	assert_int_equal(count_members(&board, "198.18.0.0/22"), 3);
	put(&board, "198.18.3.0/24", "198.18.2.0/23", 1); /* at one end */
	put(&board, "198.18.0.0/24", "198.18.0.0/23", 1); /* at the other */
	put(&board, "198.18.2.0/24", "198.18.2.0/23", 3); /* said later: it stays */
	assert_int_equal(count_members(&board, "198.18.0.0/22"), 1);
	assert_int_equal(count_members(&board, "198.18.0.0/23"), 2);
	assert_int_equal(count_members(&board, "198.18.2.0/23"), 1);
	put(&board, "198.18.2.0/24", "198.18.2.0/23", 1);
	assert_int_equal(count_members(&board, "198.18.0.0/22"), 0);
	for (uint32_t n = board_target(&board, 0)->networks; n > 0;
	     n = board_network(&board, n - 1)->next)
		networks++;
	assert_int_equal(networks, 3);
	assert_int_equal(board.networks.count, 3);
	board_fini(&board);
}

static void take(struct board *board, const char *target, uint32_t vantage)
{
	const struct board_fact fact = {.vantage = vantage,
					.target = target,
					.block = parse("198.18.0.0/24"),
					.claim = {2, 1, 1, BW_UP}};

	assert_int_equal(board_take(board, &fact), 0);
}

/* What is listed does not depend on what came first. */
static void test_lists_have_an_order_of_their_own(void **state)
{
	const uint32_t came[] = {2, 0, 3, 1};
	const struct board_block *block;
	struct board board;
	uint32_t *targets;

	(void)state;
	board_init(&board);
	board.vantage_count = 4;
	for (size_t n = 0; n < 4; n++)
		take(&board, "kp", came[n]);
	take(&board, "sy", 0);
	take(&board, "ir", 0);
	block = board_block(&board, 0);
	assert_int_equal(block->views.count, 4);
	for (uint32_t n = 0; n < 4; n++) {
		assert_int_equal(((struct board_view *)array_at(&block->views, n))->vantage, n);
		assert_int_equal(board_view(block, n)->claims.said.count, 1);
	}
	targets = subject_targets(&board);
	assert_non_null(targets);
	assert_string_equal(board_target(&board, targets[0])->name, "ir");
	assert_string_equal(board_target(&board, targets[1])->name, "kp");
	assert_string_equal(board_target(&board, targets[2])->name, "sy");
	free(targets);
	board_fini(&board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_move_between_networks),
		cmocka_unit_test(test_lists_have_an_order_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
