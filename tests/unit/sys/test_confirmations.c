/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sys/bus/confirmations.h"

static struct confirmations confirmations;
static char told[400];

static void note(const char *vantage, uint64_t seq, uint64_t sequence)
{
	const struct ship_line line = {.vantage = {vantage, strlen(vantage)},
				       .boot = {"b", 1},
				       .seq = seq};

	confirmations_note(&confirmations, &line, sequence);
}

static void tell(void *arg, const char *vantage, const struct confirmations_mark *mark)
{
	const size_t used = strlen(told);

	(void)arg;
	snprintf(told + used, sizeof(told) - used, "%s:%d ", vantage, (int)mark->seq);
}

/* What is told when all messages up to FLOOR are acknowledged. */
static void expect(uint64_t floor, const char *what)
{
	told[0] = '\0';
	confirmations_pass(&confirmations, floor, tell, NULL);
	assert_string_equal(told, what);
}

static void test_each_vantage_hears_its_last_record(void **state)
{
	(void)state;
	confirmations_clear(&confirmations);
	assert_false(confirmations_are_pending(&confirmations));
	note("a", 1, 1);
	note("b", 7, 2);
	note("a", 2, 3);
	confirmations_end_batch(&confirmations);
	assert_true(confirmations_are_pending(&confirmations));
	expect(1, "");
	expect(2, "b:7 ");
	expect(3, "a:2 ");
	expect(9, "");
	assert_false(confirmations_are_pending(&confirmations));
}

static void test_batches_are_told_one_by_one(void **state)
{
	(void)state;
	confirmations_clear(&confirmations);
	for (unsigned i = 1; i <= 3; i++) {
		note("a", i, 10 * i);
		confirmations_end_batch(&confirmations);
	}
	expect(20, "a:2 ");
	expect(29, "");
	expect(30, "a:3 ");
}

/* A message that comes again lies behind the mark that stands for it. */
static void test_messages_that_come_again(void **state)
{
	(void)state;
	confirmations_clear(&confirmations);
	note("a", 5, 50);
	confirmations_end_batch(&confirmations);
	note("a", 4, 40);
	confirmations_end_batch(&confirmations);
	expect(40, "");
	expect(50, "a:5 ");
}

static void test_more_batches_than_marks(void **state)
{
	(void)state;
	confirmations_clear(&confirmations);
	for (unsigned i = 1; i <= 3 * CONFIRMATIONS_MARKS; i++) {
		note("a", i, i);
		confirmations_end_batch(&confirmations);
	}
	expect(CONFIRMATIONS_MARKS - 1, "a:15 ");
	expect(3 * CONFIRMATIONS_MARKS - 1, "");
	expect(3 * CONFIRMATIONS_MARKS, "a:48 ");
}

static void test_more_vantages_than_fit(void **state)
{
	char name[16];

	(void)state;
	confirmations_clear(&confirmations);
	for (unsigned i = 0; i <= CONFIRMATIONS_VANTAGES; i++) {
		snprintf(name, sizeof(name), "v%u", i);
		note(name, 1, i + 1);
	}
	assert_int_equal(confirmations.count, CONFIRMATIONS_VANTAGES);
	expect(1, "v0:1 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_vantage_hears_its_last_record),
		cmocka_unit_test(test_batches_are_told_one_by_one),
		cmocka_unit_test(test_messages_that_come_again),
		cmocka_unit_test(test_more_batches_than_marks),
		cmocka_unit_test(test_more_vantages_than_fit),
	};

	return cmocka_run_group_tests_name("sys/confirmations", tests, NULL, NULL);
}
