/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/time.h>

#include "infer/flap.h"

static void test_halves_in_a_half_life(void **state)
{
	(void)state;
	assert_true(flap_decay(4, 0, BW_S) == 4);
	assert_true(flap_decay(4, BW_S, BW_S) == 2);
	assert_true(flap_decay(4, 3 * BW_S, BW_S) == 0.5F);
	assert_true(flap_decay(4, -BW_S, BW_S) == 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_halves_in_a_half_life),
	};

	return cmocka_run_group_tests_name("infer/flap", tests, NULL, NULL);
}
