/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/fitness/blindness.h"

static const char lines[] = "a 198.18.0.0/24 3\n";

static const struct record_vantage *vantage(const struct fixture *f, unsigned n)
{
	return &fixture_record_of(f, RECORD_VANTAGE, n)->vantage;
}

static void test_entering_puts_out_one_record_with_the_reasons(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	fixture_set_time(f, 10);
	assert_true(blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE));
	assert_int_equal(f->count, 1);
	assert_false(vantage(f, 0)->healthy);
	assert_int_equal(vantage(f, 0)->reasons, BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(f->ledger->ways.of[0].since.ns, fixture_mono(10).ns);
	fixture_free(f);
}

static void test_the_same_reason_again_says_nothing_new(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	(void)blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE);
	assert_false(blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE));
	assert_int_equal(f->count, 1);
	fixture_free(f);
}

static void test_a_further_reason_is_added_and_said_since_the_first(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	(void)blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE);
	fixture_set_time(f, 10);
	assert_false(blindness_enter(f->ledger, 0, BW_WHY_INTERFACE_DOWN));
	assert_int_equal(f->count, 2);
	assert_int_equal(vantage(f, 1)->reasons, BW_WHY_VANTAGE_OFFLINE | BW_WHY_INTERFACE_DOWN);
	assert_int_equal(f->ledger->ways.of[0].since.ns, fixture_mono(0).ns);
	fixture_free(f);
}

static void test_leaving_says_healthy(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	(void)blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE);
	blindness_leave(f->ledger, 0);
	assert_int_equal(f->count, 2);
	assert_true(vantage(f, 1)->healthy);
	assert_int_equal(vantage(f, 1)->reasons, 0);
	assert_int_equal(f->ledger->ways.of[0].reasons, 0);
	fixture_free(f);
}

static void test_a_sleep_is_said_once_and_ends_what_was_found_before(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	(void)blindness_enter(f->ledger, 0, BW_WHY_VANTAGE_OFFLINE);
	fixture_set_time(f, 3600);
	blindness_slept(f->ledger);
	assert_int_equal(f->count, 2);
	assert_int_equal(vantage(f, 1)->reasons, BW_WHY_SUSPENDED);
	assert_int_equal(f->ledger->ways.of[0].reasons, 0);
	assert_int_equal(f->ledger->ways.of[0].awake.ns, fixture_mono(3600).ns);
	fixture_free(f);
}

static void test_after_a_sleep_the_owners_reasons_still_hold(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	(void)blindness_enter(f->ledger, 0, BW_WHY_INTERFACE_DOWN);
	f->ledger->ways.of[0].held = true;
	blindness_slept(f->ledger);
	assert_int_equal(vantage(f, 1)->reasons, BW_WHY_INTERFACE_DOWN | BW_WHY_SUSPENDED);
	assert_int_equal(f->ledger->ways.of[0].reasons, BW_WHY_INTERFACE_DOWN);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entering_puts_out_one_record_with_the_reasons),
		cmocka_unit_test(test_the_same_reason_again_says_nothing_new),
		cmocka_unit_test(test_a_further_reason_is_added_and_said_since_the_first),
		cmocka_unit_test(test_leaving_says_healthy),
		cmocka_unit_test(test_a_sleep_is_said_once_and_ends_what_was_found_before),
		cmocka_unit_test(test_after_a_sleep_the_owners_reasons_still_hold),
	};

	return cmocka_run_group_tests_name("vantage/blindness", tests, NULL, NULL);
}
