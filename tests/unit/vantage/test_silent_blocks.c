/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/block.h"
#include "vantage/ledger/block/silent_blocks.h"

#define YEAR (365 * 86400 * BW_S)

static void test_times_come_back_as_they_were(void **state)
{
	static const int64_t times[] = {0, BW_US, -BW_US, 17 * BW_S, 30 * YEAR, -30 * YEAR};
	struct silent_block *list = silent_blocks_new(3);

	(void)state;
	assert_non_null(list);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(silent_block_since(&list[i]).ns, BLOCK_NEVER_ANSWERED.ns);
	for (unsigned i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		silent_block_note(&list[1], (struct bw_mono){times[i]}, 4095);
		assert_int_equal(silent_block_since(&list[1]).ns, times[i]);
		assert_int_equal(list[1].rest, 4095);
	}
	assert_int_equal(silent_block_since(&list[2]).ns, BLOCK_NEVER_ANSWERED.ns);
	silent_blocks_free(list);
	silent_blocks_free(NULL);
}

static void test_what_has_no_room_is_cut(void **state)
{
	struct silent_block block = {0};

	(void)state;
	silent_block_note(&block, (struct bw_mono){1999}, 0);
	assert_int_equal(silent_block_since(&block).ns, 1000);
	silent_block_note(&block, (struct bw_mono){-1}, 0);
	assert_int_equal(silent_block_since(&block).ns, -1000);
	silent_block_note(&block, (struct bw_mono){INT64_MAX}, 0);
	assert_true(silent_block_since(&block).ns > 35 * YEAR);
	silent_block_note(&block, (struct bw_mono){INT64_MIN + 1}, 0);
	assert_true(silent_block_since(&block).ns < -35 * YEAR);
	silent_block_note(&block, BLOCK_NEVER_ANSWERED, 0);
	assert_int_equal(silent_block_since(&block).ns, BLOCK_NEVER_ANSWERED.ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_come_back_as_they_were),
		cmocka_unit_test(test_what_has_no_room_is_cut),
	};

	return cmocka_run_group_tests_name("vantage/silent_blocks", tests, NULL, NULL);
}
