/* SPDX-License-Identifier: Apache-2.0 */
/* A store with room for so many bytes, whose connection can be lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "collect/store_watch.h"

/* What a trial writes for a body of so many bytes. */
#define TRIAL_OF(bytes) (65536 + 2 * (size_t)(bytes))

struct disk {
	size_t room, used; /* bytes */
	size_t before;     /* used when the transaction began */
	unsigned trials;   /* transactions that were begun */
	unsigned watched;
	bool lost;
};

static int unable(struct bw_err *err)
{
	bw_err_set(err, BW_ERR_UNAVAILABLE, "it is full");
	bw_err_place(err, "c.db", 0, 0, NULL);
	return BW_ERR_UNAVAILABLE;
}

static int begin(void *self, struct bw_err *err)
{
	struct disk *disk = self;

	disk->trials++;
	disk->before = disk->used;
	return disk->lost ? unable(err) : 0;
}

static int commit(void *self, struct bw_err *err)
{
	const struct disk *disk = self;

	return disk->used > disk->room ? unable(err) : 0;
}

static void rollback(void *self)
{
	struct disk *disk = self;

	disk->used = disk->before;
}

static int put_message(void *self, const struct store_message *message, struct bw_err *err)
{
	struct disk *disk = self;

	(void)err;
	assert_string_equal(message->webhook, "");
	disk->used += strlen(message->text);
	return 0;
}

static int first_message(void *self, const char *webhook,
			 int (*take)(void *arg, const struct store_message *message), void *arg,
			 struct bw_err *err)
{
	const struct disk *disk = self;
	const struct store_message message = {.number = 1, .webhook = webhook};

	(void)err;
	return disk->used > 0 ? take(arg, &message) : 0;
}

static int drop_message(void *self, uint64_t number, struct bw_err *err)
{
	struct disk *disk = self;

	(void)err;
	assert_int_equal(number, 1);
	disk->used = 0;
	return 0;
}

static int look(void *self, int64_t *ret_next_ns, struct bw_err *err)
{
	struct disk *disk = self;

	disk->watched++;
	*ret_next_ns = disk->lost ? 50 * BW_MS : 2 * BW_S;
	return disk->lost ? unable(err) : 0;
}

#define OPS                                                                                 \
	.begin = begin, .commit = commit, .rollback = rollback, .put_message = put_message, \
	.first_message = first_message, .drop_message = drop_message

static const struct store_ops file_ops = {OPS};
static const struct store_ops server_ops = {OPS, .watch = look};

static void failed(struct store_watch *watch, size_t bytes, int64_t now_ns)
{
	struct bw_err err;

	unable(&err);
	store_watch_failed(watch, &err, bytes, now_ns);
}

static void a_file_that_takes_everything_is_left_alone(void **state)
{
	struct disk disk = {.room = 1};
	const struct store store = {&file_ops, &disk};
	struct store_watch watch = {.stores = true};

	(void)state;
	assert_true(store_watch_tick(&watch, &store, true, 5 * BW_S) == INT64_MAX);
	assert_int_equal(disk.trials, 0);
}

static void it_is_tried_with_as_much_each_second(void **state)
{
	struct disk disk = {.room = TRIAL_OF(100000) - 1};
	const struct store store = {&file_ops, &disk};
	struct store_watch watch = {.stores = true};

	(void)state;
	failed(&watch, 100000, 0);
	assert_string_equal(watch.why.message, "it is full");
	assert_true(store_watch_tick(&watch, &store, true, 0) == BW_S);
	assert_int_equal(disk.trials, 0);
	assert_true(store_watch_tick(&watch, &store, true, BW_S) == 2 * BW_S);
	assert_int_equal(disk.trials, 1);
	assert_false(watch.stores);
	disk.room = TRIAL_OF(100000);
	store_watch_tick(&watch, &store, false, 2 * BW_S);
	assert_false(watch.stores);
	assert_true(store_watch_tick(&watch, &store, true, 2 * BW_S) == INT64_MAX);
	assert_true(watch.stores);
	assert_int_equal(disk.used, 0);
}

static void a_large_body_is_tried_with_eight_megabytes(void **state)
{
	struct disk disk = {.room = 8 << 20};
	const struct store store = {&file_ops, &disk};
	struct store_watch watch = {.stores = true};

	(void)state;
	failed(&watch, (size_t)64 << 20, 0);
	store_watch_tick(&watch, &store, true, BW_S);
	assert_true(watch.stores);
}

/* What is small may have room where what has failed has none. */
static void a_smaller_success_proves_nothing(void **state)
{
	struct store_watch watch = {.stores = true};

	(void)state;
	failed(&watch, 100000, 0);
	store_watch_succeeded(&watch, 99999);
	assert_false(watch.stores);
	store_watch_succeeded(&watch, 100000);
	assert_true(watch.stores);
}

/* Of a store that writes ten bytes for one: each trial that was wrong makes the next one larger. */
static void a_trial_that_was_too_small_grows(void **state)
{
	struct disk disk = {.room = 999999};
	const struct store store = {&file_ops, &disk};
	struct store_watch watch = {.stores = true};
	unsigned wrong = 0;

	(void)state;
	failed(&watch, 100000, 0);
	for (int64_t second = 1; second < 60; second++) {
		store_watch_tick(&watch, &store, true, second * BW_S);
		wrong += watch.stores;
		failed(&watch, 100000, second * BW_S);
	}
	assert_int_equal(wrong, 2); /* 265536 and twice as much fit */
	disk.room = 8 << 20;
	store_watch_tick(&watch, &store, true, 60 * BW_S);
	assert_true(watch.stores);
	store_watch_succeeded(&watch, 99999);
	assert_true(watch.by_trial);
	store_watch_succeeded(&watch, 100000);
	failed(&watch, 100000, 61 * BW_S);
	disk.room = TRIAL_OF(100000);
	store_watch_tick(&watch, &store, true, 62 * BW_S);
	assert_true(watch.stores);
}

static void meet_lock(struct store_watch *watch, int64_t now_ns)
{
	struct bw_err err;

	bw_err_set(&err, -EBUSY, "it is locked");
	store_watch_failed(watch, &err, 1000, now_ns);
}

static void a_lock_of_a_moment_is_no_failure(void **state)
{
	struct disk disk = {.room = 1 << 20};
	const struct store store = {&file_ops, &disk};
	struct store_watch watch = {.stores = true};

	(void)state;
	meet_lock(&watch, 10 * BW_S);
	meet_lock(&watch, 10 * BW_S + STORE_WATCH_BUSY_NS - 1);
	assert_true(watch.stores);
	store_watch_succeeded(&watch, 1);
	meet_lock(&watch, 10 * BW_S + STORE_WATCH_BUSY_NS);
	assert_true(watch.stores);
	meet_lock(&watch, 10 * BW_S + 2 * STORE_WATCH_BUSY_NS);
	assert_false(watch.stores);
	assert_string_equal(watch.why.message, "it is locked");
	store_watch_tick(&watch, &store, true, 100 * BW_S);
	assert_true(watch.stores);
}

static void a_lost_connection_is_noticed(void **state)
{
	struct disk disk = {.room = 1 << 20};
	const struct store store = {&server_ops, &disk};
	struct store_watch watch = {.stores = true};

	(void)state;
	assert_true(store_watch_tick(&watch, &store, true, 0) == 2 * BW_S);
	assert_true(store_watch_tick(&watch, &store, true, BW_S) == 2 * BW_S);
	assert_int_equal(disk.watched, 1);
	disk.lost = true;
	assert_true(store_watch_tick(&watch, &store, true, 2 * BW_S) == 2 * BW_S + 50 * BW_MS);
	assert_false(watch.stores);
	assert_string_equal(watch.why.file, "c.db");
	disk.lost = false;
	store_watch_tick(&watch, &store, true, 3 * BW_S);
	assert_true(watch.stores);
}

static void a_clock_set_back_delays_nothing(void **state)
{
	struct disk disk = {.room = 1 << 20};
	const struct store store = {&server_ops, &disk};
	struct store_watch watch = {.stores = true};

	(void)state;
	store_watch_tick(&watch, &store, true, 1000 * BW_S);
	failed(&watch, 1, 1000 * BW_S);
	store_watch_tick(&watch, &store, true, 1 * BW_S);
	assert_true(watch.stores);
	assert_int_equal(disk.watched, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_takes_everything_is_left_alone),
		cmocka_unit_test(it_is_tried_with_as_much_each_second),
		cmocka_unit_test(a_large_body_is_tried_with_eight_megabytes),
		cmocka_unit_test(a_smaller_success_proves_nothing),
		cmocka_unit_test(a_trial_that_was_too_small_grows),
		cmocka_unit_test(a_lock_of_a_moment_is_no_failure),
		cmocka_unit_test(a_lost_connection_is_noticed),
		cmocka_unit_test(a_clock_set_back_delays_nothing),
	};

	return cmocka_run_group_tests_name("collect/store_watch", tests, NULL, NULL);
}
