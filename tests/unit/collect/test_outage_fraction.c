/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect/tell/outage_fraction.h"

#define NOW 1000

static struct bw_prefix parse(const char *text)
{
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static void put(struct board *board, const char *block, const char *network)
{
	const struct board_place place = {"kp", parse(network), parse(block), 1};

	assert_int_equal(board_place(board, &place), 0);
}

static void say(struct board *board, uint32_t block, int64_t from_ns, enum bw_verdict verdict)
{
	const struct interval interval = {from_ns,          from_ns, from_ns,
					  (uint8_t)verdict, false,   false};

	assert_int_equal(timeline_add(&board_block(board, block)->merged, &interval), 0);
}

static double fraction(const struct board *board, enum bw_scope scope, const char *subject,
		       int64_t start_ns, int64_t end_ns)
{
	const struct outage_entry entry = {
		.target = (char *)(uintptr_t) "kp",
		.subject = (char *)(uintptr_t)subject,
		.scope = scope,
		.outage = {.start_ns = start_ns, .end_ns = end_ns},
	};

	return outage_fraction(board, &entry, NOW);
}

static void test_how_many_were_dark_at_once(void **state)
{
	struct board board;

	(void)state;
	board_init(&board);
	put(&board, "198.18.0.0/24", "198.18.0.0/22");
	put(&board, "198.18.1.0/24", "198.18.0.0/22");
	put(&board, "198.18.2.0/24", "198.18.0.0/22");
	put(&board, "198.18.4.0/24", "198.18.4.0/24");
	put(&board, "198.18.5.0/24", "198.18.5.0/24"); /* nothing is known of it */
	for (uint32_t n = 0; n < 4; n++)
		say(&board, n, 10, BW_UP);
	say(&board, 0, 100, BW_DARK);
	say(&board, 0, 200, BW_UP);
	say(&board, 1, 200, BW_DARK); /* when the other comes back */
	say(&board, 1, 300, BW_UNKNOWN);
	say(&board, 3, 250, BW_DARK);
	assert_float_equal(fraction(&board, BW_SCOPE_BLOCK, "198.18.0.0/24", 100, 200), 1, 0);
	assert_float_equal(fraction(&board, BW_SCOPE_NETWORK, "198.18.0.0/22", 100, 300), 1. / 3,
			   1e-9);
	assert_float_equal(fraction(&board, BW_SCOPE_TARGET, "kp", 100, 240), .25, 1e-9);
	assert_float_equal(fraction(&board, BW_SCOPE_TARGET, "kp", 250, INT64_MAX), .5, 1e-9);
	assert_float_equal(fraction(&board, BW_SCOPE_TARGET, "kp", 400, INT64_MAX), .25, 1e-9);
	assert_float_equal(fraction(&board, BW_SCOPE_NETWORK, "198.18.5.0/24", 100, 300), -1, 0);
	assert_float_equal(fraction(&board, BW_SCOPE_NETWORK, "198.18.9.0/24", 100, 300), -1, 0);
	board_fini(&board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_how_many_were_dark_at_once),
	};

	return cmocka_run_group_tests_name("collect/outage_fraction", tests, NULL, NULL);
}
