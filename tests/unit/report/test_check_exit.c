/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "report/check/check_exit.h"

static struct record_target target_of(enum bw_verdict verdict, unsigned up, unsigned flapping,
				      unsigned dark, unsigned unknown)
{
	return (struct record_target){
		.target = "kp",
		.verdict = verdict,
		.networks = {
			.total = up + flapping + dark + unknown,
			.of = {
				[BW_UP] = up,
				[BW_FLAPPING] = flapping,
				[BW_DARK] = dark,
				[BW_UNKNOWN] = unknown,
			},
		},
	};
}

static const struct {
	enum bw_verdict verdict;
	unsigned up, flapping, dark, unknown;
	int code;
	unsigned reasons; /* of the unknown ones */
} cases[] = {
	{BW_UP, 4, 0, 0, 0, CHECK_EXIT_OK},
	{BW_UP, 1, 0, 0, 0, CHECK_EXIT_OK},
	{BW_UP, 3, 1, 0, 0, CHECK_EXIT_WARNING},
	{BW_FLAPPING, 0, 4, 0, 0, CHECK_EXIT_WARNING},
	{BW_UP, 3, 0, 1, 0, CHECK_EXIT_WARNING},
	{BW_UP, 2, 0, 1, 1, CHECK_EXIT_WARNING},
	{BW_UP, 2, 1, 0, 1, CHECK_EXIT_WARNING},
	{BW_UNKNOWN, 0, 0, 3, 1, CHECK_EXIT_WARNING},
	{BW_DARK, 0, 0, 4, 0, CHECK_EXIT_CRITICAL},
	{BW_DARK, 0, 0, 3, 1, CHECK_EXIT_CRITICAL, BW_WHY_NEVER_SEEN},
	{BW_UP, 3, 0, 0, 1, CHECK_EXIT_UNKNOWN, BW_WHY_NO_ROUTE},
	{BW_UP, 3, 0, 0, 1, CHECK_EXIT_OK, BW_WHY_NEVER_SEEN},
	{BW_UNKNOWN, 0, 0, 0, 4, CHECK_EXIT_UNKNOWN},
	{BW_UNKNOWN, 0, 0, 0, 0, CHECK_EXIT_UNKNOWN},
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static struct record_target target_of_case(size_t n)
{
	struct record_target target = target_of(cases[n].verdict, cases[n].up, cases[n].flapping,
						cases[n].dark, cases[n].unknown);

	target.reasons = cases[n].reasons;
	return target;
}

static void test_one_target(void **state)
{
	(void)state;
	for (size_t n = 0; n < CASES; n++) {
		const struct record_target target = target_of_case(n);

		if (check_exit(&target, 1) != cases[n].code)
			fail_msg("case %zu: %d", n, check_exit(&target, 1));
	}
}

/* Every pair, in both orders. */
static void test_worst_of_two(void **state)
{
	static const int severity[] = {0, 2, 3, 1};

	(void)state;
	for (size_t a = 0; a < CASES; a++)
		for (size_t b = 0; b < CASES; b++) {
			const struct record_target both[] = {target_of_case(a), target_of_case(b)};
			int worse = severity[cases[a].code] > severity[cases[b].code]
					    ? cases[a].code : cases[b].code;

			assert_int_equal(check_exit(both, 2), worse);
			assert_int_equal(check_exit_worse(cases[a].code, cases[b].code), worse);
		}
}

static void test_no_target(void **state)
{
	(void)state;
	assert_int_equal(check_exit(NULL, 0), CHECK_EXIT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_target),
		cmocka_unit_test(test_worst_of_two),
		cmocka_unit_test(test_no_target),
	};

	return cmocka_run_group_tests_name("report/check_exit", tests, NULL, NULL);
}
