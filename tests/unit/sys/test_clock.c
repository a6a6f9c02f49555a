/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "sys/machine/clock.h"

static const int64_t epoch = INT64_C(1700000000) * BW_S;

/* MONO on the monotonic clock while the wall clock is AHEAD of its usual offset. */
static struct bw_now at(int64_t mono, int64_t ahead)
{
	return (struct bw_now){{mono}, {epoch + mono + ahead}};
}

static void test_now_is_now(void **state)
{
	struct bw_now first = clock_now(), second = clock_now();
	time_t wall = time(NULL);

	(void)state;
	assert_false(bw_mono_before(second.mono, first.mono));
	assert_true(first.mono.ns > 0);
	assert_in_range(wall - first.wall.ns / BW_S + 60, 0, 120);
}

static void test_stamp_becomes_monotonic(void **state)
{
	struct clock clock = {0};

	(void)state;
	clock_follow(&clock, at(5 * BW_S, 0));
	assert_int_equal(clock_mono(&clock, (struct bw_wall){epoch + 4 * BW_S}).ns, 4 * BW_S);
	assert_int_equal(clock_mono(&clock, (struct bw_wall){epoch + 5 * BW_S + 1}).ns,
			 5 * BW_S + 1);
}

static void test_slew_is_followed(void **state)
{
	struct clock clock = {0};

	(void)state;
	clock_follow(&clock, at(1 * BW_S, 0));
	for (int i = 1; i <= 100; i++)
		clock_follow(&clock, at((1 + i) * BW_S, i * 500 * BW_US));
	/* Now 50 ms ahead of the start, and still exact. */
	assert_int_equal(clock_mono(&clock, at(100 * BW_S, 50 * BW_MS).wall).ns, 100 * BW_S);
}

/* A step of an hour back, and one of 1.2 s ahead; frames of both sides read after it. */
static void test_frames_around_a_step(void **state)
{
	static const int64_t steps[] = {-3600 * BW_S, 1200 * BW_MS, 3600 * BW_S};

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct clock clock = {0};
		int64_t before = 100 * BW_S - 3 * BW_MS, after = 100 * BW_S - 1 * BW_MS;

		clock_follow(&clock, at(99 * BW_S, 0));
		clock_follow(&clock, at(100 * BW_S, steps[i]));
		assert_int_equal(clock_mono(&clock, at(before, 0).wall).ns, before);
		assert_int_equal(clock_mono(&clock, at(after, steps[i]).wall).ns, after);
	}
}

/* The machine was busy for 0.7 s after a step: by the former offset the frame is yet to come. */
static void test_late_frame_after_a_step(void **state)
{
	struct clock clock = {0};

	(void)state;
	clock_follow(&clock, at(99 * BW_S, 0));
	clock_follow(&clock, at(100 * BW_S, 1200 * BW_MS));
	clock_follow(&clock, at(103 * BW_S, 1200 * BW_MS));
	assert_int_equal(clock_mono(&clock, at(102300 * BW_MS, 1200 * BW_MS).wall).ns,
			 102300 * BW_MS);
}

/* The former offset is forgotten: a frame that lay in the ring for long is not moved. */
static void test_old_step_is_forgotten(void **state)
{
	struct clock clock = {0};

	(void)state;
	clock_follow(&clock, at(1 * BW_S, 0));
	clock_follow(&clock, at(2 * BW_S, -2 * BW_S));
	clock_follow(&clock, at(20 * BW_S, -2 * BW_S));
	assert_int_equal(clock_mono(&clock, at(18 * BW_S, -2 * BW_S).wall).ns, 18 * BW_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_now_is_now),
		cmocka_unit_test(test_stamp_becomes_monotonic),
		cmocka_unit_test(test_slew_is_followed),
		cmocka_unit_test(test_frames_around_a_step),
		cmocka_unit_test(test_late_frame_after_a_step),
		cmocka_unit_test(test_old_step_is_forgotten),
	};

	return cmocka_run_group_tests_name("sys/clock", tests, NULL, NULL);
}
