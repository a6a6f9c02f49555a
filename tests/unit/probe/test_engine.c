/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "peer.h"
#include "probe/engine.h"

#define ICMP_AT 20
#define PAYLOAD_AT 28
#define LOG_MAX 512

static const struct bw_method icmp = {BW_PROTOCOL_ICMP, 0};
static const struct bw_method https = {BW_PROTOCOL_TCP, 443};

/* An engine between a peer and a log of what it says. */
struct bench {
	struct peer peer;
	struct bw_transport transport;
	struct bw_egress egress;
	struct engine *engine;
	struct outcome log[LOG_MAX];
	unsigned logged, sent;
};

static void on_sent(void *self, const struct probe *probe, struct bw_mono sent)
{
	struct bench *bench = self;

	(void)probe;
	assert_int_equal(sent.ns, bench->peer.now.ns);
	bench->sent++;
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct bench *bench = self;

	assert_true(bench->logged < LOG_MAX);
	bench->log[bench->logged++] = *outcome;
}

static struct bw_mono ms(int64_t milliseconds)
{
	return (struct bw_mono){milliseconds * BW_MS};
}

static struct bw_addr addr(const char *text)
{
	struct bw_addr a = {0};

	assert_int_equal(bw_addr_parse(text, &a), 0);
	return a;
}

static void setup_sized(struct bench *bench, double rate_pps, uint64_t seed, uint32_t size)
{
	const struct bw_method methods[] = {icmp, https};
	struct engine_config config = {
		.transport = &bench->transport,
		.egress = &bench->egress,
		.egress_count = 1,
		.methods = methods,
		.method_count = 2,
		.rate_pps = rate_pps,
		.listen_ns = 60 * BW_S,
		.queue_max = size,
		.pending_max = 2 * size,
		.seed = seed,
		.on_sent = on_sent,
		.on_outcome = on_outcome,
		.self = bench,
	};

	memset(bench, 0, sizeof(*bench));
	bench->peer.accept = SIZE_MAX;
	bench->transport = peer_transport(&bench->peer);
	bench->egress = (struct bw_egress){.interface = "test0", .source = addr("10.0.0.2")};
	bench->peer.now = ms(1000);
	assert_int_equal(engine_new(&config, ms(1000), &bench->engine, NULL), 0);
}

static void setup(struct bench *bench, double rate_pps, uint64_t seed)
{
	setup_sized(bench, rate_pps, seed, 128);
}

static void teardown(struct bench *bench)
{
	engine_free(bench->engine);
}

static void run_to(struct bench *bench, int64_t milliseconds)
{
	while (bench->peer.now.ns < milliseconds * BW_MS) {
		struct bw_mono next = engine_deadline(bench->engine, bench->peer.now);

		bench->peer.now = bw_mono_min(ms(milliseconds), next);
		engine_tick(bench->engine, bench->peer.now);
		if (engine_deadline(bench->engine, bench->peer.now).ns <= bench->peer.now.ns)
			bench->peer.now.ns += BW_MS / 10;
	}
}

static void submit(struct bench *bench, uint32_t subject, struct bw_method method)
{
	struct probe probe = {
		.subject = subject,
		.method = method,
		.dst = addr("198.18.0.15"),
		.patience_us = 3 * BW_S / BW_US,
	};

	assert_int_equal(engine_submit(bench->engine, &probe), 0);
}

static void receive(struct bench *bench, const struct peer_frame *frame)
{
	struct bw_rx rx = peer_rx(frame, bench->peer.now);

	engine_receive(bench->engine, &rx);
}

static uint64_t rejected(const struct bench *bench, enum reject reject)
{
	struct engine_stats stats;

	engine_stats(bench->engine, &stats);
	return stats.rejected[reject];
}

static const struct bw_tx *probe_once(struct bench *bench, struct bw_method method)
{
	submit(bench, 7, method);
	engine_tick(bench->engine, bench->peer.now);
	assert_int_equal(bench->peer.count, 1);
	assert_int_equal(bench->sent, 1);
	return &bench->peer.sent[0];
}

static void test_echo_is_paired(void **state)
{
	struct bench bench;
	struct peer_frame frame;

	(void)state;
	setup(&bench, 1000, 0);
	frame = peer_echo_reply(probe_once(&bench, icmp));
	run_to(&bench, 1250);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 1);
	assert_int_equal(bench.log[0].kind, OUTCOME_REPLY);
	assert_int_equal(bench.log[0].probe.subject, 7);
	assert_int_equal(bench.log[0].rtt_ns, 250 * BW_MS);
	assert_false(bench.log[0].late);
	run_to(&bench, 70000);
	assert_int_equal(bench.logged, 1);
	teardown(&bench);
}

static void test_tcp_answers_mean_alive(void **state)
{
	(void)state;
	for (unsigned open = 0; open < 2; open++) {
		struct bench bench;
		struct peer_frame frame;

		setup(&bench, 1000, 0);
		frame = open ? peer_syn_ack(probe_once(&bench, https))
			     : peer_rst(probe_once(&bench, https));
		receive(&bench, &frame);
		assert_int_equal(bench.logged, 1);
		assert_int_equal(bench.log[0].kind, OUTCOME_REPLY);
		assert_int_equal(bench.log[0].reply, open ? REPLY_SYN_ACK : REPLY_RST);
		teardown(&bench);
	}
}

/* Two probes of one flow have the same checksum or ports, and are told apart all the same. */
static void test_probes_of_a_flow_are_paired(void **state)
{
	const struct bw_method methods[] = {icmp, https};

	(void)state;
	for (unsigned m = 0; m < 2; m++) {
		struct bench bench;

		setup(&bench, 1000, 0);
		for (uint32_t subject = 0; subject < 4; subject++) {
			struct probe probe = {
				.subject = subject,
				.method = methods[m],
				.flow = (uint8_t)(1 + subject / 2),
				.dst = addr("198.18.0.15"),
				.patience_us = 3 * BW_S / BW_US,
			};

			assert_int_equal(engine_submit(bench.engine, &probe), 0);
		}
		run_to(&bench, 1100);
		assert_int_equal(bench.peer.count, 4);
		for (unsigned i = 0; i < 4; i++) {
			const uint8_t *before = bench.peer.sent[i ? i - 1 : 0].bytes;
			const struct bw_tx *tx = &bench.peer.sent[i];
			struct peer_frame frame = m ? peer_syn_ack(tx) : peer_echo_reply(tx);

			assert_int_equal(memcmp(tx->bytes + 20, before + 20, 4) == 0, i != 2);
			receive(&bench, &frame);
			assert_int_equal(bench.logged, i + 1);
			assert_int_equal(bench.log[i].kind, OUTCOME_REPLY);
			assert_int_equal(bench.log[i].probe.subject, i);
		}
		teardown(&bench);
	}
}

static void test_silence_times_out_and_a_late_reply_counts(void **state)
{
	struct bench bench;
	struct peer_frame frame;

	(void)state;
	setup(&bench, 1000, 0);
	frame = peer_echo_reply(probe_once(&bench, icmp));
	run_to(&bench, 3999);
	assert_int_equal(bench.logged, 0);
	run_to(&bench, 4005);
	assert_int_equal(bench.logged, 1);
	assert_int_equal(bench.log[0].kind, OUTCOME_TIMEOUT);
	run_to(&bench, 50000);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 2);
	assert_int_equal(bench.log[1].kind, OUTCOME_REPLY);
	assert_true(bench.log[1].late);
	assert_int_equal(bench.log[1].sent.ns, ms(1000).ns);
	teardown(&bench);
}

static void test_second_copies_and_stale_ones_are_no_evidence(void **state)
{
	struct bench bench;
	struct peer_frame frame;

	(void)state;
	setup(&bench, 1000, 0);
	frame = peer_echo_reply(probe_once(&bench, icmp));
	receive(&bench, &frame);
	receive(&bench, &frame);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 1);
	assert_int_equal(rejected(&bench, REJECT_DUPLICATE), 2);
	run_to(&bench, 62000);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 1);
	assert_int_equal(rejected(&bench, REJECT_STALE), 1);
	teardown(&bench);
}

/* Everything that a forger may change: ids, payload, source. Each must be noticed. */
static void test_forgeries_are_rejected(void **state)
{
	struct bench bench;
	const struct bw_tx *probe;

	(void)state;
	setup(&bench, 1000, 0);
	probe = probe_once(&bench, icmp);
	for (unsigned at = ICMP_AT + 4; at < probe->length; at++) {
		struct peer_frame frame = peer_echo_reply(probe);

		frame.bytes[at] ^= 0x10;
		peer_checksum(&frame);
		receive(&bench, &frame);
		assert_int_equal(bench.logged, 0);
	}
	assert_true(rejected(&bench, REJECT_SPOOFED) >= probe->length - (unsigned)PAYLOAD_AT);
	teardown(&bench);
}

static void test_short_echo_reply_is_rejected(void **state)
{
	struct bench bench;
	struct peer_frame frame;

	(void)state;
	setup(&bench, 1000, 0);
	frame = peer_echo_reply(probe_once(&bench, icmp));
	frame.length = PAYLOAD_AT + 8;
	peer_checksum(&frame);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 0);
	assert_int_equal(rejected(&bench, REJECT_SPOOFED), 1);
	teardown(&bench);
}

static void test_reply_from_another_address_is_an_alias(void **state)
{
	struct bench bench;
	struct peer_frame frame;

	(void)state;
	setup(&bench, 1000, 0);
	frame = peer_echo_reply(probe_once(&bench, icmp));
	frame.bytes[15] ^= 1; /* its source address */
	peer_checksum(&frame);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 1);
	assert_int_equal(bench.log[0].kind, OUTCOME_ERROR); /* no silence: the same block */
	assert_int_equal(rejected(&bench, REJECT_ALIAS), 1);
	teardown(&bench);
}

static void test_replay_from_another_run_is_rejected(void **state)
{
	struct bench earlier, bench;
	struct peer_frame frame;

	(void)state;
	setup(&earlier, 1000, 0);
	frame = peer_echo_reply(probe_once(&earlier, icmp));
	teardown(&earlier);
	setup(&bench, 1000, 0);
	(void)probe_once(&bench, icmp);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 0);
	assert_int_equal(rejected(&bench, REJECT_SPOOFED), 1);
	teardown(&bench);
}

static void test_wrong_tcp_acknowledgement_is_rejected(void **state)
{
	struct bench bench;
	const struct bw_tx *probe;
	struct peer_frame frame;

	(void)state;
	setup(&bench, 1000, 0);
	probe = probe_once(&bench, https);
	for (unsigned at = ICMP_AT; at < ICMP_AT + 12; at++) {
		if (at >= ICMP_AT + 4 && at < ICMP_AT + 8)
			continue; /* the peer's own sequence number is its to choose */
		frame = peer_syn_ack(probe);
		frame.bytes[at] ^= 1;
		peer_checksum(&frame);
		receive(&bench, &frame);
		assert_int_equal(bench.logged, 0);
	}
	frame = peer_syn_ack(probe);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 1);
	teardown(&bench);
}

static void test_errors_by_type_and_sender(void **state)
{
	static const struct {
		const char *from;
		uint8_t type, code;
		enum outcome_kind kind;
		enum reply_kind reply;
	} cases[] = {
		{"10.9.9.9", 3, 1, OUTCOME_ERROR, REPLY_HOST_UNREACHABLE},
		{"10.9.9.9", 3, 0, OUTCOME_ERROR, REPLY_NET_UNREACHABLE},
		{"10.9.9.9", 3, 13, OUTCOME_ERROR, REPLY_PROHIBITED},
		{"10.9.9.9", 11, 0, OUTCOME_ERROR, REPLY_TIME_EXCEEDED},
		{"198.18.0.15", 3, 3, OUTCOME_REPLY, REPLY_PORT_UNREACHABLE},
		{"10.9.9.9", 3, 3, OUTCOME_ERROR, REPLY_PORT_UNREACHABLE},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench;
		struct peer_frame frame;

		setup(&bench, 1000, 0);
		frame = peer_error(probe_once(&bench, i % 2 ? https : icmp), cases[i].from,
				   cases[i].type, cases[i].code);
		receive(&bench, &frame);
		assert_int_equal(bench.logged, 1);
		assert_int_equal(bench.log[0].kind, cases[i].kind);
		assert_int_equal(bench.log[0].reply, cases[i].reply);
		run_to(&bench, 5000);
		assert_int_equal(bench.logged, 1);
		teardown(&bench);
	}
}

static void test_a_reply_after_an_error_counts(void **state)
{
	struct bench bench;
	const struct bw_tx *probe;
	struct peer_frame frame;

	(void)state;
	setup(&bench, 1000, 0);
	probe = probe_once(&bench, icmp);
	frame = peer_error(probe, "10.9.9.9", 3, 1);
	receive(&bench, &frame);
	receive(&bench, &frame);
	frame = peer_echo_reply(probe);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 2);
	assert_int_equal(bench.log[1].kind, OUTCOME_REPLY);
	assert_int_equal(rejected(&bench, REJECT_DUPLICATE), 1);
	teardown(&bench);
}

static void test_forged_error_is_rejected(void **state)
{
	struct bench bench;
	struct peer_frame frame;

	(void)state;
	setup(&bench, 1000, 0);
	frame = peer_error(probe_once(&bench, icmp), "10.9.9.9", 3, 1);
	frame.bytes[ICMP_AT + 8 + 20 + 5] ^= 1; /* the quoted id */
	peer_checksum(&frame);
	receive(&bench, &frame);
	assert_int_equal(bench.logged, 0);
	assert_int_equal(rejected(&bench, REJECT_SPOOFED), 1);
	teardown(&bench);
}

static void test_what_was_not_sent_is_void(void **state)
{
	struct bench bench;

	(void)state;
	setup(&bench, 1000, 0);
	bench.peer.status = -EPERM;
	submit(&bench, 7, icmp);
	engine_tick(bench.engine, bench.peer.now);
	assert_int_equal(bench.logged, 1);
	assert_int_equal(bench.sent, 0);
	assert_int_equal(bench.log[0].kind, OUTCOME_VOID);
	assert_int_equal(bench.log[0].status, -EPERM);
	run_to(&bench, 9000);
	assert_int_equal(bench.logged, 1);
	teardown(&bench);
}

/* A socket buffer that takes two packets at a time: all leave, in order, none twice. */
static void test_full_socket_loses_nothing(void **state)
{
	struct bench bench;

	(void)state;
	setup(&bench, 100000, 0);
	bench.peer.accept = 2;
	for (uint32_t i = 0; i < 50; i++)
		submit(&bench, i, icmp);
	engine_tick(bench.engine, bench.peer.now);
	run_to(&bench, 1200);
	assert_int_equal(bench.peer.count, 50);
	assert_int_equal(engine_queued(bench.engine), 0);
	run_to(&bench, 5000);
	assert_int_equal(bench.logged, 50);
	for (uint32_t i = 0; i < 50; i++)
		assert_int_equal(bench.log[i].probe.subject, i);
	teardown(&bench);
}

/* However much may go, a turn ends soon, and the next is due at once. */
static void test_a_turn_is_short(void **state)
{
	struct bench bench;

	(void)state;
	setup_sized(&bench, 1e6, 0, 4000);
	for (uint32_t i = 0; i < 4000; i++)
		submit(&bench, i, icmp);
	bench.peer.now = ms(1100);
	for (unsigned turn = 1; turn <= 3; turn++) {
		engine_tick(bench.engine, bench.peer.now);
		assert_int_equal(bench.sent, turn * 1024);
		assert_int_equal(engine_deadline(bench.engine, bench.peer.now).ns,
				 bench.peer.now.ns);
	}
	engine_tick(bench.engine, bench.peer.now);
	assert_int_equal(bench.sent, 4000);
	teardown(&bench);
}

static void test_full_queue_says_so(void **state)
{
	struct bench bench;
	struct probe probe = {
		.method = icmp, .dst = addr("198.18.0.1"), .patience_us = BW_S / BW_US};

	(void)state;
	setup(&bench, 10, 0);
	for (unsigned i = 0; i < 128; i++)
		assert_int_equal(engine_submit(bench.engine, &probe), 0);
	assert_int_equal(engine_submit(bench.engine, &probe), BW_ERR_LIMIT);
	teardown(&bench);
}

static void test_what_it_cannot_send_is_refused(void **state)
{
	struct bench bench;
	struct probe probe = {
		.method = icmp, .dst = addr("198.18.0.1"), .patience_us = BW_S / BW_US};

	(void)state;
	setup(&bench, 10, 0);
	probe.egress = 1;
	assert_int_equal(engine_submit(bench.engine, &probe), BW_ERR_VALUE);
	probe.egress = 0;
	probe.method.port = 1;
	assert_int_equal(engine_submit(bench.engine, &probe), BW_ERR_VALUE);
	probe.method = icmp;
	probe.dst = addr("2001:db8::1");
	assert_int_equal(engine_submit(bench.engine, &probe), BW_ERR_VALUE);
	teardown(&bench);
}

/* More probes than can be listened for: the rest waits, nothing is forgotten. */
static void test_full_pending_table_holds_back(void **state)
{
	struct bench bench;

	(void)state;
	setup(&bench, 100000, 0);
	for (uint32_t i = 0; i < 300; i++) {
		submit(&bench, i, icmp);
		if (i % 100 == 99)
			run_to(&bench, 1100 + i);
	}
	assert_int_equal(bench.peer.count, 256);
	run_to(&bench, 62000);
	run_to(&bench, 66000);
	assert_int_equal(bench.logged, 300);
	teardown(&bench);
}

static void test_same_seed_same_bytes(void **state)
{
	struct bench a, b, c;

	(void)state;
	setup(&a, 1000, 42);
	setup(&b, 1000, 42);
	setup(&c, 1000, 0);
	(void)probe_once(&a, icmp);
	(void)probe_once(&b, icmp);
	(void)probe_once(&c, icmp);
	assert_memory_equal(a.peer.sent[0].bytes, b.peer.sent[0].bytes, a.peer.sent[0].length);
	assert_memory_not_equal(a.peer.sent[0].bytes, c.peer.sent[0].bytes,
				a.peer.sent[0].length);
	teardown(&a);
	teardown(&b);
	teardown(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo_is_paired),
		cmocka_unit_test(test_tcp_answers_mean_alive),
		cmocka_unit_test(test_probes_of_a_flow_are_paired),
		cmocka_unit_test(test_silence_times_out_and_a_late_reply_counts),
		cmocka_unit_test(test_second_copies_and_stale_ones_are_no_evidence),
		cmocka_unit_test(test_forgeries_are_rejected),
		cmocka_unit_test(test_short_echo_reply_is_rejected),
		cmocka_unit_test(test_reply_from_another_address_is_an_alias),
		cmocka_unit_test(test_replay_from_another_run_is_rejected),
		cmocka_unit_test(test_wrong_tcp_acknowledgement_is_rejected),
		cmocka_unit_test(test_errors_by_type_and_sender),
		cmocka_unit_test(test_a_reply_after_an_error_counts),
		cmocka_unit_test(test_forged_error_is_rejected),
		cmocka_unit_test(test_what_was_not_sent_is_void),
		cmocka_unit_test(test_full_socket_loses_nothing),
		cmocka_unit_test(test_a_turn_is_short),
		cmocka_unit_test(test_full_queue_says_so),
		cmocka_unit_test(test_what_it_cannot_send_is_refused),
		cmocka_unit_test(test_full_pending_table_holds_back),
		cmocka_unit_test(test_same_seed_same_bytes),
	};

	return cmocka_run_group_tests_name("probe/engine", tests, NULL, NULL);
}
