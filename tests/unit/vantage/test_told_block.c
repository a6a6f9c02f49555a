/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/block/told_block.h"
#include "vantage/ledger/records.h"

static const char lines[] = "a 198.18.0.0/24 3\n";

static bool is_news(struct told_block *told, const struct record_block *record, double seconds)
{
	return told_block_is_news(told, record, fixture_mono(seconds));
}

static void test_the_first_changes_and_one_a_day(void **state)
{
	struct record_block record = {.verdict = BW_UP, .since = {BW_S}};
	struct told_block told = {0};

	(void)state;
	assert_true(is_news(&told, &record, 0));
	record.sent = 5;
	record.replies = 4;
	record.belief = 0.5;
	record.rtt_min_ns = 7;
	record.availability = 0.3;
	record.round = 9;
	assert_false(is_news(&told, &record, 60));
	record.conditions = BW_DEGRADED;
	assert_true(is_news(&told, &record, 120));
	assert_false(is_news(&told, &record, 180));
	assert_false(is_news(&told, &record, 120 + 86399));
	assert_true(is_news(&told, &record, 120 + 86400));
	record.verdict = BW_UNKNOWN;
	assert_true(is_news(&told, &record, 120 + 86401));
	record.reasons = BW_WHY_NO_ROUTE;
	assert_true(is_news(&told, &record, 120 + 86402));
	record.since.ns = 5 * BW_S;
	assert_true(is_news(&told, &record, 120 + 86403));
	record.parts = 3;
	assert_true(is_news(&told, &record, 120 + 86404));
	assert_false(is_news(&told, &record, 120 + 86405));
}

/* Records that are not written take no number. */
static void test_a_ledger_that_tells_changes(void **state)
{
	struct fixture *f = fixture_new(lines, true);
	struct told_block told = {0};
	const struct tally tally = {.sent = 1};

	(void)state;
	f->ledger->told_blocks = &told;
	for (unsigned n = 0; n < 5; n++)
		records_block(f->ledger, 0, &tally);
	assert_int_equal(fixture_count_of(f, RECORD_BLOCK), 1);
	records_target(f->ledger, 0);
	assert_int_equal(fixture_record_of(f, RECORD_TARGET, 0)->head.seq, 2);
	fixture_forget(f);
	records_block_anyway(f->ledger, 0);
	assert_int_equal(fixture_count_of(f, RECORD_BLOCK), 1);
	records_block(f->ledger, 0, &tally);
	assert_int_equal(fixture_count_of(f, RECORD_BLOCK), 1);
	f->ledger->told_blocks = NULL;
	records_block(f->ledger, 0, &tally);
	assert_int_equal(fixture_count_of(f, RECORD_BLOCK), 2);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_changes_and_one_a_day),
		cmocka_unit_test(test_a_ledger_that_tells_changes),
	};

	return cmocka_run_group_tests_name("vantage/told_block", tests, NULL, NULL);
}
