/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sys/loop/timers.h"

enum { FIRST, ONCE, LAST, COUNT };

struct fixture {
	struct timers timers;
	char ran[64]; /* a letter for each run */
};

static void note(struct fixture *f, char letter)
{
	size_t length = strlen(f->ran);

	assert_true(length + 1 < sizeof(f->ran));
	f->ran[length] = letter;
	f->ran[length + 1] = '\0';
}

static void run_first(void *self, struct bw_now now)
{
	(void)now;
	note(self, 'f');
}

static void run_once(void *self, struct bw_now now)
{
	struct fixture *f = self;

	note(f, 'o');
	/* A handler may set any timer, its own and those behind it in the table too. */
	timers_set(&f->timers, LAST, now.mono);
}

static void run_last(void *self, struct bw_now now)
{
	(void)now;
	note(self, 'l');
}

static const struct timer table[COUNT] = {
	[FIRST] = {"first", 10, run_first},
	[ONCE] = {"once", 0, run_once},
	[LAST] = {"last", 100, run_last},
};

static struct bw_now at(int64_t ns)
{
	return (struct bw_now){{ns}, {0}};
}

static void init(struct fixture *f)
{
	*f = (struct fixture){.ran = ""};
	timers_init(&f->timers, table, COUNT, f);
}

static void test_all_are_off_at_first(void **state)
{
	struct fixture f;

	(void)state;
	init(&f);
	assert_int_equal(timers_deadline(&f.timers).ns, BW_NEVER.ns);
	timers_run(&f.timers, FIRST, LAST, at(INT64_MAX - 1));
	assert_string_equal(f.ran, "");
}

static void test_due_ones_run_in_order(void **state)
{
	struct fixture f;

	(void)state;
	init(&f);
	timers_set(&f.timers, LAST, at(5).mono);
	timers_set(&f.timers, FIRST, at(7).mono);
	assert_int_equal(timers_deadline(&f.timers).ns, 5);
	timers_run(&f.timers, FIRST, LAST, at(4));
	assert_string_equal(f.ran, "");
	timers_run(&f.timers, FIRST, LAST, at(7));
	assert_string_equal(f.ran, "fl");
	/* Set again by their periods, from the time at which they ran. */
	assert_int_equal(timers_deadline(&f.timers).ns, 17);
	timers_run(&f.timers, FIRST, LAST, at(107));
	assert_string_equal(f.ran, "flfl");
}

static void test_a_timer_without_period_runs_once(void **state)
{
	struct fixture f;

	(void)state;
	init(&f);
	timers_set(&f.timers, ONCE, at(1).mono);
	timers_run(&f.timers, FIRST, LAST, at(1));
	assert_string_equal(f.ran, "ol");
	assert_int_equal(timers_deadline(&f.timers).ns, 101);
}

static void test_part_of_the_table(void **state)
{
	struct fixture f;

	(void)state;
	init(&f);
	for (size_t i = FIRST; i < COUNT; i++)
		timers_set(&f.timers, i, at(1).mono);
	timers_run(&f.timers, FIRST, FIRST, at(1));
	assert_string_equal(f.ran, "f");
	timers_run(&f.timers, LAST, LAST, at(1));
	assert_string_equal(f.ran, "fl");
}

static void test_set_and_advance(void **state)
{
	struct fixture f;

	(void)state;
	init(&f);
	timers_advance(&f.timers, FIRST, at(50).mono);
	timers_advance(&f.timers, FIRST, at(60).mono);
	assert_int_equal(timers_deadline(&f.timers).ns, 50);
	timers_set(&f.timers, FIRST, at(60).mono);
	assert_int_equal(timers_deadline(&f.timers).ns, 60);
	timers_set(&f.timers, FIRST, BW_NEVER);
	assert_int_equal(timers_deadline(&f.timers).ns, BW_NEVER.ns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_off_at_first),
		cmocka_unit_test(test_due_ones_run_in_order),
		cmocka_unit_test(test_a_timer_without_period_runs_once),
		cmocka_unit_test(test_part_of_the_table),
		cmocka_unit_test(test_set_and_advance),
	};

	return cmocka_run_group_tests_name("sys/timers", tests, NULL, NULL);
}
