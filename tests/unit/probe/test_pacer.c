/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/pacer.h"

/* Runs the pacer as the engine does, woken up to LATE_NS after it asked; fills sent-at times. */
static unsigned run(double rate_pps, int64_t duration_ns, int64_t late_ns, int64_t *times,
		    unsigned max)
{
	struct bw_mono now = {0};
	struct pacer pacer = pacer_of(rate_pps, now);
	unsigned count = 0;

	while (now.ns < duration_ns && count < max) {
		uint32_t allowed = pacer_take(&pacer, now, max - count);

		for (uint32_t i = 0; i < allowed; i++)
			times[count++] = now.ns;
		now = bw_mono_add(pacer_next(&pacer), count % 3 * late_ns / 2);
	}
	return count;
}

static unsigned most_in_window(const int64_t *times, unsigned count, int64_t window_ns)
{
	unsigned most = 0;

	for (unsigned i = 0, j = 0; i < count; i++) {
		while (times[i] - times[j] >= window_ns)
			j++;
		if (i - j + 1 > most)
			most = i - j + 1;
	}
	return most;
}

static void test_rate_and_burst(void **state)
{
	static int64_t times[400000];
	const double rates[] = {1000, 10000, 100000};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		unsigned count = run(rates[i], 3 * BW_S, BW_MS, times, 400000);
		double wanted = rates[i] * 3;

		assert_in_range(count, wanted * 0.99, wanted * 1.01);
		assert_true(most_in_window(times, count, 10 * BW_MS) <= rates[i] * 0.01 * 2);
	}
}

static void test_slow_rates_send_at_once_then_wait(void **state)
{
	struct bw_mono now = {5 * BW_S};
	struct pacer pacer = pacer_of(0.5, now);

	(void)state;
	assert_int_equal(pacer_take(&pacer, now, 10), 1);
	assert_int_equal(pacer_take(&pacer, now, 10), 0);
	assert_int_equal(pacer_next(&pacer).ns, 7 * BW_S);
	assert_int_equal(pacer_take(&pacer, (struct bw_mono){7 * BW_S - 1}, 10), 0);
	assert_int_equal(pacer_take(&pacer, (struct bw_mono){7 * BW_S}, 10), 1);
	assert_int_equal(pacer_take(&pacer, (struct bw_mono){90 * BW_S}, 10), 1);
}

/* Fast rates wait for several packets at a time, and lose nothing of the rate. */
static void test_fast_rates_share_a_turn(void **state)
{
	struct bw_mono now = {0};
	struct pacer pacer = pacer_of(100e3, now);
	uint32_t taken = pacer_take(&pacer, now, 100);

	(void)state;
	assert_int_equal(taken, 1);
	for (int turn = 0; turn < 4000; turn++) {
		assert_int_equal(bw_mono_since(pacer_next(&pacer), now), 250 * BW_US);
		now = pacer_next(&pacer);
		taken += pacer_take(&pacer, now, 100);
	}
	assert_in_range(taken, 99999, 100001);
}

static void test_given_back_is_not_spent(void **state)
{
	struct bw_mono now = {0};
	struct pacer pacer = pacer_of(1000, now);

	(void)state;
	now.ns = BW_S;
	assert_int_equal(pacer_take(&pacer, now, 5), 5);
	pacer_give_back(&pacer, 5);
	assert_int_equal(pacer_take(&pacer, now, 100), 8);
	pacer_give_back(&pacer, 100);
	assert_int_equal(pacer_take(&pacer, now, 100), 8);
}

static void test_time_that_goes_back_gives_nothing(void **state)
{
	struct pacer pacer = pacer_of(1000, (struct bw_mono){BW_S});

	(void)state;
	assert_int_equal(pacer_take(&pacer, (struct bw_mono){BW_S}, 10), 1);
	assert_int_equal(pacer_take(&pacer, (struct bw_mono){0}, 10), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate_and_burst),
		cmocka_unit_test(test_slow_rates_send_at_once_then_wait),
		cmocka_unit_test(test_fast_rates_share_a_turn),
		cmocka_unit_test(test_given_back_is_not_spent),
		cmocka_unit_test(test_time_that_goes_back_gives_nothing),
	};

	return cmocka_run_group_tests_name("probe/pacer", tests, NULL, NULL);
}
