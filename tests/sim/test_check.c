/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>

#include "rig.h"

static int setup(void **state)
{
	*state = malloc(sizeof(struct rig));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void add_vantage_fault(struct rig *rig, struct sim_vantage_fault fault)
{
	struct bw_err err = {0};

	if (sim_world_add_vantage_fault(rig->world, 0, &fault, &err) < 0)
		fail_msg("%s", err.message);
}

static void test_all_up_within_a_second(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig_build(rig);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UP);
	assert_int_equal(rig_target(rig)->networks.of[BW_UP], 4);
	assert_true(rig->end_ns < BW_S);
	for (uint32_t b = 0; b < 4; b++) {
		assert_int_equal(rig_block(rig, b)->sent, 3);
		assert_int_equal(rig_block(rig, b)->replies, 3);
		assert_int_equal(rig_block(rig, b)->rtt_median_ns, 250 * BW_MS);
	}
	assert_true(rig_vantage(rig)->healthy);
}

static void test_all_dark_within_12_s(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig_build(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_DARK);
	assert_true(rig->end_ns >= 5 * BW_S);
	assert_true(rig->end_ns < 12 * BW_S);
	for (uint32_t b = 0; b < 4; b++) {
		assert_int_equal(rig_block(rig, b)->replies, 0);
		assert_true(rig_block(rig, b)->belief < 0.01);
	}
}

static void test_one_dark_of_four(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig_build(rig);
	rig_darken(rig, 2, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_PARTLY_DARK);
	assert_int_equal(rig_target(rig)->networks.of[BW_DARK], 1);
	assert_int_equal(rig_block(rig, 2)->verdict, BW_DARK);
}

static void test_never_seen_is_not_dark(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 2);
	rig->known = false;
	rig->hosts = 0;
	rig_build(rig);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_block(rig, 1)->reasons, BW_WHY_NEVER_SEEN);
	assert_true(rig->end_ns < 15 * BW_S);
}

/* A list of 2016, of which nothing answers: it may be dark, or the list may be wrong. */
static void test_a_listed_guess_is_not_dark(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->guessed = true;
	rig_build(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_target(rig)->reasons, BW_WHY_NEVER_SEEN);
	for (uint32_t b = 0; b < 4; b++) {
		assert_int_equal(rig_block(rig, b)->reasons, BW_WHY_NEVER_SEEN);
		assert_int_equal(rig_block(rig, b)->listed, 10);
		assert_true(rig_block(rig, b)->belief > 0.2);
	}
	assert_true(rig->end_ns < 15 * BW_S);
}

static void test_a_cut_uplink_explains_a_silent_list(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->guessed = true;
	rig_build(rig);
	add_vantage_fault(rig, (struct sim_vantage_fault){.kind = SIM_LAN_CUT, .end = {60 * BW_S}});
	rig_check(rig);
	for (uint32_t b = 0; b < 4; b++)
		assert_int_equal(rig_block(rig, b)->reasons, BW_WHY_NO_SIGN_OF_LIFE);
	assert_false(rig_vantage(rig)->healthy);
}

static void test_a_listed_guess_is_up_when_it_answers(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->guessed = true;
	rig_build(rig);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->networks.of[BW_UP], 4);
}

static void test_cut_uplink_calls_nothing_dark(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig_build(rig);
	add_vantage_fault(rig, (struct sim_vantage_fault){.kind = SIM_LAN_CUT, .end = {60 * BW_S}});
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UNKNOWN);
	for (uint32_t b = 0; b < 4; b++)
		assert_int_equal(rig_block(rig, b)->reasons, BW_WHY_NO_SIGN_OF_LIFE);
	assert_false(rig_vantage(rig)->healthy);
}

/* The gateway answers all the time, the reference only at first: the uplink beyond is gone. */
static void test_reference_lost_during_the_check(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->with_reference = true;
	rig_build(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 0, 0);
	add_vantage_fault(rig, (struct sim_vantage_fault){
				       .kind = SIM_UPLINK_CUT,
				       .start = {1500 * BW_MS},
				       .end = {60 * BW_S},
			       });
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_block(rig, 0)->reasons, BW_WHY_VANTAGE_OFFLINE);
}

static void test_without_any_sign_of_life(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->no_gateway = true;
	rig_build(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_block(rig, 3)->reasons, BW_WHY_NO_SIGN_OF_LIFE);
}

/* No gateway and no reference: a block that is up serves as witness for the others. */
static void test_another_block_is_a_witness(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->no_gateway = true;
	rig_build(rig);
	for (uint32_t b = 1; b < 4; b++)
		rig_darken(rig, b, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_block(rig, 0)->verdict, BW_UP);
	for (uint32_t b = 1; b < 4; b++)
		assert_int_equal(rig_block(rig, b)->verdict, BW_DARK);
}

/* The gateway answers amid the silence, then the line is cut: nobody vouches for the rest. */
static void test_cut_between_silence_and_decision(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig_build(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 0, 5400);
	add_vantage_fault(rig, (struct sim_vantage_fault){
				       .kind = SIM_LAN_CUT,
				       .start = {5500 * BW_MS},
				       .end = {60 * BW_S},
			       });
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UNKNOWN);
	for (uint32_t b = 0; b < 4; b++)
		assert_int_equal(rig_block(rig, b)->reasons, BW_WHY_VANTAGE_OFFLINE);
}

/* Silent for 4 s, as in a burst of loss: answers to later probes show that it is up. */
static void test_a_burst_is_not_dark(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig_build(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 0, 4000);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UP);
	assert_int_equal(rig_target(rig)->networks.of[BW_UP], 4);
}

static void test_heavy_loss_is_not_dark(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 200);
	rig->uplink.steady.out = 0.6;
	rig_build(rig);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->blocks.of[BW_UP], 200);
}

static void test_spoofers_keep_nothing_alive(void **state)
{
	struct rig *rig = *state;
	struct sim_spoofer spoofer = {.end = {60 * BW_S}, .rate_pps = 2000};
	struct bw_err err = {0};

	rig_init(rig, 4);
	rig_build(rig);
	rig_darken(rig, 0, 0, 0);
	assert_true(sim_world_add_spoofer(rig->world, &spoofer, &err) >= 0);
	rig_check(rig);
	assert_int_equal(rig_block(rig, 0)->verdict, BW_DARK);
	assert_true(rig_vantage(rig)->rejected > 1000);
}

/* Answers come in after 4 s, when the timeout has passed: they are answers. */
static void test_slow_hosts_are_up(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->profile.delay.base_ns = 4 * BW_S;
	rig_build(rig);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->networks.of[BW_UP], 4);
}

static void test_duplicates_count_once(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->profile.impairment = (struct sim_impairment){.duplicate = 1, .copies_max = 3};
	rig_build(rig);
	rig_check(rig);
	for (uint32_t b = 0; b < 4; b++)
		assert_int_equal(rig_block(rig, b)->replies, 3);
}

static void test_send_errors_are_unknown(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 2);
	rig_build(rig);
	add_vantage_fault(rig, (struct sim_vantage_fault){
				       .kind = SIM_SEND_ERROR,
				       .end = {60 * BW_S},
				       .status = -EPERM,
			       });
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_block(rig, 0)->reasons, BW_WHY_SEND_FAILED);
	assert_int_equal(rig_block(rig, 0)->sent, 0);
}

static void test_lost_captures_are_unknown(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig_build(rig);
	rig_darken(rig, 0, 0, 0);
	add_vantage_fault(rig, (struct sim_vantage_fault){
				       .kind = SIM_CAPTURE_DROP,
				       .end = {60 * BW_S},
				       .share = 0.5,
			       });
	rig_check(rig);
	assert_int_equal(rig_block(rig, 0)->verdict, BW_UNKNOWN);
	assert_true(rig_block(rig, 0)->reasons & BW_WHY_CAPTURE_DROPPED);
}

/*
 * Checks two blocks of which number 1 has a fault all the time, at the border router, whose address
 * is BORDER (0: an address of its own).
 */
static void check_fault(struct rig *rig, enum sim_fault_kind kind, uint32_t border)
{
	struct sim_fault fault = {
		.scope = SIM_BLOCK,
		.subject = 1,
		.kind = kind,
		.end = {60 * BW_S},
		.router = SIM_LAST_ROUTER,
	};

	rig_init(rig, 2);
	rig->border = border;
	rig_build(rig);
	assert_true(sim_world_add_fault(rig->world, &fault, NULL) >= 0);
	rig_check(rig);
}

static void test_prohibited_on_the_way_is_dark(void **state)
{
	struct rig *rig = *state;

	check_fault(rig, SIM_PROHIBITED, 0);
	assert_int_equal(rig_block(rig, 1)->verdict, BW_DARK);
	assert_false(rig_block(rig, 1)->conditions & BW_FILTERED);
}

static void test_prohibited_inside_is_not_dark(void **state)
{
	struct rig *rig = *state;

	check_fault(rig, SIM_PROHIBITED, 0xc61201fe);
	assert_int_equal(rig_block(rig, 1)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_block(rig, 1)->reasons, BW_WHY_FILTERED);
	assert_true(rig_block(rig, 1)->conditions & BW_FILTERED);
}

static void test_unreachables_are_dark_at_once_but_confirmed(void **state)
{
	struct rig *rig = *state;

	check_fault(rig, SIM_UNREACHABLE, 0);
	assert_int_equal(rig_block(rig, 1)->verdict, BW_DARK);
	assert_true(rig->end_ns >= 5 * BW_S);
	assert_true(rig->end_ns < 9 * BW_S);
}

static void test_lone_host(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 2);
	rig->hosts = 1;
	rig_build(rig);
	rig_darken(rig, 1, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_block(rig, 0)->verdict, BW_UP);
	assert_true(rig_block(rig, 0)->conditions & BW_LONE);
	assert_int_equal(rig_block(rig, 1)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_block(rig, 1)->reasons, BW_WHY_FEW_HOSTS);
	assert_true(rig_block(rig, 1)->conditions & BW_LONE);
	assert_true(rig->end_ns < 15 * BW_S);
}

/* One host for itself may be off, four at once in four blocks are not. */
static void test_lone_hosts_together(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->hosts = 1;
	rig_build(rig);
	for (uint32_t b = 0; b < 4; b++)
		rig_darken(rig, b, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_DARK);
	for (uint32_t b = 0; b < 4; b++)
		assert_int_equal(rig_block(rig, b)->verdict, BW_DARK);
}

static void test_two_hosts_beside_none(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 1);
	rig->hosts = 2;
	rig_build(rig);
	rig_darken(rig, 0, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_target(rig)->reasons, BW_WHY_FEW_HOSTS);
}

/* A check of what no list knows, and another one later: what was there is known then. */
static void check_twice(struct rig *rig, struct memory *memory, unsigned hosts, bool guessed)
{
	for (unsigned n = 0; n < 2; n++) {
		rig_init(rig, 4);
		rig->checks = memory;
		rig->hosts = hosts;
		rig->known = rig->guessed = guessed;
		rig_build(rig);
		for (uint32_t b = 0; n == 1 && b < 4; b++)
			rig_darken(rig, b, 0, 0);
		rig_check(rig);
		if (n == 0)
			assert_int_equal(rig_target(rig)->networks.of[BW_UP], 4);
	}
}

static void test_what_answered_before_is_known(void **state)
{
	struct memory memory = {0};
	struct rig *rig = *state;

	check_twice(rig, &memory, 200, false);
	assert_int_equal(rig_target(rig)->verdict, BW_DARK);
	for (uint32_t b = 0; b < 4; b++) {
		assert_int_equal(rig_block(rig, b)->verdict, BW_DARK);
		assert_int_equal(rig_block(rig, b)->last_answer.ns / BW_S, 1419177600);
	}
	memory_fini(&memory);
}

static void test_a_guess_that_answered_is_evidence(void **state)
{
	struct memory memory = {0};
	struct rig *rig = *state;

	check_twice(rig, &memory, 10, true);
	assert_int_equal(rig_target(rig)->verdict, BW_DARK);
	assert_int_equal(rig_target(rig)->networks.of[BW_DARK], 4);
	memory_fini(&memory);
}

static void test_tcp_where_icmp_is_filtered(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 2);
	rig->kind = (struct sim_host_kind){
		.availability = 1, .port_count = 1, .ports = {{BW_PROTOCOL_TCP, 443}}};
	rig->methods = "[\"icmp\",\"tcp:443\"]";
	rig->hosts = 3;
	rig_build(rig);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->networks.of[BW_UP], 2);
	assert_true(rig_block(rig, 0)->conditions & BW_ICMP_FILTERED);
}

/* 1,000 networks at 1,000 packets a second: known within 5 s, few probes each. */
static void test_a_thousand_blocks(void **state)
{
	struct rig *rig = *state;
	uint64_t sent = 0;

	rig_init(rig, 250);
	rig->rate_pps = 250;
	rig->kind.availability = 0.9;
	rig_build(rig);
	rig_check(rig);
	assert_int_equal(rig_target(rig)->networks.of[BW_UP], 250);
	assert_true(rig->end_ns < 5 * BW_S);
	for (uint32_t b = 0; b < 250; b++)
		sent += rig_block(rig, b)->sent;
	assert_true(sent < 250 * 3);
}

static void test_stopped_early(void **state)
{
	struct rig *rig = *state;

	rig_init(rig, 4);
	rig->limit_ns = 2 * BW_S;
	rig_build(rig);
	rig_darken(rig, 0, 0, 0);
	rig_check(rig);
	assert_int_equal(rig_block(rig, 0)->verdict, BW_UNKNOWN);
	assert_int_equal(rig_block(rig, 0)->reasons, BW_WHY_INTERRUPTED);
	assert_int_equal(rig_block(rig, 1)->verdict, BW_UP);
	assert_int_equal(rig_target(rig)->networks.of[BW_UNKNOWN], 1);
}

#define CHECK_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(test_all_up_within_a_second),
		CHECK_TEST(test_all_dark_within_12_s),
		CHECK_TEST(test_one_dark_of_four),
		CHECK_TEST(test_never_seen_is_not_dark),
		CHECK_TEST(test_a_listed_guess_is_not_dark),
		CHECK_TEST(test_a_cut_uplink_explains_a_silent_list),
		CHECK_TEST(test_a_listed_guess_is_up_when_it_answers),
		CHECK_TEST(test_cut_uplink_calls_nothing_dark),
		CHECK_TEST(test_reference_lost_during_the_check),
		CHECK_TEST(test_without_any_sign_of_life),
		CHECK_TEST(test_another_block_is_a_witness),
		CHECK_TEST(test_cut_between_silence_and_decision),
		CHECK_TEST(test_a_burst_is_not_dark),
		CHECK_TEST(test_heavy_loss_is_not_dark),
		CHECK_TEST(test_spoofers_keep_nothing_alive),
		CHECK_TEST(test_slow_hosts_are_up),
		CHECK_TEST(test_duplicates_count_once),
		CHECK_TEST(test_send_errors_are_unknown),
		CHECK_TEST(test_lost_captures_are_unknown),
		CHECK_TEST(test_prohibited_on_the_way_is_dark),
		CHECK_TEST(test_prohibited_inside_is_not_dark),
		CHECK_TEST(test_unreachables_are_dark_at_once_but_confirmed),
		CHECK_TEST(test_lone_host),
		CHECK_TEST(test_lone_hosts_together),
		CHECK_TEST(test_two_hosts_beside_none),
		CHECK_TEST(test_what_answered_before_is_known),
		CHECK_TEST(test_a_guess_that_answered_is_evidence),
		CHECK_TEST(test_tcp_where_icmp_is_filtered),
		CHECK_TEST(test_a_thousand_blocks),
		CHECK_TEST(test_stopped_early),
	};

	return cmocka_run_group_tests_name("sim/check", tests, NULL, NULL);
}
