/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "path_bench.h"
#include "vantage/path/paths.h"

#define TOLD_MAX 64
#define LEARNED_S 60 /* both flows of all baselines are learned by then */

/* A record that has come out. */
struct told {
	uint64_t seq;
	bool has_path;
	char text[PATH_TEXT];
	uint32_t shared, exempt_count;
	struct bw_mono at;
};

struct rig {
	struct path_bench bench;
	struct paths *paths;
	struct told told[TOLD_MAX];
	unsigned count;
};

static void keep(void *self, const struct record *record)
{
	struct rig *rig = self;
	struct told *told = &rig->told[rig->count];
	const struct record_path *path = record->type == RECORD_EVENT ? record->event.path : NULL;

	assert_true(rig->count++ < TOLD_MAX);
	*told = (struct told){.seq = record->head.seq, .at = rig->bench.way->now};
	if (!path)
		return;
	told->has_path = true;
	told->shared = path->shared;
	told->exempt_count = path->exempt_count;
	snprintf(told->text, sizeof(told->text), "%s", path->text);
}

static void begin(struct rig *rig)
{
	struct paths_config config = {.sink = {.put = keep, .self = rig}};

	*rig = (struct rig){.count = 0};
	path_bench_begin(&rig->bench, true);
	config.tracing = path_bench_config(&rig->bench);
	assert_int_equal(paths_new(&config, &rig->paths, NULL), 0);
}

static void end(struct rig *rig)
{
	paths_free(rig->paths);
	path_bench_end(&rig->bench);
}

static void receive(void *self, const struct bw_rx *rx)
{
	assert_true(paths_receive(self, rx));
}

/* What was due is done: the loop has nothing to do before a later time. */
static void assert_later(const struct rig *rig)
{
	assert_true(
		bw_mono_before(rig->bench.fixture->ledger->now.mono, paths_deadline(rig->paths)));
}

/* Until SECONDS after the start. A turn of the loop takes a tenth of a millisecond at least. */
static void run(struct rig *rig, double seconds)
{
	const struct bw_mono until = fixture_mono(seconds);

	while (bw_mono_before(rig->bench.way->now, until)) {
		struct bw_mono at;

		paths_tick(rig->paths);
		assert_later(rig);
		at = bw_mono_min(paths_deadline(rig->paths), way_next(rig->bench.way));
		at = bw_mono_max(at, bw_mono_add(rig->bench.way->now, BW_MS / 10));
		at = bw_mono_min(at, until);
		path_bench_set_time(&rig->bench, at);
		way_deliver(rig->bench.way, receive, rig->paths);
		fixture_forget(rig->bench.fixture);
	}
	paths_tick(rig->paths);
}

/* An event of a block, network or target, with this seq. */
static void put(struct rig *rig, enum bw_scope scope, uint32_t number, enum bw_verdict to,
		uint64_t seq)
{
	static const char *const subjects[] = {"198.18.0.0/24", "198.18.1.0/24", "198.18.2.0/24",
					       "198.18.3.0/24"};
	const struct record record = {
		.type = RECORD_EVENT,
		.head = {.seq = seq},
		.event = {.scope = scope,
			  .number = number,
			  .subject = scope == BW_SCOPE_TARGET ? "a" : subjects[number],
			  .from = to == BW_UP ? BW_DARK : BW_UP,
			  .to = to},
	};

	paths_put(rig->paths, &record);
}

static void put_target_record(struct rig *rig, uint64_t seq)
{
	paths_put(rig->paths, &(struct record){.type = RECORD_TARGET, .head = {.seq = seq}});
}

/* So many records are out, and their numbers go up from 1. */
static void assert_told(const struct rig *rig, unsigned count)
{
	assert_int_equal(rig->count, count);
	for (unsigned n = 0; n < count; n++)
		assert_int_equal(rig->told[n].seq, n + 1);
}

static void test_an_event_waits_for_its_path(void **state)
{
	struct rig rig;

	(void)state;
	begin(&rig);
	run(&rig, LEARNED_S);
	path_bench_cut(&rig.bench);
	put(&rig, BW_SCOPE_BLOCK, 0, BW_DARK, 1);
	put_target_record(&rig, 2); /* and what is behind it waits as well */
	assert_told(&rig, 0);
	run(&rig, LEARNED_S + 5);
	assert_told(&rig, 2);
	assert_string_equal(rig.told[0].text,
			    "198.18.0.0/24 ends after 10.0.0.2, 10.0.0.3 was next.");
	assert_true(bw_mono_before(rig.told[0].at, fixture_mono(LEARNED_S + 5)));
	assert_false(rig.told[1].has_path);
	end(&rig);
}

static void test_what_does_not_wait(void **state)
{
	struct rig rig;

	(void)state;
	begin(&rig);
	put(&rig, BW_SCOPE_BLOCK, 0, BW_DARK, 1); /* nothing is known of its path */
	assert_told(&rig, 1);
	assert_false(rig.told[0].has_path);
	run(&rig, LEARNED_S);
	path_bench_cut(&rig.bench);
	put(&rig, BW_SCOPE_BLOCK, 0, BW_UP, 2);
	put_target_record(&rig, 3);
	assert_told(&rig, 3);
	end(&rig);
}

/* No answer comes in: after five seconds it goes out without. */
static void test_it_waits_five_seconds_at_most(void **state)
{
	struct rig rig;

	(void)state;
	begin(&rig);
	run(&rig, LEARNED_S);
	path_bench_cut(&rig.bench);
	put(&rig, BW_SCOPE_BLOCK, 0, BW_DARK, 1);
	assert_true(paths_deadline(rig.paths).ns <= fixture_mono(LEARNED_S + 5).ns);
	path_bench_set_time(&rig.bench, fixture_mono(LEARNED_S + 4.9));
	paths_tick(rig.paths);
	assert_told(&rig, 0);
	path_bench_set_time(&rig.bench, fixture_mono(LEARNED_S + 5));
	paths_tick(rig.paths);
	assert_told(&rig, 1);
	assert_false(rig.told[0].has_path);
	end(&rig);
}

static void test_the_end_of_all(void **state)
{
	struct rig rig;

	(void)state;
	begin(&rig);
	run(&rig, LEARNED_S);
	path_bench_cut(&rig.bench);
	put(&rig, BW_SCOPE_BLOCK, 0, BW_DARK, 1);
	put_target_record(&rig, 2);
	paths_flush(rig.paths);
	assert_told(&rig, 2);
	end(&rig);
}

/* Events of blocks come first; that of the target sums up what they have found. */
static void test_a_target_sums_up(void **state)
{
	struct rig rig;

	(void)state;
	begin(&rig);
	run(&rig, LEARNED_S);
	path_bench_cut(&rig.bench);
	for (uint32_t block = 0; block < 3; block++)
		put(&rig, BW_SCOPE_BLOCK, block, BW_DARK, block + 1);
	put(&rig, BW_SCOPE_TARGET, 0, BW_PARTLY_DARK, 4);
	rig.bench.fixture->ledger->blocks[3].last_answer = fixture_mono(LEARNED_S + 1);
	run(&rig, LEARNED_S + 4.9);
	assert_told(&rig, 3); /* other networks may fall meanwhile */
	run(&rig, LEARNED_S + 5);
	assert_told(&rig, 4);
	assert_string_equal(rig.told[3].text,
			    "3 of 4 networks end after 10.0.0.2, 10.0.0.3 was next; 1 still "
			    "passes.");
	assert_int_equal(rig.told[3].shared, 3);
	assert_int_equal(rig.told[3].exempt_count, 1);
	end(&rig);
}

/* When all of it is dark there is nothing to wait for but the traces. */
static void test_a_dark_target_is_told_sooner(void **state)
{
	struct rig rig;

	(void)state;
	begin(&rig);
	run(&rig, LEARNED_S);
	path_bench_cut(&rig.bench);
	for (uint32_t block = 0; block < 3; block++)
		put(&rig, BW_SCOPE_BLOCK, block, BW_DARK, block + 1);
	put(&rig, BW_SCOPE_TARGET, 0, BW_DARK, 4);
	run(&rig, LEARNED_S + 5);
	assert_told(&rig, 4);
	assert_true(rig.told[3].at.ns == rig.told[2].at.ns);
	end(&rig);
}

/* Another one than the first finds the path that was found just now, and does not wait. */
static void test_a_path_that_is_known(void **state)
{
	struct rig rig;

	(void)state;
	begin(&rig);
	run(&rig, LEARNED_S);
	path_bench_cut(&rig.bench);
	put(&rig, BW_SCOPE_BLOCK, 0, BW_DARK, 1);
	run(&rig, LEARNED_S + 5);
	put(&rig, BW_SCOPE_NETWORK, 0, BW_DARK, 2);
	assert_told(&rig, 2);
	assert_string_equal(rig.told[1].text,
			    "198.18.0.0/24 ends after 10.0.0.2, 10.0.0.3 was next.");
	end(&rig);
}

/*
 * Events that know their path stand behind one that waits for it: they wait with it, and the loop
 * is not woken for a time that has passed.
 */
static void test_waiting_keeps_no_loop_busy(void **state)
{
	struct rig rig;
	unsigned turns = 0;

	(void)state;
	begin(&rig);
	run(&rig, LEARNED_S);
	path_bench_cut(&rig.bench);
	put(&rig, BW_SCOPE_BLOCK, 0, BW_DARK, 1);
	run(&rig, LEARNED_S + 5);
	assert_told(&rig, 1);
	put(&rig, BW_SCOPE_BLOCK, 1, BW_DARK, 2);   /* waits */
	put(&rig, BW_SCOPE_NETWORK, 0, BW_DARK, 3); /* known: its time has passed */
	put(&rig, BW_SCOPE_TARGET, 0, BW_PARTLY_DARK, 4);
	put_target_record(&rig, 5);
	assert_told(&rig, 1);
	assert_later(&rig);
	for (; rig.count < 5; turns++) { /* nothing answers */
		const struct bw_mono next = paths_deadline(rig.paths);

		path_bench_set_time(&rig.bench, bw_mono_add(next, 1000));
		paths_tick(rig.paths);
		assert_later(&rig);
		assert_true(turns < 1000);
	}
	assert_told(&rig, 5);
	assert_true(rig.told[2].has_path);
	end(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_event_waits_for_its_path),
		cmocka_unit_test(test_what_does_not_wait),
		cmocka_unit_test(test_it_waits_five_seconds_at_most),
		cmocka_unit_test(test_the_end_of_all),
		cmocka_unit_test(test_waiting_keeps_no_loop_busy),
		cmocka_unit_test(test_a_target_sums_up),
		cmocka_unit_test(test_a_dark_target_is_told_sooner),
		cmocka_unit_test(test_a_path_that_is_known),
	};

	return cmocka_run_group_tests_name("vantage/paths", tests, NULL, NULL);
}
