/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ship/sink.h"

static void test_stats_as_text(void **state)
{
	struct sink_stats stats = {.written = 12};
	char text[SINK_STATS_TEXT];

	(void)state;
	assert_string_equal(sink_stats_format(&stats, text),
			    "12 records written, 0 waiting, 0 lost");
	stats.waiting = 1;
	stats.lost[SINK_NO_SPACE] = 2;
	stats.lost[SINK_CUT_OFF] = 1;
	assert_int_equal(sink_lost(&stats), 3);
	assert_string_equal(sink_stats_format(&stats, text),
			    "12 records written, 1 waiting, 3 lost (2 no space, 1 cut off)");
}

static void test_longest_text_fits(void **state)
{
	struct sink_stats stats = {.written = UINT64_MAX, .waiting = UINT64_MAX};
	char text[SINK_STATS_TEXT];
	size_t length;

	(void)state;
	for (int i = 0; i < SINK_LOST_REASONS; i++)
		stats.lost[i] = UINT64_MAX;
	sink_stats_format(&stats, text);
	length = strlen(text);
	assert_true(length < SINK_STATS_TEXT - 1);
	assert_int_equal(text[length - 1], ')');
}

static void test_names_of_reasons(void **state)
{
	(void)state;
	assert_string_equal(sink_lost_name(SINK_NO_SPACE), "no space");
	assert_string_equal(sink_lost_name(SINK_LOST_REASONS), "");
}

/* A kind that never wants to be woken needs no function for it. */
static void test_no_deadline(void **state)
{
	static const struct sink_ops ops = {.put = NULL};
	struct sink sink = {&ops, NULL}, nothing = {0};

	(void)state;
	assert_int_equal(sink_deadline(&sink).ns, BW_NEVER.ns);
	sink_wake(&sink, (struct bw_now){{0}, {0}});
	sink_free(&nothing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stats_as_text),
		cmocka_unit_test(test_longest_text_fits),
		cmocka_unit_test(test_names_of_reasons),
		cmocka_unit_test(test_no_deadline),
	};

	return cmocka_run_group_tests_name("ship/sink", tests, NULL, NULL);
}
