/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "collect/board/board.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_move_between_networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
