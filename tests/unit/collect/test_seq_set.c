/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <blockwatch/err.h>

#include "base/rng.h"
#include "collect/seq_set.h"

static void assert_set(const struct seq_set *set, const char *wanted)
{
	char text[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < set->count; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%llu-%llu",
					 i ? " " : "", (unsigned long long)set->list[i].first,
					 (unsigned long long)set->list[i].last);
	assert_string_equal(text, wanted);
}

static void test_ranges_grow_and_join(void **state)
{
	struct seq_set set = {0};

	(void)state;
	assert_false(seq_set_has(&set, 1));
	assert_int_equal(seq_set_add(&set, 1, 1), 0);
	assert_int_equal(seq_set_add(&set, 2, 2), 0);
	assert_set(&set, "1-2");
	assert_int_equal(seq_set_add(&set, 7, 9), 0);
	assert_int_equal(seq_set_add(&set, 5, 5), 0);
	assert_set(&set, "1-2 5-5 7-9");
	assert_int_equal(seq_set_add(&set, 6, 6), 0);
	assert_set(&set, "1-2 5-9");
	assert_int_equal(seq_set_add(&set, 3, 4), 0);
	assert_set(&set, "1-9");
	assert_int_equal(seq_set_add(&set, 0, 20), 0);
	assert_set(&set, "0-20");
	seq_set_fini(&set);
}

static void test_the_largest_number(void **state)
{
	struct seq_set set = {0};

	(void)state;
	assert_int_equal(seq_set_add(&set, UINT64_MAX, UINT64_MAX), 0);
	assert_int_equal(seq_set_add(&set, UINT64_MAX - 1, UINT64_MAX - 1), 0);
	assert_int_equal(set.count, 1);
	assert_true(seq_set_has(&set, UINT64_MAX));
	assert_false(seq_set_has(&set, 0));
	seq_set_fini(&set);
}

static void test_too_many_gaps_are_refused(void **state)
{
	struct seq_set set = {0};

	(void)state;
	for (uint64_t i = 0; i < SEQ_SET_MAX; i++)
		assert_int_equal(seq_set_add(&set, 2 * i, 2 * i), 0);
	assert_int_equal(seq_set_add(&set, 2 * SEQ_SET_MAX, 2 * SEQ_SET_MAX), BW_ERR_LIMIT);
	assert_int_equal(seq_set_add(&set, 1, 1), 0); /* joins two: there is room again */
	assert_int_equal(seq_set_add(&set, 2 * SEQ_SET_MAX, 2 * SEQ_SET_MAX), 0);
	seq_set_fini(&set);
}

/* In any order, numbers are in the set exactly when they were added. */
static void test_any_order(void **state)
{
	enum { COUNT = 2000 };
	bool added[COUNT] = {false};
	struct seq_set set = {0};
	struct rng rng = rng_of(7);

	(void)state;
	for (int i = 0; i < 3000; i++) {
		const uint64_t first = rng_below(&rng, COUNT - 4);
		const uint64_t last = first + rng_below(&rng, 4);

		assert_int_equal(seq_set_add(&set, first, last), 0);
		for (uint64_t n = first; n <= last; n++)
			added[n] = true;
		for (size_t n = 0; n + 1 < set.count; n++)
			assert_true(set.list[n].last + 1 < set.list[n + 1].first);
	}
	for (uint64_t n = 0; n < COUNT; n++)
		assert_int_equal(seq_set_has(&set, n), added[n]);
	seq_set_fini(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges_grow_and_join),
		cmocka_unit_test(test_the_largest_number),
		cmocka_unit_test(test_too_many_gaps_are_refused),
		cmocka_unit_test(test_any_order),
	};

	return cmocka_run_group_tests_name("collect/seq_set", tests, NULL, NULL);
}
