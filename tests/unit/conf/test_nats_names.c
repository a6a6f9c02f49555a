/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "conf/keys/nats_names.h"

static void test_good_subjects(void **state)
{
	static const char *const good[] = {"blockwatch.{vantage}.{target}.{type}", "{vantage}", "a",
					   "a-b.{boot}.c_d", "$x.{type}"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(nats_names_check_subject(good[i], NULL), 0);
}

static void test_bad_subjects(void **state)
{
	static const char *const bad[] = {"",      ".",         ".a",         "a.",
					  "a..b",  "a b",       "a\tb",       "a.*",
					  "a.>",   "a.x*",      "{foo}",      "a.{foo}",
					  "{type", "type}",     "a-{type}",   "{vantage}{type}",
					  "{}",    "{Vantage}", "{vantage}-1"};
	struct bw_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(nats_names_check_subject(bad[i], &err), BW_ERR_VALUE);
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(nats_names_check_name("BLOCKWATCH", NULL), 0);
	assert_int_equal(nats_names_check_name("a.b", NULL), BW_ERR_VALUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_subjects),
		cmocka_unit_test(test_bad_subjects),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
