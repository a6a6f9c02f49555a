/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "foreign.h"
#include "probe/passive/passive_traces.h"
#include "wire/ip.h"

#define VANTAGE "198.18.99.1"
#define VANTAGE6 "2001:db8:99::1"
#define HOST "198.18.0.7"
#define HOST6 "2001:db8:1::7"
#define SYN 0x02
#define RST_ACK 0x14
#define SEEN_MAX 8

struct bench {
	struct passive_traces *traces;
	struct trace seen[SEEN_MAX];
	struct trace_hop hops[SEEN_MAX][TRACE_TTL_MAX + 1];
	unsigned count;
	int64_t now;
};

static bool is_prober(void *self, const struct bw_addr *addr)
{
	char text[BW_ADDR_TEXT];

	(void)self;
	bw_addr_format(addr, text);
	return strcmp(text, VANTAGE) == 0 || strcmp(text, VANTAGE6) == 0;
}

static void on_trace(void *self, const struct trace *trace)
{
	struct bench *bench = self;

	assert_true(bench->count < SEEN_MAX);
	memcpy(bench->hops[bench->count], trace->hops,
	       (trace->high + 1U) * sizeof(struct trace_hop));
	bench->seen[bench->count++] = *trace;
}

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct passive_traces_config config = {is_prober, on_trace, bench};

	*state = bench;
	return bench ? passive_traces_new(&config, (struct bw_mono){0}, &bench->traces) : -1;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	passive_traces_free(bench->traces);
	free(bench);
	return 0;
}

/* A frame 10 ms after the one before. */
static void hear(struct bench *bench, const struct foreign *packet)
{
	struct bw_rx rx;

	bench->now += 10 * BW_MS;
	rx = foreign_rx(packet, bench->now);
	passive_traces_advance(bench->traces, rx.at);
	passive_traces_receive(bench->traces, &rx);
}

static void wait(struct bench *bench, int64_t ns)
{
	bench->now += ns;
	passive_traces_advance(bench->traces, (struct bw_mono){bench->now});
}

/* The router at a TTL says that it ran out. QUOTED bytes of the probe are quoted. */
static void expire(struct bench *bench, struct foreign *probe, uint8_t ttl, uint32_t quoted)
{
	bool v6 = probe->bytes[0] >> 4 == 6;
	char router[] = "198.18.98.0", router6[] = "2001:db8:98::0";
	struct foreign quote = *probe, error;

	router[sizeof(router) - 2] = router6[sizeof(router6) - 2] = (char)('0' + ttl);
	foreign_set_ttl(&quote, 1);
	error = foreign_error(v6 ? router6 : router, v6 ? VANTAGE6 : VANTAGE, v6 ? 3 : 11, 0,
			      &quote, quoted);
	hear(bench, &error);
}

static struct foreign ping(uint16_t seq, uint8_t ttl)
{
	struct foreign probe = foreign_echo(
		&(struct foreign_echo){VANTAGE, HOST, .id = 7, .seq = seq, .payload = "hello"});

	foreign_set_ttl(&probe, ttl);
	return probe;
}

static const struct trace *only(struct bench *bench)
{
	wait(bench, PASSIVE_TRACES_QUIET_NS + BW_S);
	assert_int_equal(bench->count, 1);
	bench->seen[0].hops = bench->hops[0];
	return &bench->seen[0];
}

static void assert_hop(const struct trace *trace, uint8_t ttl, const char *from)
{
	char text[BW_ADDR_TEXT];

	assert_int_equal(trace->hops[ttl].state, TRACE_HOP_KNOWN);
	assert_string_equal(bw_addr_format(&trace->hops[ttl].from, text), from);
}

/* Three probes a TTL, as traceroute -I sends them; one answer is lost, one comes twice. */
static void test_echoes(void **state)
{
	struct bench *bench = *state;
	const struct trace *trace;
	uint16_t seq = 0;

	for (uint8_t ttl = 1; ttl <= 4; ttl++) {
		for (unsigned n = 0; n < 3; n++) {
			struct foreign probe = ping(++seq, ttl), answer;

			hear(bench, &probe);
			if (ttl == 2 && n == 0)
				continue;
			if (ttl < 4) {
				expire(bench, &probe, ttl, IP_V4_HEADER + 8);
				if (ttl == 1)
					expire(bench, &probe, ttl, IP_V4_HEADER + 8);
				continue;
			}
			answer = foreign_echo(
				&(struct foreign_echo){HOST, VANTAGE, true, 7, seq, "hello"});
			foreign_set_ttl(&answer, 61);
			hear(bench, &answer);
		}
	}
	trace = only(bench);
	assert_int_equal(trace->stop, TRACE_REACHED);
	assert_true(trace->reached);
	assert_int_equal(trace->last, 4);
	assert_int_equal(trace->sent, 12);
	assert_int_equal(trace->method.protocol, BW_PROTOCOL_ICMP);
	assert_hop(trace, 1, "198.18.98.1");
	assert_hop(trace, 2, "198.18.98.2");
	assert_hop(trace, 4, HOST);
	assert_int_equal(trace_hop_lost(&trace->hops[1]), 0);
	assert_int_equal(trace_hop_lost(&trace->hops[2]), 1);
	assert_int_equal(trace->hops[1].rtt_ns, 10 * BW_MS);
	assert_int_equal(trace->hops[4].reply_ttl, 61);
	assert_int_equal(trace->hops[3].quoted_ttl, 1);
	assert_int_equal(trace->hops[3].icmp_type, 11);
}

/*
 * UDP to rising ports. The checksums are blank in the capture, since a network card fills them in,
 * and right in the quotes. The destination says port unreachable.
 */
static void test_udp_with_offloaded_checksums(void **state)
{
	struct bench *bench = *state;
	const struct trace *trace;

	for (uint8_t ttl = 1; ttl <= 3; ttl++) {
		struct foreign probe = foreign_udp(VANTAGE, HOST, 40000, 33433 + ttl, ttl);
		struct foreign captured, error;

		foreign_set_ttl(&probe, ttl);
		captured = probe;
		captured.bytes[26] = 0x12;
		captured.bytes[27] = 0x34;
		hear(bench, &captured);
		if (ttl < 3) {
			expire(bench, &probe, ttl, IP_V4_HEADER + 8);
			continue;
		}
		error = foreign_error(HOST, VANTAGE, 3, 3, &probe, IP_V4_HEADER + 8);
		hear(bench, &error);
	}
	trace = only(bench);
	assert_int_equal(trace->stop, TRACE_REACHED);
	assert_int_equal(trace->last, 3);
	assert_int_equal(trace->method.protocol, BW_PROTOCOL_UDP);
	assert_int_equal(trace->method.port, 33434);
	assert_hop(trace, 2, "198.18.98.2");
	assert_int_equal(trace->hops[3].reply, REPLY_PORT_UNREACHABLE);
}

/* One flow whose UDP checksums tell the probes apart, in IPv6. Three are under way at once. */
static void test_one_udp_flow(void **state)
{
	struct bench *bench = *state;
	const struct trace *trace;
	struct foreign probes[4];

	for (uint8_t ttl = 1; ttl <= 3; ttl++) {
		probes[ttl] = foreign_udp(VANTAGE6, HOST6, 40000, 33434, ttl);
		foreign_set_ttl(&probes[ttl], ttl);
		hear(bench, &probes[ttl]);
	}
	for (uint8_t ttl = 3; ttl >= 1; ttl--)
		expire(bench, &probes[ttl], ttl, IP_V6_HEADER + 12);
	trace = only(bench);
	for (uint8_t ttl = 1; ttl <= 3; ttl++) {
		char from[] = "2001:db8:98::0";

		from[sizeof(from) - 2] = (char)('0' + ttl);
		assert_hop(trace, ttl, from);
	}
	assert_int_equal(trace->stop, TRACE_MAX_TTL);
	assert_false(trace->reached);
}

/* The same SYN for each TTL, with another identification. */
static void test_syns_that_differ_in_identification(void **state)
{
	struct bench *bench = *state;
	const struct trace *trace;
	struct foreign probes[4], answer;

	for (uint8_t ttl = 1; ttl <= 3; ttl++) {
		probes[ttl] =
			foreign_tcp(&(struct foreign_tcp){VANTAGE, HOST, 40000, 80, 77, 0, SYN});
		foreign_set_id(&probes[ttl], (uint16_t)(5000 + ttl));
		foreign_set_ttl(&probes[ttl], ttl);
		hear(bench, &probes[ttl]);
	}
	expire(bench, &probes[2], 2, IP_V4_HEADER + 8);
	expire(bench, &probes[1], 1, IP_V4_HEADER + 8);
	answer = foreign_tcp(&(struct foreign_tcp){HOST, VANTAGE, 80, 40000, 0, 78, RST_ACK});
	hear(bench, &answer);
	trace = only(bench);
	assert_hop(trace, 1, "198.18.98.1");
	assert_hop(trace, 2, "198.18.98.2");
	assert_hop(trace, 3, HOST);
	assert_int_equal(trace->stop, TRACE_REACHED);
}

/* Silence from TTL 3 on, an unreachable of a router, and a loop. */
static void test_ends(void **state)
{
	struct bench *bench = *state;
	struct foreign probe, error;
	uint16_t seq = 0;

	for (uint8_t ttl = 1; ttl <= 6; ttl++) {
		probe = ping(++seq, ttl);
		hear(bench, &probe);
		if (ttl < 3)
			expire(bench, &probe, ttl, IP_V4_HEADER + 8);
	}
	wait(bench, PASSIVE_TRACES_QUIET_NS + BW_S);
	for (uint8_t ttl = 1; ttl <= 6; ttl++) {
		probe = ping(++seq, ttl);
		hear(bench, &probe);
		if (ttl == 4) {
			error = foreign_error("198.18.98.4", VANTAGE, 3, 0, &probe,
					      IP_V4_HEADER + 8);
			hear(bench, &error);
		} else if (ttl < 4) {
			expire(bench, &probe, ttl, IP_V4_HEADER + 8);
		}
	}
	wait(bench, PASSIVE_TRACES_QUIET_NS + BW_S);
	for (uint8_t ttl = 1; ttl <= 6; ttl++) {
		probe = ping(++seq, ttl);
		hear(bench, &probe);
		expire(bench, &probe, ttl < 3 ? ttl : (uint8_t)(3 + ttl % 2), IP_V4_HEADER + 8);
	}
	wait(bench, PASSIVE_TRACES_QUIET_NS + BW_S);
	assert_int_equal(bench->count, 3);
	assert_int_equal(bench->seen[0].stop, TRACE_GAP);
	assert_int_equal(bench->seen[0].last, 6);
	assert_int_equal(bench->hops[0][5].state, TRACE_HOP_QUIET);
	assert_int_equal(bench->seen[1].stop, TRACE_STOP_UNREACHABLE);
	assert_int_equal(bench->seen[1].last, 4);
	assert_int_equal(bench->hops[1][4].reply, REPLY_NET_UNREACHABLE);
	assert_int_equal(bench->seen[2].stop, TRACE_LOOP);
}

/* The first router answers one of the probes alone, with a TTL that says where it is. */
static void test_a_refusal_stands_where_it_came_from(void **state)
{
	struct bench *bench = *state;
	const struct trace *trace;
	struct foreign probe, error;

	for (uint8_t ttl = 1; ttl <= 9; ttl += 4) {
		probe = ping(ttl, ttl);
		hear(bench, &probe);
	}
	error = foreign_error("198.18.98.1", VANTAGE, 3, 0, &probe, IP_V4_HEADER + 8);
	hear(bench, &error);
	trace = only(bench);
	assert_int_equal(trace->stop, TRACE_STOP_UNREACHABLE);
	assert_int_equal(trace->last, 1);
	assert_hop(trace, 1, "198.18.98.1");
}

/* A scan with random TTLs; pings with TTL 32 or to a host out of reach; a stranger. */
static void test_what_is_no_trace(void **state)
{
	struct bench *bench = *state;
	uint16_t seq = 0;

	for (unsigned n = 0; n < 5; n++) {
		struct foreign probe = ping(++seq, 64);

		hear(bench, &probe);
		probe = ping(++seq, 32);
		hear(bench, &probe);
		expire(bench, &probe, 5, IP_V4_HEADER + 8);
	}
	for (uint8_t ttl = 1; ttl <= 5; ttl++) {
		struct foreign probe =
			foreign_echo(&(struct foreign_echo){"198.18.99.2", HOST, .id = 7});

		foreign_set_ttl(&probe, ttl);
		hear(bench, &probe);
	}
	passive_traces_finish(bench->traces);
	assert_int_equal(bench->count, 0);
	for (uint8_t ttl = 37; ttl <= 59; ttl++) {
		struct foreign probe = ping(++seq, ttl);

		hear(bench, &probe);
		if (ttl > 50)
			expire(bench, &probe, 5, IP_V4_HEADER + 8);
	}
	passive_traces_finish(bench->traces);
	assert_int_equal(bench->count, 0);
}

/* A tool that never stops gives a trace a minute. What is under way at the end is handed over. */
static void test_an_endless_tool(void **state)
{
	struct bench *bench = *state;
	uint16_t seq = 0;

	for (unsigned second = 0; second < 100; second++) {
		for (uint8_t ttl = 1; ttl <= 3; ttl++) {
			struct foreign probe = ping(++seq, ttl);

			hear(bench, &probe);
			expire(bench, &probe, ttl, IP_V4_HEADER + 8);
		}
		wait(bench, BW_S - 60 * BW_MS);
	}
	assert_int_equal(bench->count, 1);
	passive_traces_finish(bench->traces);
	assert_int_equal(bench->count, 2);
	assert_int_equal(bench->seen[0].sent + bench->seen[1].sent, 300);
	assert_in_range(bench->seen[0].sent, 180, 183);
	assert_int_equal(passive_traces_untracked(bench->traces), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_echoes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_udp_with_offloaded_checksums, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_udp_flow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_syns_that_differ_in_identification, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_refusal_stands_where_it_came_from, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_trace, setup, teardown),
		cmocka_unit_test_setup_teardown(test_an_endless_tool, setup, teardown),
	};

	return cmocka_run_group_tests_name("probe/passive_traces", tests, NULL, NULL);
}
