/* SPDX-License-Identifier: Apache-2.0 */
/* Captures written by hand, in virtual time, and what a replay says of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../probe/foreign.h"
#include "vantage/replay/capture_target.h"
#include "vantage/replay/replay.h"

#define VANTAGE "198.18.99.1"
#define FRAMES_MAX 8192
#define RECORDS_MAX 512
#define START INT64_C(1419264900) /* 2014-12-22T16:15:00Z */
#define RTT (30 * BW_MS)

struct frame {
	int64_t at;
	struct foreign packet;
};

struct tape {
	struct frame *frames;
	unsigned count;
	uint16_t seq;
	struct bw_target *known; /* or NULL: what was asked */
	struct capture_index *index;
	struct roster roster;
	struct replay *replay;
	struct record records[RECORDS_MAX];
	char subjects[RECORDS_MAX][BW_PREFIX_TEXT];
	unsigned record_count;
};

static int setup(void **state)
{
	struct tape *tape = calloc(1, sizeof(*tape));

	*state = tape;
	if (!tape)
		return -1;
	tape->frames = calloc(FRAMES_MAX, sizeof(*tape->frames));
	return tape->frames ? 0 : -1;
}

static int teardown(void **state)
{
	struct tape *tape = *state;

	replay_free(tape->replay);
	roster_fini(&tape->roster);
	capture_index_free(tape->index);
	bw_target_free(tape->known);
	free(tape->frames);
	free(tape);
	return 0;
}

static void add(struct tape *tape, int64_t at, struct foreign packet)
{
	assert_true(tape->count < FRAMES_MAX);
	tape->frames[tape->count++] = (struct frame){at, packet};
}

static void host_name(char text[BW_ADDR_TEXT], int block, int host)
{
	snprintf(text, BW_ADDR_TEXT, "198.18.%d.%d", block & 0xff, host & 0xff);
}

/* One probe to a host; an answer after RTT_NS, none when that is negative. */
static void probe(struct tape *tape, int64_t at, int block, int host, int64_t rtt_ns)
{
	char name[BW_ADDR_TEXT];
	struct foreign_echo echo = {VANTAGE, name, false, 4711, tape->seq++, "x"};

	host_name(name, block, host);
	add(tape, at, foreign_echo(&echo));
	echo = (struct foreign_echo){name, VANTAGE, true, 4711, echo.seq, "x"};
	if (rtt_ns >= 0)
		add(tape, at + rtt_ns, foreign_echo(&echo));
}

/* Each host of a block once in a period, from FROM to TO (seconds). */
static void watch(struct tape *tape, int block, int hosts, double from, double to, bool up)
{
	for (double t = from; t < to; t += 2)
		for (int h = 1; h <= hosts; h++)
			probe(tape, (int64_t)(t * (double)BW_S) + h * 10 * BW_MS + block * BW_MS,
			      block, h, up ? RTT : -1);
}

static int compare_frames(const void *a, const void *b)
{
	int64_t x = ((const struct frame *)a)->at, y = ((const struct frame *)b)->at;

	return (x > y) - (x < y);
}

static void put(void *self, const struct record *record)
{
	struct tape *tape = self;
	unsigned i = tape->record_count;

	assert_true(i < RECORDS_MAX);
	assert_int_equal(record->head.seq, i + 1);
	tape->records[i] = *record;
	if (record->type == RECORD_EVENT)
		snprintf(tape->subjects[i], BW_PREFIX_TEXT, "%s", record->event.subject);
	tape->record_count++;
}

static void make_replay(struct tape *tape)
{
	struct roster_options options = {.seed = 1};
	struct replay_config config = {
		.name = "test",
		.boot = "00",
		.version = "0",
		.index = tape->index,
		.roster = &tape->roster,
		.params = infer_params_rounds(0.1),
		.round_ns = 60 * BW_S,
		.sink = {put, tape},
	};
	struct bw_err err;

	if (!tape->known)
		tape->known = capture_target(tape->index, "capture");
	assert_non_null(tape->known);
	assert_int_equal(roster_init(&tape->roster, (const struct bw_target *const *)&tape->known,
				     1, &options, &err),
			 0);
	assert_int_equal(replay_new(&config, &tape->replay, &err), 0);
}

static struct bw_now now_of(const struct frame *frame, const struct frame *first)
{
	return (struct bw_now){{frame->at - first->at}, {START * BW_S + frame->at}};
}

/* GAP_AFTER: the capture was interrupted after that frame's time; 0: never. */
static void play(struct tape *tape, int64_t gap_after)
{
	struct bw_addr none[2] = {{0}, {0}};
	struct bw_err err;

	qsort(tape->frames, tape->count, sizeof(*tape->frames), compare_frames);
	tape->index = capture_index_new();
	for (int pass = 0; pass < 2; pass++) {
		for (unsigned i = 0; i < tape->count; i++) {
			const struct frame *frame = &tape->frames[i];
			struct bw_now now = now_of(frame, tape->frames);
			struct bw_rx rx = foreign_rx(&frame->packet, now.mono.ns);

			if (pass == 0)
				assert_int_equal(capture_index_add(tape->index, &rx, now), 0);
			else
				replay_receive(tape->replay, &rx, now);
			if (pass && gap_after && frame->at <= gap_after &&
			    (i + 1 == tape->count || tape->frames[i + 1].at > gap_after))
				replay_gap(tape->replay);
		}
		if (pass == 0) {
			assert_int_equal(capture_index_choose(tape->index, none, &err), 0);
			make_replay(tape);
		}
	}
	replay_finish(tape->replay);
}

/* A traceroute: up to MAX_TTL or the host, which is HOPS away and answers if it is UP. */
static void trace(struct tape *tape, int64_t at, int block, int hops, int max_ttl, bool up)
{
	char name[BW_ADDR_TEXT], router[BW_ADDR_TEXT];

	host_name(name, block, 1);
	for (int ttl = 1; ttl <= max_ttl && !(up && ttl > hops); ttl++, at += 100 * BW_MS) {
		struct foreign_echo echo = {VANTAGE, name, false, 77, tape->seq++, "trace"};
		struct foreign request = foreign_echo(&echo), quoted;

		foreign_set_ttl(&request, (uint8_t)ttl);
		add(tape, at, request);
		snprintf(router, sizeof(router), "198.19.%d.1", ttl);
		quoted = request;
		foreign_set_ttl(&quoted, 1);
		echo = (struct foreign_echo){name, VANTAGE, true, 77, echo.seq, "trace"};
		if (ttl < hops && ttl % 3 != 0) /* each third router is silent */
			add(tape, at + RTT, foreign_error(router, VANTAGE, 11, 0, &quoted, 28));
		else if (ttl >= hops && up)
			add(tape, at + RTT, foreign_echo(&echo));
	}
}

/* A SYN to a port; an answer with these flags after RTT, none when they are 0. */
static void knock(struct tape *tape, int64_t at, int block, int host, uint16_t port, uint8_t flags)
{
	char name[BW_ADDR_TEXT];
	struct foreign_tcp tcp = {
		.from = VANTAGE,
		.to = name,
		.from_port = 50000,
		.to_port = port,
		.seq = 1000 + tape->seq++,
		.flags = 0x02,
	};

	host_name(name, block, host);
	add(tape, at, foreign_tcp(&tcp));
	tcp = (struct foreign_tcp){name, VANTAGE, port, 50000, 5, tcp.seq + 1, flags};
	if (flags)
		add(tape, at + RTT, foreign_tcp(&tcp));
}

/* The N-th event of a block, or NULL. */
static const struct record_event *event(const struct tape *tape, unsigned n)
{
	for (unsigned i = 0; i < tape->record_count; i++)
		if (tape->records[i].type == RECORD_EVENT &&
		    tape->records[i].event.scope == BW_SCOPE_BLOCK && n-- == 0)
			return &tape->records[i].event;
	return NULL;
}

static const struct record_block *last_of(const struct tape *tape, int block)
{
	const struct record_block *found = NULL;

	for (unsigned i = 0; i < tape->record_count; i++)
		if (tape->records[i].type == RECORD_BLOCK &&
		    tape->records[i].block.block.addr.bytes[2] == block)
			found = &tape->records[i].block;
	assert_non_null(found);
	return found;
}

static bool was_blind(const struct tape *tape)
{
	for (unsigned i = 0; i < tape->record_count; i++)
		if (tape->records[i].type == RECORD_VANTAGE && !tape->records[i].vantage.healthy)
			return true;
	return false;
}

static void assert_about(struct bw_wall time, double seconds, double tolerance)
{
	double is = (double)(time.ns - START * BW_S) / (double)BW_S;

	if (is < seconds - tolerance || is > seconds + tolerance)
		fail_msg("%.3f s is not within %.3f s of %.3f s", is, tolerance, seconds);
}

static void test_dark_and_back(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 100, true);
	watch(tape, 1, 4, 0, 30, true);
	watch(tape, 1, 4, 30, 60, false);
	watch(tape, 1, 4, 60, 100, true);
	play(tape, 0);
	assert_int_equal(event(tape, 0)->to, BW_DARK);
	assert_about(event(tape, 0)->earliest, 28, 0.1);
	assert_about(event(tape, 0)->latest, 30, 0.1);
	assert_about(event(tape, 0)->detected, 41, 4);
	assert_int_equal(event(tape, 1)->to, BW_UP);
	assert_about(event(tape, 1)->earliest, 58, 0.1);
	assert_about(event(tape, 1)->latest, 60, 0.1);
	assert_about(event(tape, 1)->detected, 66, 1.5);
	assert_null(event(tape, 2));
	assert_false(was_blind(tape));
	assert_int_equal(last_of(tape, 1)->verdict, BW_UP);
}

static void test_a_short_burst_is_nothing(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 100, true);
	watch(tape, 1, 8, 0, 30, true);
	watch(tape, 1, 8, 30, 34, false); /* 16 silences within 3 s */
	watch(tape, 1, 8, 34, 100, true);
	play(tape, 0);
	assert_null(event(tape, 0));
}

static void test_everything_silent_is_the_vantage(void **state)
{
	struct tape *tape = *state;

	for (int block = 0; block < 3; block++) {
		watch(tape, block, 4, 0, 30, true);
		watch(tape, block, 4, 30, 60, false);
		watch(tape, block, 4, 60, 100, true);
	}
	play(tape, 0);
	assert_null(event(tape, 0));
	assert_true(was_blind(tape));
	for (int block = 0; block < 3; block++)
		assert_int_equal(last_of(tape, block)->verdict, BW_UP);
}

static void test_all_silent_to_the_end(void **state)
{
	struct tape *tape = *state;

	for (int block = 0; block < 2; block++) {
		watch(tape, block, 4, 0, 30, true);
		watch(tape, block, 4, 30, 60, false);
	}
	play(tape, 0);
	assert_null(event(tape, 0));
	assert_int_equal(last_of(tape, 0)->verdict, BW_UNKNOWN);
	assert_int_equal(last_of(tape, 0)->reasons, BW_WHY_VANTAGE_OFFLINE);
}

static void test_never_answered(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 60, true);
	watch(tape, 1, 8, 0, 60, false);
	play(tape, 0);
	assert_null(event(tape, 0));
	assert_int_equal(last_of(tape, 1)->verdict, BW_UNKNOWN);
	assert_int_equal(last_of(tape, 1)->reasons, BW_WHY_NEVER_SEEN);
}

static void test_nothing_ever_answered(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 60, false);
	play(tape, 0);
	assert_true(was_blind(tape));
	assert_int_equal(last_of(tape, 0)->verdict, BW_UNKNOWN);
}

/* A sweep that has passed the inhabited end of a block. */
static void test_a_sweep_is_no_outage(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 2, 0, 70, true);
	for (int h = 1; h < 255; h++)
		probe(tape, h * 200 * BW_MS, 1, h, h < 60 ? RTT : -1);
	play(tape, 0);
	assert_null(event(tape, 0));
	assert_int_equal(last_of(tape, 1)->verdict, BW_UP);
}

/* Two hosts of which only one answers: its silence alone takes long, but is enough. */
static void test_who_never_answered_does_not_testify(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 2, 0, 100, true);
	watch(tape, 1, 1, 0, 30, true);
	for (int t = 0; t < 100; t += 2)
		for (int h = 2; h < 10; h++)
			probe(tape, t * BW_S + h * 20 * BW_MS, 1, h, -1);
	probe(tape, 31 * BW_S, 1, 1, -1);
	probe(tape, 40 * BW_S, 1, 1, -1);
	watch(tape, 1, 1, 50, 100, true);
	play(tape, 0);
	assert_null(event(tape, 0));
}

/* One host's silence may be its own, unless another block of the target is silent too. */
static void test_one_host_needs_company(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 200, true);
	watch(tape, 1, 1, 0, 30, true);
	watch(tape, 1, 1, 30, 200, false);
	watch(tape, 2, 4, 0, 120, true);
	watch(tape, 2, 4, 120, 200, false);
	play(tape, 0);
	assert_int_equal(event(tape, 0)->to, BW_DARK);
	assert_about(event(tape, 0)->detected, 127, 5);
	assert_about(event(tape, 0)->latest, 30, 0.1);
	assert_about(event(tape, 1)->latest, 120, 0.1);
}

static void test_late_replies_withdraw(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 100, true);
	watch(tape, 1, 4, 0, 30, true);
	for (int t = 30; t < 48; t += 2)
		for (int h = 1; h < 5; h++)
			probe(tape, t * BW_S + h * BW_MS, 1, h, 20 * BW_S);
	watch(tape, 1, 4, 52, 100, true);
	play(tape, 0);
	assert_int_equal(event(tape, 0)->to, BW_DARK);
	assert_int_equal(event(tape, 0)->withdraws, 0);
	assert_int_equal(event(tape, 1)->to, BW_UP);
	assert_int_not_equal(event(tape, 1)->withdraws, 0);
	assert_null(event(tape, 2));
}

static void test_a_gap_is_no_silence(void **state)
{
	struct tape *tape = *state;

	for (int block = 0; block < 2; block++) {
		watch(tape, block, 4, 0, 30, true);
		watch(tape, block, 4, 3600, 3640, true);
	}
	for (int i = 0; i < 20; i++) /* on the way when the first capture ended */
		probe(tape, 30 * BW_S + i * BW_MS, 1, 1 + i % 4, -1);
	play(tape, 31 * BW_S);
	assert_null(event(tape, 0));
	assert_int_equal(last_of(tape, 1)->round, 2); /* those without a probe do not count */
}

static void test_blocks_that_answer_rarely_wait_for_a_witness(void **state)
{
	struct tape *tape = *state;

	for (int t = 0; t < 300; t += 40) /* the only other block, once in 40 s */
		probe(tape, t * BW_S, 0, 1, RTT);
	watch(tape, 1, 4, 0, 60, true);
	watch(tape, 1, 4, 60, 300, false);
	play(tape, 0);
	assert_int_equal(event(tape, 0)->to, BW_DARK);
	assert_about(event(tape, 0)->latest, 60, 0.1);
	assert_false(was_blind(tape));
}

static void test_traceroutes_are_no_outage(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 120, true);
	for (int t = 0; t < 120; t += 5)
		trace(tape, t * BW_S, 1, 20, 30, true);
	play(tape, 0);
	assert_null(event(tape, 0));
	assert_int_equal(last_of(tape, 1)->verdict, BW_UP);
	assert_int_equal(last_of(tape, 1)->sent, last_of(tape, 1)->replies);
}

/* The probes of a traceroute that go as far as the host, or farther, testify. */
static void test_traceroutes_see_an_outage(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 120, true);
	for (int t = 0; t < 100; t += 5)
		trace(tape, t * BW_S, 1, 12, 30, t < 40);
	for (int t = 0; t < 100; t += 5)
		trace(tape, t * BW_S + BW_MS, 2, 12, 30, t < 60);
	play(tape, 0);
	assert_int_equal(event(tape, 0)->to, BW_DARK);
	assert_about(event(tape, 0)->latest, 41, 1.5);
}

/* A host that answers on one port, and a scan of 400 others that a firewall drops. */
static void test_a_port_scan_is_no_outage(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 120, true);
	for (int h = 1; h < 4; h++)
		for (int port = 1; port < 400; port++)
			knock(tape, port * 100 * BW_MS + h * BW_MS, 1, h, (uint16_t)port,
			      port == 22 ? 0x12 : 0);
	play(tape, 0);
	assert_null(event(tape, 0));
	assert_int_equal(last_of(tape, 1)->verdict, BW_UP);
}

/* Each method testifies for itself: echo was never answered, tcp:22 was. */
static void test_a_method_testifies_for_itself(void **state)
{
	struct tape *tape = *state;

	watch(tape, 0, 4, 0, 120, true);
	for (int t = 0; t < 60; t += 2)
		for (int h = 1; h < 4; h++)
			knock(tape, t * BW_S + h * BW_MS, 1, h, 22, t < 20 ? 0x12 : 0);
	watch(tape, 2, 3, 0, 120, false);
	for (int t = 0; t < 120; t += 2)
		for (int h = 1; h < 4; h++)
			knock(tape, t * BW_S + h * BW_MS, 2, h, 22, 0x14);
	play(tape, 0);
	assert_int_equal(event(tape, 0)->to, BW_DARK);
	assert_about(event(tape, 0)->latest, 20, 0.1);
	assert_null(event(tape, 1));
	assert_int_equal(last_of(tape, 2)->verdict, BW_UP);
}

static void test_several_who_ask(void **state)
{
	struct tape *tape = *state;
	struct foreign_echo other = {"198.18.99.2", "198.18.0.1", false, 1, 1, NULL};
	struct bw_addr given[2] = {{0}, {0}};
	struct bw_err err;

	probe(tape, 0, 0, 1, RTT);
	add(tape, BW_S, foreign_echo(&other));
	tape->index = capture_index_new();
	for (unsigned i = 0; i < tape->count; i++) {
		struct bw_rx rx = foreign_rx(&tape->frames[i].packet, 0);

		capture_index_add(tape->index, &rx, (struct bw_now){{0}, {0}});
	}
	assert_int_equal(capture_index_choose(tape->index, given, &err), BW_ERR_VALUE);
	assert_non_null(strstr(err.message, "198.18.99.2"));
	assert_int_equal(bw_addr_parse("198.18.99.3", &given[0]), 0);
	assert_int_equal(capture_index_choose(tape->index, given, &err), BW_ERR_VALUE);
	assert_int_equal(bw_addr_parse("198.18.99.2", &given[0]), 0);
	assert_int_equal(capture_index_choose(tape->index, given, &err), 0);
	assert_true(capture_index_is_vantage(tape->index, &given[0]));
}

static void test_flapping(void **state)
{
	struct tape *tape = *state;
	unsigned events = 0;

	watch(tape, 0, 4, 0, 400, true);
	for (int t = 0; t < 400; t += 50) {
		watch(tape, 1, 4, t, t + 25, true);
		watch(tape, 1, 4, t + 25, t + 50, false);
	}
	play(tape, 0);
	while (event(tape, events))
		events++;
	assert_int_equal(event(tape, events - 1)->to, BW_FLAPPING);
	assert_int_equal(events, 4); /* dark, up, dark, and then flapping */
	assert_int_equal(last_of(tape, 1)->verdict, BW_FLAPPING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_dark_and_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_short_burst_is_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_everything_silent_is_the_vantage, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_all_silent_to_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_never_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nothing_ever_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_sweep_is_no_outage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_who_never_answered_does_not_testify, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_one_host_needs_company, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late_replies_withdraw, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_gap_is_no_silence, setup, teardown),
		cmocka_unit_test_setup_teardown(test_blocks_that_answer_rarely_wait_for_a_witness,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_traceroutes_are_no_outage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_traceroutes_see_an_outage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_port_scan_is_no_outage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_method_testifies_for_itself, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_several_who_ask, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flapping, setup, teardown),
	};

	return cmocka_run_group_tests_name("vantage/replay", tests, NULL, NULL);
}
