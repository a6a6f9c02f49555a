/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/err.h>

#include "base/day.h"

static void test_days_are_parsed_and_written(void **state)
{
	static const struct {
		const char *text;
		int64_t number;
	} cases[] = {{"1970-01-01", 0}, {"2026-11-21", 20778}, {"2024-02-29", 19782}};
	struct bw_wall time;
	char text[DAY_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(day_parse(cases[i].text, &time), 0);
		assert_int_equal(day_number(time), cases[i].number);
		assert_int_equal(day_midnight(cases[i].number).ns, time.ns);
		time.ns += DAY_NS - 1;
		assert_string_equal(day_format(time, text), cases[i].text);
	}
}

static void test_what_is_no_day_is_refused(void **state)
{
	static const char *const cases[] = {
		"", "2026-11", "2026-11-31", "2026-13-01", "2026-1-01", "2026/11/21",
		"2026-11-21T", "2026-11-21T00:00:00Z", "x026-11-21", " 2026-11-2",
	};
	struct bw_wall time = {7};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(day_parse(cases[i], &time), BW_ERR_SYNTAX);
	assert_int_equal(time.ns, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days_are_parsed_and_written),
		cmocka_unit_test(test_what_is_no_day_is_refused),
	};

	return cmocka_run_group_tests_name("base/day", tests, NULL, NULL);
}
