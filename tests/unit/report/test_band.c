/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include <blockwatch/time.h>

#include "report/timeline/band.h"
#include "report/timeline/share.h"

static void expect_parts(const struct band *band, const struct band_part *parts, uint32_t count)
{
	assert_int_equal(band->parts.count, count);
	for (uint32_t n = 0; n < count; n++) {
		assert_int_equal(band_get(band, n)->from_ns, parts[n].from_ns);
		assert_int_equal(band_get(band, n)->state, parts[n].state);
	}
}
#define EXPECT(band, ...)                                                    \
	do {                                                                 \
		const struct band_part parts[] = {__VA_ARGS__};              \
		expect_parts(band, parts, sizeof(parts) / sizeof(parts[0])); \
	} while (0)

static void test_parts_follow_each_other(void **state)
{
	struct band band;
	int64_t sum[BAND_STATES];

	(void)state;
	band_init(&band, 100, 200);
	assert_int_equal(band_last(&band), BAND_NO_DATA);
	assert_int_equal(band_add(&band, 50, BW_UP), 0);  /* begins with the band */
	assert_int_equal(band_add(&band, 120, BW_UP), 0); /* the same goes on */
	assert_int_equal(band_add(&band, 150, BW_DARK), 0);
	assert_int_equal(band_add(&band, 180, BAND_NO_DATA), 0);
	EXPECT(&band, {100, BW_UP}, {150, BW_DARK}, {180, BAND_NO_DATA});
	assert_int_equal(band_end(&band, 2), 200);
	band_sum(&band, sum);
	assert_int_equal(sum[BW_UP], 50);
	assert_int_equal(sum[BW_DARK], 30);
	assert_int_equal(sum[BAND_NO_DATA], 20);
	assert_int_equal(sum[BW_UNKNOWN], 0);
	band_fini(&band);
}

static void test_nothing_is_behind_now(void **state)
{
	struct band band;

	(void)state;
	band_init(&band, 100, 200);
	assert_int_equal(band_add(&band, 100, BW_UP), 0);
	assert_int_equal(band_add(&band, 200, BW_DARK), 0);
	assert_int_equal(band_add(&band, 300, BW_UNKNOWN), 0);
	EXPECT(&band, {100, BW_UP});
	assert_int_equal(band_last(&band), BW_UP);
	band_fini(&band);
}

static void test_a_part_without_length_is_none(void **state)
{
	struct band band;

	(void)state;
	band_init(&band, 0, 200);
	assert_int_equal(band_add(&band, 0, BW_UP), 0);
	assert_int_equal(band_add(&band, 50, BW_DARK), 0);
	assert_int_equal(band_add(&band, 50, BW_FLAPPING), 0);
	EXPECT(&band, {0, BW_UP}, {50, BW_FLAPPING});
	assert_int_equal(band_add(&band, 50, BW_UP), 0);
	EXPECT(&band, {0, BW_UP});
	band_fini(&band);
}

static void test_a_thin_band_keeps_the_worst(void **state)
{
	struct band band, thin;

	(void)state;
	band_init(&band, 0, 1000);
	assert_int_equal(band_add(&band, 0, BW_UP), 0);
	assert_int_equal(band_add(&band, 255, BW_DARK), 0); /* shorter than a column */
	assert_int_equal(band_add(&band, 256, BW_UP), 0);
	assert_int_equal(band_add(&band, 500, BAND_NO_DATA), 0); /* from one column's edge on */
	assert_int_equal(band_thin(&band, 10, &thin), 0);
	EXPECT(&thin, {0, BW_UP}, {200, BW_DARK}, {300, BW_UP}, {500, BAND_NO_DATA});
	assert_int_equal(thin.until_ns, 1000);
	band_fini(&thin);
	assert_int_equal(band_thin(&band, 5000, &thin), 0); /* more columns than nanoseconds */
	EXPECT(&thin, {0, BW_UP}, {255, BW_DARK}, {256, BW_UP}, {500, BAND_NO_DATA});
	band_fini(&thin);
	band_fini(&band);
	band_init(&band, 0, 1000);
	assert_int_equal(band_thin(&band, 10, &thin), 0);
	assert_int_equal(thin.parts.count, 0);
	band_fini(&thin);
	band_fini(&band);
}

/* One second in a year. */
static void test_a_second_of_a_year_is_seen(void **state)
{
	const int64_t year = 365 * INT64_C(86400) * BW_S, at = year / 3;
	struct band band, thin;
	int64_t sum[BAND_STATES];

	(void)state;
	band_init(&band, 0, year);
	assert_int_equal(band_add(&band, 0, BW_UP), 0);
	assert_int_equal(band_add(&band, at, BW_DARK), 0);
	assert_int_equal(band_add(&band, at + BW_S, BW_UP), 0);
	assert_int_equal(band_thin(&band, 600, &thin), 0);
	assert_int_equal(thin.parts.count, 3);
	band_sum(&thin, sum);
	assert_int_equal(sum[BW_DARK] / (year / 600), 1);
	band_fini(&thin);
	band_fini(&band);
}

static void test_states_have_an_order_and_names(void **state)
{
	(void)state;
	assert_true(band_rank(BW_DARK) > band_rank(BW_PARTLY_DARK));
	assert_true(band_rank(BW_PARTLY_DARK) > band_rank(BW_FLAPPING));
	assert_true(band_rank(BW_FLAPPING) > band_rank(BW_UNKNOWN));
	assert_true(band_rank(BW_UNKNOWN) > band_rank(BAND_NO_DATA));
	assert_true(band_rank(BAND_NO_DATA) > band_rank(BW_UP));
	assert_string_equal(band_state_name(BAND_NO_DATA), "no data");
	assert_string_equal(band_state_name(BW_PARTLY_DARK), "partly dark");
	assert_string_equal(band_state_class(BAND_NO_DATA), "no-data");
}

static void test_shares_add_up(void **state)
{
	static struct share share;
	struct band band;

	(void)state;
	share = (struct share){.from_ns = 0, .until_ns = 1000 * SHARE_COLUMNS};
	for (int n = 0; n < 4; n++) {
		band_init(&band, 0, 1000 * SHARE_COLUMNS);
		assert_int_equal(band_add(&band, 0, BW_UP), 0);
		if (n == 0)
			assert_int_equal(band_add(&band, 2250, BW_DARK), 0);
		share_add(&share, &band);
		band_fini(&band);
	}
	assert_int_equal(share.bands, 4);
	assert_float_equal(share.of[1][BW_UP], 4, 1e-5);
	assert_float_equal(share.of[2][BW_UP], 3.25, 1e-5);
	assert_float_equal(share.of[2][BW_DARK], .75, 1e-5);
	for (uint32_t n = 0; n < SHARE_COLUMNS; n++)
		assert_float_equal(share.of[n][BW_UP] + share.of[n][BW_DARK], 4, 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parts_follow_each_other),
		cmocka_unit_test(test_nothing_is_behind_now),
		cmocka_unit_test(test_a_part_without_length_is_none),
		cmocka_unit_test(test_a_thin_band_keeps_the_worst),
		cmocka_unit_test(test_a_second_of_a_year_is_seen),
		cmocka_unit_test(test_states_have_an_order_and_names),
		cmocka_unit_test(test_shares_add_up),
	};

	return cmocka_run_group_tests_name("report/band", tests, NULL, NULL);
}
