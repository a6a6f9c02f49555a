/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "collect/follow/follow_limits.h"
#include "collect/seen.h"

static struct record block_record(const char *target, const char *prefix)
{
	struct record record = {
		.type = RECORD_BLOCK,
		.head = {"fra1", "b1", 1, {1000 * BW_S}},
		.block = {.target = target, .verdict = BW_DARK, .since = {900 * BW_S}},
	};

	assert_int_equal(bw_prefix_parse(prefix, &record.block.block, NULL), 0);
	record.block.network = record.block.block;
	return record;
}

static void take(struct follow *follow, const struct record *record)
{
	assert_int_equal(follow_take(follow, record, (struct bw_wall){2000 * BW_S}), 0);
	assert_int_equal(follow_keep(follow), 0);
}

struct setting {
	struct board board;
	struct fleet fleet;
	struct dark_events dark_events;
	struct follow follow;
};

static void make(struct setting *setting)
{
	memset(setting, 0, sizeof(*setting));
	board_init(&setting->board);
	setting->fleet.list[0].name = "fra1";
	setting->fleet.count = 1;
	setting->fleet.stale_after = 3;
	setting->board.vantage_count = 1;
	heard_init(&setting->board.vantages[0].heard);
	timeline_init(&setting->board.vantages[0].cut_off);
	dark_events_init(&setting->dark_events);
	follow_init(&setting->follow, &setting->board, &setting->fleet, &setting->dark_events);
}

static void end(struct setting *setting)
{
	follow_fini(&setting->follow);
	dark_events_fini(&setting->dark_events);
	board_fini(&setting->board);
}

/* What is known goes on; what is new is refused with its key. */
static void test_blocks_and_changes(void **state)
{
	static struct setting setting;
	const struct record known = block_record("kp", "198.18.0.0/24");
	const struct record other = block_record("kp", "198.18.1.0/24");
	struct board_vantage *vantage = &setting.board.vantages[0];

	(void)state;
	make(&setting);
	take(&setting.follow, &known);
	assert_int_equal(vantage->blocks, 1);
	assert_int_equal(vantage->claims, 1);
	take(&setting.follow, &known);
	assert_int_equal(vantage->claims, 1);
	assert_null(follow_limits_check(&setting.follow, 0, &other));
	vantage->blocks = FOLLOW_BLOCKS_MAX;
	assert_null(follow_limits_check(&setting.follow, 0, &known));
	assert_memory_equal(follow_limits_check(&setting.follow, 0, &other), "block: ", 7);
	vantage->blocks = 1;
	vantage->claims = FOLLOW_CLAIMS_MAX;
	assert_memory_equal(follow_limits_check(&setting.follow, 0, &known), "since: ", 7);
	end(&setting);
}

static void test_targets(void **state)
{
	static struct setting setting;
	const struct record known = block_record("t0", "198.18.0.0/24");
	const struct record other = block_record("other", "198.18.0.0/24");
	const struct record title = {.type = RECORD_TARGET,
				     .head = {"fra1", "b1", 1, {1000 * BW_S}},
				     .target = {.target = "another", .title = "Another"}};

	(void)state;
	make(&setting);
	for (unsigned n = 0; n < FOLLOW_TARGETS_MAX; n++) {
		char name[16];

		snprintf(name, sizeof(name), "t%u", n);
		assert_int_equal(board_title(&setting.board, name, "x"), 0);
	}
	assert_null(follow_limits_check(&setting.follow, 0, &known));
	assert_memory_equal(follow_limits_check(&setting.follow, 0, &other), "target: ", 8);
	assert_memory_equal(follow_limits_check(&setting.follow, 0, &title), "target: ", 8);
	end(&setting);
}

static void test_boots(void **state)
{
	struct seen *seen = seen_new();

	(void)state;
	assert_non_null(seen);
	for (unsigned n = 0; n < SEEN_BOOTS_MAX; n++) {
		char name[16];

		snprintf(name, sizeof(name), "b%u", n);
		assert_int_equal(seen_add(seen, "fra1", name, 1), 0);
	}
	assert_int_equal(seen_add(seen, "fra1", "one more", 1), BW_ERR_OVERLAP);
	assert_int_equal(seen_add(seen, "fra1", "b5", 2), 0);
	assert_true(seen_has(seen, "fra1", "b5", 2));
	assert_false(seen_has(seen, "fra1", "one more", 1));
	assert_int_equal(seen_add(seen, "sgp1", "one more", 1), 0);
	seen_free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_and_changes),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_boots),
	};

	return cmocka_run_group_tests_name("collect/follow_limits", tests, NULL, NULL);
}
