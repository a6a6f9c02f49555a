/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/path/path_targets.h"

#define EVENT 77

/* Ten networks of one block. */
static const char lines[] = "a 198.18.0.0/24 3\na 198.18.1.0/24 3\na 198.18.2.0/24 3\n"
			    "a 198.18.3.0/24 3\na 198.18.4.0/24 3\na 198.18.5.0/24 3\n"
			    "a 198.18.6.0/24 3\na 198.18.7.0/24 3\na 198.18.8.0/24 3\n"
			    "a 198.18.9.0/24 3\n";

struct bench {
	struct fixture *fixture;
	struct path_units units;
	struct path_plan plan;
	struct path_targets targets;
};

static void begin(struct bench *bench)
{
	*bench = (struct bench){.fixture = fixture_new(lines, true)};
	assert_int_equal(path_units_init(&bench->units, bench->fixture->ledger), 0);
	assert_int_equal(path_targets_init(&bench->targets, &bench->units, &bench->plan), 0);
}

static void end(struct bench *bench)
{
	path_targets_fini(&bench->targets);
	path_units_fini(&bench->units);
	fixture_free(bench->fixture);
}

/* The path to this unit ends behind the same hop as those of the others. */
static void set_end(struct bench *bench, uint32_t unit)
{
	struct path_result *result = &bench->units.results[unit];

	result->at.kind = PATH_KIND_SILENT;
	result->at.last = (struct path_place){bw_addr_from_v4(0x0a620003), 3};
	result->block = unit;
	result->search = PATH_FOUND;
}

/* The first COUNT units end there, and the event tells it. */
static void tell(struct bench *bench, uint32_t count)
{
	struct path_words words;

	for (uint32_t unit = 0; unit < count; unit++)
		set_end(bench, unit);
	path_targets_told(&bench->targets, 0, EVENT,
			  path_tell(&bench->units, &bench->plan, BW_SCOPE_TARGET, 0, "", &words));
}

/* A trace finds the end of UNIT. How many networks its record tells; 0: nothing. */
static uint32_t find(struct bench *bench, uint32_t unit)
{
	const struct record_path *path;

	set_end(bench, unit);
	path = path_targets_found(&bench->targets, 0, false);
	return path ? path->shared : 0;
}

/* The unit that is traced once more after SECONDS; UINT32_MAX: none. */
static uint32_t close_after(struct bench *bench, double seconds)
{
	uint32_t unit, found = UINT32_MAX;

	fixture_set_time(bench->fixture, seconds);
	while (path_targets_close(&bench->targets, &unit))
		if (unit != UINT32_MAX)
			found = unit;
	return found;
}

static void test_growth_is_told(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	tell(&bench, 2);
	assert_int_equal(find(&bench, 2), 0);
	assert_int_equal(find(&bench, 3), 4);
	assert_int_equal(find(&bench, 4), 0);
	assert_int_equal(find(&bench, 5), 0);
	assert_int_equal(find(&bench, 6), 7);
	end(&bench);
}

/* When no trace comes in any more, the last number is told, once. */
static void test_the_last_number_is_told(void **state)
{
	struct bench bench;
	uint32_t unit;

	(void)state;
	begin(&bench);
	tell(&bench, 2);
	assert_int_equal(find(&bench, 2), 0);
	assert_int_equal(find(&bench, 3), 4);
	assert_int_equal(find(&bench, 4), 0);
	assert_int_equal(close_after(&bench, 4.9), UINT32_MAX);
	unit = close_after(&bench, 5);
	assert_in_range(unit, 0, 4);
	assert_int_equal(find(&bench, unit), 5);
	assert_int_equal(close_after(&bench, 100), UINT32_MAX);
	end(&bench);
}

/* The record of a trace that tells of another event leaves it to the next. */
static void test_a_record_that_is_taken(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	tell(&bench, 1);
	set_end(&bench, 1);
	assert_null(path_targets_found(&bench.targets, 0, true));
	assert_int_equal(find(&bench, 2), 3);
	end(&bench);
}

/* Five instead of four networks are not many more. */
static void test_little_growth_is_not_told(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	tell(&bench, 4);
	assert_int_equal(find(&bench, 4), 0);
	assert_int_equal(close_after(&bench, 5), UINT32_MAX);
	assert_int_equal(find(&bench, 5), 0);
	assert_int_equal(close_after(&bench, 10), UINT32_MAX);
	assert_int_equal(find(&bench, 6), 7);
	end(&bench);
}

static void test_an_event_without_a_path(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench);
	assert_int_equal(find(&bench, 0), 0);
	path_targets_told(&bench.targets, 0, EVENT, NULL);
	assert_int_equal(find(&bench, 1), 2);
	end(&bench);
}

/* Traces that are under way are awaited; from one last trace to the next goes a minute. */
static void test_last_traces_are_few(void **state)
{
	struct bench bench;
	uint32_t unit;

	(void)state;
	begin(&bench);
	tell(&bench, 1);
	assert_int_equal(find(&bench, 1), 2);
	assert_int_equal(find(&bench, 2), 0);
	bench.targets.list[0].sought = 1;
	assert_int_equal(close_after(&bench, 5), UINT32_MAX);
	bench.targets.list[0].sought = 0;
	unit = close_after(&bench, 10);
	assert_int_equal(find(&bench, unit), 3);
	assert_int_equal(find(&bench, 3), 0);
	assert_int_equal(close_after(&bench, 20), UINT32_MAX);
	unit = close_after(&bench, 70);
	assert_int_equal(find(&bench, unit), 4);
	end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growth_is_told),
		cmocka_unit_test(test_the_last_number_is_told),
		cmocka_unit_test(test_a_record_that_is_taken),
		cmocka_unit_test(test_little_growth_is_not_told),
		cmocka_unit_test(test_an_event_without_a_path),
		cmocka_unit_test(test_last_traces_are_few),
	};

	return cmocka_run_group_tests_name("vantage/path_targets", tests, NULL, NULL);
}
