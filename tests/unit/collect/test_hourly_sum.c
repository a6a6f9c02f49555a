/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/time.h>

#include "base/rng.h"
#include "collect/hourly/hourly_day.h"

static void add(struct hourly_sum *sum, uint32_t sent, uint32_t replies, int64_t rtt_ns)
{
	const struct hourly_round round = {sent, replies, hourly_bin(rtt_ns)};

	hourly_sum_add(sum, &round);
}

static void test_counts(void **state)
{
	struct hourly_sum sum;

	(void)state;
	hourly_sum_clear(&sum);
	assert_float_equal(hourly_sum_loss(&sum), -1, 0);
	assert_float_equal(hourly_sum_answered(&sum), -1, 0);
	assert_float_equal(hourly_sum_rtt_ms(&sum, .5), -1, 0);
	add(&sum, 4, 1, 20 * BW_MS);
	add(&sum, 2, 0, -1);
	add(&sum, 2, 3, 30 * BW_MS); /* a late reply to a probe of the round before is among them */
	assert_float_equal(hourly_sum_loss(&sum), 5. / 8, 1e-12);
	assert_float_equal(hourly_sum_answered(&sum), 2. / 3, 1e-12);
}

static void test_bins(void **state)
{
	(void)state;
	assert_int_equal(hourly_bin(-1), HOURLY_NO_RTT);
	assert_int_equal(hourly_bin(0), 0);
	assert_int_equal(hourly_bin(BW_US), 0);
	assert_int_equal(hourly_bin(2 * BW_US), 8);
	assert_int_equal(hourly_bin(1024 * BW_US), 80);
	assert_int_equal(hourly_bin(INT64_MAX), HOURLY_BINS - 1);
}

static int compare(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Quantiles of any spread are exact to 4.5 %, also when the sum is made of parts. */
static void test_quantiles(void **state)
{
	struct hourly_sum parts[3], sum;
	struct rng rng = rng_of(1);
	int64_t values[1000];

	(void)state;
	for (int n = 0; n < 3; n++)
		hourly_sum_clear(&parts[n]);
	for (int n = 0; n < 1000; n++) {
		values[n] = (int64_t)rng_below(&rng, 1000 * (1U << rng_below(&rng, 20)) + 1000);
		values[n] += BW_US;
		add(&parts[n % 3], 1, 1, values[n]);
	}
	hourly_sum_clear(&sum);
	for (int n = 0; n < 3; n++)
		hourly_sum_merge(&sum, &parts[n]);
	qsort(values, 1000, sizeof(values[0]), compare);
	for (int p = 1; p < 100; p++) {
		const double exact = (double)values[10 * p - 1] / 1e6;
		const double found = hourly_sum_rtt_ms(&sum, p / 100.);

		assert_true(found <= exact * 1.045 && found >= exact / 1.045);
	}
}

static void make_day(struct hourly_day *day, struct rng *rng)
{
	hourly_day_clear(day);
	for (unsigned n = 0; n < 200; n++) {
		struct hourly_sum *sum = &day->hours[rng_below(rng, 24) & ~2U];
		const uint32_t sent = 1 + (uint32_t)rng_below(rng, 300);

		add(sum, sent, (uint32_t)rng_below(rng, sent + 1),
		    (int64_t)rng_below(rng, 100) - 1 + ((int64_t)1 << rng_below(rng, 50)));
	}
}

static bool is_same(const struct hourly_sum *a, const struct hourly_sum *b)
{
	return a->rounds == b->rounds && a->answered == b->answered && a->sent == b->sent &&
	       a->replies == b->replies && a->first == b->first && a->end == b->end &&
	       memcmp(&a->bins[a->first], &b->bins[b->first],
		      (a->end - a->first) * sizeof(a->bins[0])) == 0;
}

static void test_a_day_as_bytes(void **state)
{
	static struct hourly_day day, read;
	static uint8_t bytes[HOURLY_DAY_BYTES];
	struct rng rng = rng_of(2);

	(void)state;
	hourly_day_clear(&day);
	assert_int_equal(hourly_day_encode(&day, bytes), 3);
	for (unsigned turn = 0; turn < 50; turn++) {
		size_t length;

		make_day(&day, &rng);
		length = hourly_day_encode(&day, bytes);
		hourly_day_clear(&read);
		assert_true(hourly_day_merge(&read, bytes, length));
		for (unsigned n = 0; n < HOURLY_HOURS; n++)
			assert_true(is_same(&day.hours[n], &read.hours[n]));
		/* Nothing shorter or longer is a day. */
		assert_false(hourly_day_merge(&read, bytes, length - 1));
		assert_false(hourly_day_merge(&read, bytes, length + 1));
		assert_false(hourly_day_merge(&read, bytes, 2));
		assert_true(is_same(&day.hours[0], &read.hours[0]));
	}
}

/* The fullest sum there can be has room. */
static void test_the_longest_sum(void **state)
{
	static uint8_t bytes[HOURLY_SUM_BYTES];
	struct hourly_sum sum = {UINT64_MAX, 0, UINT64_MAX, 0, 0, HOURLY_BINS, {0}};

	(void)state;
	for (unsigned n = 0; n < HOURLY_BINS; n++)
		sum.bins[n] = UINT32_MAX;
	assert_in_range(hourly_sum_encode(&sum, bytes) - bytes, 1, HOURLY_SUM_BYTES);
}

/* Bytes that are damaged are refused or read as something; nothing is read or written outside. */
static void test_damaged_bytes(void **state)
{
	static struct hourly_day day;
	static uint8_t bytes[HOURLY_DAY_BYTES];
	struct rng rng = rng_of(3);

	(void)state;
	for (unsigned turn = 0; turn < 2000; turn++) {
		size_t length;

		make_day(&day, &rng);
		length = hourly_day_encode(&day, bytes);
		bytes[rng_below(&rng, length)] = (uint8_t)rng_below(&rng, 256);
		bytes[rng_below(&rng, length)] = (uint8_t)rng_below(&rng, 256);
		hourly_day_merge(&day, bytes, length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),          cmocka_unit_test(test_bins),
		cmocka_unit_test(test_quantiles),       cmocka_unit_test(test_a_day_as_bytes),
		cmocka_unit_test(test_the_longest_sum), cmocka_unit_test(test_damaged_bytes),
	};

	return cmocka_run_group_tests_name("collect/hourly_sum", tests, NULL, NULL);
}
