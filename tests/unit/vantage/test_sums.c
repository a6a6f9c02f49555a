/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* Target a: networks 0 (blocks 0 and 1) and 1 (block 2). Target b: network 2 (block 3). */
static const char lines[] = "a 198.18.0.0/23 3\n"
			    "a 198.18.4.0/24 3\n"
			    "b 198.19.0.0/24 3\n";

/* Block NUMBER gets VERDICT, and its network counts anew. */
static void recount(struct fixture *f, uint32_t number, enum bw_verdict verdict)
{
	struct block *block = &f->ledger->blocks[number];
	const struct sums_member was = sums_member(block, BW_UNKNOWN);
	struct sums_member is;

	block->verdict = verdict;
	is = sums_member(block, BW_UNKNOWN);
	sums_recount_block(&f->ledger->sums, &f->roster, number, &was, &is);
}

static void test_all_blocks_begin_as_unknown(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	const struct sums *sums = &f->ledger->sums;

	(void)state;
	assert_int_equal(sums->networks[0].group.by_verdict[BW_UNKNOWN], 2);
	assert_int_equal(sums->networks[1].group.by_verdict[BW_UNKNOWN], 1);
	assert_int_equal(sums->targets[0].group.by_verdict[BW_UNKNOWN], 2);
	assert_int_equal(sums->targets[1].group.by_verdict[BW_UNKNOWN], 1);
	assert_int_equal(sums->targets[0].verdict, BW_UNKNOWN);
	assert_int_equal(sums->targets[0].since.ns, fixture_mono(0).ns);
	assert_int_equal(sums->networks[0].outage.history.first.ns, fixture_wall(0).ns);
	assert_int_equal(sums->targets[0].round, 0);
	fixture_free(f);
}

static void test_a_block_counts_in_its_network_only(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	const struct sums *sums = &f->ledger->sums;

	(void)state;
	recount(f, 1, BW_DARK);
	assert_int_equal(sums->networks[0].group.by_verdict[BW_UNKNOWN], 1);
	assert_int_equal(sums->networks[0].group.by_verdict[BW_DARK], 1);
	assert_int_equal(sums->networks[1].group.by_verdict[BW_UNKNOWN], 1);
	assert_int_equal(sums->targets[0].group.by_verdict[BW_UNKNOWN], 2);
	assert_int_equal(sums->networks[0].verdict, BW_UNKNOWN); /* nothing is said of it here */
	fixture_free(f);
}

static void test_a_network_counts_in_its_target_with_its_blocks(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct sums *sums = &f->ledger->sums;
	const struct group was = sums->networks[0].group;

	(void)state;
	recount(f, 0, BW_UP);
	assert_int_equal(sums->targets[0].group.by_verdict[BW_UNKNOWN], 2);
	sums_recount_network(sums, &f->roster, 0, &was);
	assert_int_equal(sums->targets[0].group.blocks.by_verdict[BW_UP], 1);
	assert_int_equal(sums->targets[0].group.blocks.by_verdict[BW_UNKNOWN], 2);
	assert_int_equal(sums->targets[0].group.by_verdict[BW_UNKNOWN], 1);
	assert_int_equal(sums->targets[0].group.by_verdict[BW_UP], 1);
	assert_int_equal(sums->targets[1].group.by_verdict[BW_UP], 0);
	fixture_free(f);
}

static void test_reasons_of_unknown_are_carried_up(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct sums *sums = &f->ledger->sums;
	const struct sums_member plain = {BW_UNKNOWN, 0}, cut = {BW_UNKNOWN, BW_WHY_NO_ROUTE};
	struct group was = sums->networks[2].group;

	(void)state;
	sums_recount_block(sums, &f->roster, 3, &plain, &cut);
	sums_recount_network(sums, &f->roster, 2, &was);
	assert_int_equal(group_reasons(&sums->targets[1].group), BW_WHY_NO_ROUTE);
	was = sums->networks[2].group;
	sums_recount_block(sums, &f->roster, 3, &cut, &plain);
	sums_recount_network(sums, &f->roster, 2, &was);
	assert_int_equal(group_reasons(&sums->targets[1].group), 0);
	fixture_free(f);
}

static void test_restored_blocks_make_their_sums_what_they_are_without_an_event(void **state)
{
	static const enum bw_verdict verdicts[] = {BW_DARK, BW_DARK, BW_UP};
	struct fixture *f = fixture_new(lines, true);
	struct sums *sums = &f->ledger->sums;

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		sums_restore(sums, &f->roster, i, &(struct sums_member){verdicts[i], 0});
	}
	assert_int_equal(sums->networks[0].verdict, BW_DARK);
	assert_int_equal(sums->networks[1].verdict, BW_UP);
	assert_int_equal(sums->targets[0].verdict, BW_PARTLY_DARK);
	assert_int_equal(sums->targets[1].verdict, BW_UNKNOWN);
	assert_int_equal(sums->targets[0].group.by_verdict[BW_DARK], 1);
	assert_int_equal(sums->targets[0].group.by_verdict[BW_UP], 1);
	assert_int_equal(f->count, 0);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_blocks_begin_as_unknown),
		cmocka_unit_test(test_a_block_counts_in_its_network_only),
		cmocka_unit_test(test_a_network_counts_in_its_target_with_its_blocks),
		cmocka_unit_test(test_reasons_of_unknown_are_carried_up),
		cmocka_unit_test(
			test_restored_blocks_make_their_sums_what_they_are_without_an_event),
	};

	return cmocka_run_group_tests_name("vantage/sums", tests, NULL, NULL);
}
