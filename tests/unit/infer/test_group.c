/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/group.h"

static void add(struct group *group, enum bw_verdict verdict, unsigned reasons, unsigned times)
{
	while (times-- > 0)
		group_add(group, verdict, reasons);
}

static void test_one_up_among_dark_is_partly_dark(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_DARK, 0, 3);
	add(&group, BW_UP, 0, 1);
	assert_int_equal(group_verdict(&group), BW_PARTLY_DARK);
	assert_int_equal(group_total(&group), 4);
}

static void test_up_is_up_whatever_else_is_not_dark(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_UP, 0, 1);
	add(&group, BW_FLAPPING, 0, 3);
	add(&group, BW_UNKNOWN, BW_WHY_FEW_EVIDENCE, 3);
	assert_int_equal(group_verdict(&group), BW_UP);
}

/* One of 20 blocks is a part, one of 21 is not, two of 40 are. */
static void test_a_part_of_many_blocks_is_five_per_cent(void **state)
{
	static const struct {
		unsigned dark, up;
		enum bw_verdict verdict;
	} cases[] = {
		{1, 19, BW_PARTLY_DARK},   {1, 20, BW_UP}, {1, 39, BW_UP},
		{2, 38, BW_PARTLY_DARK},   {2, 39, BW_UP}, {49, 951, BW_UP},
		{50, 950, BW_PARTLY_DARK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct group group = {0};

		add(&group, BW_DARK, 0, cases[i].dark);
		add(&group, BW_UP, 0, cases[i].up);
		assert_int_equal(group_verdict(&group), cases[i].verdict);
		add(&group, BW_UNKNOWN, BW_WHY_NEVER_SEEN, 1000); /* of which nothing is known */
		assert_int_equal(group_verdict(&group), cases[i].verdict);
	}
}

/* A target of DARK networks of one block and others of 30 blocks that are up. */
static enum bw_verdict verdict_of_target(unsigned dark, unsigned up)
{
	struct group target = {0};

	for (unsigned i = 0; i < dark + up; i++) {
		struct group network = {0};

		add(&network, i < dark ? BW_DARK : BW_UP, 0, i < dark ? 1 : 30);
		group_add_group(&target, &network);
	}
	return group_verdict(&target);
}

static void test_one_dark_of_few_networks_makes_a_target_partly_dark(void **state)
{
	(void)state;
	assert_int_equal(verdict_of_target(1, 19), BW_PARTLY_DARK);
	assert_int_equal(verdict_of_target(1, 20), BW_UP);
	assert_int_equal(verdict_of_target(40, 20), BW_PARTLY_DARK);
	assert_int_equal(verdict_of_target(3, 0), BW_DARK);
}

static void test_a_network_that_is_partly_dark_is_no_dark_network(void **state)
{
	struct group target = {0}, sound = {0}, hurt = {0};

	(void)state;
	add(&sound, BW_UP, 0, 30);
	add(&hurt, BW_UP, 0, 9);
	add(&hurt, BW_DARK, 0, 1);
	group_add_group(&target, &hurt);
	assert_int_equal(group_verdict(&target), BW_PARTLY_DARK);
	group_add_group(&target, &sound);
	assert_int_equal(group_verdict(&target), BW_UP);
	assert_int_equal(target.by_verdict[BW_PARTLY_DARK], 1);
	group_remove_group(&target, &sound);
	assert_int_equal(group_verdict(&target), BW_PARTLY_DARK);
	group_remove_group(&target, &hurt);
	assert_memory_equal(&target, &(struct group){0}, sizeof(target));
}

/*
 * That a dark block cannot be judged is neither an end of an outage nor a new one. Events hold to
 * what was known last. What stands now is unknown, unless what is known suffices.
 */
static void test_what_was_dark_and_cannot_be_told_is_not_back(void **state)
{
	static const struct {
		unsigned dark, lost, up;
		enum bw_verdict now, held;
	} cases[] = {
		{0, 3, 0, BW_UNKNOWN, BW_UNKNOWN},
		{2, 1, 0, BW_DARK, BW_DARK}, /* all that is known is dark */
		{0, 1, 2, BW_UNKNOWN, BW_PARTLY_DARK},
		{1, 1, 2, BW_PARTLY_DARK, BW_PARTLY_DARK},
		{1, 1, 38, BW_UNKNOWN, BW_PARTLY_DARK}, /* two of 40 are a part, one is not */
		{0, 1, 39, BW_UP, BW_UP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct group group = {0};

		add(&group, BW_DARK, 0, cases[i].dark);
		add(&group, BW_UNKNOWN, BW_WHY_NO_ROUTE | GROUP_WAS_DARK, cases[i].lost);
		add(&group, BW_UP, 0, cases[i].up);
		assert_int_equal(group_verdict(&group), cases[i].now);
		assert_int_equal(group_verdict_held(&group), cases[i].held);
		assert_int_equal(group_reasons(&group), BW_WHY_NO_ROUTE);
	}
}

/* A network that was dark and is hidden now, beside networks that answer. */
static void test_a_lost_network_makes_a_target_unknown_among_few(void **state)
{
	struct group target = {0}, lost = {0}, sound = {0};

	(void)state;
	add(&lost, BW_UNKNOWN, BW_WHY_VANTAGE_OFFLINE | GROUP_WAS_DARK, 1);
	add(&sound, BW_UP, 0, 10);
	group_add_group(&target, &lost);
	assert_int_equal(group_verdict_held(&target), BW_UNKNOWN);
	for (unsigned i = 0; i < 19; i++) {
		group_add_group(&target, &sound);
		assert_int_equal(group_verdict(&target), BW_UNKNOWN);
		assert_int_equal(group_verdict_held(&target), BW_PARTLY_DARK);
	}
	group_add_group(&target, &sound);
	assert_int_equal(group_verdict(&target), BW_UP); /* one of 21 networks, of 201 blocks */
	assert_int_equal(group_verdict_held(&target), BW_UP);
}

static void test_all_dark_is_dark(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_DARK, 0, 4);
	assert_int_equal(group_verdict(&group), BW_DARK);
}

static void test_never_seen_does_not_testify(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_DARK, 0, 3);
	add(&group, BW_UNKNOWN, BW_WHY_NEVER_SEEN, 1);
	assert_int_equal(group_verdict(&group), BW_DARK);
	assert_int_equal(group.by_verdict[BW_UNKNOWN], 1);
}

static void test_other_unknowns_leave_dark_a_part(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_DARK, 0, 3);
	add(&group, BW_UNKNOWN, BW_WHY_FEW_EVIDENCE, 1);
	add(&group, BW_UNKNOWN, BW_WHY_NEVER_SEEN, 1);
	assert_int_equal(group_verdict(&group), BW_PARTLY_DARK);
	assert_int_equal(group_reasons(&group), BW_WHY_FEW_EVIDENCE);
}

/* Nobody ever answered, and what the target says of hosts is too weak to call them silent. */
static void test_never_seen_is_excluded(void **state)
{
	const unsigned reasons = BW_WHY_NEVER_SEEN | BW_WHY_FEW_EVIDENCE;
	struct group network = {0}, target = {0};

	(void)state;
	add(&network, BW_UNKNOWN, reasons, 1);
	assert_int_equal(group_reasons(&network), reasons);
	add(&target, BW_DARK, 0, 3);
	group_add_group(&target, &network);
	assert_int_equal(group_verdict(&target), BW_DARK);
	assert_false(group_excludes(reasons | BW_WHY_VANTAGE_OFFLINE));
}

static void test_flapping_is_not_dark(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_DARK, 0, 3);
	add(&group, BW_FLAPPING, 0, 1);
	assert_int_equal(group_verdict(&group), BW_PARTLY_DARK);
	group_remove(&group, BW_DARK, 0);
	group_remove(&group, BW_DARK, 0);
	group_remove(&group, BW_DARK, 0);
	assert_int_equal(group_verdict(&group), BW_FLAPPING);
}

static void test_nothing_is_unknown(void **state)
{
	struct group group = {0};

	(void)state;
	assert_int_equal(group_verdict(&group), BW_UNKNOWN);
	add(&group, BW_UNKNOWN, BW_WHY_NEVER_SEEN, 2);
	assert_int_equal(group_verdict(&group), BW_UNKNOWN);
	assert_int_equal(group_reasons(&group), BW_WHY_NEVER_SEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_up_among_dark_is_partly_dark),
		cmocka_unit_test(test_up_is_up_whatever_else_is_not_dark),
		cmocka_unit_test(test_a_part_of_many_blocks_is_five_per_cent),
		cmocka_unit_test(test_one_dark_of_few_networks_makes_a_target_partly_dark),
		cmocka_unit_test(test_a_network_that_is_partly_dark_is_no_dark_network),
		cmocka_unit_test(test_what_was_dark_and_cannot_be_told_is_not_back),
		cmocka_unit_test(test_a_lost_network_makes_a_target_unknown_among_few),
		cmocka_unit_test(test_all_dark_is_dark),
		cmocka_unit_test(test_never_seen_does_not_testify),
		cmocka_unit_test(test_other_unknowns_leave_dark_a_part),
		cmocka_unit_test(test_never_seen_is_excluded),
		cmocka_unit_test(test_flapping_is_not_dark),
		cmocka_unit_test(test_nothing_is_unknown),
	};

	return cmocka_run_group_tests_name("infer/group", tests, NULL, NULL);
}
