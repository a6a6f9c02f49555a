/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/evidence/evidence.h"
#include "infer/params.h"

static void test_a_check_needs_three_hosts_twice(void **state)
{
	struct infer_params params = infer_params_default();

	(void)state;
	assert_int_equal(params.distinct, 3);
	assert_int_equal(params.group, 3);
	assert_int_equal(params.probes_max, EVIDENCE_MAX);
	assert_in_range((int64_t)(params.dark_nats * 1000), 6906, 6908); /* ln(999) */
}

/* A tenth of the false darks takes ln(10) nats more, and no rate is without a limit. */
static void test_rounds_follow_the_stated_rate(void **state)
{
	struct infer_params often = infer_params_rounds(1), rare = infer_params_rounds(0.1);
	float more = rare.dark_nats - often.dark_nats;

	(void)state;
	assert_true(more > 2.30F && more < 2.31F);
	assert_true(infer_params_rounds(0).dark_nats < 30);
	assert_true(infer_params_rounds(1e9).dark_nats >= 2.3025F); /* ln(1 / .1) */
	assert_int_equal(often.sample, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_check_needs_three_hosts_twice),
		cmocka_unit_test(test_rounds_follow_the_stated_rate),
	};

	return cmocka_run_group_tests_name("infer/params", tests, NULL, NULL);
}
