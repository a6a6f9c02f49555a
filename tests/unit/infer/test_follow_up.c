/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infer/evidence/follow_up.h"

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

/* While a silence waits for its confirmation there is time to ask who else may be there. */
static void test_it_widens_until_it_is_confirmed(void **state)
{
	struct infer_params params = infer_params_default();
	struct evidence_log x;

	(void)state;
	evidence_begin(&x, 0, params.confirm_ns);
	for (unsigned i = 0; i < 4; i++) {
		int n = ask(&x, (uint16_t)i, 0.97F, 0, ms(i * 1000));

		evidence_sent(&x, (unsigned)n, ms(i * 500));
		x.widens = true;
		assert_int_equal(follow_up_is_widening(&x, &params, 10), i >= 2);
		x.widens = false;
	}
	assert_int_equal(follow_up_next(&x, &params, 10).ns, 5 * BW_S);
	x.widens = true;
	assert_true(follow_up_is_widening(&x, &params, 10));
	assert_int_equal(follow_up_next(&x, &params, 10).ns, 1500 * BW_MS + params.widen_gap_ns);
	evidence_sent(&x, 3, ms(4100));
	assert_false(follow_up_is_widening(&x, &params, 10));
	assert_int_equal(follow_up_next(&x, &params, 10).ns, ms(5100).ns);
	evidence_settle(&x, 0, EVIDENCE_REPLY);
	assert_false(follow_up_is_widening(&x, &params, 10));
}

/* A silence that goes on: NATS of belief are left of the block, and its hosts may have moved. */
static void resume(struct evidence_log *x, float nats)
{
	evidence_begin(x, nats, infer_params_default().confirm_ns);
	x->resumed = x->alone = true;
	x->moved = 6;
	x->density = 0.1F;
	x->asked = ms(0);
}

static void be_silent(struct evidence_log *x, unsigned host, unsigned seconds)
{
	int n = ask(x, host, 0.1F, 0, ms(seconds * 1000));

	x->list[n].cold = true;
	evidence_sent(x, (unsigned)n, ms(seconds * 1000));
	evidence_settle(x, (unsigned)n, EVIDENCE_SILENT);
}

static void test_in_a_silence_that_goes_on_cold_hosts_are_asked_first(void **state)
{
	struct infer_params params = infer_params_rounds(1);
	struct evidence_log x;

	(void)state;
	resume(&x, -1);
	assert_int_equal(follow_up_next(&x, &params, 40).ns, 0);
	assert_true(follow_up_is_widening(&x, &params, 40));
	be_silent(&x, 20, 0);
	assert_true(follow_up_next(&x, &params, 40).ns == BW_NEVER.ns); /* no probe is left */
	x.widens = true;
	assert_int_equal(follow_up_next(&x, &params, 40).ns, BW_S);
	assert_false(follow_up_is_widening(&x, &params, 40)); /* a known one */
	be_silent(&x, 0, 1);
	assert_true(follow_up_is_widening(&x, &params, 40));
}

static void test_when_no_move_explains_the_silence_it_is_confirmed(void **state)
{
	struct infer_params params = infer_params_rounds(1);
	struct evidence_log x;

	(void)state;
	resume(&x, -3);
	x.widens = true;
	for (unsigned i = 0; i < 8; i++) {
		assert_false(evidence_is_dark(&x, &params, 40));
		be_silent(&x, 20 + i, i);
	}
	assert_false(evidence_is_explained_by_move(&x, &params));
	assert_true(evidence_is_dark(&x, &params, 40));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_widens_until_it_is_confirmed),
		cmocka_unit_test(test_in_a_silence_that_goes_on_cold_hosts_are_asked_first),
		cmocka_unit_test(test_when_no_move_explains_the_silence_it_is_confirmed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
