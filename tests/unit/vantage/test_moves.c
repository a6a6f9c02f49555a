/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/watch/schedule/moves.h"

#define DAY_S 86400

static const char lines[] = "a 198.18.0.0/24 40\n"
			    "a 198.18.1.0/24 40\n"
			    "b 198.19.0.0/24 40\n";

/* A ledger that knows seven hosts of each block for a day. */
static struct fixture *known(void)
{
	const uint16_t hosts[HOTLIST_MAX] = {0, 1, 2, 3, 4, 5, 6};
	struct fixture *f = fixture_new(lines, true);

	for (uint32_t i = 0; i < 3; i++) {
		f->ledger->blocks[i].verdict = BW_UP;
		ledger_seed_hosts(f->ledger, i, hosts, HOTLIST_MAX, 0.9F, 0.2F);
	}
	fixture_set_time(f, DAY_S);
	return f;
}

static void add(struct fixture *f, struct evidence_log *x, unsigned host, enum evidence_state state)
{
	const struct hotlist *hot = &f->ledger->blocks[0].hot;
	const struct evidence e = {
		.host = (uint16_t)host,
		.availability = hotlist_has(hot, (uint16_t)host) ? 0.9F : 0.2F,
		.cold = !hotlist_has(hot, (uint16_t)host),
	};
	int n = evidence_ask(x, &e, fixture_mono(DAY_S + x->count));

	evidence_sent(x, (unsigned)n, fixture_mono(DAY_S + x->count));
	evidence_settle(x, (unsigned)n, state);
}

/* Block 0 is silent but for a host that nobody knew, so its former hosts are doubted. */
static void move(struct fixture *f)
{
	struct evidence_log x;

	evidence_begin(&x, 8, BW_S);
	for (unsigned i = 0; i < HOTLIST_MAX; i++)
		add(f, &x, i, EVIDENCE_SILENT);
	add(f, &x, 20, EVIDENCE_REPLY);
	moves_learn(f->ledger, 0, &x);
	hotlist_doubt_all(&f->ledger->blocks[0].hot);
}

/* In the next round the former host HOST answers or not. */
static void ask_former(struct fixture *f, unsigned host, enum evidence_state state)
{
	struct evidence_log x;

	evidence_begin(&x, 8, BW_S);
	add(f, &x, host, state);
	moves_learn(f->ledger, 0, &x);
}

static float considered(const struct fixture *f, uint32_t block)
{
	struct evidence_log x;

	evidence_begin(&x, 8, BW_S);
	moves_consider(f->ledger, block, 60 * BW_S, &x);
	return x.moved;
}

static void test_a_move_counts_when_two_former_hosts_stay_silent(void **state)
{
	struct fixture *f = known();

	(void)state;
	move(f);
	ask_former(f, 0, EVIDENCE_SILENT);
	assert_int_equal(f->ledger->joints[0].moves, 0);
	ask_former(f, 1, EVIDENCE_SILENT);
	assert_int_equal(f->ledger->joints[0].moves, 1);
	assert_int_equal(ledger_outage_of(f->ledger, 0)->moves, 1);
	ask_former(f, 2, EVIDENCE_SILENT);
	assert_int_equal(f->ledger->joints[0].moves, 1);
	fixture_free(f);
}

static void test_lost_packets_are_no_move(void **state)
{
	struct fixture *f = known();

	(void)state;
	move(f);
	ask_former(f, 0, EVIDENCE_REPLY);
	ask_former(f, 1, EVIDENCE_SILENT);
	ask_former(f, 2, EVIDENCE_SILENT);
	assert_int_equal(f->ledger->joints[0].moves, 0);
	fixture_free(f);
}

static void test_moves_are_considered_only_where_they_were_seen(void **state)
{
	struct fixture *f = known();

	(void)state;
	assert_true(considered(f, 0) == EVIDENCE_STAYED);
	f->ledger->joints[0].moves = 1;
	ledger_outage_for(f->ledger, 0)->moves = 1;
	assert_true(considered(f, 2) == EVIDENCE_STAYED);
	assert_true(considered(f, 1) > -10 && considered(f, 1) < -7);
	assert_true(considered(f, 0) > considered(f, 1));
	f->ledger->blocks[0].verdict = BW_DARK;
	assert_true(considered(f, 0) == EVIDENCE_STAYED);
	fixture_free(f);
}

static void test_listed_hosts_are_spread_over_the_block_when_they_move(void **state)
{
	struct fixture *f = known();
	struct evidence_log x;

	(void)state;
	f->ledger->joints[0].moves = 1;
	evidence_begin(&x, 8, BW_S);
	moves_consider(f->ledger, 0, 60 * BW_S, &x);
	assert_float_equal(x.density, 0.75 * 0.9 * 40 / 256, 1e-3);
	assert_true(x.alone);
	fixture_free(f);
}

static void test_a_silence_that_goes_on_keeps_the_belief_in_a_move(void **state)
{
	struct fixture *f = known();
	struct evidence_log x;

	(void)state;
	f->ledger->joints[0].moves = 1;
	evidence_begin(&x, 8, BW_S);
	moves_consider(f->ledger, 0, 60 * BW_S, &x);
	for (unsigned i = 0; i < HOTLIST_MAX; i++)
		add(f, &x, i, EVIDENCE_SILENT);
	moves_learn(f->ledger, 0, &x);
	evidence_begin(&x, -1, BW_S);
	x.resumed = true;
	moves_consider(f->ledger, 0, 60 * BW_S, &x);
	assert_true(x.moved > 4);
	fixture_free(f);
}

static void test_addresses_that_were_all_asked_say_little_when_asked_again(void **state)
{
	struct fixture *f = known();
	struct evidence_log x;
	float density;

	(void)state;
	f->ledger->joints[0].moves = 1;
	f->ledger->blocks[0].last_answer = fixture_mono(DAY_S - 600);
	evidence_begin(&x, 8, BW_S);
	moves_consider(f->ledger, 0, 60 * BW_S, &x);
	density = x.density;
	for (unsigned i = HOTLIST_MAX; i < 20; i++)
		add(f, &x, i, EVIDENCE_SILENT);
	moves_learn(f->ledger, 0, &x);
	evidence_begin(&x, -1, BW_S);
	x.resumed = true;
	moves_consider(f->ledger, 0, 60 * BW_S, &x);
	assert_float_equal(x.density, density, 1e-6);
	for (unsigned i = 20; i < 40; i++)
		add(f, &x, i, EVIDENCE_SILENT);
	moves_learn(f->ledger, 0, &x);
	moves_consider(f->ledger, 0, 60 * BW_S, &x);
	assert_true(x.density < density / 50);
	fixture_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_move_counts_when_two_former_hosts_stay_silent),
		cmocka_unit_test(test_lost_packets_are_no_move),
		cmocka_unit_test(test_moves_are_considered_only_where_they_were_seen),
		cmocka_unit_test(test_listed_hosts_are_spread_over_the_block_when_they_move),
		cmocka_unit_test(test_a_silence_that_goes_on_keeps_the_belief_in_a_move),
		cmocka_unit_test(test_addresses_that_were_all_asked_say_little_when_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
