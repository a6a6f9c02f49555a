/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "report/text/progress.h"

static const struct progress_counts counts = {
	.blocks = 1000,
	.known = 31,
	.probes = 412,
	.replies = 398,
};

static struct bw_mono at(int64_t ms)
{
	return (struct bw_mono){77 * BW_S + ms * BW_MS};
}

static void test_line(void **state)
{
	static const struct progress_counts one = {1, 0, 1, 1};
	char line[PROGRESS_TEXT];

	(void)state;
	assert_string_equal(progress_format(12 * BW_S + 999 * BW_MS, &counts, 0, line),
			    "12 s  31 of 1000 blocks known, 412 probes, 398 replies");
	assert_string_equal(progress_format(0, &one, 0, line),
			    "0 s  0 of 1 block known, 1 probe, 1 reply");
	assert_string_equal(progress_format(12 * BW_S, &counts, 20, line), "12 s  31 of 1000 blo");
}

static void test_longest_line(void **state)
{
	static const struct progress_counts most = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
	char line[PROGRESS_TEXT];

	(void)state;
	assert_string_equal(progress_format(INT64_MAX, &most, 0, line) + strlen(line) - 8,
			    " replies");
}

static void test_quiet_in_the_first_second(void **state)
{
	struct progress progress;
	char text[PROGRESS_TEXT];

	(void)state;
	progress_init(&progress, at(0), 80);
	assert_int_equal(progress_due(&progress).ns, at(1000).ns);
	assert_int_equal(progress_update(&progress, at(0), &counts, text), 0);
	assert_int_equal(progress_update(&progress, at(999), &counts, text), 0);
	assert_int_equal(progress_erase(&progress, text), 0);
	assert_int_equal(progress_update(&progress, at(1000), &counts, text), 57);
	assert_string_equal(text, "\r1 s  31 of 1000 blocks known, 412 probes, 398 replies\033[K");
}

static void test_throttled(void **state)
{
	struct progress progress;
	char text[PROGRESS_TEXT];
	int shown = 0;

	(void)state;
	progress_init(&progress, at(0), 80);
	for (int64_t ms = 0; ms < 3000; ms++)
		shown += progress_update(&progress, at(ms), &counts, text) > 0;
	assert_int_equal(shown, 20);
}

static void test_erase(void **state)
{
	struct progress progress;
	char text[PROGRESS_TEXT];

	(void)state;
	progress_init(&progress, at(0), 80);
	progress_update(&progress, at(1500), &counts, text);
	assert_int_equal(progress_erase(&progress, text), 4);
	assert_string_equal(text, "\r\033[K");
	assert_int_equal(progress_erase(&progress, text), 0);
	assert_int_equal(progress_update(&progress, at(1599), &counts, text), 0);
	assert_true(progress_update(&progress, at(1600), &counts, text) > 0);
}

/* It never touches the last column, where a terminal would wrap. */
static void test_narrow_terminal(void **state)
{
	struct progress progress;
	char text[PROGRESS_TEXT];

	(void)state;
	progress_init(&progress, at(0), 10);
	assert_true(progress_update(&progress, at(2000), &counts, text) > 0);
	assert_string_equal(text, "\r2 s  31 o\033[K");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_longest_line),
		cmocka_unit_test(test_quiet_in_the_first_second),
		cmocka_unit_test(test_throttled),
		cmocka_unit_test(test_erase),
		cmocka_unit_test(test_narrow_terminal),
	};

	return cmocka_run_group_tests_name("report/progress", tests, NULL, NULL);
}
