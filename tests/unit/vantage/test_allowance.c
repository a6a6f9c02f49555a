/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/watch/schedule/allowance.h"

#define HOUR_S 3600
#define INTERVAL_S 180 /* 20 probes an hour */
#define BURST 40

/* Block 0 has many candidates, block 1 three hosts, blocks 2 to 4 one each. */
static const char lines[] = "a 198.18.0.0/24 20\n"
			    "a 198.18.1.0/24 3\n"
			    "a 198.18.2.0/24 1\n"
			    "a 198.18.3.0/24 1\n"
			    "a 198.18.4.0/24 1\n"
			    "often 198.19.0.0/24 3\n";

static const struct vantage_plan plans[] = {
	{60 * BW_S, 10 * BW_S, 20},
	{60 * BW_S, 10 * BW_S, 3600},
};

static struct fixture *setup(struct allowance *a, const struct vantage_plan *with)
{
	struct fixture *f = fixture_new(lines, with != NULL);

	assert_int_equal(allowance_init(a, f->ledger, with), 0);
	return f;
}

static void teardown(struct fixture *f, struct allowance *a)
{
	allowance_fini(a);
	fixture_free(f);
}

static void leave(struct allowance *a, uint32_t block, unsigned left)
{
	while (allowance_left(a, block) > left)
		allowance_take(a, block);
	assert_int_equal(allowance_left(a, block), left);
}

/* Its hosts answered lately, so that their silence weighs much. */
static void make_up(struct fixture *f, uint32_t block)
{
	const uint16_t hosts[HOTLIST_MAX] = {0, 1, 2, 3, 4, 5, 6};
	struct block *b = &f->ledger->blocks[block];

	ledger_seed_hosts(f->ledger, block, hosts, b->hosts < HOTLIST_MAX ? b->hosts : HOTLIST_MAX,
			  0.97F, 0.1F);
	b->verdict = BW_UP;
}

static int64_t wait_s(const struct allowance *a, uint32_t block)
{
	return allowance_wait_ns(a, block) / BW_S;
}

static void test_forty_probes_at_once_then_one_an_interval(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);
	struct bw_mono at;

	(void)state;
	for (unsigned i = 0; i < BURST; i++) {
		assert_true(allowance_can_ask(&a, 0, &at));
		assert_int_equal(allowance_left(&a, 0), BURST - i);
		allowance_take(&a, 0);
	}
	assert_false(allowance_can_ask(&a, 0, &at));
	assert_int_equal(at.ns, fixture_mono(INTERVAL_S).ns);
	assert_int_equal(allowance_left(&a, 1), BURST); /* each block has its own */
	teardown(f, &a);
}

static void test_the_hour_refills_at_its_rate_and_saves_up_forty(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	leave(&a, 0, 0);
	fixture_set_time(f, INTERVAL_S - 1);
	assert_int_equal(allowance_left(&a, 0), 0);
	fixture_set_time(f, INTERVAL_S);
	assert_int_equal(allowance_left(&a, 0), 1);
	fixture_set_time(f, HOUR_S);
	assert_int_equal(allowance_left(&a, 0), 20);
	fixture_set_time(f, 100 * HOUR_S);
	assert_int_equal(allowance_left(&a, 0), BURST);
	teardown(f, &a);
}

static void test_without_plans_only_the_pace_holds(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, NULL);
	struct bw_mono at;

	(void)state;
	for (unsigned i = 0; i < 2 * BURST; i++) {
		assert_true(allowance_can_ask(&a, 0, &at));
		allowance_take(&a, 0);
	}
	assert_int_equal(allowance_begin(&a, 0).due_ns, 0);
	teardown(f, &a);
}

static void test_the_pace_is_twenty_at_once_then_one_a_second_over_rounds(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);
	struct budget_spent spent;
	unsigned had = 0;

	(void)state;
	fixture_set_time(f, HOUR_S);
	spent = allowance_begin(&a, 0);
	while (budget_take(&a.pace, &spent, f->ledger->now.mono))
		had++;
	assert_in_range(had, 20, 21); /* the note of the last round gives back less than one */
	allowance_end(&a, 0, spent);
	spent = allowance_begin(&a, 0);
	assert_false(budget_take(&a.pace, &spent, f->ledger->now.mono));
	fixture_set_time(f, HOUR_S + 5);
	spent = allowance_begin(&a, 0);
	assert_in_range(budget_left(&a.pace, spent, f->ledger->now.mono), 5, 6);
	teardown(f, &a);
}

static void test_a_dark_block_keeps_three_probes_and_is_asked_again_only_from_35_on(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	leave(&a, 0, 35);
	assert_true(allowance_can_spare(&a, 0, 1));
	leave(&a, 0, 34);
	assert_false(allowance_can_spare(&a, 0, 1));
	leave(&a, 0, 4);
	assert_true(allowance_can_spare(&a, 0, 0));
	leave(&a, 0, 3);
	assert_false(allowance_can_spare(&a, 0, 0));
	teardown(f, &a);
}

static void test_an_urgent_round_needs_more_than_three_probes(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	leave(&a, 0, 4);
	assert_true(allowance_can_urge(&a, 0));
	leave(&a, 0, 3);
	assert_false(allowance_can_urge(&a, 0));
	teardown(f, &a);
}

static void test_cold_hosts_are_asked_of_an_up_block_above_the_reserve_of_eight(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	make_up(f, 0);
	make_up(f, 1);
	assert_true(allowance_can_widen(&a, 0));
	assert_false(allowance_can_widen(&a, 1)); /* all its hosts are hot */
	leave(&a, 0, 9);
	assert_true(allowance_can_widen(&a, 0));
	leave(&a, 0, 8);
	assert_false(allowance_can_widen(&a, 0));
	fixture_set_time(f, HOUR_S);
	assert_true(allowance_can_widen(&a, 0));
	f->ledger->blocks[0].verdict = BW_DARK;
	assert_false(allowance_can_widen(&a, 0));
	teardown(f, &a);
}

static void test_a_border_is_looked_for_from_more_than_8_probes(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	make_up(f, 1); /* without a cold host, too */
	leave(&a, 1, 9);
	assert_true(allowance_can_seek_border(&a, 1));
	leave(&a, 1, 8);
	assert_false(allowance_can_seek_border(&a, 1));
	teardown(f, &a);
}

static void test_hosts_are_looked_for_from_more_than_33_probes_where_few_are_known(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	make_up(f, 0);
	leave(&a, 0, 36);
	assert_true(allowance_can_explore(&a, 0));
	leave(&a, 0, 35);
	assert_false(allowance_can_explore(&a, 0));
	hotlist_init(&f->ledger->blocks[0].hot, 0.97F, 0.1F); /* no host is known */
	leave(&a, 0, 34);
	assert_true(allowance_can_explore(&a, 0));
	leave(&a, 0, 33);
	assert_false(allowance_can_explore(&a, 0));
	teardown(f, &a);
}

static void test_the_interval_is_that_of_the_hour_but_at_least_a_round(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	assert_int_equal(allowance_interval_ns(&a, 0), INTERVAL_S * BW_S);
	assert_int_equal(allowance_interval_ns(&a, 5), 60 * BW_S);
	teardown(f, &a);
}

static void test_a_well_known_block_waits_longer_the_more_probes_are_missing(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	make_up(f, 0);
	assert_int_equal(wait_s(&a, 0), 0);
	leave(&a, 0, 38);
	assert_in_range(wait_s(&a, 0), INTERVAL_S - 1, INTERVAL_S);
	leave(&a, 0, 28);
	assert_in_range(wait_s(&a, 0), 1.5 * INTERVAL_S - 1, 1.5 * INTERVAL_S);
	leave(&a, 0, 18);
	assert_in_range(wait_s(&a, 0), 2 * INTERVAL_S - 1, 2 * INTERVAL_S);
	fixture_set_time(f, 100); /* since the last round */
	assert_in_range(wait_s(&a, 0), 2 * INTERVAL_S - 101, 2 * INTERVAL_S - 100);
	teardown(f, &a);
}

static void test_a_block_of_which_too_little_is_known_saves_probes_to_find_hosts(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	make_up(f, 0);
	make_up(f, 1);
	hotlist_init(&f->ledger->blocks[0].hot, 0.97F, 0.1F); /* no host of many */
	hotlist_init(&f->ledger->blocks[1].hot, 0.97F, 0.1F); /* no host of three */
	leave(&a, 0, 38);
	leave(&a, 1, 38);
	assert_in_range(wait_s(&a, 0), 2 * INTERVAL_S - 1, 2 * INTERVAL_S);
	assert_in_range(wait_s(&a, 1), 1.35 * INTERVAL_S - 1, 1.35 * INTERVAL_S);
	teardown(f, &a);
}

static void test_blocks_that_are_not_up_urgent_or_suspect_do_not_wait(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	leave(&a, 0, 11);
	assert_int_equal(wait_s(&a, 0), 0); /* unknown */
	make_up(f, 0);
	assert_true(wait_s(&a, 0) > INTERVAL_S);
	f->ledger->tracks[0].urgent = true;
	assert_int_equal(wait_s(&a, 0), 0);
	f->ledger->tracks[0].urgent = false;
	block_set_condition(&f->ledger->blocks[0], BW_SUSPECT, true);
	assert_int_equal(wait_s(&a, 0), 0);
	teardown(f, &a);
}

static void test_a_suspect_single_host_keeps_ten_probes_until_its_siblings_are_silent(void **state)
{
	struct allowance a;
	struct fixture *f = setup(&a, plans);

	(void)state;
	for (uint32_t i = 0; i < 5; i++)
		make_up(f, i);
	block_set_condition(&f->ledger->blocks[2], BW_SUSPECT, true);
	leave(&a, 2, 11);
	assert_int_equal(wait_s(&a, 2), 0);
	leave(&a, 2, 10);
	assert_true(wait_s(&a, 2) > INTERVAL_S);
	for (uint32_t i = 0; i < 2; i++)
		f->ledger->blocks[i].verdict = BW_DARK;
	assert_true(wait_s(&a, 2) > INTERVAL_S);
	f->ledger->blocks[3].verdict = BW_DARK;
	assert_int_equal(wait_s(&a, 2), 0);
	teardown(f, &a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forty_probes_at_once_then_one_an_interval),
		cmocka_unit_test(test_the_hour_refills_at_its_rate_and_saves_up_forty),
		cmocka_unit_test(test_without_plans_only_the_pace_holds),
		cmocka_unit_test(test_the_pace_is_twenty_at_once_then_one_a_second_over_rounds),
		cmocka_unit_test(
			test_a_dark_block_keeps_three_probes_and_is_asked_again_only_from_35_on),
		cmocka_unit_test(test_an_urgent_round_needs_more_than_three_probes),
		cmocka_unit_test(
			test_cold_hosts_are_asked_of_an_up_block_above_the_reserve_of_eight),
		cmocka_unit_test(test_a_border_is_looked_for_from_more_than_8_probes),
		cmocka_unit_test(
			test_hosts_are_looked_for_from_more_than_33_probes_where_few_are_known),
		cmocka_unit_test(test_the_interval_is_that_of_the_hour_but_at_least_a_round),
		cmocka_unit_test(test_a_well_known_block_waits_longer_the_more_probes_are_missing),
		cmocka_unit_test(
			test_a_block_of_which_too_little_is_known_saves_probes_to_find_hosts),
		cmocka_unit_test(test_blocks_that_are_not_up_urgent_or_suspect_do_not_wait),
		cmocka_unit_test(
			test_a_suspect_single_host_keeps_ten_probes_until_its_siblings_are_silent),
	};

	return cmocka_run_group_tests_name("vantage/allowance", tests, NULL, NULL);
}
