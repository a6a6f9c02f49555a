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

/* All of it is taken; its place for an event, which was never filled, is passed by. */
static void test_first_version(void **state)
{
	char *text = edit(sample_state(), "state/2", "state/1");
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
	char *text = edit(sample_state(), "state/2", "state/3");
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
		cmocka_unit_test(test_this_version),
		cmocka_unit_test(test_first_version),
		cmocka_unit_test(test_later_version),
	};

	return cmocka_run_group_tests_name("report/state_versions", tests, NULL, NULL);
}
