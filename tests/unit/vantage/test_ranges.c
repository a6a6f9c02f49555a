/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/ledger/ranges.h"

#define ROUND_S 60

/* Target a: network 0 of blocks 0 and 1, network 1 of block 2. Target b: block 3. */
static const char lines[] = "a 198.18.0.0/23 8\n"
			    "a 198.18.4.0/24 8\n"
			    "b 198.19.0.0/24 8\n";

struct play {
	struct fixture *f;
	double now;
};

static struct play start(void)
{
	struct play play = {.f = fixture_new(lines, true), .now = ROUND_S};

	for (uint32_t i = 0; i < 4; i++)
		play.f->ledger->blocks[i].verdict = BW_UP;
	return play;
}

/* A round of BLOCK: four hosts answer, the first LOST of them when they are asked again. */
static void round_of(struct play *play, uint32_t block, unsigned lost, double rtt_ms)
{
	struct usual_round round = {
		.rtt_ns = (int64_t)(rtt_ms * (double)BW_MS),
		.length = 1,
		.began_s = block_seconds(fixture_mono(play->now - ROUND_S)),
		.now_s = block_seconds(fixture_mono(play->now)),
	};

	for (uint16_t host = 0; host < 4; host++) {
		if (host < lost)
			ranges_note(play->f->ledger, block, host, false, &round);
		ranges_note(play->f->ledger, block, host, true, &round);
	}
	ranges_end_round(play->f->ledger, block, &round);
}

/* COUNT rounds of all blocks; those of target a lose LOST of four and take RTT_MS. */
static void rounds(struct play *play, unsigned count, unsigned lost, double rtt_ms)
{
	while (count-- > 0) {
		fixture_set_time(play->f, play->now);
		for (uint32_t i = 0; i < 4; i++)
			round_of(play, i, i < 3 ? lost : 0, i < 3 ? rtt_ms : 80);
		for (uint32_t t = 0; t < 2; t++)
			ranges_end_target_round(play->f->ledger, t);
		play->now += ROUND_S;
	}
}

/* How many records say that this CONDITION of SCOPE begins, or is over. */
static unsigned count_of(const struct fixture *f, enum bw_scope scope, enum bw_range condition,
			 bool over)
{
	unsigned count = 0;

	for (unsigned n = 0; n < fixture_count_of(f, RECORD_CONDITION); n++) {
		const struct record_condition *c =
			&fixture_record_of(f, RECORD_CONDITION, n)->condition;

		count += c->scope == scope && c->condition == condition &&
			 over == (c->until.ns != 0);
		assert_string_equal(c->target, "a");
		assert_true(c->until.ns == 0 || c->since.ns <= c->until.ns);
	}
	return count;
}

static void assert_counts(const struct fixture *f, enum bw_range condition, bool over,
			  unsigned blocks, unsigned networks, unsigned targets)
{
	assert_int_equal(count_of(f, BW_SCOPE_BLOCK, condition, over), blocks);
	assert_int_equal(count_of(f, BW_SCOPE_NETWORK, condition, over), networks);
	assert_int_equal(count_of(f, BW_SCOPE_TARGET, condition, over), targets);
}

static void test_steady_blocks_say_nothing(void **state)
{
	struct play play = start();

	(void)state;
	rounds(&play, 500, 0, 80);
	assert_int_equal(play.f->count, 0);
	fixture_free(play.f);
}

static void test_loss_is_told_of_blocks_networks_and_the_target(void **state)
{
	struct play play = start();
	const struct record_condition *c;

	(void)state;
	rounds(&play, 40, 0, 80);
	rounds(&play, 10, 2, 80);
	assert_counts(play.f, BW_RANGE_LOSS, false, 3, 2, 1);
	assert_counts(play.f, BW_RANGE_DELAY, false, 0, 0, 0);
	c = &fixture_record_of(play.f, RECORD_CONDITION, 0)->condition;
	assert_string_equal(c->subject, "198.18.0.0/24");
	assert_true(c->since.ns >= fixture_wall(40 * ROUND_S).ns);
	assert_true(c->since.ns <= fixture_wall(42 * ROUND_S).ns);
	assert_true(c->loss_now > c->loss_usual + 0.1);
	assert_true(play.f->ledger->blocks[0].conditions & BW_DEGRADED);
	assert_false(play.f->ledger->blocks[3].conditions & BW_DEGRADED);
	fixture_forget(play.f);
	rounds(&play, 40, 0, 80);
	assert_counts(play.f, BW_RANGE_LOSS, true, 3, 2, 1);
	assert_false(play.f->ledger->blocks[0].conditions & BW_DEGRADED);
	fixture_free(play.f);
}

static void test_delay_is_told_with_usual_and_present_times(void **state)
{
	struct play play = start();
	const struct record_condition *c;

	(void)state;
	rounds(&play, 40, 0, 80);
	rounds(&play, 20, 0, 330);
	assert_counts(play.f, BW_RANGE_DELAY, false, 3, 2, 1);
	assert_counts(play.f, BW_RANGE_LOSS, false, 0, 0, 0);
	assert_false(play.f->ledger->blocks[0].conditions & BW_DEGRADED);
	c = &fixture_record_of(play.f, RECORD_CONDITION,
			       fixture_count_of(play.f, RECORD_CONDITION) - 1)
		     ->condition;
	assert_float_equal((double)c->rtt_usual_ns / (double)BW_MS, 80, 3);
	assert_true(c->rtt_now_ns > 180 * BW_MS);
	fixture_forget(play.f);
	rounds(&play, 40, 0, 80);
	assert_counts(play.f, BW_RANGE_DELAY, true, 3, 2, 1);
	fixture_free(play.f);
}

/* A dark block is not degraded: that ends with the outage. Back again, it begins anew. */
static void test_what_goes_dark_is_not_degraded_any_more(void **state)
{
	struct play play = start();
	struct block *block = &play.f->ledger->blocks[2];
	const struct record_condition *c;

	(void)state;
	rounds(&play, 40, 0, 80);
	rounds(&play, 10, 2, 330);
	fixture_forget(play.f);
	fixture_set_time(play.f, play.now);
	block->verdict = BW_DARK;
	block->since = fixture_mono(play.now - 90);
	round_of(&play, 2, 0, 80);
	assert_int_equal(fixture_count_of(play.f, RECORD_CONDITION), 2);
	for (unsigned n = 0; n < 2; n++) {
		c = &fixture_record_of(play.f, RECORD_CONDITION, n)->condition;
		assert_int_equal(c->scope, BW_SCOPE_BLOCK);
		assert_int_equal(c->until.ns / BW_S, fixture_wall(play.now - 90).ns / BW_S);
	}
	fixture_forget(play.f);
	for (uint32_t n = 0; n < 2; n++) {
		play.f->ledger->sums.networks[n].verdict = BW_DARK;
		play.f->ledger->sums.networks[n].since = fixture_mono(play.now - 90);
	}
	play.f->ledger->sums.targets[0].verdict = BW_DARK;
	play.f->ledger->sums.targets[0].since = fixture_mono(play.now - 90);
	ranges_end_target_round(play.f->ledger, 0);
	assert_counts(play.f, BW_RANGE_LOSS, true, 0, 2, 1);
	assert_counts(play.f, BW_RANGE_DELAY, true, 0, 2, 1);
	fixture_forget(play.f);
	ranges_end_target_round(play.f->ledger, 0);
	assert_int_equal(play.f->count, 0);
	fixture_free(play.f);
}

/* While nothing can be known, what was said stays. */
static void test_unknown_blocks_and_lossy_vantages_change_nothing(void **state)
{
	struct play play = start();
	struct loss *references =
		&play.f->ledger->ways.of[ledger_way_of(play.f->ledger, 0)].health.loss;

	(void)state;
	rounds(&play, 40, 0, 80);
	for (unsigned n = 0; n < 20; n++) {
		fixture_set_time(play.f, play.now);
		loss_count(references, 20, 10, play.f->ledger->now.mono);
		rounds(&play, 1, 2, 80);
	}
	assert_int_equal(play.f->count, 0);
	*references = (struct loss){0};
	rounds(&play, 10, 2, 80);
	fixture_forget(play.f);
	for (uint32_t i = 0; i < 3; i++) {
		play.f->ledger->blocks[i].verdict = BW_UNKNOWN;
		play.f->ledger->blocks[i].reasons = BW_WHY_SUSPENDED;
	}
	rounds(&play, 40, 0, 80);
	assert_int_equal(play.f->count, 0);
	assert_true(play.f->ledger->blocks[0].conditions & BW_DEGRADED);
	fixture_free(play.f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steady_blocks_say_nothing),
		cmocka_unit_test(test_loss_is_told_of_blocks_networks_and_the_target),
		cmocka_unit_test(test_delay_is_told_with_usual_and_present_times),
		cmocka_unit_test(test_what_goes_dark_is_not_degraded_any_more),
		cmocka_unit_test(test_unknown_blocks_and_lossy_vantages_change_nothing),
	};

	return cmocka_run_group_tests_name("vantage/ranges", tests, NULL, NULL);
}
