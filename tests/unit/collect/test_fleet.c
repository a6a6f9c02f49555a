/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect/fleet.h"

static struct fleet two_vantages(void)
{
	return (struct fleet){
		.list = {{.name = "fra1",
			  .token = "0123456789abcdef",
			  .clock_offset_ns = INT64_MAX},
			 {.name = "sgp1",
			  .token = "0123456789abcdeg",
			  .clock_offset_ns = INT64_MAX}},
		.count = 2,
		.stale_after = 3,
	};
}

static struct record record_at(int64_t seconds, uint64_t seq)
{
	return (struct record){.type = RECORD_VANTAGE,
			       .head = {"fra1", "b1", seq, {seconds * BW_S}},
			       .vantage = {.healthy = true}};
}

static void test_a_token_names_one_vantage(void **state)
{
	const struct fleet fleet = two_vantages();

	(void)state;
	assert_ptr_equal(fleet_by_token(&fleet, "0123456789abcdef"), &fleet.list[0]);
	assert_ptr_equal(fleet_by_token(&fleet, "0123456789abcdeg"), &fleet.list[1]);
	assert_null(fleet_by_token(&fleet, "0123456789abcde"));
	assert_null(fleet_by_token(&fleet, "0123456789abcdeff"));
	assert_null(fleet_by_token(&fleet, ""));
}

static void test_silence_begins_after_some_rounds(void **state)
{
	struct fleet fleet = two_vantages();
	const struct record record = record_at(1000, 1);

	(void)state;
	assert_true(fleet_is_silent(&fleet, &fleet.list[0], (struct bw_wall){1000 * BW_S}));
	fleet_note(&fleet.list[0], &record, (struct bw_wall){1001 * BW_S});
	assert_false(fleet_is_silent(&fleet, &fleet.list[0], (struct bw_wall){1180 * BW_S}));
	assert_true(fleet_is_silent(&fleet, &fleet.list[0], (struct bw_wall){1181 * BW_S}));
	fleet.list[0].round_s = 600;
	assert_false(fleet_is_silent(&fleet, &fleet.list[0], (struct bw_wall){2000 * BW_S}));
}

/* A late record changes neither the last time nor the position; the smallest offset counts. */
static void test_late_records(void **state)
{
	struct fleet fleet = two_vantages();
	struct fleet_member *member = &fleet.list[0];
	const struct record young = record_at(1000, 9), old = record_at(500, 3);

	(void)state;
	fleet_note(member, &young, (struct bw_wall){1002 * BW_S});
	fleet_note(member, &old, (struct bw_wall){1003 * BW_S});
	assert_int_equal(member->seq, 9);
	assert_int_equal(member->last.ns, 1000 * BW_S);
	assert_int_equal(member->clock_offset_ns, 2 * BW_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_token_names_one_vantage),
		cmocka_unit_test(test_silence_begins_after_some_rounds),
		cmocka_unit_test(test_late_records),
	};

	return cmocka_run_group_tests_name("collect/fleet", tests, NULL, NULL);
}
