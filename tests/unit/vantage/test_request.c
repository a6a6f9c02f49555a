/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "vantage/watch/round/request.h"

#define ROUND_S 60
#define INTERVAL_S 180 /* 20 probes an hour */

/* Block 0 lists three hosts with two methods; block 1 many; block 2 is open. */
static const char lines[] = "a 198.18.0.0/24 3\n"
			    "a 198.18.1.0/24 40\n"
			    "a 198.18.2.0/24\n";

static const struct vantage_plan plan = {ROUND_S * BW_S, 10 * BW_S, 20};

struct rig {
	struct fixture *f;
	struct allowance allowance;
	struct evidence_log x;
};

static void setup(struct rig *rig, bool keeps_events)
{
	rig->f = fixture_new(lines, keeps_events);
	assert_int_equal(allowance_init(&rig->allowance, rig->f->ledger,
					keeps_events ? &plan : NULL),
			 0);
	evidence_begin(&rig->x, 0, 5 * BW_S);
	rig->x.repeated = 1;
	if (!keeps_events)
		return;
	for (uint32_t i = 0; i < 3; i++) {
		ledger_seed_hosts(rig->f->ledger, i, (const uint16_t[]){0, 1, 2}, 3, 0.9F, 0.1F);
		rig->f->ledger->blocks[i].last_answer = fixture_mono(0);
		rig->f->ledger->blocks[i].verdict = BW_UP;
	}
}

static void teardown(struct rig *rig)
{
	allowance_fini(&rig->allowance);
	fixture_free(rig->f);
}

static void ask(struct rig *rig, uint16_t host, unsigned method, enum evidence_state state)
{
	const struct evidence probe = {.host = host,
				       .method = (uint8_t)method,
				       .availability = 0.9F};
	int index = evidence_ask(&rig->x, &probe, rig->f->ledger->now.mono);

	assert_true(index >= 0);
	evidence_settle(&rig->x, (unsigned)index, state);
}

static struct request learned(struct rig *rig, uint32_t block, uint16_t host)
{
	return request_learned(&rig->allowance, block, &rig->x, host);
}

static float availability(struct rig *rig, uint32_t block, uint16_t host)
{
	return request_availability(&rig->allowance, block, &rig->x, host, 0);
}

static void test_a_request_names_the_host_and_how_to_ask_it(void **state)
{
	struct rig rig;
	struct request request;
	struct bw_addr dst;

	(void)state;
	setup(&rig, false);
	dst = roster_host_addr(&rig.f->roster, 0, 2);
	request = request_stated(rig.f->ledger, 0, &rig.x, 2);
	assert_int_equal(request.probe.client, PROBE_OF_ROUND);
	assert_int_equal(request.probe.subject, 0);
	assert_int_equal(request.probe.host, 2);
	assert_true(bw_addr_equal(&request.probe.dst, &dst));
	assert_int_equal(request.probe.egress, 0);
	assert_int_equal(request.probe.method.protocol, BW_PROTOCOL_ICMP);
	assert_int_equal(request.probe.patience_us, 3000000);
	assert_float_equal(request.availability, roster_availability(&rig.f->roster, 0, 2), 1e-6);
	teardown(&rig);
}

static void test_in_a_check_a_host_is_asked_by_one_method_after_the_other(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, false);
	for (unsigned i = 0; i < 4; i++) {
		struct request request = request_stated(rig.f->ledger, 0, &rig.x, 0);

		assert_int_equal(request.method, i % 2);
		assert_int_equal(request.probe.method.protocol,
				 i % 2 ? BW_PROTOCOL_TCP : BW_PROTOCOL_ICMP);
		ask(&rig, 0, request.method, EVIDENCE_SILENT);
	}
	teardown(&rig);
}

static void test_a_host_that_answered_is_asked_as_then_but_for_each_third_probe(void **state)
{
	struct rig rig;
	struct hotlist *hot;

	(void)state;
	setup(&rig, true);
	hot = &rig.f->ledger->blocks[0].hot;
	hotlist_init(hot, 0.9F, 0.1F);
	for (uint16_t h = 0; h < 3; h++)
		assert_true(hotlist_add(hot, h, 1)); /* by TCP */
	for (uint16_t i = 0; i < 6; i++) {
		struct request request = learned(&rig, 0, i % 3);

		assert_int_equal(request.method, i % 3 == 2 ? 0 : 1);
		ask(&rig, i % 3, request.method, EVIDENCE_SILENT);
	}
	teardown(&rig);
}

static void test_another_method_than_the_one_it_answers_is_unlikely_to_be_answered(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	assert_float_equal(request_availability(&rig.allowance, 0, &rig.x, 0, 1), 0.1F, 1e-6);
	assert_true(availability(&rig, 0, 0) > 0.85F);
	teardown(&rig);
}

static void test_patience_is_three_round_trips_between_a_second_and_the_timeout(void **state)
{
	static const struct {
		uint32_t srtt_ms, patience_ms;
	} cases[] = {{0, 3000}, {20, 1000}, {500, 1500}, {2000, 3000}};
	struct rig rig;

	(void)state;
	setup(&rig, true);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rig.f->ledger->tracks[0].srtt_us = cases[i].srtt_ms * 1000 & TRACK_SRTT_MAX_US;
		assert_int_equal(learned(&rig, 0, 0).probe.patience_us,
				 cases[i].patience_ms * 1000);
	}
	teardown(&rig);
}

static void answer_late(struct lateness *lateness, unsigned most, unsigned times, int64_t rtt_ns)
{
	for (unsigned i = 0; i < times; i++)
		lateness_note(lateness, most, infer_params_default().timeout_ns, rtt_ns);
}

static void test_late_answers_are_waited_for(void **state)
{
	struct rig rig;
	struct joint *joint;

	(void)state;
	setup(&rig, true);
	joint = &rig.f->ledger->joints[ledger_target_of(rig.f->ledger, 1)];
	answer_late(&joint->lateness, LATENESS_TARGET, 20, 8 * BW_S);
	assert_int_equal(ledger_late_ns(rig.f->ledger, 1), 9 * BW_S);
	assert_int_equal(request_learned(&rig.allowance, 1, &rig.x, 0).probe.patience_us,
			 9 * BW_S / BW_US);
	teardown(&rig);
}

/* In an outage of one block its siblings go on to answer at once. */
static void test_a_block_that_answers_late_is_waited_for_whatever_its_siblings_do(void **state)
{
	struct rig rig;
	struct lateness *target;

	(void)state;
	setup(&rig, true);
	target = &rig.f->ledger->joints[ledger_target_of(rig.f->ledger, 1)].lateness;
	answer_late(&rig.f->ledger->lateness[1], LATENESS_BLOCK, 20, 8 * BW_S);
	answer_late(target, LATENESS_TARGET, 500, 80 * BW_MS);
	assert_int_equal(ledger_late_ns(rig.f->ledger, 0), 0);
	assert_int_equal(ledger_late_ns(rig.f->ledger, 1), 9 * BW_S);
	answer_late(target, LATENESS_TARGET, 50, 16 * BW_S);
	assert_int_equal(ledger_late_ns(rig.f->ledger, 1), 18 * BW_S); /* the longer of both */
	teardown(&rig);
}

static void test_until_a_block_answers_hearsay_counts_at_most_half(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	rig.f->ledger->blocks[0].last_answer = BLOCK_NEVER_ANSWERED;
	assert_float_equal(availability(&rig, 0, 0), 0.5F, 1e-6);
	assert_float_equal(availability(&rig, 1, 30), 0.1F, 0.001); /* a cold host */
	teardown(&rig);
}

static void test_a_host_that_was_silent_in_this_round_is_less_likely_to_answer(void **state)
{
	struct rig rig;
	float before, once, twice;

	(void)state;
	setup(&rig, true);
	before = availability(&rig, 1, 0);
	ask(&rig, 0, 0, EVIDENCE_VOID); /* was not sent */
	assert_float_equal(availability(&rig, 1, 0), before, 1e-6);
	ask(&rig, 0, 0, EVIDENCE_SILENT);
	once = availability(&rig, 1, 0);
	ask(&rig, 0, 0, EVIDENCE_SILENT);
	twice = availability(&rig, 1, 0);
	assert_true(once < before);
	assert_true(twice <= once);
	assert_true(availability(&rig, 1, 1) > 0.85F); /* others are not concerned */
	teardown(&rig);
}

/* After a long cut all are doubted: asked once each says as much as a cold host, again hardly. */
static void test_a_doubted_host_that_is_no_better_than_a_cold_one_says_little_again(void **state)
{
	struct rig rig;
	float once;

	(void)state;
	setup(&rig, true);
	hotlist_init(&rig.f->ledger->blocks[1].hot, 0.9F, 0.2F);
	(void)hotlist_add(&rig.f->ledger->blocks[1].hot, 0, 0);
	hotlist_doubt_all(&rig.f->ledger->blocks[1].hot);
	once = availability(&rig, 1, 0);
	assert_true(once >= 0.19F);
	ask(&rig, 0, 0, EVIDENCE_SILENT);
	assert_true(availability(&rig, 1, 0) < once / 5);
	/* On a line that loses most packets it was silent by chance. */
	line_restore(&rig.f->ledger->joints[ledger_target_of(rig.f->ledger, 1)].line, 100, 20,
		     rig.f->ledger->now.mono);
	assert_float_equal(availability(&rig, 1, 0), once, 1e-6);
	teardown(&rig);
}

static void test_in_a_silence_that_goes_on_all_hot_hosts_were_silent(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	rig.x.resumed = true;
	assert_true(availability(&rig, 1, 0) <= EVIDENCE_REPEATED);
	assert_float_equal(availability(&rig, 1, 30), 0.1F, 0.001); /* a cold one of many */
	teardown(&rig);
}

static void test_hosts_of_a_dark_block_go_off_with_time(void **state)
{
	struct rig rig;
	float soon, late;

	(void)state;
	setup(&rig, true);
	rig.f->ledger->blocks[1].verdict = BW_DARK;
	soon = availability(&rig, 1, 0);
	fixture_set_time(rig.f, 7 * 86400);
	late = availability(&rig, 1, 0);
	assert_true(soon > 0.85F);
	assert_true(late < 0.2F);
	assert_true(late >= 0.1F); /* as a cold host */
	teardown(&rig);
}

static void test_after_a_long_gap_hosts_are_in_doubt(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	request_doubt_after(&rig.allowance, 1, 4 * INTERVAL_S * BW_S);
	assert_int_equal(rig.f->ledger->blocks[1].hot.doubted, 0);
	request_doubt_after(&rig.allowance, 1, 7 * 86400 * BW_S);
	assert_int_equal(rig.f->ledger->blocks[1].hot.doubted, 3);
	teardown(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_request_names_the_host_and_how_to_ask_it),
		cmocka_unit_test(test_in_a_check_a_host_is_asked_by_one_method_after_the_other),
		cmocka_unit_test(
			test_a_host_that_answered_is_asked_as_then_but_for_each_third_probe),
		cmocka_unit_test(
			test_another_method_than_the_one_it_answers_is_unlikely_to_be_answered),
		cmocka_unit_test(
			test_patience_is_three_round_trips_between_a_second_and_the_timeout),
		cmocka_unit_test(test_late_answers_are_waited_for),
		cmocka_unit_test(
			test_a_block_that_answers_late_is_waited_for_whatever_its_siblings_do),
		cmocka_unit_test(test_until_a_block_answers_hearsay_counts_at_most_half),
		cmocka_unit_test(
			test_a_host_that_was_silent_in_this_round_is_less_likely_to_answer),
		cmocka_unit_test(
			test_a_doubted_host_that_is_no_better_than_a_cold_one_says_little_again),
		cmocka_unit_test(test_in_a_silence_that_goes_on_all_hot_hosts_were_silent),
		cmocka_unit_test(test_hosts_of_a_dark_block_go_off_with_time),
		cmocka_unit_test(test_after_a_long_gap_hosts_are_in_doubt),
	};

	return cmocka_run_group_tests_name("vantage/request", tests, NULL, NULL);
}
