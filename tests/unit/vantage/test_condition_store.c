/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vantage/ledger/block/condition_store.h"

#define BLOCKS 100

static struct condition_store setup(void)
{
	struct condition_store store;

	assert_int_equal(condition_store_init(&store, BLOCKS), 0);
	return store;
}

static struct condition_evidence evidence_of(uint32_t quiet)
{
	return (struct condition_evidence){.quiet = quiet};
}

static void test_a_calm_block_has_the_evidence_of_a_calm_block(void **state)
{
	struct condition_store store = setup();
	struct track track = {.condition.inhabited = 5};
	struct condition_evidence evidence;

	(void)state;
	evidence = condition_store_get(&store, &track);
	assert_int_equal(evidence.quiet, 0);
	assert_int_equal(evidence.parts.inhabited, 5);
	assert_int_equal(store.count, 1); /* nothing but the unused entry */
	condition_store_fini(&store);
}

static void test_what_is_kept_comes_back_for_its_block_only(void **state)
{
	const struct condition_evidence three = evidence_of(3), four = evidence_of(4);
	struct condition_store store = setup();
	struct track one = {0}, other = {0};

	(void)state;
	condition_store_keep(&store, &one, &three);
	condition_store_keep(&store, &other, &four);
	assert_int_equal(condition_store_get(&store, &one).quiet, 3);
	assert_int_equal(condition_store_get(&store, &other).quiet, 4);
	condition_store_keep(&store, &one, &four);
	assert_int_equal(condition_store_get(&store, &one).quiet, 4);
	assert_int_equal(store.count, 3);
	condition_store_fini(&store);
}

static void test_empty_evidence_gives_the_entry_back_for_another_block(void **state)
{
	const struct condition_evidence some = evidence_of(3), none = evidence_of(0);
	struct condition_store store = setup();
	struct track one = {0}, other = {0};
	uint32_t entry;

	(void)state;
	condition_store_keep(&store, &one, &some);
	entry = one.evidence;
	condition_store_keep(&store, &one, &none);
	assert_int_equal(one.evidence, 0);
	assert_int_equal(condition_store_get(&store, &one).quiet, 0);
	condition_store_keep(&store, &other, &some);
	assert_int_equal(other.evidence, entry);
	assert_int_equal(store.count, 2);
	condition_store_fini(&store);
}

/* A block may have both, and each comes and goes without the other. */
static void test_ranges_are_kept_beside_evidence(void **state)
{
	const struct condition_evidence some = evidence_of(3), none = evidence_of(0);
	struct out_of_range ranges[BW_RANGES] = {[BW_RANGE_DELAY] = {.score = 7}};
	struct condition_store store = setup();
	struct track track = {.condition.inhabited = 5};

	(void)state;
	condition_store_keep_ranges(&store, &track, ranges);
	assert_int_equal(condition_store_get(&store, &track).parts.inhabited, 5);
	track.condition.inhabited = 7;
	assert_int_equal(condition_store_get(&store, &track).parts.inhabited, 7);
	condition_store_keep(&store, &track, &some);
	condition_store_keep(&store, &track, &none);
	condition_store_ranges(&store, &track, ranges);
	assert_int_equal(ranges[BW_RANGE_DELAY].score, 7);
	condition_store_keep(&store, &track, &some);
	out_of_range_forget(&ranges[BW_RANGE_DELAY]);
	condition_store_keep_ranges(&store, &track, ranges);
	assert_int_equal(condition_store_get(&store, &track).quiet, 3);
	assert_int_equal(store.count, 2);
	condition_store_keep(&store, &track, &none);
	assert_int_equal(track.evidence, 0);
	condition_store_ranges(&store, &track, ranges);
	assert_int_equal(ranges[BW_RANGE_DELAY].score, 0);
	condition_store_fini(&store);
}

static void test_nothing_is_stored_for_empty_evidence(void **state)
{
	const struct condition_evidence none = evidence_of(0);
	struct condition_store store = setup();
	struct track track = {0};

	(void)state;
	condition_store_keep(&store, &track, &none);
	assert_int_equal(track.evidence, 0);
	assert_int_equal(store.count, 1);
	condition_store_fini(&store);
}

static void test_all_blocks_come_and_go_for_ever(void **state)
{
	const struct condition_evidence none = evidence_of(0);
	struct condition_store store = setup();
	struct track tracks[BLOCKS] = {0};

	(void)state;
	for (unsigned turn = 0; turn < 3; turn++) {
		for (uint32_t i = 0; i < BLOCKS; i++) {
			const struct condition_evidence evidence = evidence_of(i + 1);

			condition_store_keep(&store, &tracks[i], &evidence);
		}
		for (uint32_t i = 0; i < BLOCKS; i++) {
			assert_int_equal(condition_store_get(&store, &tracks[i]).quiet, i + 1);
			condition_store_keep(&store, &tracks[i], &none);
		}
	}
	assert_int_equal(store.count, BLOCKS + 1);
	condition_store_fini(&store);
}

static void test_only_a_partial_block_has_silent_parts(void **state)
{
	struct condition_evidence evidence = evidence_of(1);
	struct condition_store store = setup();
	struct track track = {0};

	(void)state;
	evidence.parts.gone = 1 << 2;
	condition_store_keep(&store, &track, &evidence);
	assert_int_equal(condition_store_parts(&store, &track), 0);
	condition_set(&track.condition, BW_PARTIAL, true);
	assert_int_equal(condition_store_parts(&store, &track), 1 << 2);
	condition_store_fini(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_calm_block_has_the_evidence_of_a_calm_block),
		cmocka_unit_test(test_what_is_kept_comes_back_for_its_block_only),
		cmocka_unit_test(test_empty_evidence_gives_the_entry_back_for_another_block),
		cmocka_unit_test(test_ranges_are_kept_beside_evidence),
		cmocka_unit_test(test_nothing_is_stored_for_empty_evidence),
		cmocka_unit_test(test_all_blocks_come_and_go_for_ever),
		cmocka_unit_test(test_only_a_partial_block_has_silent_parts),
	};

	return cmocka_run_group_tests_name("vantage/condition_store", tests, NULL, NULL);
}
