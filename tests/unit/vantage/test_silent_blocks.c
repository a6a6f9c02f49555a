/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/block.h"
#include "vantage/ledger/block/silent_blocks.h"

static void test_times_come_back_as_they_were(void **state)
{
	static const int64_t times[] = {0, 1, -1, 17 * BW_S, INT64_MIN + 1, INT64_MAX};
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times_come_back_as_they_were),
	};

	return cmocka_run_group_tests_name("vantage/silent_blocks", tests, NULL, NULL);
}
