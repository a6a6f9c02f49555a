/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "foreign.h"
#include "probe/passive/passive.h"

#define VANTAGE "198.18.99.1"
#define HOST "198.18.0.7"
#define ROUTER "198.18.98.1"
#define SYN 0x02
#define ACK 0x10
#define RST 0x04
#define PATIENCE (3 * BW_S)
#define LISTEN (60 * BW_S)
#define SEEN_MAX 64

struct bench {
	struct passive *passive;
	struct outcome seen[SEEN_MAX];
	unsigned count;
	uint32_t asked;
	bool deaf; /* requests are of no interest */
};

static bool on_request(void *self, const struct bw_addr *prober, struct probe *probe,
		       struct bw_mono sent)
{
	struct bench *bench = self;

	(void)prober;
	(void)sent;
	probe->subject = 7;
	probe->host = (uint16_t)bench->asked++;
	return !bench->deaf;
}

static void on_outcome(void *self, const struct outcome *outcome)
{
	struct bench *bench = self;

	assert_true(bench->count < SEEN_MAX);
	bench->seen[bench->count++] = *outcome;
}

static void build(struct bench *bench, uint32_t pending_max)
{
	struct passive_config config = {
		.patience_ns = PATIENCE,
		.listen_ns = LISTEN,
		.pending_max = pending_max,
		.on_request = on_request,
		.on_outcome = on_outcome,
		.self = bench,
	};

	memset(bench, 0, sizeof(*bench));
	assert_int_equal(passive_new(&config, (struct bw_mono){0}, &bench->passive), 0);
}

static int setup(void **state)
{
	*state = malloc(sizeof(struct bench));
	if (!*state)
		return -1;
	build(*state, 1U << 16);
	return 0;
}

/* Whatever came, each request is counted as one thing in the end. */
static void assert_adds_up(struct passive *passive)
{
	struct passive_stats stats;

	passive_forget(passive);
	passive_stats(passive, &stats);
	assert_int_equal(stats.requests, stats.repeated + stats.untracked + stats.open +
						 stats.replies + stats.errors + stats.timeouts -
						 stats.late);
	assert_true(stats.expired <= stats.errors && stats.late <= stats.replies);
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	assert_adds_up(bench->passive);
	passive_free(bench->passive);
	free(bench);
	return 0;
}

static void hear(struct bench *bench, struct foreign packet, int64_t at)
{
	struct bw_rx rx = foreign_rx(&packet, at);

	passive_advance(bench->passive, rx.at);
	passive_receive(bench->passive, &rx);
}

static struct foreign request(uint16_t seq)
{
	return foreign_echo(&(struct foreign_echo){VANTAGE, HOST, false, 77, seq, "some payload"});
}

static struct foreign answer(uint16_t seq)
{
	return foreign_echo(&(struct foreign_echo){HOST, VANTAGE, true, 77, seq, "some payload"});
}

static struct foreign syn(uint32_t seq)
{
	return foreign_tcp(&(struct foreign_tcp){VANTAGE, HOST, 40000, 443, seq, 0, SYN});
}

static struct foreign tcp_answer(uint32_t ack, uint8_t flags)
{
	return foreign_tcp(&(struct foreign_tcp){HOST, VANTAGE, 443, 40000, 9, ack, flags});
}

static struct passive_stats stats_of(const struct bench *bench)
{
	struct passive_stats stats;

	passive_stats(bench->passive, &stats);
	return stats;
}

static void assert_reply(const struct bench *bench, unsigned i, int64_t sent, int64_t rtt)
{
	const struct outcome *outcome = &bench->seen[i];

	assert_true(i < bench->count);
	assert_int_equal(outcome->kind, OUTCOME_REPLY);
	assert_int_equal(outcome->sent.ns, sent);
	assert_int_equal(outcome->rtt_ns, rtt);
	assert_int_equal(outcome->probe.subject, 7);
}

static void test_echo(void **state)
{
	struct bench *bench = *state;

	hear(bench, request(1), BW_S);
	hear(bench, answer(1), BW_S + 20 * BW_MS);
	assert_reply(bench, 0, BW_S, 20 * BW_MS);
	assert_int_equal(bench->seen[0].reply, REPLY_ECHO);
	assert_false(bench->seen[0].late);
	assert_int_equal(bench->seen[0].probe.method.protocol, BW_PROTOCOL_ICMP);
	passive_advance(bench->passive, (struct bw_mono){100 * BW_S});
	assert_int_equal(bench->count, 1);
	assert_int_equal(passive_deadline(bench->passive).ns, BW_NEVER.ns);
}

static void test_echo_v6(void **state)
{
	struct bench *bench = *state;
	struct foreign_echo ask = {"2001:db8:99::1", "2001:db8::7", false, 1, 2, NULL};
	struct foreign_echo reply = {"2001:db8::7", "2001:db8:99::1", true, 1, 2, NULL};

	hear(bench, foreign_echo(&ask), 0);
	hear(bench, foreign_echo(&reply), BW_MS);
	assert_reply(bench, 0, 0, BW_MS);
}

static void test_each_part_of_the_pair_counts(void **state)
{
	struct bench *bench = *state;
	struct foreign_echo wrong[] = {
		{"198.18.0.8", VANTAGE, true, 77, 1, "some payload"},
		{HOST, "198.18.99.2", true, 77, 1, "some payload"},
		{HOST, VANTAGE, true, 78, 1, "some payload"},
		{HOST, VANTAGE, true, 77, 2, "some payload"},
		{HOST, VANTAGE, false, 77, 1, "some payload"},
	};

	hear(bench, request(1), 0);
	bench->deaf = true; /* the last one is a request */
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		hear(bench, foreign_echo(&wrong[i]), BW_MS);
	assert_int_equal(bench->count, 0);
	assert_int_equal(stats_of(bench).unpaired, 4);
}

static void test_payload_must_come_back(void **state)
{
	struct bench *bench = *state;
	struct foreign_echo forged = {HOST, VANTAGE, true, 77, 1, "Some payload"};
	struct foreign_echo cut = {HOST, VANTAGE, true, 77, 1, "some"};

	hear(bench, request(1), 0);
	hear(bench, foreign_echo(&forged), BW_MS);
	hear(bench, foreign_echo(&cut), BW_MS);
	assert_int_equal(bench->count, 0);
	assert_int_equal(stats_of(bench).rejected[REJECT_SPOOFED], 2);
	hear(bench, answer(1), 2 * BW_MS);
	assert_reply(bench, 0, 0, 2 * BW_MS);
}

static void test_short_capture_cannot_see_the_payload(void **state)
{
	struct bench *bench = *state;
	struct foreign packet = answer(1);
	struct bw_rx rx = foreign_rx(&packet, BW_MS);

	hear(bench, request(1), 0);
	rx.length = 28; /* IP and ICMP headers */
	passive_receive(bench->passive, &rx);
	assert_reply(bench, 0, 0, BW_MS);
}

static void test_damaged_answer(void **state)
{
	struct bench *bench = *state;
	struct foreign packet = answer(1);

	hear(bench, request(1), 0);
	packet.bytes[packet.length - 1] ^= 1;
	hear(bench, packet, BW_MS);
	assert_int_equal(bench->count, 0);
	assert_int_equal(stats_of(bench).rejected[REJECT_CHECKSUM], 1);
}

static void test_timeout_then_late(void **state)
{
	struct bench *bench = *state;

	hear(bench, request(1), BW_S);
	assert_true(passive_deadline(bench->passive).ns <= BW_S + PATIENCE);
	passive_advance(bench->passive, (struct bw_mono){BW_S + PATIENCE - 1});
	assert_int_equal(bench->count, 0);
	passive_advance(bench->passive, (struct bw_mono){BW_S + PATIENCE});
	assert_int_equal(bench->count, 1);
	assert_int_equal(bench->seen[0].kind, OUTCOME_TIMEOUT);
	assert_int_equal(bench->seen[0].sent.ns, BW_S);
	hear(bench, answer(1), 31 * BW_S);
	assert_reply(bench, 1, BW_S, 30 * BW_S);
	assert_true(bench->seen[1].late);
}

static void test_too_late(void **state)
{
	struct bench *bench = *state;

	hear(bench, request(1), 0);
	hear(bench, answer(1), LISTEN + BW_S);
	assert_int_equal(bench->count, 1);
	assert_int_equal(bench->seen[0].kind, OUTCOME_TIMEOUT);
	assert_int_equal(stats_of(bench).unpaired, 1);
}

static void test_duplicates_count_once(void **state)
{
	struct bench *bench = *state;

	hear(bench, request(1), 0);
	for (int i = 1; i <= 5; i++)
		hear(bench, answer(1), i * BW_S);
	assert_int_equal(bench->count, 1);
	assert_int_equal(stats_of(bench).rejected[REJECT_DUPLICATE], 4);
}

static void test_syn(void **state)
{
	static const struct {
		uint32_t ack;
		uint8_t flags;
		int kind; /* -1: no answer */
	} cases[] = {
		{1001, SYN | ACK, REPLY_SYN_ACK}, {1001, RST | ACK, REPLY_RST},
		{1000, RST | ACK, REPLY_RST},     {1000, SYN | ACK, -1},
		{1002, RST | ACK, -1},            {1001, RST, -1},
		{1001, ACK, -1},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench *bench = *state;

		passive_free(bench->passive);
		build(bench, 1U << 16);
		hear(bench, syn(1000), 0);
		hear(bench, tcp_answer(cases[i].ack, cases[i].flags), BW_MS);
		assert_int_equal(bench->count, cases[i].kind >= 0);
		if (cases[i].kind < 0)
			continue;
		assert_int_equal((int)bench->seen[0].reply, cases[i].kind);
		assert_int_equal(bench->seen[0].probe.method.port, 443);
	}
}

static void test_sequence_numbers_wrap(void **state)
{
	struct bench *bench = *state;

	hear(bench, syn(UINT32_MAX), 0);
	hear(bench, tcp_answer(0, SYN | ACK), BW_MS);
	assert_reply(bench, 0, 0, BW_MS);
}

static void test_errors(void **state)
{
	static const struct {
		const char *from;
		uint8_t type, code;
		enum outcome_kind kind;
		enum reply_kind reply;
	} cases[] = {
		{ROUTER, 3, 1, OUTCOME_ERROR, REPLY_HOST_UNREACHABLE},
		{ROUTER, 3, 13, OUTCOME_ERROR, REPLY_PROHIBITED},
		{ROUTER, 11, 0, OUTCOME_ERROR, REPLY_TIME_EXCEEDED},
		{ROUTER, 3, 3, OUTCOME_ERROR, REPLY_PORT_UNREACHABLE},
		{HOST, 3, 3, OUTCOME_REPLY, REPLY_PORT_UNREACHABLE},
	};
	struct bench *bench = *state;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct foreign about = i % 2 ? syn(i) : request((uint16_t)i);
		int64_t at = i * BW_S;

		hear(bench, about, at);
		hear(bench, foreign_error(cases[i].from, VANTAGE, cases[i].type, cases[i].code,
					  &about, 28), at + BW_MS);
		assert_int_equal(bench->count, i + 1);
		assert_int_equal(bench->seen[i].kind, cases[i].kind);
		assert_int_equal(bench->seen[i].reply, cases[i].reply);
		assert_int_equal(bench->seen[i].sent.ns, at);
	}
}

static void test_error_then_answer(void **state)
{
	struct bench *bench = *state;
	struct foreign about = request(1);

	hear(bench, about, 0);
	hear(bench, foreign_error(ROUTER, VANTAGE, 3, 1, &about, 28), BW_MS);
	hear(bench, foreign_error(ROUTER, VANTAGE, 3, 1, &about, 28), 2 * BW_MS);
	hear(bench, answer(1), 3 * BW_MS);
	assert_int_equal(bench->count, 2);
	assert_int_equal(bench->seen[0].kind, OUTCOME_ERROR);
	assert_reply(bench, 1, 0, 3 * BW_MS);
	assert_int_equal(stats_of(bench).rejected[REJECT_DUPLICATE], 1);
	passive_advance(bench->passive, (struct bw_mono){PATIENCE + BW_S});
	assert_int_equal(bench->count, 2);
}

/* A late error says less than the silence before it; the reply behind it takes the silence back. */
static void test_late_error_then_answer(void **state)
{
	struct bench *bench = *state;
	struct foreign about = request(1);

	hear(bench, about, 0);
	hear(bench, foreign_error(ROUTER, VANTAGE, 3, 1, &about, 28), PATIENCE + BW_S);
	hear(bench, answer(1), PATIENCE + 2 * BW_S);
	assert_int_equal(bench->count, 2);
	assert_int_equal(bench->seen[0].kind, OUTCOME_TIMEOUT);
	assert_reply(bench, 1, 0, PATIENCE + 2 * BW_S);
	assert_true(bench->seen[1].late);
}

static void test_probes_that_are_open_at_the_end(void **state)
{
	struct bench *bench = *state;

	for (uint16_t seq = 1; seq <= 5; seq++)
		hear(bench, request(seq), seq * BW_MS);
	hear(bench, answer(3), 10 * BW_MS);
	passive_forget(bench->passive);
	hear(bench, request(6), BW_S);
	passive_forget(bench->passive);
	assert_int_equal(stats_of(bench).open, 5);
}

static void test_error_for_somebody_else(void **state)
{
	struct bench *bench = *state;
	struct foreign about = request(1);

	hear(bench, about, 0);
	hear(bench, foreign_error(ROUTER, "198.18.99.9", 3, 1, &about, 28), BW_MS);
	assert_int_equal(bench->count, 0);
}

static void test_repetition_is_one_probe(void **state)
{
	struct bench *bench = *state;

	hear(bench, syn(5), 0);
	hear(bench, syn(5), BW_S);
	hear(bench, tcp_answer(6, SYN | ACK), BW_S + BW_MS);
	assert_int_equal(bench->count, 1);
	assert_reply(bench, 0, 0, BW_MS);
	assert_int_equal(stats_of(bench).repeated, 1);
	hear(bench, syn(5), 10 * BW_S); /* answered long ago: a new probe */
	hear(bench, tcp_answer(6, SYN | ACK), 10 * BW_S + 2 * BW_MS);
	assert_reply(bench, 1, 10 * BW_S, 2 * BW_MS);
}

static void test_repetition_does_not_lengthen_patience(void **state)
{
	struct bench *bench = *state;

	for (int i = 0; i < 10; i++)
		hear(bench, syn(5), i * BW_S);
	assert_int_equal(bench->count, 3); /* probes at 0 s, 3 s, 6 s */
	for (int i = 0; i < 3; i++)
		assert_int_equal(bench->seen[i].sent.ns, i * PATIENCE);
}

static void test_of_no_interest(void **state)
{
	struct bench *bench = *state;

	bench->deaf = true;
	hear(bench, request(1), 0);
	hear(bench, answer(1), BW_MS);
	assert_int_equal(bench->count, 0);
	assert_int_equal(stats_of(bench).requests, 0);
}

static void test_room_is_limited_and_given_back(void **state)
{
	struct bench *bench = *state;
	struct passive_stats stats;

	passive_free(bench->passive);
	build(bench, 2048);
	bench->count = 0;
	for (unsigned i = 0; i < 3000; i++)
		hear(bench, request((uint16_t)i), 0);
	stats = stats_of(bench);
	assert_int_equal(stats.requests, 3000);
	assert_int_equal(stats.untracked, 3000 - 2048);
	hear(bench, answer(2047), BW_MS);
	hear(bench, answer(2048), BW_MS);
	assert_int_equal(bench->count, 1);
	passive_forget(bench->passive);
	hear(bench, request(9), 2 * BW_S);
	hear(bench, answer(9), 2 * BW_S + BW_MS);
	assert_reply(bench, 1, 2 * BW_S, BW_MS);
}

static void test_a_gap_forgets(void **state)
{
	struct bench *bench = *state;

	hear(bench, request(1), 0);
	passive_forget(bench->passive);
	passive_advance(bench->passive, (struct bw_mono){1000 * BW_S});
	hear(bench, answer(1), 1000 * BW_S);
	assert_int_equal(bench->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_echo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_echo_v6, setup, teardown),
		cmocka_unit_test_setup_teardown(test_each_part_of_the_pair_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_payload_must_come_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_short_capture_cannot_see_the_payload, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_damaged_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timeout_then_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_duplicates_count_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_syn, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sequence_numbers_wrap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_error_then_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late_error_then_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_probes_that_are_open_at_the_end,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_error_for_somebody_else, setup, teardown),
		cmocka_unit_test_setup_teardown(test_repetition_is_one_probe, setup, teardown),
		cmocka_unit_test_setup_teardown(test_repetition_does_not_lengthen_patience, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_of_no_interest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_room_is_limited_and_given_back, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_a_gap_forgets, setup, teardown),
	};

	return cmocka_run_group_tests_name("probe/passive", tests, NULL, NULL);
}
