/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vantage/ledger/block/bounds.h"

#define SURE 0.97F /* availability: a silence weighs 3.5 nats */
#define SRTT (50 * BW_MS)

static struct bw_mono at(double seconds)
{
	return (struct bw_mono){1000 * BW_S + (int64_t)(seconds * (double)BW_S)};
}

static struct evidence_log empty(void)
{
	struct evidence_log x;

	evidence_begin(&x, 0, 5 * BW_S);
	x.opened = at(0);
	return x;
}

static void add(struct evidence_log *x, double seconds, uint16_t host, enum evidence_state state)
{
	x->list[x->count++] = (struct evidence){
		.sent = at(seconds),
		.availability = SURE,
		.host = host,
		.state = (uint8_t)state,
	};
}

static void assert_time(struct bw_mono time, double seconds, int64_t more_ns)
{
	assert_int_equal(time.ns - at(0).ns, at(seconds).ns - at(0).ns + more_ns);
}

static void test_without_a_silence_it_began_when_the_round_was_opened(void **state)
{
	struct evidence_log x = empty();

	(void)state;
	add(&x, 1, 0, EVIDENCE_REPLY);
	assert_time(bounds_began_by(&x, at(-60), true, SRTT, at(10)), 0, 0);
}

static void test_one_silence_bounds_the_start_by_when_its_answer_was_due(void **state)
{
	struct evidence_log x = empty();

	(void)state;
	add(&x, 2, 0, EVIDENCE_SILENT);
	assert_time(bounds_began_by(&x, at(-60), true, SRTT, at(10)), 2, SRTT);
	assert_time(bounds_began_by(&x, at(-60), false, SRTT, at(10)), 2, SRTT);
}

static void test_long_after_the_last_answer_the_first_silence_is_no_chance(void **state)
{
	struct evidence_log x = empty();

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		add(&x, i, (uint16_t)i, EVIDENCE_SILENT);
	assert_time(bounds_began_by(&x, at(-600), true, SRTT, at(10)), 0, SRTT);
	assert_time(bounds_began_by(&x, (struct bw_mono){INT64_MIN}, true, 0, at(10)), 0, 0);
}

/* A second after an answer, the first silence may well be a lost packet. */
static void test_soon_after_an_answer_the_first_silence_may_be_loss(void **state)
{
	struct evidence_log x = empty();

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		add(&x, i, (uint16_t)i, EVIDENCE_SILENT);
	assert_time(bounds_began_by(&x, at(-1), true, SRTT, at(10)), 1, SRTT);
}

static void test_on_a_lossy_path_more_silences_may_be_loss(void **state)
{
	struct evidence_log x = empty();

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		add(&x, i, (uint16_t)i, EVIDENCE_SILENT);
	x.delivered = 0.5F;
	assert_true(bw_mono_before(at(3), bounds_began_by(&x, at(-1), true, 0, at(10))));
}

static void test_beside_siblings_the_last_silence_is_the_bound(void **state)
{
	struct evidence_log x = empty();

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		add(&x, i, (uint16_t)i, EVIDENCE_SILENT);
	assert_time(bounds_began_by(&x, at(-600), false, SRTT, at(10)), 5, SRTT);
}

static void test_unanswered_probes_before_the_moment_are_added(void **state)
{
	const float nats[EVIDENCE_MAX] = {1, 1, 1, 1, 1, 1};
	struct evidence_log x = empty();
	struct silence silence;

	(void)state;
	add(&x, 0, 0, EVIDENCE_SILENT);
	add(&x, 1, 1, EVIDENCE_WAITING);
	add(&x, 2, 2, EVIDENCE_REPLY);
	add(&x, 2, 3, EVIDENCE_NEUTRAL);
	add(&x, 2, 4, EVIDENCE_VOID);
	add(&x, 3, 5, EVIDENCE_SILENT);
	silence_init(&silence);
	bounds_add_silences(&x, nats, at(3), &silence);
	assert_float_equal(silence.next_nats, 2, 0.001);
	assert_int_equal(silence.hosts, 1 << 0 | 1 << 1);
	assert_time(silence.last, 1, 0);
}

/* 4 nats each: two silences are sure, of which the first is the bound. */
static void test_dark_until_rests_on_two_strong_silences(void **state)
{
	const float nats[EVIDENCE_MAX] = {4, 4, 4, 4, 4};
	struct evidence_log x = empty();
	struct silence silence;

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		add(&x, i, (uint16_t)i, EVIDENCE_SILENT);
	add(&x, 4, 4, EVIDENCE_REPLY);
	silence_init(&silence);
	assert_time(bounds_dark_until(&x, nats, &silence, at(-60)), 2, 0);
}

static void test_dark_until_uses_what_was_silent_before_this_round(void **state)
{
	const float nats[EVIDENCE_MAX] = {3, 3};
	struct evidence_log x = empty();
	struct silence silence;

	(void)state;
	silence_init(&silence);
	silence_add(&silence, at(-30), 0, 7);
	add(&x, 0, 1, EVIDENCE_SILENT);
	add(&x, 1, 2, EVIDENCE_REPLY);
	assert_time(bounds_dark_until(&x, nats, &silence, at(-60)), -30, 0);
}

static void test_hosts_that_went_off_do_not_make_it_dark_longer(void **state)
{
	const float nats[EVIDENCE_MAX] = {3, 3, 3, 3, 3, 3};
	struct evidence_log x = empty();
	struct silence silence;

	(void)state;
	silence_init(&silence);
	silence_add(&silence, at(-30), 0, 7);
	for (unsigned i = 0; i < 5; i++) /* a single host, again and again */
		add(&x, i, 1, EVIDENCE_SILENT);
	add(&x, 5, 2, EVIDENCE_REPLY);
	assert_time(bounds_dark_until(&x, nats, &silence, at(-60)), -30, 0);
}

static void test_silence_after_the_first_reply_shows_loss_and_widens_the_bound(void **state)
{
	const float nats[EVIDENCE_MAX] = {7, 7, 7, 7};
	struct evidence_log x = empty();
	struct silence silence;

	(void)state;
	silence_init(&silence);
	add(&x, 0, 0, EVIDENCE_SILENT);
	add(&x, 1, 1, EVIDENCE_SILENT);
	add(&x, 2, 2, EVIDENCE_REPLY);
	assert_time(bounds_dark_until(&x, nats, &silence, at(-60)), 1, 0);
	add(&x, 3, 3, EVIDENCE_SILENT);
	assert_time(bounds_dark_until(&x, nats, &silence, at(-60)), 0, 0);
}

static void test_dark_until_is_not_before_it_was_dark(void **state)
{
	const float nats[EVIDENCE_MAX] = {1};
	struct evidence_log x = empty();
	struct silence silence;

	(void)state;
	silence_init(&silence);
	add(&x, 0, 0, EVIDENCE_SILENT);
	add(&x, 1, 1, EVIDENCE_REPLY);
	assert_time(bounds_dark_until(&x, nats, &silence, at(-60)), -60, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_a_silence_it_began_when_the_round_was_opened),
		cmocka_unit_test(test_one_silence_bounds_the_start_by_when_its_answer_was_due),
		cmocka_unit_test(test_long_after_the_last_answer_the_first_silence_is_no_chance),
		cmocka_unit_test(test_soon_after_an_answer_the_first_silence_may_be_loss),
		cmocka_unit_test(test_on_a_lossy_path_more_silences_may_be_loss),
		cmocka_unit_test(test_beside_siblings_the_last_silence_is_the_bound),
		cmocka_unit_test(test_unanswered_probes_before_the_moment_are_added),
		cmocka_unit_test(test_dark_until_rests_on_two_strong_silences),
		cmocka_unit_test(test_dark_until_uses_what_was_silent_before_this_round),
		cmocka_unit_test(test_hosts_that_went_off_do_not_make_it_dark_longer),
		cmocka_unit_test(
			test_silence_after_the_first_reply_shows_loss_and_widens_the_bound),
		cmocka_unit_test(test_dark_until_is_not_before_it_was_dark),
	};

	return cmocka_run_group_tests_name("vantage/bounds", tests, NULL, NULL);
}
