/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "peer.h"
#include "probe/sweep/sweep.h"

#define IP_HEADER 20
#define SLOT (16 * BW_S)

/* A sweep and what became of it; time is a number, the network an array. */
struct rig {
	struct sweep_space *space;
	struct sweep *sweep;
	struct bw_mono now;
	struct packet_claim claim;
	struct bw_tx batch[64];
	size_t count;
	struct sweep_answer last;
	unsigned answers, errors, fresh;
	uint64_t listed; /* by sweep_each_answered() */
	uint32_t listed_passes;
};

static void on_answer(void *self, const struct sweep_answer *answer)
{
	struct rig *rig = self;

	rig->last = *answer;
	rig->answers += !answer->is_error;
	rig->errors += answer->is_error;
	rig->fresh += answer->is_new;
}

static struct sweep_config config_of(const char *methods)
{
	static struct bw_methods parsed;
	static struct bw_egress egress;
	struct sweep_config config = {
		.egress = &egress,
		.egress_count = 1,
		.methods = &parsed,
		.rate_pps = INFINITY,
		.shards = 1,
		.passes = 1,
		.pause_ns = 5 * BW_S,
		.cooldown_ns = 8 * BW_S,
		.late_ns = 3 * BW_S,
		.seed = 42,
		.key = siphash_key_of(7),
		.on_answer = on_answer,
	};

	parsed.count = 0;
	assert_int_equal(bw_methods_parse(methods, &parsed, NULL), 0);
	assert_int_equal(bw_addr_parse("10.99.0.2", &egress.source), 0);
	return config;
}

static struct rig rig_of(struct sweep_config config, const char *prefix_text)
{
	const struct permit all = {.allow_reserved = true};
	struct rig rig = {.space = sweep_space_new(), .now = {1000 * BW_S}};
	struct sweep_space_sum sum;
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(prefix_text, &prefix, NULL), 0);
	assert_int_equal(sweep_space_add(rig.space, &prefix), 0);
	assert_int_equal(sweep_space_seal(rig.space, &all, &sum), 0);
	config.space = rig.space;
	assert_int_equal(sweep_new(&config, rig.now, &rig.sweep, NULL), 0);
	return rig;
}

/* The rig has its place now: callbacks may point to it. */
static void setup(struct rig *rig, const char *methods, const char *prefix)
{
	struct sweep_config config = config_of(methods);

	config.self = rig;
	*rig = rig_of(config, prefix);
}

static void teardown(struct rig *rig)
{
	sweep_free(rig->sweep);
	sweep_space_free(rig->space);
}

static size_t take(struct rig *rig)
{
	if (sweep_claim(rig->sweep, rig->now, 64, &rig->claim) == 0)
		return 0;
	return sweep_build(rig->sweep, &rig->claim, rig->batch);
}

static size_t ask(struct rig *rig)
{
	rig->now.ns += 100 * BW_US;
	rig->count = take(rig);
	for (size_t i = 0; i < rig->count; i++)
		rig->batch[i].status = 0;
	if (rig->count > 0)
		sweep_sent(rig->sweep, &rig->claim, rig->batch, rig->count);
	return rig->count;
}

static void receive(struct rig *rig, struct peer_frame frame, int64_t rtt_ns)
{
	struct bw_rx rx = peer_rx(&frame, (struct bw_mono){rig->now.ns + rtt_ns});

	sweep_receive(rig->sweep, &rx);
}

static struct sweep_stats stats_of(const struct rig *rig)
{
	struct sweep_stats stats;

	sweep_stats(rig->sweep, &stats);
	return stats;
}

static void list_answered(void *self, const struct bw_addr *addr, uint32_t passes)
{
	struct rig *rig = self;

	(void)addr;
	rig->listed++;
	rig->listed_passes += passes;
}

static void test_all_once(void **state)
{
	struct rig rig;
	uint8_t seen[1024] = {0};

	(void)state;
	setup(&rig, "icmp", "10.64.0.0/22");
	while (ask(&rig) > 0)
		for (size_t i = 0; i < rig.count; i++) {
			seen[bw_addr_to_v4(&rig.batch[i].dst) & 1023]++;
			receive(&rig, peer_echo_reply(&rig.batch[i]), 20 * BW_MS);
			assert_true(bw_addr_equal(&rig.last.addr, &rig.batch[i].dst));
			assert_int_equal(rig.last.rtt_ns, 20 * BW_MS);
		}
	for (unsigned i = 0; i < 1024; i++)
		assert_int_equal(seen[i], 1);
	assert_int_equal(rig.fresh, 1024);
	assert_int_equal(stats_of(&rig).sent, 1024);
	assert_int_equal(stats_of(&rig).answered, 1024);
	assert_true(sweep_is_done(rig.sweep, rig.now)); /* all have answered: nothing to wait for */
	assert_int_equal(sweep_progress(rig.sweep), sweep_total(rig.sweep));
	sweep_each_answered(rig.sweep, list_answered, &rig);
	assert_int_equal(rig.listed, 1024);
	teardown(&rig);
}

static void test_cooldown(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, "icmp", "10.64.0.0/30");
	assert_int_equal(ask(&rig), 4);
	assert_int_equal(ask(&rig), 0);
	assert_true(sweep_deadline(rig.sweep, rig.now).ns == INT64_MAX);
	assert_false(sweep_is_done(rig.sweep, (struct bw_mono){rig.now.ns + 7 * BW_S}));
	assert_true(sweep_is_done(rig.sweep, (struct bw_mono){rig.now.ns + 8 * BW_S}));
	teardown(&rig);
}

/* Three copies, bent fields, other senders, three seconds late. */
static void test_hostile(void **state)
{
	struct sweep_stats stats;
	struct rig rig;

	(void)state;
	setup(&rig, "icmp", "10.64.0.0/26");
	assert_int_equal(ask(&rig), 64);
	for (size_t i = 0; i < 64; i++) {
		static const unsigned bent[] = {
			IP_HEADER + 5,
			IP_HEADER + 7, /* id, sequence number */
			IP_HEADER + 8 + 5,
			IP_HEADER + 8 + 19,
			IP_HEADER + 8 + 21, /* payload */
			15,                 /* the source address: an unasked one */
		};

		for (unsigned b = 0; b < sizeof(bent) / sizeof(bent[0]); b++) {
			struct peer_frame frame = peer_echo_reply(&rig.batch[i]);

			frame.bytes[bent[b]] ^= b == 5 ? 0x80 : 1;
			peer_checksum(&frame);
			receive(&rig, frame, BW_MS);
		}
		assert_int_equal(rig.answers, i);
		for (unsigned copy = 0; copy < 3; copy++)
			receive(&rig, peer_echo_reply(&rig.batch[i]), 3100 * BW_MS);
	}
	stats = stats_of(&rig);
	assert_int_equal(stats.answered, 64);
	assert_int_equal(stats.replies, 64);
	assert_int_equal(stats.late, 64);
	assert_int_equal(stats.duplicates, 128);
	assert_int_equal(stats.rejected[REJECT_SPOOFED], 64 * 6);
	assert_int_equal(rig.last.rtt_ns, 3100 * BW_MS);
	teardown(&rig);
}

static void test_stale(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, "icmp,tcp:80", "10.64.0.0/30");
	assert_int_equal(ask(&rig), 8);
	receive(&rig, peer_echo_reply(&rig.batch[0]), 61 * BW_S);
	receive(&rig, peer_syn_ack(&rig.batch[4]), 61 * BW_S);
	assert_int_equal(stats_of(&rig).rejected[REJECT_STALE], 2);
	receive(&rig, peer_echo_reply(&rig.batch[0]), 59 * BW_S);
	receive(&rig, peer_syn_ack(&rig.batch[4]), 59 * BW_S);
	assert_int_equal(stats_of(&rig).replies, 2);
	teardown(&rig);
}

/* No nonce comes back: the order and the log must tell what it was. */
static void test_tcp(void **state)
{
	struct sweep_stats stats;
	struct rig rig;
	unsigned asked = 0;

	(void)state;
	setup(&rig, "tcp:80,tcp:443", "10.64.0.0/23");
	while (ask(&rig) > 0) {
		rig.now.ns += asked % 5 == 0 ? 17 * BW_S : BW_MS; /* through slots and pauses */
		for (size_t i = 0; i < rig.count; i++, asked++) {
			struct peer_frame bent = peer_syn_ack(&rig.batch[i]);
			struct peer_frame frame =
				asked % 2 ? peer_syn_ack(&rig.batch[i]) : peer_rst(&rig.batch[i]);

			bent.bytes[IP_HEADER + 11] ^= 1;
			peer_checksum(&bent);
			receive(&rig, bent, BW_MS);
			receive(&rig, frame, 30 * BW_MS);
			assert_int_equal(rig.last.kind, asked % 2 ? REPLY_SYN_ACK : REPLY_RST);
		}
	}
	stats = stats_of(&rig);
	assert_int_equal(asked, 1024);
	assert_int_equal(stats.replies, 1024);
	assert_int_equal(stats.answered, 512);
	assert_int_equal(stats.rejected[REJECT_SPOOFED], 1024);
	assert_int_equal(rig.fresh, 1024);
	teardown(&rig);
}

static void test_tcp_rtt(void **state)
{
	struct bw_tx first[64];
	struct rig rig;

	(void)state;
	setup(&rig, "tcp:80", "10.64.0.0/22");
	ask(&rig);
	memcpy(first, rig.batch, sizeof(first));
	while (ask(&rig) > 0)
		rig.now.ns += 9900 * BW_US; /* 10 ms a batch */
	receive(&rig, peer_syn_ack(&first[10]), 0);
	assert_in_range(rig.last.rtt_ns, 150 * BW_MS, 161 * BW_MS);
	teardown(&rig);
}

static void test_icmp_errors(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, "icmp,tcp:80", "10.64.0.0/30");
	assert_int_equal(ask(&rig), 8);
	receive(&rig, peer_error(&rig.batch[0], "10.99.0.1", 3, 1), BW_MS);
	receive(&rig, peer_error(&rig.batch[5], "10.99.0.1", 3, 13), BW_MS);
	assert_int_equal(rig.errors, 2);
	assert_int_equal(rig.last.kind, REPLY_PROHIBITED);
	assert_true(bw_addr_equal(&rig.last.addr, &rig.batch[5].dst));
	assert_int_equal(stats_of(&rig).answered, 0);
	rig.batch[1].bytes[IP_HEADER + 7] ^= 1; /* quotes what we never sent */
	receive(&rig, peer_error(&rig.batch[1], "10.99.0.1", 3, 1), BW_MS);
	assert_int_equal(rig.errors, 2);
	assert_int_equal(stats_of(&rig).rejected[REJECT_SPOOFED], 1);
	teardown(&rig);
}

static void test_passes(void **state)
{
	struct sweep_config config = config_of("icmp");
	struct bw_tx first;
	struct rig rig;

	(void)state;
	config.self = &rig;
	config.passes = 3;
	rig = rig_of(config, "10.64.0.0/30");
	for (unsigned pass = 0; pass < 3; pass++) {
		assert_int_equal(ask(&rig), 4);
		if (pass == 0)
			first = rig.batch[0];
		receive(&rig, peer_echo_reply(&rig.batch[0]), BW_MS);
		if (pass == 1)
			receive(&rig, peer_echo_reply(&rig.batch[1]), BW_MS);
		assert_int_equal(ask(&rig), 0);
		rig.now.ns += 5 * BW_S;
	}
	receive(&rig, peer_echo_reply(&first), 0); /* a copy from the first pass */
	assert_int_equal(stats_of(&rig).sent, 12);
	assert_int_equal(stats_of(&rig).replies, 4);
	assert_int_equal(stats_of(&rig).answered, 2);
	assert_int_equal(stats_of(&rig).duplicates, 1);
	assert_int_equal(rig.fresh, 2);
	sweep_each_answered(rig.sweep, list_answered, &rig);
	assert_int_equal(rig.listed, 2);
	assert_int_equal(rig.listed_passes, 3 + 1);
	teardown(&rig);
}

/* Lost answers: those who were asked just before and are silent, nobody else. */
static void test_retries(void **state)
{
	struct sweep_config config = config_of("icmp");
	struct packet_ring ring = {.room = 1000};
	uint64_t again = 0;
	struct rig rig;

	(void)state;
	config.self = &rig;
	config.retries = 2;
	rig = rig_of(config, "10.64.0.0/22");
	sweep_observe(rig.sweep, rig.now, &ring);
	for (unsigned batch = 0; ask(&rig) > 0; batch++) {
		for (size_t i = batch == 8 ? 5 : 0; i < rig.count; i++)
			receive(&rig, peer_echo_reply(&rig.batch[i]), BW_MS);
		rig.now.ns += 400 * BW_MS;
		ring.lost = batch >= 8 ? 5 : 0;
		sweep_observe(rig.sweep, rig.now, &ring);
	}
	assert_int_equal(stats_of(&rig).answered, 1019);
	assert_false(sweep_is_done(rig.sweep, rig.now));
	for (unsigned turn = 0; turn < 200 && !sweep_is_done(rig.sweep, rig.now); turn++) {
		again += ask(&rig);
		for (size_t i = 0; i < rig.count; i++)
			receive(&rig, peer_echo_reply(&rig.batch[i]), BW_MS);
		rig.now.ns += 50 * BW_MS;
	}
	assert_int_equal(again, 5);
	assert_int_equal(stats_of(&rig).again, 5);
	assert_int_equal(stats_of(&rig).answered, 1024);
	assert_int_equal(stats_of(&rig).lost, 5);
	teardown(&rig);
}

static void test_send_errors(void **state)
{
	struct sweep_config config = config_of("icmp");
	struct rig rig;

	(void)state;
	config.self = &rig;
	config.retries = 1;
	rig = rig_of(config, "10.64.0.0/30");
	rig.now.ns += BW_MS;
	assert_int_equal(take(&rig), 4);
	for (unsigned i = 0; i < 4; i++)
		rig.batch[i].status = i == 0 ? BW_ERR_BLOCKLISTED : i == 1 ? -ENETDOWN : 0;
	sweep_sent(rig.sweep, &rig.claim, rig.batch, 4);
	assert_int_equal(stats_of(&rig).sent, 2);
	assert_int_equal(stats_of(&rig).refused, 1);
	assert_int_equal(stats_of(&rig).send_errors, 1);
	receive(&rig, peer_echo_reply(&rig.batch[2]), BW_MS);
	receive(&rig, peer_echo_reply(&rig.batch[3]), BW_MS);
	assert_int_equal(ask(&rig), 0);
	rig.now.ns += 3 * BW_S;
	assert_int_equal(ask(&rig), 2); /* the silent ones of that batch */
	teardown(&rig);
}

static void test_pacing(void **state)
{
	struct sweep_config config = config_of("icmp");
	unsigned window[300] = {0}, total = 0;
	struct rig rig;
	struct bw_mono begin;

	(void)state;
	config.self = &rig;
	config.rate_pps = 10000;
	rig = rig_of(config, "10.64.0.0/14");
	begin = rig.now;
	while (rig.now.ns - begin.ns < 3 * BW_S) {
		rig.now.ns += 250 * BW_US;
		rig.count = take(&rig);
		if (rig.count > 0)
			sweep_sent(rig.sweep, &rig.claim, rig.batch, rig.count);
		window[(rig.now.ns - begin.ns - 1) / (10 * BW_MS)] += (unsigned)rig.count;
		total += (unsigned)rig.count;
	}
	assert_in_range(total, 29700, 30300);
	for (unsigned i = 0; i < 300; i++)
		assert_in_range(window[i], 0, 200);
	teardown(&rig);
}

static void test_hold(void **state)
{
	struct packet_ring ring = {.room = 100, .waiting = 80};
	struct rig rig;

	(void)state;
	setup(&rig, "icmp", "10.64.0.0/22");
	sweep_observe(rig.sweep, rig.now, &ring);
	assert_int_equal(ask(&rig), 0);
	assert_int_equal(sweep_deadline(rig.sweep, rig.now).ns, rig.now.ns + BW_MS);
	ring.waiting = 10;
	sweep_observe(rig.sweep, rig.now, &ring);
	assert_int_equal(ask(&rig), 64);
	assert_int_equal(stats_of(&rig).holds, 1);
	teardown(&rig);
}

/* Interrupted and gone on with: of the last moment those without an answer are asked again. */
static void test_resume(void **state)
{
	struct sweep_config config = config_of("icmp,tcp:22");
	uint8_t asked[2][1024] = {0};
	struct sweep_place place;
	struct rig first, second;
	uint64_t twice = 0;

	(void)state;
	config.self = &first;
	first = rig_of(config, "10.64.0.0/22");
	for (unsigned batch = 0; batch < 20; batch++) {
		ask(&first);
		first.now.ns += 200 * BW_MS;
		for (size_t i = 0; i < first.count; i++) {
			asked[batch >= 16][bw_addr_to_v4(&first.batch[i].dst) & 1023]++;
			if (i % 2)
				receive(&first,
					batch < 16 ? peer_echo_reply(&first.batch[i])
						   : peer_syn_ack(&first.batch[i]),
					BW_MS);
		}
	}
	place = sweep_place(first.sweep, first.now, BW_S);
	assert_in_range(place.asked, 20 * 64 - 7 * 64, 20 * 64 - 4 * 64);

	config.self = &second;
	second = rig_of(config, "10.64.0.0/22");
	assert_int_equal(sweep_word_count(first.sweep), sweep_word_count(second.sweep));
	for (uint64_t n = 0; n < sweep_word_count(first.sweep); n++)
		assert_true(sweep_set_word(second.sweep, n, sweep_word(first.sweep, n)));
	assert_int_equal(sweep_resume(second.sweep, place), 0);
	assert_int_equal(stats_of(&second).answered, stats_of(&first).answered);
	while (ask(&second) > 0)
		for (size_t i = 0; i < second.count; i++) {
			bool is_tcp = second.batch[i].bytes[9] == 6;

			asked[is_tcp][bw_addr_to_v4(&second.batch[i].dst) & 1023]++;
			receive(&second,
				is_tcp ? peer_syn_ack(&second.batch[i])
				       : peer_echo_reply(&second.batch[i]),
				BW_MS);
		}
	for (unsigned m = 0; m < 2; m++)
		for (unsigned i = 0; i < 1024; i++) {
			assert_in_range(asked[m][i], 1, 2);
			twice += asked[m][i] == 2;
		}
	assert_int_equal(place.until, 20 * 64);
	assert_int_equal(twice, (place.until - place.asked) / 2); /* every other one answered */
	assert_int_equal(stats_of(&second).again, twice);
	assert_int_equal(stats_of(&second).duplicates, 0);
	assert_int_equal(stats_of(&first).sent + stats_of(&second).sent - twice, 2048);
	teardown(&first);
	teardown(&second);
}

static void test_resume_of_another(void **state)
{
	struct rig rig;

	(void)state;
	setup(&rig, "icmp", "10.64.0.0/24");
	assert_int_equal(sweep_resume(rig.sweep, (struct sweep_place){0, 257}), BW_ERR_VALUE);
	assert_int_equal(sweep_resume(rig.sweep, (struct sweep_place){2, 0}), BW_ERR_VALUE);
	assert_false(sweep_set_word(rig.sweep, 4, 1));
	assert_int_equal(sweep_resume(rig.sweep, (struct sweep_place){1, 0}), 0);
	assert_int_equal(ask(&rig), 0); /* it was finished */
	teardown(&rig);
}

static void test_shards(void **state)
{
	uint8_t asked[1024] = {0};

	(void)state;
	for (uint32_t shard = 0; shard < 3; shard++) {
		struct sweep_config config = config_of("icmp");
		struct rig rig;

		config.self = &rig;
		config.shard = shard;
		config.shards = 3;
		rig = rig_of(config, "10.64.0.0/22");
		while (ask(&rig) > 0)
			for (size_t i = 0; i < rig.count; i++)
				asked[bw_addr_to_v4(&rig.batch[i].dst) & 1023]++;
		assert_in_range(stats_of(&rig).sent, 341, 342);
		teardown(&rig);
	}
	for (unsigned i = 0; i < 1024; i++)
		assert_int_equal(asked[i], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_once),    cmocka_unit_test(test_cooldown),
		cmocka_unit_test(test_hostile),     cmocka_unit_test(test_stale),
		cmocka_unit_test(test_tcp),         cmocka_unit_test(test_tcp_rtt),
		cmocka_unit_test(test_icmp_errors), cmocka_unit_test(test_passes),
		cmocka_unit_test(test_retries),     cmocka_unit_test(test_send_errors),
		cmocka_unit_test(test_pacing),      cmocka_unit_test(test_hold),
		cmocka_unit_test(test_resume),      cmocka_unit_test(test_resume_of_another),
		cmocka_unit_test(test_shards),
	};

	return cmocka_run_group_tests_name("probe/sweep", tests, NULL, NULL);
}
