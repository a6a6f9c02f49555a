/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/events.h"
#include "vantage/ledger/fitness/unrelated.h"
#include "vantage/roster_egress.h"

/* Three targets of a block each. */
static const char lines[] = "a 198.18.0.0/24 3\n"
			    "b 198.18.8.0/24 3\n"
			    "c 198.18.16.0/24 3\n";

static void decide(struct fixture *f, uint32_t block, enum bw_verdict to)
{
	events_decide(f->ledger, block,
		      &(struct verdict_decision){.to = to,
						 .earliest = f->ledger->now.mono,
						 .latest = f->ledger->now.mono});
}

/* The gateway answers all the time, and nothing else. */
static unsigned judge(struct fixture *f, uint32_t block, double seconds)
{
	struct fitness *fitness;

	fixture_set_time(f, seconds);
	fitness = &f->ledger->ways.of[ledger_way_of(f->ledger, block)];
	health_answered(&fitness->health, HEALTH_GATEWAY, f->ledger->now.mono);
	return unrelated_judge(f->ledger, block, f->ledger->now.mono);
}

static void test_what_is_dark_or_not_known_does_not_fall_silent_with_others(void **state)
{
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	decide(f, 0, BW_UP);
	assert_int_equal(judge(f, 0, 100), 0); /* nothing is known of the others */
	decide(f, 1, BW_UP);
	assert_int_equal(judge(f, 0, 200), BW_WHY_VANTAGE_OFFLINE);
	decide(f, 1, BW_DARK);
	assert_int_equal(judge(f, 0, 300), 0);
	decide(f, 2, BW_UP);
	assert_int_equal(judge(f, 0, 400), BW_WHY_VANTAGE_OFFLINE);
	fixture_free(f);
}

/* What is on another way says nothing of this one. */
static void test_targets_are_counted_by_way(void **state)
{
	static struct bw_egress table[2] = {
		{.interface = "a0", .interface_index = 1, .source = {4, {10, 0, 0, 2}}},
		{.interface = "b0", .interface_index = 2, .source = {4, {10, 0, 1, 2}}},
	};
	struct fixture *f = fixture_new(lines, true);

	(void)state;
	roster_egress_set(&f->roster, 0, 0);
	f->roster.blocks[1].egress = 1;
	ways_init(&f->ledger->ways, table, fixture_mono(0));
	ways_assign(&f->ledger->ways, &f->roster, fixture_mono(0));
	decide(f, 0, BW_UP);
	decide(f, 1, BW_UP);
	assert_int_equal(judge(f, 0, 100), 0);
	assert_int_equal(judge(f, 1, 100), 0);
	decide(f, 2, BW_UP);
	assert_int_equal(judge(f, 0, 200), BW_WHY_VANTAGE_OFFLINE);
	assert_int_equal(judge(f, 1, 200), 0);
	fixture_free(f);
}

static void test_in_a_check_the_gateway_vouches(void **state)
{
	struct fixture *f = fixture_new(lines, false);

	(void)state;
	assert_int_equal(judge(f, 0, 100), 0);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_dark_or_not_known_does_not_fall_silent_with_others),
		cmocka_unit_test(test_targets_are_counted_by_way),
		cmocka_unit_test(test_in_a_check_the_gateway_vouches),
	};

	return cmocka_run_group_tests_name("vantage/unrelated", tests, NULL, NULL);
}
