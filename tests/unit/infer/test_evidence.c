/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/err.h>

#include "infer/evidence/follow_up.h"
#include "infer/evidence/rest.h"

static struct bw_mono ms(int64_t milliseconds)
{
	return (struct bw_mono){milliseconds * BW_MS};
}

static int ask(struct evidence_log *x, unsigned host, float availability, unsigned turn,
	       struct bw_mono now)
{
	return evidence_ask(x,
			    &(struct evidence){
				    .host = (uint16_t)host,
				    .availability = availability,
				    .method = (uint8_t)turn,
			    },
			    now);
}

/*
 * Plays a silent block of so many equal hosts to its end: each probe leaves
 * when it is wanted and times out 3 s later. Returns when it was dark, or -1
 * when no more is wanted and it is not.
 */
static int64_t play_silence(struct evidence_log *x, unsigned hosts, float availability)
{
	struct infer_params params = infer_params_default();

	evidence_begin(x, 0, infer_params_default().confirm_ns);
	x->asked = ms(0);
	for (int64_t t = 0; t < 60000; t += 10) {
		for (unsigned i = 0; i < x->count; i++)
			if (x->list[i].state == EVIDENCE_WAITING &&
			    x->list[i].sent.ns + 3 * BW_S <= ms(t).ns)
				evidence_settle(x, i, EVIDENCE_SILENT);
		if (evidence_is_dark(x, &params, hosts))
			return t;
		if (!bw_mono_before(ms(t), follow_up_next(x, &params, hosts))) {
			int i = ask(x, x->count % hosts, availability, 0, ms(t));

			assert_true(i >= 0);
			evidence_sent(x, (unsigned)i, ms(t));
		}
	}
	return -1;
}

static void test_sure_hosts_are_dark_within_12_s(void **state)
{
	struct evidence_log x;

	(void)state;
	for (unsigned hosts = 1; hosts <= 20; hosts++) {
		int64_t at = play_silence(&x, hosts, 0.7F);

		assert_in_range(at, 8000, 12000);
	}
	assert_in_range(play_silence(&x, 10, 0.98F), 8000, 10100);
	assert_int_equal(x.count, 6);
}

static void test_rare_hosts_need_more_probes_not_less_proof(void **state)
{
	struct evidence_log x;

	(void)state;
	assert_in_range(play_silence(&x, 50, 0.3F), 8000, 13000);
	assert_true(x.count >= 20);
	assert_int_equal(play_silence(&x, 50, 0.2F), -1);
	assert_int_equal(play_silence(&x, 50, 0.05F), -1);
	assert_true(x.count <= EVIDENCE_MAX);
}

static void test_a_burst_of_silence_is_not_dark(void **state)
{
	struct infer_params params = infer_params_default();
	struct evidence_log x;

	(void)state;
	evidence_begin(&x, 0, infer_params_default().confirm_ns);
	for (unsigned i = 0; i < 10; i++) {
		int n = ask(&x, i, 0.97F, 0, ms(0));

		evidence_sent(&x, (unsigned)n, ms(i * 100));
		evidence_settle(&x, (unsigned)n, EVIDENCE_SILENT);
	}
	assert_true(evidence_belief(&x, false) < -30);
	assert_false(evidence_is_dark(&x, &params, 10));
}

static void test_two_silent_hosts_of_many_are_not_dark(void **state)
{
	struct infer_params params = infer_params_default();
	struct evidence_log x;

	(void)state;
	evidence_begin(&x, 0, infer_params_default().confirm_ns);
	for (unsigned i = 0; i < 20; i++) {
		int n = ask(&x, (uint16_t)(i % 2), 0.97F, 0, ms(0));

		evidence_sent(&x, (unsigned)n, ms(i * 1000));
		evidence_settle(&x, (unsigned)n, EVIDENCE_SILENT);
	}
	assert_false(evidence_is_dark(&x, &params, 10));
	assert_true(evidence_is_dark(&x, &params, 2));
}

static void test_a_late_reply_undoes_its_silence_only(void **state)
{
	struct evidence_log x;
	float before;

	(void)state;
	(void)play_silence(&x, 5, 0.9F);
	before = evidence_belief(&x, false);
	evidence_settle(&x, 0, EVIDENCE_REPLY);
	assert_true(evidence_belief(&x, false) > before + 7);
	evidence_settle(&x, 0, EVIDENCE_SILENT);
	assert_true(evidence_belief(&x, false) == before);
}

static void test_repeated_address_counts_half(void **state)
{
	struct evidence_log x;
	float first;

	(void)state;
	evidence_begin(&x, 0, infer_params_default().confirm_ns);
	evidence_sent(&x, (unsigned)ask(&x, 3, 0.97F, 0, ms(0)), ms(0));
	evidence_settle(&x, 0, EVIDENCE_SILENT);
	first = evidence_belief(&x, false);
	evidence_sent(&x, (unsigned)ask(&x, 3, 0.97F, 0, ms(0)), ms(1000));
	evidence_settle(&x, 1, EVIDENCE_SILENT);
	assert_int_equal(x.list[1].attempt, 1);
	assert_true(evidence_belief(&x, false) - first > -0.7F);
}

static void test_prohibited_is_no_silence(void **state)
{
	struct infer_params params = infer_params_default();
	struct evidence_log x;

	(void)state;
	(void)play_silence(&x, 5, 0.9F);
	for (unsigned i = 0; i < x.count; i++)
		evidence_settle(&x, i, EVIDENCE_NEUTRAL);
	assert_false(evidence_is_dark(&x, &params, 5));
	assert_true(evidence_belief(&x, false) == 0);
}

static void test_nothing_can_leave_ends_soon(void **state)
{
	struct infer_params params = infer_params_default();
	struct evidence_log x;

	(void)state;
	evidence_begin(&x, 0, infer_params_default().confirm_ns);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(follow_up_next(&x, &params, 10).ns != BW_NEVER.ns);
		evidence_settle(&x, (unsigned)ask(&x, i, 0.9F, 0, ms(0)), EVIDENCE_VOID);
	}
	assert_true(follow_up_next(&x, &params, 10).ns == BW_NEVER.ns);
	assert_false(evidence_is_dark(&x, &params, 10));
}

/* Ten hosts of two methods: the sample by the first, then both in turn. */
static void test_methods_take_turns(void **state)
{
	struct evidence_log x;

	(void)state;
	evidence_begin(&x, 0, infer_params_default().confirm_ns);
	for (uint16_t i = 0; i < 3; i++) {
		assert_int_equal(evidence_method(&x, i, 3), 0);
		(void)ask(&x, i, 0.9F, 0, ms(0));
	}
	for (uint16_t i = 3; i < 7; i++) {
		assert_int_equal(evidence_method(&x, i, 3), i - 2);
		(void)ask(&x, i, 0.9F, i - 2, ms(0));
	}
	assert_int_equal(evidence_method(&x, 0, 3), 1);
	assert_int_equal(evidence_method(&x, 3, 3), 2);
}

static void test_full_list_refuses(void **state)
{
	struct evidence_log x;

	(void)state;
	evidence_begin(&x, 0, infer_params_default().confirm_ns);
	for (unsigned i = 0; i < EVIDENCE_MAX; i++)
		assert_int_equal(ask(&x, 1, 0.5F, 0, ms(0)), i);
	assert_int_equal(ask(&x, 1, 0.5F, 0, ms(0)), BW_ERR_LIMIT);
}

/* COUNT silent hosts that answer with .9 when awake, and RESTING at rest. */
static struct evidence_log silent_log(unsigned count, float resting, float rest)
{
	struct evidence_log x;

	evidence_begin(&x, 9, 5 * BW_S);
	x.rest = rest;
	for (unsigned i = 0; i < count; i++) {
		const struct evidence probe = {.host = (uint16_t)i,
					       .availability = 0.9F,
					       .resting = resting};

		assert_int_equal(evidence_ask(&x, &probe, ms(i)), i);
		evidence_sent(&x, i, ms(i));
		evidence_settle(&x, i, EVIDENCE_SILENT);
	}
	return x;
}

/* Five hosts that are off by now: awake they would weigh 11 nats. */
static void test_silence_of_hosts_at_rest_weighs_little(void **state)
{
	struct evidence_log awake = silent_log(5, 0.1F, REST_NEVER);
	struct evidence_log asleep = silent_log(5, 0.1F, 4);
	struct evidence_log doubtful = silent_log(5, 0.1F, -4);

	(void)state;
	assert_true(evidence_belief(&awake, false) < -2);
	assert_true(evidence_belief(&asleep, false) > 8);
	/* The silences are explained by rest, which was unlikely: that costs 4 nats. */
	assert_true(evidence_belief(&doubtful, false) > 4);
	assert_true(evidence_belief(&doubtful, false) < 5);
	assert_true(evidence_rest(&doubtful) > 6);
	assert_true(evidence_rest(&awake) == REST_NEVER);
}

static void test_fresh_hosts_are_silent_together_in_no_night(void **state)
{
	struct evidence_log asleep = silent_log(7, 0.85F, 4);

	(void)state;
	assert_true(evidence_belief(&asleep, false) < -3);
}

static void test_a_reply_of_a_cold_host_ends_the_rest(void **state)
{
	struct evidence_log x = silent_log(1, 0.01F, 2);

	(void)state;
	evidence_settle(&x, 0, EVIDENCE_REPLY);
	assert_true(evidence_rest(&x) < -2);
}

/* Five hosts are not enough here: the siblings' silence adds to them. */
static void test_shared_silence_is_strong(void **state)
{
	struct infer_params params = infer_params_rounds(1);
	struct evidence_log x = silent_log(5, 0.1F, 4);

	(void)state;
	assert_false(evidence_nears_dark(&x, &params, 20));
	x.shared = -params.dark_nats;
	assert_true(evidence_nears_dark(&x, &params, 20));
}

/* Ten known hosts are silent, then COLD others, and one of each ten addresses is in use. */
static void play_move(struct evidence_log *x, unsigned cold)
{
	evidence_begin(x, 8, infer_params_default().confirm_ns);
	x->moved = -7;
	x->density = 0.1F;
	x->alone = true;
	for (unsigned i = 0; i < 10 + cold; i++) {
		(void)ask(x, i, i < 10 ? 0.9F : 0.1F, 0, ms(i * 1000));
		x->list[i].cold = i >= 10;
		evidence_sent(x, i, ms(i * 1000));
		evidence_settle(x, i, EVIDENCE_SILENT);
	}
}

static void test_hosts_that_may_have_moved_are_not_dark_until_others_are_silent(void **state)
{
	struct infer_params params = infer_params_rounds(1);
	struct evidence_log x;

	(void)state;
	play_move(&x, 0);
	assert_true(evidence_belief(&x, false) > 0);
	assert_true(evidence_moved(&x) > 10);
	assert_true(evidence_nears_dark(&x, &params, 40));
	assert_true(evidence_is_explained_by_move(&x, &params));
	assert_false(evidence_is_dark(&x, &params, 40));
	x.moved = -15; /* hardly ever */
	assert_true(evidence_is_dark(&x, &params, 40));
	play_move(&x, 14);
	assert_false(evidence_is_dark(&x, &params, 40));
	x.density = 0.5F;
	assert_true(evidence_is_dark(&x, &params, 40));
}

static void test_where_siblings_are_silent_no_hosts_have_moved(void **state)
{
	struct infer_params params = infer_params_rounds(1);
	struct evidence_log x;

	(void)state;
	play_move(&x, 0);
	x.alone = false;
	assert_true(evidence_belief(&x, false) < -10);
	assert_false(evidence_is_explained_by_move(&x, &params));
	assert_true(evidence_is_dark(&x, &params, 40));
	assert_float_equal(evidence_moved(&x), -7, 0);
}

static void test_a_new_host_behind_enough_silence_shows_a_move(void **state)
{
	struct infer_params params = infer_params_rounds(1);
	struct evidence_log x;

	(void)state;
	play_move(&x, 3);
	assert_false(evidence_shows_move(&x, &params));
	evidence_settle(&x, 12, EVIDENCE_REPLY);
	assert_true(evidence_shows_move(&x, &params));
	evidence_settle(&x, 9, EVIDENCE_REPLY); /* a known host */
	assert_false(evidence_shows_move(&x, &params));
	evidence_settle(&x, 9, EVIDENCE_SILENT);
	for (unsigned i = 2; i < 12; i++)
		evidence_settle(&x, i, EVIDENCE_VOID);
	assert_false(evidence_shows_move(&x, &params));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_hosts_that_may_have_moved_are_not_dark_until_others_are_silent),
		cmocka_unit_test(test_where_siblings_are_silent_no_hosts_have_moved),
		cmocka_unit_test(test_a_new_host_behind_enough_silence_shows_a_move),
		cmocka_unit_test(test_silence_of_hosts_at_rest_weighs_little),
		cmocka_unit_test(test_fresh_hosts_are_silent_together_in_no_night),
		cmocka_unit_test(test_a_reply_of_a_cold_host_ends_the_rest),
		cmocka_unit_test(test_shared_silence_is_strong),
		cmocka_unit_test(test_sure_hosts_are_dark_within_12_s),
		cmocka_unit_test(test_rare_hosts_need_more_probes_not_less_proof),
		cmocka_unit_test(test_a_burst_of_silence_is_not_dark),
		cmocka_unit_test(test_two_silent_hosts_of_many_are_not_dark),
		cmocka_unit_test(test_a_late_reply_undoes_its_silence_only),
		cmocka_unit_test(test_repeated_address_counts_half),
		cmocka_unit_test(test_prohibited_is_no_silence),
		cmocka_unit_test(test_nothing_can_leave_ends_soon),
		cmocka_unit_test(test_methods_take_turns),
		cmocka_unit_test(test_full_list_refuses),
	};

	return cmocka_run_group_tests_name("infer/evidence", tests, NULL, NULL);
}
