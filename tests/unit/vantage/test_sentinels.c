/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../probe/peer.h"
#include "fixture.h"
#include "vantage/watch/sentinels.h"

/* Block 0 of three hosts; block 1 is open. */
static const char lines[] = "a 198.18.0.0/24 3\n"
			    "a 198.18.1.0/24\n";

static const struct vantage_plan plan = {60 * BW_S, 10 * BW_S, 20};
static const struct bw_method icmp = {BW_PROTOCOL_ICMP, 0};
static const struct bw_method http = {BW_PROTOCOL_TCP, 80};

struct rig {
	struct fixture *f;
	struct peer peer;
	struct bw_transport transport;
	struct bw_egress egress;
	struct engine *engine;
	struct rng rng;
	struct allowance allowance;
	struct sentinels s;
};

static struct bw_addr addr(const char *text)
{
	struct bw_addr a = {0};

	assert_int_equal(bw_addr_parse(text, &a), 0);
	return a;
}

static void add(struct rig *rig, const char *text, enum health_source source, uint8_t egress)
{
	const struct roster_sentinel sentinel = {addr(text), icmp, source, egress};
	const struct permit permit = {.allow_reserved = true};

	assert_int_equal(roster_add_sentinel(&rig->f->roster, &sentinel, &permit), 0);
}

static void ignore_sent(void *self, const struct probe *probe, struct bw_mono sent)
{
	(void)self;
	(void)probe;
	(void)sent;
}

static void ignore_outcome(void *self, const struct outcome *outcome)
{
	(void)self;
	(void)outcome;
}

static void make_engine(struct rig *rig)
{
	const struct bw_method methods[] = {icmp, http};
	const struct engine_config config = {
		.transport = &rig->transport,
		.egress = &rig->egress,
		.egress_count = 1,
		.methods = methods,
		.method_count = 2,
		.rate_pps = 10000,
		.listen_ns = 60 * BW_S,
		.queue_max = 64,
		.pending_max = 128,
		.seed = 1,
		.on_sent = ignore_sent,
		.on_outcome = ignore_outcome,
	};

	rig->peer.accept = SIZE_MAX;
	rig->transport = peer_transport(&rig->peer);
	rig->egress = (struct bw_egress){.interface = "test0", .source = addr("10.0.0.2")};
	assert_int_equal(engine_new(&config, fixture_mono(0), &rig->engine, NULL), 0);
}

/* With a reference, the gateway, and a reference without a route: sentinels 0, 1 and 2. */
static void setup(struct rig *rig, bool sentinels)
{
	struct sentinels borrowed = {.allowance = &rig->allowance, .rng = &rig->rng};

	*rig = (struct rig){.f = fixture_new(lines, true), .rng = rng_of(1)};
	if (sentinels) {
		add(rig, "192.0.2.1", HEALTH_REFERENCE, 0);
		add(rig, "10.0.0.1", HEALTH_GATEWAY, 0);
		add(rig, "192.0.2.9", HEALTH_REFERENCE, ROSTER_NO_EGRESS);
	}
	make_engine(rig);
	assert_int_equal(allowance_init(&rig->allowance, rig->f->ledger, &plan), 0);
	borrowed.ledger = rig->f->ledger;
	borrowed.engine = rig->engine;
	assert_int_equal(sentinels_init(&rig->s, &borrowed), 0);
}

static void teardown(struct rig *rig)
{
	sentinels_fini(&rig->s);
	allowance_fini(&rig->allowance);
	engine_free(rig->engine);
	fixture_free(rig->f);
}

static void set_time(struct rig *rig, double seconds)
{
	fixture_set_time(rig->f, seconds);
	rig->peer.now = fixture_mono(seconds);
}

/* Asks, and lets the engine send; returns how many packets left. */
static unsigned ask(struct rig *rig, bool witnesses)
{
	unsigned before = rig->peer.count;

	sentinels_ask(&rig->s);
	if (witnesses)
		sentinels_ask_witnesses(&rig->s, 0);
	for (unsigned i = 0; i < 10; i++)
		engine_tick(rig->engine, bw_mono_add(rig->f->ledger->now.mono, i * BW_MS));
	return rig->peer.count - before;
}

static void assert_sent_to(const struct rig *rig, unsigned n, const char *text)
{
	const struct bw_addr wanted = addr(text);

	assert_true(bw_addr_equal(&rig->peer.sent[n].dst, &wanted));
}

static struct outcome outcome_of(uint32_t subject, enum outcome_kind kind)
{
	return (struct outcome){
		.kind = kind,
		.probe = {.client = PROBE_OF_SENTINEL, .subject = subject},
		.sent = fixture_mono(5),
	};
}

static void take(struct rig *rig, uint32_t subject, enum outcome_kind kind)
{
	const struct outcome outcome = outcome_of(subject, kind);

	sentinels_outcome(&rig->s, &outcome);
}

static void take_sent(struct rig *rig, uint32_t subject, enum outcome_kind kind, double seconds)
{
	struct outcome outcome = outcome_of(subject, kind);

	outcome.sent = fixture_mono(seconds);
	sentinels_outcome(&rig->s, &outcome);
}

static void answered(struct rig *rig, const char *text)
{
	sentinels_add_witness(&rig->s, &(struct outcome){
					       .kind = OUTCOME_REPLY,
					       .probe = {.dst = addr(text), .method = http},
				       });
}

/* A gateway of one of several next hops: sentinels 3 and 4 of way 0. */
static void add_next_hop(struct rig *rig, const char *text)
{
	const struct roster_sentinel sentinel = {addr(text), icmp, HEALTH_GATEWAY, 0, 0, true};
	const struct permit permit = {.allow_reserved = true};

	assert_int_equal(roster_add_sentinel(&rig->f->roster, &sentinel, &permit), 0);
}

static bool misses(const struct rig *rig, unsigned way, double from, double last)
{
	return sentinels_miss_next_hop(&rig->s, way, fixture_mono(from), fixture_mono(last));
}

/* The kernel sends a part of the probes by a next hop that is silent while another answers. */
static void test_a_next_hop_that_is_silent_is_missed(void **state)
{
	struct sentinels s, borrowed = {0};
	struct rig rig;

	(void)state;
	setup(&rig, true);
	add_next_hop(&rig, "10.0.0.3");
	add_next_hop(&rig, "10.0.0.1"); /* the gateway, which is there: now it is shared */
	assert_int_equal(rig.f->roster.sentinel_count, 4);
	assert_true(rig.f->roster.sentinels[1].is_shared);
	borrowed = rig.s;
	assert_int_equal(sentinels_init(&s, &borrowed), 0);
	sentinels_fini(&rig.s);
	rig.s = s;
	take_sent(&rig, 0, OUTCOME_REPLY, 5); /* a reference is no next hop */
	assert_false(misses(&rig, 0, 1, 5));
	take_sent(&rig, 1, OUTCOME_REPLY, 5);
	assert_true(misses(&rig, 0, 1, 5)); /* the other has never answered */
	take_sent(&rig, 3, OUTCOME_REPLY, 6);
	assert_false(misses(&rig, 0, 1, 5));
	assert_true(misses(&rig, 0, 1, 5.5));
	take_sent(&rig, 3, OUTCOME_TIMEOUT, 7); /* one may be lost */
	take_sent(&rig, 1, OUTCOME_REPLY, 9);
	take_sent(&rig, 3, OUTCOME_REPLY, 9);
	assert_false(misses(&rig, 0, 1, 8));
	take_sent(&rig, 3, OUTCOME_TIMEOUT, 10);
	take_sent(&rig, 3, OUTCOME_TIMEOUT, 11);
	take_sent(&rig, 1, OUTCOME_REPLY, 12);
	take_sent(&rig, 3, OUTCOME_REPLY, 12);
	assert_true(misses(&rig, 0, 8, 12)); /* it was silent in between */
	assert_false(misses(&rig, 0, 11.5, 12));
	assert_false(misses(&rig, 1, 1, 13));
	teardown(&rig);
}

static void test_they_are_due_at_once_then_each_second_or_each_five(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	assert_true(sentinels_are_due(&rig.s, SENTINELS_BUSY));
	set_time(&rig, 0.9);
	assert_false(sentinels_are_due(&rig.s, SENTINELS_BUSY));
	set_time(&rig, 1);
	assert_true(sentinels_are_due(&rig.s, SENTINELS_IDLE));
	set_time(&rig, 5.9);
	assert_false(sentinels_are_due(&rig.s, SENTINELS_IDLE));
	sentinels_hurry(&rig.s);
	assert_true(sentinels_are_due(&rig.s, SENTINELS_IDLE));
	set_time(&rig, 10.9);
	assert_true(sentinels_are_due(&rig.s, SENTINELS_IDLE));
	teardown(&rig);
}

static void sent(struct rig *rig, uint32_t subject, double seconds)
{
	const struct probe probe = {.client = PROBE_OF_SENTINEL, .subject = subject};

	sentinels_sent(&rig->s, &probe, fixture_mono(seconds));
}

static unsigned silences(const struct rig *rig)
{
	const struct sentinels_silence silence = sentinels_silence(&rig->s, 0);

	assert_int_equal(silence.is_common, silence.probes > 0);
	return silence.probes;
}

/* The gateway, a reference that has never answered, and what is younger count for nothing. */
static void test_silent_are_probes_of_references_since_the_last_sign_of_life(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	sent(&rig, 0, 1);
	set_time(&rig, 2);
	assert_int_equal(silences(&rig), 0); /* it has never answered */
	take_sent(&rig, 0, OUTCOME_REPLY, 3);
	for (unsigned s = 2; s < 6; s++) {
		sent(&rig, 0, s);
		sent(&rig, 1, s);
		sent(&rig, 9, s); /* a witness */
	}
	set_time(&rig, 5.7);
	assert_int_equal(silences(&rig), 1); /* of 4 s: a reply to that of 5 s may still come */
	set_time(&rig, 5.75);
	assert_int_equal(silences(&rig), 2);
	assert_int_equal(sentinels_silence(&rig.s, 0).since.ns, fixture_mono(3).ns);
	health_answered(&rig.f->ledger->ways.of[0].health, HEALTH_BLOCK, fixture_mono(4.5));
	assert_int_equal(silences(&rig), 1);
	set_time(&rig, 64);
	assert_int_equal(silences(&rig), 0); /* it is gone for long */
	teardown(&rig);
}

static void test_a_slow_reference_is_awaited_for_longer(void **state)
{
	struct outcome reply = outcome_of(0, OUTCOME_REPLY);
	struct rig rig;

	(void)state;
	setup(&rig, true);
	reply.rtt_ns = 400 * BW_MS;
	sentinels_outcome(&rig.s, &reply);
	sent(&rig, 0, 6);
	set_time(&rig, 7.5);
	assert_int_equal(silences(&rig), 0);
	set_time(&rig, 7.6);
	assert_int_equal(silences(&rig), 1);
	teardown(&rig);
}

static void test_each_sentinel_with_a_route_gets_a_packet(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	assert_int_equal(ask(&rig, true), 2);
	assert_sent_to(&rig, 0, "192.0.2.1");
	assert_sent_to(&rig, 1, "10.0.0.1");
	teardown(&rig);
}

static void test_witnesses_are_asked_when_that_is_wanted(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	answered(&rig, "198.18.0.2");
	assert_int_equal(ask(&rig, false), 2);
	assert_int_equal(ask(&rig, true), 3);
	assert_sent_to(&rig, 4, "198.18.0.2");
	assert_int_equal(rig.peer.sent[4].bytes[9], 6); /* TCP, as it was answered */
	teardown(&rig);
}

static void test_no_sentinel_gets_more_than_the_pace_allows(void **state)
{
	unsigned sent = 0;
	struct rig rig;

	(void)state;
	setup(&rig, true);
	for (unsigned i = 0; i < 30; i++)
		sent += ask(&rig, false);
	assert_int_equal(sent, 2 * 20);
	set_time(&rig, 3);
	for (unsigned i = 0; i < 30; i++)
		sent += ask(&rig, false);
	assert_int_equal(sent, 2 * 23);
	teardown(&rig);
}

static void test_the_two_that_answered_last_are_witnesses(void **state)
{
	const struct bw_addr newest = addr("198.18.0.3"), middle = addr("198.18.0.2");
	struct rig rig;

	(void)state;
	setup(&rig, true);
	answered(&rig, "198.18.0.1");
	answered(&rig, "198.18.0.2");
	answered(&rig, "198.18.0.3");
	assert_int_equal(rig.s.witnesses[0].count, 2);
	assert_true(bw_addr_equal(&rig.s.witnesses[0].list[0].addr, &newest));
	assert_true(bw_addr_equal(&rig.s.witnesses[0].list[1].addr, &middle));
	teardown(&rig);
}

static void test_a_drawn_witness_is_a_known_host_and_costs_its_block_a_probe(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	for (unsigned i = 0; i < 8; i++)
		sentinels_draw_witness(&rig.s, 0);
	assert_true(allowance_left(&rig.allowance, 0) < 40);
	assert_int_equal(allowance_left(&rig.allowance, 1), 40); /* nothing is known of it */
	for (unsigned i = 0; i < rig.s.witnesses[0].count; i++) {
		assert_int_equal(rig.s.witnesses[0].list[i].addr.bytes[2], 0);
		assert_in_range(rig.s.witnesses[0].list[i].addr.bytes[3], 1, 3);
	}
	teardown(&rig);
}

static void test_no_witness_is_drawn_from_a_block_whose_hour_is_spent(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	while (allowance_left(&rig.allowance, 0) > 0)
		allowance_take(&rig.allowance, 0);
	for (unsigned i = 0; i < 8; i++)
		sentinels_draw_witness(&rig.s, 0);
	assert_int_equal(rig.s.witnesses[0].count, 0);
	teardown(&rig);
}

/* A cut of hours leaves something to find out afterwards who is still there. */
static void test_witnesses_leave_a_block_24_probes(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	for (unsigned i = 0; i < 100; i++)
		sentinels_draw_witness(&rig.s, 0);
	assert_int_equal(allowance_left(&rig.allowance, 0), 24);
	teardown(&rig);
}

static void test_a_reply_is_a_sign_of_life_of_its_kind(void **state)
{
	struct rig rig;
	struct health *health;

	(void)state;
	setup(&rig, true);
	health = &rig.f->ledger->ways.of[0].health;
	take(&rig, 0, OUTCOME_TIMEOUT);
	assert_false(health->seen[HEALTH_REFERENCE]);
	take(&rig, 0, OUTCOME_REPLY);
	assert_true(health->seen[HEALTH_REFERENCE]);
	assert_int_equal(health->life[HEALTH_REFERENCE].ns, fixture_mono(5).ns);
	assert_false(health->seen[HEALTH_GATEWAY]);
	take(&rig, 1, OUTCOME_REPLY);
	assert_true(health->seen[HEALTH_GATEWAY]);
	take(&rig, 3, OUTCOME_REPLY); /* the first witness */
	assert_true(health->seen[HEALTH_BLOCK]);
	teardown(&rig);
}

static void test_silence_of_who_has_answered_is_loss_but_for_the_gateway(void **state)
{
	struct outcome late;
	struct rig rig;
	struct loss *loss;

	(void)state;
	setup(&rig, true);
	loss = &rig.f->ledger->ways.of[0].health.loss;
	take(&rig, 0, OUTCOME_TIMEOUT); /* it has never answered */
	take(&rig, 1, OUTCOME_REPLY);
	take(&rig, 1, OUTCOME_TIMEOUT);
	assert_float_equal(loss->expected, 0, 0);
	take(&rig, 0, OUTCOME_REPLY);
	take(&rig, 0, OUTCOME_TIMEOUT);
	late = outcome_of(0, OUTCOME_REPLY);
	late.late = true;
	sentinels_outcome(&rig.s, &late);
	assert_float_equal(loss->expected, 2, 0);
	assert_float_equal(loss->replied, 1, 0);
	teardown(&rig);
}

static void test_an_error_and_a_probe_that_was_not_sent_are_no_loss(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	take(&rig, 0, OUTCOME_REPLY);
	take(&rig, 0, OUTCOME_ERROR);
	take(&rig, 0, OUTCOME_VOID);
	assert_float_equal(rig.f->ledger->ways.of[0].health.loss.expected, 1, 0);
	teardown(&rig);
}

static void test_silence_of_a_reference_that_never_answered_is_no_loss(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, true);
	take(&rig, 0, OUTCOME_REPLY);
	take(&rig, 2, OUTCOME_TIMEOUT); /* the other reference */
	assert_float_equal(rig.f->ledger->ways.of[0].health.loss.expected, 1, 0);
	teardown(&rig);
}

/* Most hosts of a sparse block are off: a drawn one says nothing about loss until it answers. */
static void test_silence_of_a_drawn_witness_counts_once_it_has_answered(void **state)
{
	struct outcome outcome = outcome_of(3, OUTCOME_TIMEOUT);
	struct loss *loss;
	struct rig rig;

	(void)state;
	setup(&rig, true);
	loss = &rig.f->ledger->ways.of[0].health.loss;
	health_answered(&rig.f->ledger->ways.of[0].health, HEALTH_BLOCK, fixture_mono(1));
	while (rig.s.witnesses[0].count == 0)
		sentinels_draw_witness(&rig.s, 0);
	outcome.probe.dst = rig.s.witnesses[0].list[0].addr;
	sentinels_outcome(&rig.s, &outcome);
	assert_float_equal(loss->expected, 0, 0);
	outcome.kind = OUTCOME_REPLY;
	sentinels_outcome(&rig.s, &outcome);
	outcome.kind = OUTCOME_TIMEOUT;
	sentinels_outcome(&rig.s, &outcome);
	assert_float_equal(loss->expected, 2, 0);
	assert_float_equal(loss->replied, 1, 0);
	teardown(&rig);
}

static void test_silence_of_a_witness_that_was_replaced_is_not_that_of_the_new_one(void **state)
{
	struct outcome outcome = outcome_of(3, OUTCOME_TIMEOUT);
	struct rig rig;

	(void)state;
	setup(&rig, true);
	answered(&rig, "198.18.0.1");
	outcome.probe.dst = addr("198.18.0.2");
	sentinels_outcome(&rig.s, &outcome);
	assert_float_equal(rig.f->ledger->ways.of[0].health.loss.expected, 0, 0);
	outcome.probe.dst = addr("198.18.0.1");
	sentinels_outcome(&rig.s, &outcome);
	assert_float_equal(rig.f->ledger->ways.of[0].health.loss.expected, 1, 0);
	teardown(&rig);
}

static void test_there_is_nobody_without_sentinels_and_witnesses(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, false);
	assert_true(sentinels_are_none(&rig.s, 0));
	answered(&rig, "198.18.0.1");
	assert_false(sentinels_are_none(&rig.s, 0));
	teardown(&rig);
	setup(&rig, true);
	assert_false(sentinels_are_none(&rig.s, 0));
	teardown(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_they_are_due_at_once_then_each_second_or_each_five),
		cmocka_unit_test(test_silent_are_probes_of_references_since_the_last_sign_of_life),
		cmocka_unit_test(test_a_slow_reference_is_awaited_for_longer),
		cmocka_unit_test(test_each_sentinel_with_a_route_gets_a_packet),
		cmocka_unit_test(test_witnesses_are_asked_when_that_is_wanted),
		cmocka_unit_test(test_no_sentinel_gets_more_than_the_pace_allows),
		cmocka_unit_test(test_the_two_that_answered_last_are_witnesses),
		cmocka_unit_test(test_a_drawn_witness_is_a_known_host_and_costs_its_block_a_probe),
		cmocka_unit_test(test_no_witness_is_drawn_from_a_block_whose_hour_is_spent),
		cmocka_unit_test(test_witnesses_leave_a_block_24_probes),
		cmocka_unit_test(test_a_reply_is_a_sign_of_life_of_its_kind),
		cmocka_unit_test(test_silence_of_who_has_answered_is_loss_but_for_the_gateway),
		cmocka_unit_test(test_an_error_and_a_probe_that_was_not_sent_are_no_loss),
		cmocka_unit_test(test_silence_of_a_reference_that_never_answered_is_no_loss),
		cmocka_unit_test(test_silence_of_a_drawn_witness_counts_once_it_has_answered),
		cmocka_unit_test(
			test_silence_of_a_witness_that_was_replaced_is_not_that_of_the_new_one),
		cmocka_unit_test(test_there_is_nobody_without_sentinels_and_witnesses),
		cmocka_unit_test(test_a_next_hop_that_is_silent_is_missed),
	};

	return cmocka_run_group_tests_name("vantage/sentinels", tests, NULL, NULL);
}
