/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <blockwatch/err.h>

#include "infer/block.h"
#include "infer/coverage.h"
#include "infer/learn.h"
#include "infer/step.h"
#include "infer/verdict.h"

#define HOSTS 5

static struct bw_mono ms(int64_t milliseconds)
{
	return (struct bw_mono){milliseconds * BW_MS};
}

static struct outcome outcome_of(const struct evidence_log *x, unsigned index,
				 enum outcome_kind kind)
{
	return (struct outcome){
		.kind = kind,
		.probe = {.host = x->list[index].host, .tag = (uint8_t)index},
		.sent = x->list[index].sent,
		.reply = REPLY_ECHO,
	};
}

static bool decide(struct block *block, const struct evidence_log *x, enum bw_verdict to,
		   int64_t at_ms, struct verdict_change *change)
{
	struct infer_params params = infer_params_default();
	struct verdict_decision decision = {
		.to = to,
		.latest = to == BW_UP ? block->last_answer : x->opened,
	};

	return verdict_decide(block, &decision, &params, ms(at_ms), change);
}

/* Asks as the block wishes; every probe ends in KIND after 3 s. Returns the last step. */
static struct step play(struct block *block, struct evidence_log *x, struct outcome kind)
{
	struct infer_params params = infer_params_default();
	struct step step = {.kind = STEP_WAIT};

	evidence_begin(x, 0, infer_params_default().confirm_ns);
	x->asked = ms(0);
	for (int64_t t = 0; t < 60000; t += 10) {
		for (unsigned i = 0; i < x->count; i++) {
			struct outcome outcome = outcome_of(x, i, kind.kind);

			outcome.reply = kind.reply;
			outcome.status = kind.status;
			if (x->list[i].state == EVIDENCE_WAITING &&
			    x->list[i].sent.ns + 3 * BW_S <= ms(t).ns)
				learn_outcome(block, x, i, &outcome);
		}
		step = step_next(block, x, &params, ms(t));
		if (step.kind == STEP_DARK || step.kind == STEP_UNDECIDED)
			return step;
		if (step.kind == STEP_ASK) {
			int i = evidence_ask(x,
					     &(struct evidence){
						     .host = step.host,
						     .availability = 0.9F,
						     .protocol = BW_PROTOCOL_ICMP,
					     },
					     ms(t));

			evidence_sent(x, (unsigned)i, ms(t));
		}
	}
	return step;
}

static void test_known_and_silent_is_dark(void **state)
{
	struct block block;
	struct evidence_log x;
	struct verdict_change change;
	struct step step;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	step = play(&block, &x, (struct outcome){.kind = OUTCOME_TIMEOUT});
	assert_int_equal(step.kind, STEP_DARK);
	assert_true(decide(&block, &x, BW_DARK, 10000, &change));
	assert_int_equal(change.from, BW_UNKNOWN);
	assert_int_equal(change.to, BW_DARK);
	assert_int_equal(block.since.ns, 0);
	assert_false(decide(&block, &x, BW_DARK, 11000, &change));
}

static void test_unknown_and_silent_is_never_seen(void **state)
{
	struct block block;
	struct evidence_log x;
	struct step step;

	(void)state;
	block_init(&block, HOSTS, false, ms(0));
	step = play(&block, &x, (struct outcome){.kind = OUTCOME_TIMEOUT});
	assert_int_equal(step.kind, STEP_UNDECIDED);
	assert_int_equal(step.reasons, BW_WHY_NEVER_SEEN);
}

static void test_prohibited_is_filtered_not_dark(void **state)
{
	struct block block;
	struct evidence_log x;
	struct step step;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	step = play(&block, &x, (struct outcome){.kind = OUTCOME_ERROR, .reply = REPLY_PROHIBITED});
	assert_int_equal(step.kind, STEP_UNDECIDED);
	assert_int_equal(step.reasons, BW_WHY_FILTERED);
	assert_true(block.conditions & BW_FILTERED);
}

static void test_unreachable_is_silence(void **state)
{
	struct block block;
	struct evidence_log x;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	assert_int_equal(play(&block, &x,
			      (struct outcome){.kind = OUTCOME_ERROR,
					       .reply = REPLY_HOST_UNREACHABLE})
				 .kind,
			 STEP_DARK);
}

static void test_voids_are_no_evidence(void **state)
{
	struct block block;
	struct evidence_log x;
	struct step step;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	step = play(&block, &x, (struct outcome){.kind = OUTCOME_VOID, .status = BW_ERR_NO_ROUTE});
	assert_int_equal(step.kind, STEP_UNDECIDED);
	assert_int_equal(step.reasons, BW_WHY_NO_ROUTE);
}

static void test_a_reply_is_proof(void **state)
{
	struct infer_params params = infer_params_default();
	struct block block;
	struct evidence_log x;
	struct verdict_change change;
	struct outcome outcome;

	(void)state;
	block_init(&block, 1, true, ms(0));
	(void)play(&block, &x, (struct outcome){.kind = OUTCOME_TIMEOUT});
	outcome = outcome_of(&x, 2, OUTCOME_REPLY);
	assert_true(learn_outcome(&block, &x, 2, &outcome));
	assert_true(decide(&block, &x, BW_UP, 12000, &change));
	assert_int_equal(block.since.ns, x.list[2].sent.ns);
	assert_true(block.conditions & BW_LONE);
	assert_int_equal(step_next(&block, &x, &params, ms(12000)).kind, STEP_UP);
}

static void test_an_outcome_of_another_probe_is_not_taken(void **state)
{
	struct block block;
	struct evidence_log x;
	struct outcome outcome;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	(void)play(&block, &x, (struct outcome){.kind = OUTCOME_TIMEOUT});
	outcome = outcome_of(&x, 1, OUTCOME_REPLY);
	assert_false(learn_outcome(&block, &x, 2, &outcome));
	assert_false(learn_outcome(&block, &x, EVIDENCE_MAX, &outcome));
}

static void test_tcp_where_icmp_is_silent(void **state)
{
	struct block block;
	struct evidence_log x;
	struct outcome outcome;

	(void)state;
	block_init(&block, 1, true, ms(0));
	(void)play(&block, &x, (struct outcome){.kind = OUTCOME_TIMEOUT});
	outcome = outcome_of(&x, 1, OUTCOME_REPLY);
	outcome.probe.method = (struct bw_method){BW_PROTOCOL_TCP, 443};
	outcome.reply = REPLY_SYN_ACK;
	learn_outcome(&block, &x, 1, &outcome);
	assert_true(block.conditions & BW_ICMP_FILTERED);
}

/* A dark block asks another host each time, also when the hour has no probe for each round. */
static void test_dark_block_asks_in_turn(void **state)
{
	struct block block;
	struct evidence_log x;
	struct verdict_change change;
	unsigned turn;

	(void)state;
	block_init(&block, HOSTS, true, ms(0));
	for (uint16_t host = 0; host < HOSTS; host++)
		(void)hotlist_add(&block.hot, host, 0);
	(void)play(&block, &x, (struct outcome){.kind = OUTCOME_TIMEOUT});
	assert_true(decide(&block, &x, BW_DARK, 60000, &change));
	turn = block.hot.start;
	evidence_begin(&x, 0, infer_params_default().confirm_ns);
	learn_round(&block, &x, ms(61000));
	assert_int_equal(block.hot.start, turn);
	(void)evidence_ask(&x, &(struct evidence){.host = 1, .availability = 0.9F}, ms(62000));
	evidence_sent(&x, 0, ms(62000));
	evidence_settle(&x, 0, EVIDENCE_SILENT);
	learn_round(&block, &x, ms(65000));
	assert_int_equal(block.hot.start, turn + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_and_silent_is_dark),
		cmocka_unit_test(test_unknown_and_silent_is_never_seen),
		cmocka_unit_test(test_prohibited_is_filtered_not_dark),
		cmocka_unit_test(test_unreachable_is_silence),
		cmocka_unit_test(test_voids_are_no_evidence),
		cmocka_unit_test(test_a_reply_is_proof),
		cmocka_unit_test(test_an_outcome_of_another_probe_is_not_taken),
		cmocka_unit_test(test_tcp_where_icmp_is_silent),
		cmocka_unit_test(test_dark_block_asks_in_turn),
	};

	return cmocka_run_group_tests_name("infer/block", tests, NULL, NULL);
}
