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

static void test_one_up_is_up(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_DARK, 0, 3);
	add(&group, BW_UP, 0, 1);
	assert_int_equal(group_verdict(&group), BW_UP);
	assert_int_equal(group_total(&group), 4);
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

static void test_other_unknowns_forbid_dark(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_DARK, 0, 3);
	add(&group, BW_UNKNOWN, BW_WHY_FEW_EVIDENCE, 1);
	add(&group, BW_UNKNOWN, BW_WHY_NEVER_SEEN, 1);
	assert_int_equal(group_verdict(&group), BW_UNKNOWN);
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
	group_add(&target, group_verdict(&network), group_reasons(&network));
	assert_int_equal(group_verdict(&target), BW_DARK);
	assert_false(group_excludes(reasons | BW_WHY_VANTAGE_OFFLINE));
}

static void test_flapping_outweighs_dark(void **state)
{
	struct group group = {0};

	(void)state;
	add(&group, BW_DARK, 0, 3);
	add(&group, BW_FLAPPING, 0, 1);
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
		cmocka_unit_test(test_one_up_is_up),
		cmocka_unit_test(test_all_dark_is_dark),
		cmocka_unit_test(test_never_seen_does_not_testify),
		cmocka_unit_test(test_other_unknowns_forbid_dark),
		cmocka_unit_test(test_never_seen_is_excluded),
		cmocka_unit_test(test_flapping_outweighs_dark),
		cmocka_unit_test(test_nothing_is_unknown),
	};

	return cmocka_run_group_tests_name("infer/group", tests, NULL, NULL);
}
