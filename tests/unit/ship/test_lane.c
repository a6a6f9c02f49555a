/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ship/delivery/lane.h"
#include "ship/line.h"

/*
 * A spool of numbered lines in memory: line N is the record (b, N) at the offset 100 N. Lines from
 * `skip_from` to `skip_to` are for another lane.
 */
struct spool {
	size_t count, at;
	size_t skip_from, skip_to; /* lines that are not for this lane; 0, 0: none */
	char line[256];
	size_t aside_lines;
	char reason[ANSWER_TEXT];
	int aside_fails;
	struct rng rng;
	struct lane lane;
};

static const struct bw_mono start = {1000 * BW_S};

static struct bw_mono after(int64_t ns)
{
	return bw_mono_add(start, ns);
}

static int next(void *self, const char **ret_line, size_t *ret_length,
		struct position_place *ret_end)
{
	struct spool *spool = self;
	bool mine = false;

	while (spool->at < spool->count && !mine) {
		spool->at++;
		mine = spool->at < spool->skip_from || spool->at > spool->skip_to;
	}
	*ret_end =
		(struct position_place){.seq = spool->at, .segment = 1, .offset = spool->at * 100};
	if (spool->at > 0)
		ret_end->boot[0] = 'b';
	if (!mine)
		return 0;
	*ret_length = (size_t)snprintf(spool->line, sizeof(spool->line),
				       SHIP_LINE_MARK "block\",\"vantage\":\"v\",\"boot\":\"b\","
						      "\"seq\":%zu,\"time\":\"t\"}\n",
				       spool->at);
	*ret_line = spool->line;
	return 1;
}

static void seek(void *self, const struct position_place *place)
{
	struct spool *spool = self;

	spool->at = place->seq;
}

static int aside(void *self, const struct batch_slice *slice, const struct answer_verdict *verdict)
{
	struct spool *spool = self;

	if (spool->aside_fails)
		return -28;
	for (size_t i = 0; i < slice->count; i++)
		spool->aside_lines +=
			verdict->kind != ANSWER_ITEMS || verdict->items[i] == ANSWER_ITEM_ASIDE;
	snprintf(spool->reason, sizeof(spool->reason), "%s", verdict->text);
	return 0;
}

static int setup(void **state)
{
	static const struct lane_ops ops = {next, seek, aside};
	const struct lane_options options = {5 * BW_S, 600 * BW_S, 1000};
	const struct position_place none = {.seq = 0};
	struct spool *spool = calloc(1, sizeof(*spool));

	if (!spool || lane_init(&spool->lane, &ops, spool, &options) < 0)
		return -1;
	spool->rng = rng_of(1);
	lane_start(&spool->lane, &none, &none, start);
	*state = spool;
	return 0;
}

static int teardown(void **state)
{
	struct spool *spool = *state;

	lane_fini(&spool->lane);
	free(spool);
	return 0;
}

static void answer(struct spool *spool, enum answer_kind kind, struct bw_mono now)
{
	struct answer_verdict verdict = {.kind = kind,
					 .failure = FAILURE_BUSY,
					 .text = "why",
					 .items = spool->lane.items,
					 .count = spool->lane.count};

	lane_answer(&spool->lane, &verdict, now, &spool->rng);
}

static size_t want(struct spool *spool, struct bw_mono now)
{
	struct batch_slice slice;

	return lane_want(&spool->lane, true, now, &slice) ? slice.count : 0;
}

static void test_lines_wait_for_others(void **state)
{
	struct spool *spool = *state;
	struct batch_slice slice;

	spool->count = 3;
	lane_fill(&spool->lane, start);
	assert_false(lane_want(&spool->lane, false, after(4 * BW_S), &slice));
	assert_int_equal(lane_deadline(&spool->lane).ns, after(5 * BW_S).ns);
	assert_true(lane_want(&spool->lane, false, after(5 * BW_S), &slice));
	assert_int_equal(slice.count, 3);
	assert_false(lane_want(&spool->lane, true, after(6 * BW_S), &slice)); /* one at a time */
}

static void test_stored_follows_the_window(void **state)
{
	struct spool *spool = *state;

	spool->count = 10;
	lane_fill(&spool->lane, start);
	assert_int_equal(want(spool, start), 10);
	assert_int_equal(spool->lane.sent.seq, 0);
	answer(spool, ANSWER_STORED, after(BW_S));
	assert_int_equal(spool->lane.sent.seq, 10);
	assert_true(lane_is_empty(&spool->lane));
	lane_tick(&spool->lane, after(600 * BW_S));
	assert_int_equal(spool->lane.stored.seq, 0);
	assert_true(lane_tick(&spool->lane, after(601 * BW_S)));
	assert_int_equal(spool->lane.stored.seq, 10);
	assert_int_equal(spool->lane.stored.offset, 1000);
	assert_int_equal(lane_deadline(&spool->lane).ns, BW_NEVER.ns);
}

static void test_failure_waits_and_repeats(void **state)
{
	struct spool *spool = *state;
	struct bw_mono at;

	spool->count = 10;
	lane_fill(&spool->lane, start);
	assert_int_equal(want(spool, start), 10);
	answer(spool, ANSWER_AGAIN, start);
	at = lane_deadline(&spool->lane);
	assert_true(bw_mono_before(start, at) && !bw_mono_before(after(2 * BW_S), at));
	assert_int_equal(want(spool, bw_mono_add(at, -1)), 0);
	assert_int_equal(want(spool, at), 10);
	answer(spool, ANSWER_STORED, at);
	assert_int_equal(spool->lane.sent.seq, 10);
	assert_int_equal(spool->lane.done.lines, 10);
}

static void fail_often(struct spool *spool)
{
	for (int i = 0; i < 20; i++) {
		assert_int_equal(want(spool, start), 10);
		answer(spool, ANSWER_AGAIN, start);
		lane_hurry(&spool->lane, start);
	}
}

static void test_hurry_ends_the_wait(void **state)
{
	struct spool *spool = *state;

	spool->count = 10;
	lane_fill(&spool->lane, start);
	assert_false(lane_is_failing(&spool->lane));
	fail_often(spool);
	assert_int_equal(want(spool, start), 10);
	answer(spool, ANSWER_AGAIN, start);
	assert_true(lane_is_failing(&spool->lane));
	assert_false(lane_is_due(&spool->lane, true, after(BW_S)));
	lane_hurry(&spool->lane, after(BW_S));
	assert_int_equal(lane_deadline(&spool->lane).ns, after(BW_S).ns);
	assert_true(lane_is_due(&spool->lane, true, after(BW_S)));
	assert_int_equal(want(spool, after(BW_S)), 10);
	assert_false(lane_is_due(&spool->lane, true, after(BW_S)));
	answer(spool, ANSWER_STORED, after(BW_S));
	assert_false(lane_is_failing(&spool->lane));
}

static void test_hurry_keeps_retry_after(void **state)
{
	struct spool *spool = *state;
	struct answer_verdict verdict = {.kind = ANSWER_AGAIN,
					 .failure = FAILURE_BUSY,
					 .items = spool->lane.items,
					 .retry_after_ns = 60 * BW_S};

	spool->count = 10;
	lane_fill(&spool->lane, start);
	assert_int_equal(want(spool, start), 10);
	lane_answer(&spool->lane, &verdict, start, &spool->rng);
	lane_hurry(&spool->lane, after(BW_S));
	assert_false(lane_is_due(&spool->lane, true, after(60 * BW_S - 1)));
	assert_true(lane_is_due(&spool->lane, true, after(60 * BW_S)));
}

static void test_halves(void **state)
{
	struct spool *spool = *state;

	spool->count = 8;
	lane_fill(&spool->lane, start);
	assert_int_equal(want(spool, start), 8);
	answer(spool, ANSWER_HALVE, start);
	assert_int_equal(want(spool, start), 4);
	answer(spool, ANSWER_HALVE, start);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(spool->lane.sent.seq, 0);
		assert_int_equal(want(spool, start), 2);
		answer(spool, ANSWER_STORED, start);
	}
	assert_int_equal(spool->lane.sent.seq, 8);
	assert_int_equal(spool->lane.done.lines, 8);
}

/* After some good requests it asks for more at once again. */
static void test_halves_are_no_fate(void **state)
{
	struct spool *spool = *state;
	size_t most = 0;

	spool->count = 1000;
	lane_fill(&spool->lane, start);
	want(spool, start);
	answer(spool, ANSWER_HALVE, start);
	for (int i = 0; i < 400 && spool->lane.sent.seq < spool->count; i++) {
		size_t count = want(spool, start);

		most = count > most ? count : most;
		answer(spool, ANSWER_STORED, start);
		spool->count += count;
		lane_fill(&spool->lane, start);
	}
	assert_int_equal(most, 1000);
}

static void test_aside(void **state)
{
	struct spool *spool = *state;

	spool->count = 5;
	lane_fill(&spool->lane, start);
	want(spool, start);
	answer(spool, ANSWER_ASIDE, start);
	assert_int_equal(spool->aside_lines, 5);
	assert_string_equal(spool->reason, "why");
	assert_int_equal(spool->lane.sent.seq, 5);
	assert_true(lane_is_empty(&spool->lane));
}

/* Without a disk to put them aside, the lines stay in the spool. */
static void test_aside_fails(void **state)
{
	struct spool *spool = *state;

	spool->count = 5;
	spool->aside_fails = 1;
	lane_fill(&spool->lane, start);
	want(spool, start);
	answer(spool, ANSWER_ASIDE, start);
	assert_int_equal(spool->lane.sent.seq, 0);
	assert_int_equal(want(spool, after(10 * BW_S)), 5);
}

static void test_items(void **state)
{
	struct spool *spool = *state;
	uint8_t *items = spool->lane.items;
	struct batch_slice slice;
	struct ship_line line;
	size_t length;
	const char *text;

	spool->count = 4;
	lane_fill(&spool->lane, start);
	want(spool, start);
	items[0] = ANSWER_ITEM_STORED;
	items[1] = ANSWER_ITEM_ASIDE;
	items[2] = ANSWER_ITEM_AGAIN;
	items[3] = ANSWER_ITEM_STORED;
	answer(spool, ANSWER_ITEMS, start);
	assert_int_equal(spool->aside_lines, 1);
	assert_int_equal(spool->lane.done.lines, 3);
	assert_int_equal(spool->lane.sent.seq, 0);
	assert_true(lane_want(&spool->lane, true, after(10 * BW_S), &slice));
	assert_int_equal(slice.count, 1);
	text = batch_slice_line(&slice, 0, &length);
	assert_int_equal(ship_line_scan(text, length, &line), 0);
	assert_int_equal(line.seq, 3);
	answer(spool, ANSWER_STORED, after(10 * BW_S));
	assert_int_equal(spool->lane.sent.seq, 4);
	assert_int_equal(spool->lane.done.lines, 4);
}

/* Our collector says what it has stored: no window then. */
static void test_confirmed_by_the_answer(void **state)
{
	struct spool *spool = *state;
	struct answer_verdict verdict = {.kind = ANSWER_STORED,
					 .stored_boot = "b",
					 .stored_seq = 6};

	spool->count = 7;
	spool->skip_from = spool->skip_to = 7;
	lane_fill(&spool->lane, start);
	want(spool, start);
	lane_answer(&spool->lane, &verdict, start, &spool->rng);
	assert_int_equal(spool->lane.stored.seq, 7); /* and the line that is not for this lane */
	spool->count = 8;
	lane_fill(&spool->lane, start);
	want(spool, start);
	lane_answer(&spool->lane, &verdict, start, &spool->rng); /* says 6, not 8 */
	assert_int_equal(spool->lane.sent.seq, 8);
	assert_int_equal(spool->lane.stored.seq, 7);
}

/* Lines that are not for this lane move its places along, without a request. */
/* COUNT lines in all; those that are new are acknowledged as messages up to SEQUENCE. */
static void publish(struct spool *spool, size_t count, uint64_t sequence, struct bw_mono now)
{
	struct answer_verdict verdict = {.kind = ANSWER_STORED, .sequence = sequence};

	spool->count = count;
	lane_fill(&spool->lane, now);
	verdict.count = want(spool, now);
	verdict.items = spool->lane.items;
	assert_true(verdict.count > 0);
	lane_answer(&spool->lane, &verdict, now, &spool->rng);
}

/* A collector that consumes the stream says what it has stored: no window then. */
static void test_confirmed_by_number(void **state)
{
	struct spool *spool = *state;

	publish(spool, 10, 100, start);
	lane_confirm(&spool->lane, 99, after(BW_S));
	assert_int_equal(spool->lane.stored.seq, 0);
	lane_confirm(&spool->lane, 100, after(2 * BW_S));
	assert_int_equal(spool->lane.stored.seq, 10);
	/* The confirmation can come before the last acknowledgement of a batch. */
	lane_confirm(&spool->lane, 150, after(11 * BW_S));
	publish(spool, 20, 150, after(12 * BW_S));
	assert_int_equal(spool->lane.stored.seq, 20);
	publish(spool, 30, 200, after(30 * BW_S));
	publish(spool, 40, 300, after(50 * BW_S));
	lane_confirm(&spool->lane, 250, after(51 * BW_S));
	assert_int_equal(spool->lane.stored.seq, 30);
}

/* While a collector confirms, time alone stores nothing; it is given up after a day. */
static void test_confirmations_replace_the_window(void **state)
{
	struct spool *spool = *state;

	publish(spool, 10, 100, start);
	lane_confirm(&spool->lane, 1, start);
	assert_false(lane_tick(&spool->lane, after(3600 * BW_S)));
	assert_int_equal(spool->lane.stored.seq, 0);
	assert_int_equal(lane_deadline(&spool->lane).ns, after(LANE_CONFIRMS_NS).ns);
	assert_true(lane_tick(&spool->lane, after(LANE_CONFIRMS_NS)));
	assert_int_equal(spool->lane.stored.seq, 10);
}

/* What `ship --until-empty` waits for: a confirmation, or the window also where none comes. */
static void test_when_all_is_stored(void **state)
{
	struct spool *spool = *state;

	assert_int_equal(lane_stored_at(&spool->lane).ns, 0);
	publish(spool, 10, 100, after(BW_S));
	publish(spool, 20, 200, after(2 * BW_S));
	assert_int_equal(lane_stored_at(&spool->lane).ns, after(602 * BW_S).ns);
	lane_confirm(&spool->lane, 100, after(3 * BW_S));
	assert_int_equal(lane_stored_at(&spool->lane).ns, after(602 * BW_S).ns);
	lane_confirm(&spool->lane, 200, after(4 * BW_S));
	assert_int_equal(lane_stored_at(&spool->lane).ns, 0);
	/* What an earlier run sent counts from the start on. */
	lane_rewind(&spool->lane, after(5 * BW_S));
	assert_int_equal(lane_stored_at(&spool->lane).ns, 0);
	lane_start(&spool->lane, &spool->lane.sent, &(struct position_place){.seq = 10},
		   after(10 * BW_S));
	assert_int_equal(lane_stored_at(&spool->lane).ns, after(610 * BW_S).ns);
}

/* What an earlier run sent, or the stream had before a loss, has no number that is known. */
static void test_confirmed_after_a_rewind(void **state)
{
	struct spool *spool = *state;

	publish(spool, 10, 100, start);
	lane_confirm(&spool->lane, 100, start);
	publish(spool, 20, 200, after(60 * BW_S));
	lane_rewind(&spool->lane, after(61 * BW_S));
	assert_int_equal(spool->at, 10);
	lane_confirm(&spool->lane, 200, after(62 * BW_S));
	assert_int_equal(spool->lane.stored.seq, 10);
	publish(spool, 20, 300, after(63 * BW_S));
	assert_int_equal(spool->lane.stored.seq, 10);
	lane_confirm(&spool->lane, 300, after(64 * BW_S));
	assert_int_equal(spool->lane.stored.seq, 20);
}

static void test_skipped_lines(void **state)
{
	struct spool *spool = *state;

	spool->count = spool->skip_to = 50;
	spool->skip_from = 1;
	lane_fill(&spool->lane, start);
	assert_int_equal(want(spool, start), 0);
	assert_int_equal(spool->lane.sent.seq, 50);
	assert_int_equal(spool->lane.stored.seq, 50);
}

static void test_rewind(void **state)
{
	struct spool *spool = *state;

	spool->count = 10;
	lane_fill(&spool->lane, start);
	want(spool, start);
	answer(spool, ANSWER_STORED, start);
	spool->count = 12;
	lane_fill(&spool->lane, after(BW_S));
	lane_rewind(&spool->lane, after(BW_S));
	assert_int_equal(spool->lane.sent.seq, 0);
	lane_fill(&spool->lane, after(BW_S));
	assert_int_equal(want(spool, after(BW_S)), 12);
	answer(spool, ANSWER_STORED, after(BW_S));
	assert_int_equal(spool->lane.done.lines, 12);
}

/* Lines that are sent again count once, those that are set aside again as well. */
static void test_rewind_counts_each_line_once(void **state)
{
	struct spool *spool = *state;

	publish(spool, 10, 100, start);
	lane_confirm(&spool->lane, 100, start);
	publish(spool, 20, 200, start);
	spool->count = 22;
	lane_fill(&spool->lane, start);
	assert_int_equal(want(spool, start), 2);
	answer(spool, ANSWER_ASIDE, start);
	assert_int_equal(spool->lane.done.lines, 22);
	assert_int_equal(spool->lane.done.aside, 2);
	lane_rewind(&spool->lane, after(BW_S));
	assert_int_equal(spool->lane.done.lines, 10);
	assert_int_equal(spool->lane.done.aside, 0);
	publish(spool, 22, 300, after(BW_S));
	assert_int_equal(spool->lane.done.lines, 22);
	assert_int_equal(spool->lane.done.aside, 0);
}

/* Ten thousand random answers: all lines come, in order, once each as stored or aside. */
static void test_nothing_is_lost(void **state)
{
	struct spool *spool = *state;
	struct bw_mono now = start;
	uint64_t done = 0;

	for (int i = 0; i < 10000; i++) {
		struct batch_slice slice;

		spool->count += rng_below(&spool->rng, 50);
		lane_fill(&spool->lane, now);
		now = bw_mono_add(now, (int64_t)rng_below(&spool->rng, 3 * BW_S));
		if (!lane_want(&spool->lane, false, now, &slice))
			continue;
		for (size_t n = 0; n < slice.count; n++)
			spool->lane.items[n] = (uint8_t)rng_below(&spool->rng, 3);
		answer(spool,
		       slice.count == 1 ? ANSWER_STORED
					: (enum answer_kind)rng_below(&spool->rng, 5),
		       now);
		assert_true(spool->lane.done.lines >= done);
		assert_true(spool->lane.sent.seq <= spool->lane.done.lines);
		done = spool->lane.done.lines;
	}
	for (int i = 0; i < 100000 && !lane_is_empty(&spool->lane); i++) {
		now = bw_mono_add(now, 400 * BW_S);
		lane_fill(&spool->lane, now);
		if (want(spool, now) > 0)
			answer(spool, ANSWER_STORED, now);
	}
	assert_int_equal(spool->lane.done.lines, spool->count);
	assert_int_equal(spool->lane.sent.seq, spool->count);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_lines_wait_for_others),
		TEST(test_stored_follows_the_window),
		TEST(test_failure_waits_and_repeats),
		TEST(test_hurry_ends_the_wait),
		TEST(test_hurry_keeps_retry_after),
		TEST(test_halves),
		TEST(test_halves_are_no_fate),
		TEST(test_aside),
		TEST(test_aside_fails),
		TEST(test_items),
		TEST(test_confirmed_by_the_answer),
		TEST(test_confirmed_by_number),
		TEST(test_confirmations_replace_the_window),
		TEST(test_when_all_is_stored),
		TEST(test_confirmed_after_a_rewind),
		TEST(test_skipped_lines),
		TEST(test_rewind),
		TEST(test_rewind_counts_each_line_once),
		TEST(test_nothing_is_lost),
	};
	return cmocka_run_group_tests_name("ship/lane", tests, NULL, NULL);
}
