/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/state/state_read.h"
#include "report/state/state_write.h"
#include "state_samples.h"

struct counts {
	unsigned blocks, never_seen, groups, open;
};

static int count_block(void *self, const struct state_block *block)
{
	struct counts *counts = self;

	counts->blocks++;
	counts->never_seen += block->never_seen;
	counts->open += block->outage.open;
	return 0;
}

static int count_group(void *self, const struct state_group *group)
{
	struct counts *counts = self;

	counts->groups++;
	counts->open += group->outage.open;
	return 0;
}

static int read_text(const char *text, struct counts *counts, struct bw_err *err)
{
	const struct state_handlers handlers = {
		.block = count_block,
		.group = count_group,
		.self = counts,
	};

	*counts = (struct counts){0};
	return state_read(text, strlen(text), "state.jsonl", &handlers, err);
}

/* TEXT, which is freed, with the first FROM replaced by TO, and sealed; the caller's. */
static char *edit(char *text, const char *from, const char *to)
{
	char *lines = sample_edit(text, from, to), *sealed = sample_seal(lines);

	free(lines);
	free(text);
	return sealed;
}

static void test_this_version(void **state)
{
	char *text = sample_state();
	struct counts counts;

	(void)state;
	assert_int_equal(read_text(text, &counts, NULL), 0);
	assert_int_equal(counts.blocks, 2);
	assert_int_equal(counts.never_seen, 1);
	assert_int_equal(counts.groups, 2);
	assert_int_equal(counts.open, 2);
	free(text);
}

/* The sample without what is new in the fifth version. */
static char *fourth_version(void)
{
	static const char *const news[] = {
		",\"answers\":120,\"late\":0.875,\"late_ns\":44000000000",
		",\"hearing\":{\"heard_ns\":172800000000000,\"longest_ns\":300000000000}",
		",\"hearing\":{\"heard_ns\":86400000000000,\"silent_ns\":30000000000,"
		"\"longest_ns\":600000000000,\"nats\":2.25,"
		"\"heard_half_hours\":281474959933440,\"silent_half_hours\":4095}",
		",\"lateness\":{\"answers\":24,\"late\":0.625,\"late_ns\":21000000000}",
		",\"ended_within_s\":9",
		",\"ended_within_s\":9",
		",\"within_s\":[11]",
		",\"within_s\":[11]",
	};
	char *text = edit(sample_state(), "state/5", "state/4");

	for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++)
		text = edit(text, news[i], "");
	return text;
}

/* Taken with what is new, too, it is damaged. */
static void test_fourth_version(void **state)
{
	char *text = fourth_version();
	struct counts counts;
	struct bw_err err;

	(void)state;
	assert_int_equal(read_text(text, &counts, NULL), 0);
	assert_int_equal(counts.blocks, 2);
	assert_int_equal(counts.groups, 2);
	assert_int_equal(counts.open, 2);
	free(text);
	text = edit(sample_state(), "state/5", "state/4");
	assert_int_equal(read_text(text, &counts, &err), BW_ERR_SYNTAX);
	assert_int_equal(err.line, 2);
	free(text);
	text = edit(sample_state(), ",\"within_s\":[11]", "");
	assert_int_equal(read_text(text, &counts, &err), BW_ERR_SYNTAX);
	assert_int_equal(err.line, 3);
	free(text);
	text = edit(sample_state(), "\"within_s\":[11]", "\"within_s\":[11,12]");
	assert_int_equal(read_text(text, &counts, &err), BW_ERR_SYNTAX);
	free(text);
}

/* It has no path either, which is new in the fourth version. */
static char *third_version(void)
{
	char *text = edit(fourth_version(), "state/4", "state/3"), *from, *to;

	text = edit(text, ",\"paths\":1", "");
	from = strstr(text, "{\"type\":\"path\"");
	to = strstr(text, "{\"type\":\"end\"");
	memmove(from, to, strlen(to) + 1);
	return edit(text, "state/3", "state/3");
}

static void test_third_version(void **state)
{
	char *text = third_version();
	struct counts counts;
	struct bw_err err;

	(void)state;
	assert_int_equal(read_text(text, &counts, NULL), 0);
	assert_int_equal(counts.blocks, 2);
	assert_int_equal(counts.groups, 2);
	free(text);
	text = edit(fourth_version(), "state/4", "state/3");
	assert_int_equal(read_text(text, &counts, &err), BW_ERR_SYNTAX);
	assert_int_equal(err.line, 1);
	free(text);
}

/* The sample without what is new in the third version either. */
static char *second_version(void)
{
	static const char *const news[] = {
		",\"degraded_since_ns\":1795261500000000000,"
		"\"slow_since_ns\":1795261700000000000,\"joint\":{\"nats\":1.5,"
		"\"since_ns\":1795258800000000000,\"phases\":{\"downs\":4,"
		"\"down_ns\":500000000000,\"longest_ns\":400000000000},"
		"\"expected\":12.5,\"replied\":3,\"counted_ns\":1795262395000000000}",
		",\"silent_since_ns\":1795262331000000000,"
		"\"false_alarm_ns\":1795255200000000000",
		",\"rest\":20,\"evening\":11,\"absences\":{\"count\":3,"
		"\"total_ns\":7200000000000,\"heard_hours\":480},\"moves\":4,"
		"\"usual\":{\"rounds\":30,\"loss\":0.0125,"
		"\"loss_now\":0.25,\"rtt_ns\":80000000,\"rtt_now_ns\":330000000,"
		"\"spread\":0.1},\"degraded_since_ns\":1795261500000000000,"
		"\"slow_since_ns\":1795261600000000000",
		",\"degraded_since_ns\":1795261800000000000,\"slow_since_ns\":1795261900000000000",
		",\"few_hosts\":true",
		",\"dark_until_ns\":1795262380000000000,"
		"\"dark_until_before_ns\":1795262360000000000",
	};
	char *text = edit(third_version(), "state/3", "state/2");

	for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++)
		text = edit(text, news[i], "");
	return text;
}

/* Its score of silences is passed by. */
static void test_second_version(void **state)
{
	char *text = edit(third_version(), "state/3", "state/2");
	struct counts counts;
	struct bw_err err;

	(void)state;
	assert_int_equal(read_text(text, &counts, &err), BW_ERR_SYNTAX);
	assert_int_equal(err.line, 2);
	free(text);
	text = second_version();
	assert_int_equal(read_text(text, &counts, NULL), 0);
	text = edit(text, ",\"unstable_ns\"", ",\"strain\":3.5,\"unstable_ns\"");
	assert_int_equal(read_text(text, &counts, NULL), 0);
	assert_int_equal(counts.blocks, 2);
	assert_int_equal(counts.never_seen, 1);
	assert_int_equal(counts.open, 2);
	free(text);
	text = edit(sample_state(), ",\"unstable_ns\"", ",\"strain\":3.5,\"unstable_ns\"");
	assert_int_equal(read_text(text, &counts, &err), BW_ERR_SYNTAX);
	free(text);
}

/* All of it is taken; its place for an event, which was never filled, is passed by. */
static void test_first_version(void **state)
{
	char *text = edit(second_version(), "state/2", "state/1");
	struct counts counts;
	struct bw_err err;

	(void)state;
	assert_int_equal(read_text(text, &counts, &err), BW_ERR_SYNTAX);
	assert_int_equal(err.line, 5);
	text = edit(text, ",\"never_seen\":true", "");
	assert_int_equal(read_text(text, &counts, NULL), 0);
	text = edit(text, "340000000000},", "340000000000,\"boot\":2,\"seq\":991},");
	assert_int_equal(read_text(text, &counts, NULL), 0);
	assert_int_equal(counts.blocks, 2);
	assert_int_equal(counts.never_seen, 0);
	assert_int_equal(counts.groups, 2);
	assert_int_equal(counts.open, 2);
	free(text);
}

static void test_later_version(void **state)
{
	char *text = edit(sample_state(), "state/5", "state/6");
	struct counts counts;
	struct bw_err err;

	(void)state;
	assert_int_equal(read_text(text, &counts, &err), BW_ERR_VALUE);
	assert_int_equal(err.line, 1);
	assert_non_null(strstr(err.message, "another version"));
	assert_int_equal(counts.blocks, 0);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_this_version),  cmocka_unit_test(test_third_version),
		cmocka_unit_test(test_first_version), cmocka_unit_test(test_second_version),
		cmocka_unit_test(test_later_version), cmocka_unit_test(test_fourth_version),
	};

	return cmocka_run_group_tests_name("report/state_versions", tests, NULL, NULL);
}
