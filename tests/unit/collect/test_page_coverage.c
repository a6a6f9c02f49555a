/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect/page/page_coverage.h"

#define HOUR (3600 * BW_S)

/* A vantage that was heard of from FROM to UNTIL; WATCHES: it has spoken of the block. */
static void add_vantage(struct board *board, int64_t from_ns, int64_t until_ns, bool watches)
{
	const uint32_t number = board->vantage_count++;
	struct board_vantage *vantage = &board->vantages[number];
	struct board_fact fact = {
		.vantage = number,
		.target = watches ? "kp" : "xx",
		.claim = {from_ns, from_ns, from_ns, BW_UP},
	};

	heard_init(&vantage->heard);
	timeline_init(&vantage->cut_off);
	assert_int_equal(bw_prefix_parse("198.18.0.0/24", &fact.block, NULL), 0);
	assert_int_equal(board_take(board, &fact), 0);
	assert_true(heard_add(&vantage->heard, from_ns, until_ns) >= 0);
}

static void say(struct timeline *timeline, int64_t from_ns, enum bw_verdict verdict)
{
	const struct interval interval = {from_ns,          from_ns, from_ns,
					  (uint8_t)verdict, false,   false};

	assert_int_equal(timeline_add(timeline, &interval), 0);
}

static void expect(const struct band *band, uint32_t n, int64_t from_ns, uint8_t state)
{
	assert_true(n < band->parts.count);
	assert_int_equal(band_get(band, n)->from_ns, from_ns);
	assert_int_equal(band_get(band, n)->state, state);
}

/*
 * Unknown is unknown only while somebody who watches the target was heard of: between, before and
 * behind there is no data.
 */
static void test_no_data_is_not_unknown(void **state)
{
	struct board board;
	struct page_coverage coverage = {.spans = {.items = NULL}};
	struct timeline timeline;
	struct band band;

	(void)state;
	board_init(&board);
	add_vantage(&board, 10 * HOUR, 20 * HOUR, true);
	add_vantage(&board, 12 * HOUR, 15 * HOUR, true);
	add_vantage(&board, 30 * HOUR, 40 * HOUR, true);
	add_vantage(&board, 0, 100 * HOUR, false);
	assert_int_equal(page_coverage_make(&coverage, &board, 0), 0);
	timeline_init(&timeline);
	say(&timeline, 11 * HOUR, BW_UP);
	say(&timeline, 15 * HOUR, BW_UNKNOWN);
	say(&timeline, 35 * HOUR, BW_DARK);
	say(&timeline, 38 * HOUR, BW_UNKNOWN);
	assert_int_equal(page_coverage_band(&coverage, &timeline, 5 * HOUR, 60 * HOUR, &band), 0);
	assert_int_equal(band.parts.count, 8);
	expect(&band, 0, 5 * HOUR, BAND_NO_DATA);
	expect(&band, 1, 11 * HOUR, BW_UP);
	expect(&band, 2, 15 * HOUR, BW_UNKNOWN);
	expect(&band, 3, 20 * HOUR, BAND_NO_DATA);
	expect(&band, 4, 30 * HOUR, BW_UNKNOWN);
	expect(&band, 5, 35 * HOUR, BW_DARK);
	expect(&band, 6, 38 * HOUR, BW_UNKNOWN);
	expect(&band, 7, 40 * HOUR, BAND_NO_DATA);
	band_fini(&band);
	page_coverage_fini(&coverage);
	timeline_fini(&timeline);
	board_fini(&board);
}

static void test_a_target_that_nobody_has_spoken_of(void **state)
{
	struct board board;
	struct page_coverage coverage = {.spans = {.items = NULL}};
	struct timeline timeline;
	struct band band;

	(void)state;
	board_init(&board);
	assert_int_equal(board_title(&board, "kp", "Title"), 0);
	assert_int_equal(page_coverage_make(&coverage, &board, 0), 0);
	timeline_init(&timeline);
	assert_int_equal(page_coverage_band(&coverage, &timeline, 0, HOUR, &band), 0);
	assert_int_equal(band.parts.count, 1);
	expect(&band, 0, 0, BAND_NO_DATA);
	band_fini(&band);
	page_coverage_fini(&coverage);
	timeline_fini(&timeline);
	board_fini(&board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_data_is_not_unknown),
		cmocka_unit_test(test_a_target_that_nobody_has_spoken_of),
	};

	return cmocka_run_group_tests_name("collect/page_coverage", tests, NULL, NULL);
}
