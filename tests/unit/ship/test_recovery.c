/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ship/spool/recovery.h"

struct found {
	struct recovery recovery;
	struct spool_group all;
	int groups;
};

static void on_group(void *self, const struct spool_group *group)
{
	struct found *found = self;

	spool_group_append(&found->all, group);
	found->groups++;
}

static void begin(struct found *found)
{
	*found = (struct found){.groups = 0};
	recovery_init(&found->recovery, NULL);
	found->recovery.on_group = on_group;
	found->recovery.self = found;
}

static size_t add(struct found *found, const char *boot, unsigned seq)
{
	char line[256];
	int length = snprintf(line, sizeof(line),
			      "{\"schema\":\"blockwatch/record/1\",\"type\":\"block\","
			      "\"vantage\":\"v\",\"boot\":\"%s\",\"seq\":%u,"
			      "\"time\":\"2026-11-30T00:00:00.000000Z\",\"target\":\"kp\"}\n",
			      boot, seq);

	recovery_add(&found->recovery, line, (size_t)length);
	return (size_t)length;
}

static void test_torn_last_line(void **state)
{
	struct found found;
	size_t length;

	(void)state;
	begin(&found);
	length = add(&found, "a", 1) + add(&found, "a", 2);
	recovery_add(&found.recovery, "{\"schema\":\"blockwatch/record/1\",\"ty", 36);
	assert_int_equal(recovery_end(&found.recovery), length);
	assert_int_equal(found.all.sums.records[SPOOL_BLOCK], 2);
	assert_int_equal(found.all.last_seq, 2);
}

static void test_zeros_at_the_end(void **state)
{
	static const char zeros[4096];
	struct found found;
	size_t length;

	(void)state;
	begin(&found);
	length = add(&found, "a", 7);
	for (int i = 0; i < 20; i++)
		recovery_add(&found.recovery, zeros, sizeof(zeros));
	assert_int_equal(recovery_end(&found.recovery), length);
	assert_int_equal(found.recovery.damaged, 0);
}

static void test_only_what_follows_counts(void **state)
{
	struct found found;
	size_t length;

	(void)state;
	begin(&found);
	length = add(&found, "a", 1) + add(&found, "a", 5);
	add(&found, "a", 5);
	add(&found, "a", 4);
	assert_int_equal(recovery_end(&found.recovery), length);
	begin(&found);
	length = add(&found, "a", 5) + add(&found, "b", 1) + add(&found, "b", 2);
	assert_int_equal(recovery_end(&found.recovery), length);
	assert_string_equal(found.all.last_boot, "b");
}

/* A damaged line in the middle stays in its place, so that nothing behind it is lost. */
static void test_damage_in_the_middle(void **state)
{
	struct found found;
	size_t length;

	(void)state;
	begin(&found);
	length = add(&found, "a", 1);
	recovery_add(&found.recovery, "{\"schema\":\"blo@kwatch\"}\n", 24);
	length += 24 + add(&found, "a", 3);
	assert_int_equal(recovery_end(&found.recovery), length);
	assert_int_equal(found.recovery.damaged, 1);
	assert_int_equal(found.all.length, length);
	assert_int_equal(found.all.sums.records[SPOOL_BLOCK], 2);
}

static void test_groups_are_cut(void **state)
{
	struct found found;
	size_t length = 0;

	(void)state;
	begin(&found);
	for (unsigned i = 1; i <= 1000; i++)
		length += add(&found, "a", i);
	assert_int_equal(recovery_end(&found.recovery), length);
	assert_int_equal(found.groups, (int)(length / SPOOL_GROUP_SIZE) + 1);
	assert_int_equal(found.all.sums.records[SPOOL_BLOCK], 1000);
}

static void test_nothing(void **state)
{
	struct found found;

	(void)state;
	begin(&found);
	assert_int_equal(recovery_end(&found.recovery), 0);
	assert_int_equal(found.groups, 0);
	begin(&found);
	recovery_add(&found.recovery, "stray\n", 6);
	assert_int_equal(recovery_end(&found.recovery), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_torn_last_line),
		cmocka_unit_test(test_zeros_at_the_end),
		cmocka_unit_test(test_only_what_follows_counts),
		cmocka_unit_test(test_damage_in_the_middle),
		cmocka_unit_test(test_groups_are_cut),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests_name("ship/recovery", tests, NULL, NULL);
}
