/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collect/tell/outage_book.h"

/* One block with an outage book. The store keeps nothing. */
struct setting {
	struct board board;
	struct dark_events dark_events;
	struct outage_book book;
	unsigned saved;
};

static int put_outage(void *self, const struct store_outage *outage, struct bw_err *err)
{
	struct setting *setting = self;

	(void)outage;
	(void)err;
	setting->saved++;
	return 0;
}

static const struct store_ops ops = {.put_outage = put_outage};

static void make_setting(struct setting *setting)
{
	struct board_place place = {.target = "kp", .said_ns = 1};

	*setting = (struct setting){.saved = 0};
	assert_int_equal(bw_prefix_parse("198.18.0.0/24", &place.block, NULL), 0);
	place.network = place.block;
	board_init(&setting->board);
	assert_int_equal(board_place(&setting->board, &place), 0);
	dark_events_init(&setting->dark_events);
	outage_book_init(&setting->book, &setting->dark_events);
}

static void remove_setting(struct setting *setting)
{
	outage_book_fini(&setting->book);
	dark_events_fini(&setting->dark_events);
	board_fini(&setting->board);
}

static void become(struct setting *setting, int64_t earliest_ns, int64_t from_ns,
		   enum bw_verdict verdict)
{
	const struct interval interval = {from_ns,          from_ns, earliest_ns,
					  (uint8_t)verdict, false,   false};

	assert_int_equal(timeline_add(&board_block(&setting->board, 0)->merged, &interval), 0);
}

/* What is dark in the timeline is compared with the book, as after a restart. */
static void review(struct setting *setting)
{
	const struct subject subject = subject_get(&setting->board, BW_SCOPE_BLOCK, 0);
	const struct store store = {&ops, setting};
	struct bw_err err;

	setting->saved = 0;
	assert_int_equal(outage_book_revise(&setting->book, &setting->board, &subject, 0, &store,
					    &err),
			 0);
}

static void check_outage(const struct setting *setting, uint64_t id, int64_t start_ns)
{
	const uint32_t number = outage_book_find(&setting->book, id);

	assert_true(number > 0);
	assert_int_equal(outage_book_get(&setting->book, number - 1)->outage.start_ns, start_ns);
	assert_false(outage_book_get(&setting->book, number - 1)->withdrawn);
}

static void clear(struct setting *setting)
{
	timeline_cut(&board_block(&setting->board, 0)->merged, 0);
}

static void test_outages_that_may_touch_keep_their_ids(void **state)
{
	struct setting setting;

	(void)state;
	make_setting(&setting);
	become(&setting, 90, 100, BW_DARK);
	become(&setting, 190, 200, BW_UP);
	become(&setting, 150, 250, BW_DARK);
	become(&setting, 290, 300, BW_UP);
	review(&setting);
	assert_int_equal(setting.saved, 2);
	check_outage(&setting, 1, 100);
	check_outage(&setting, 2, 250);
	/* The second one has not begun before the first one was over. */
	assert_int_equal(outage_book_get(&setting.book, 1)->outage.earliest_ns, 200);
	for (int n = 0; n < 3; n++) {
		review(&setting);
		assert_int_equal(setting.saved, 0);
	}
	remove_setting(&setting);
}

/* Of those whose start is not in the book, each is the one it has most in common with. */
static void test_outages_that_move_keep_their_ids(void **state)
{
	struct setting setting;

	(void)state;
	make_setting(&setting);
	become(&setting, 100, 100, BW_DARK);
	become(&setting, 200, 200, BW_UP);
	become(&setting, 250, 250, BW_DARK);
	become(&setting, 400, 400, BW_UP);
	review(&setting);
	clear(&setting);
	become(&setting, 80, 90, BW_DARK);
	become(&setting, 180, 180, BW_UP);
	become(&setting, 195, 199, BW_DARK);
	become(&setting, 400, 400, BW_UP);
	review(&setting);
	check_outage(&setting, 1, 90);
	check_outage(&setting, 2, 199);
	assert_int_equal(setting.book.entries.count, 2);
	assert_int_equal(setting.saved, 2);
	remove_setting(&setting);
}

/* One new outage takes the place of no other one that stands. */
static void test_an_outage_between_two_is_a_new_one(void **state)
{
	struct setting setting;

	(void)state;
	make_setting(&setting);
	become(&setting, 100, 100, BW_DARK);
	become(&setting, 200, 200, BW_UP);
	become(&setting, 190, 400, BW_DARK);
	review(&setting);
	clear(&setting);
	become(&setting, 100, 100, BW_DARK);
	become(&setting, 200, 200, BW_UP);
	become(&setting, 190, 300, BW_DARK);
	become(&setting, 350, 350, BW_UP);
	become(&setting, 190, 400, BW_DARK);
	review(&setting);
	check_outage(&setting, 1, 100);
	check_outage(&setting, 2, 400);
	check_outage(&setting, 3, 300);
	remove_setting(&setting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outages_that_may_touch_keep_their_ids),
		cmocka_unit_test(test_outages_that_move_keep_their_ids),
		cmocka_unit_test(test_an_outage_between_two_is_a_new_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
