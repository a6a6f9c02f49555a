/* SPDX-License-Identifier: Apache-2.0 */
#include "report/trace/trace_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "samples.h"

static struct record_trace_hop hop_of(const char *addr, enum trace_kind kind)
{
	struct record_trace_hop hop = {
		.kind = kind,
		.rtt_ns = 1234567,
		.reply = kind == TRACE_REPLY ? REPLY_ECHO : REPLY_TIME_EXCEEDED,
	};

	assert_int_equal(bw_addr_parse(addr, &hop.from), 0);
	return hop;
}

static struct record_trace trace_of(struct record_trace_hop *hops, uint8_t count,
				    enum trace_stop stop)
{
	return (struct record_trace){
		.target = "kp",
		.destination = sample_prefix("198.18.9.9/32").addr,
		.method = {BW_PROTOCOL_ICMP, 0},
		.flow = 1,
		.reached = stop == TRACE_REACHED,
		.stopped = stop,
		.sent = 12,
		.hops = hops,
		.hop_count = count,
	};
}

static void assert_text(const struct record_trace *trace, uint8_t live, const char *wanted)
{
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	struct trace_text printer = {.out = out};

	if (live)
		trace_text_hops(&printer, trace, live);
	trace_text_end(&printer, trace);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

static void prints_a_way(void **state)
{
	struct record_trace_hop hops[6] = {
		{.hidden = true, .rtt_ns = -1},
		hop_of("10.0.0.2", TRACE_TIME_EXCEEDED),
		{.rtt_ns = -1, .limited = true, .lost = 3},
		hop_of("10.0.0.4", TRACE_TIME_EXCEEDED),
		hop_of("10.0.0.5", TRACE_TIME_EXCEEDED),
		hop_of("198.18.9.9", TRACE_REPLY),
	};
	struct record_trace trace = trace_of(hops, 6, TRACE_REACHED);
	const char *wanted = "198.18.9.9 of kp by icmp\n"
			     "  1  vantage network\n"
			     "  2  10.0.0.2             1.235 ms  AS64497 KP  MPLS 16005/24001\n"
			     "  3  *\n"
			     "  4  10.0.0.4             1.235 ms  limited  known\n"
			     "  5  10.0.0.5             1.235 ms  lost 1 of 2\n"
			     "  6  198.18.9.9           1.235 ms\n"
			     "reached, last TTL 6, 12 probes\n";

	(void)state;
	hops[1].asn = 64497;
	memcpy(hops[1].country, "KP", 3);
	hops[1].label_count = 2;
	hops[1].labels[0].label = 16005;
	hops[1].labels[1].label = 24001;
	hops[3].limited = hops[3].from_stop_set = true;
	hops[3].lost = 2;
	hops[4].lost = 1;
	for (uint8_t live = 0; live <= 6; live++)
		assert_text(&trace, live, wanted);
}

/* How a trace ended is never hidden. */
static void says_how_it_ended(void **state)
{
	struct record_trace_hop hops[6] = {
		hop_of("10.0.0.1", TRACE_TIME_EXCEEDED),
		hop_of("10.0.0.2", TRACE_UNREACHABLE),
		{.rtt_ns = -1},
		{.rtt_ns = -1},
		{.rtt_ns = -1},
		{.rtt_ns = -1},
	};
	struct record_trace trace = trace_of(hops, 2, TRACE_STOP_UNREACHABLE);

	(void)state;
	hops[1].reply = REPLY_PROHIBITED;
	assert_text(&trace, 0,
		    "198.18.9.9 of kp by icmp\n"
		    "  1  10.0.0.1             1.235 ms\n"
		    "  2  10.0.0.2             1.235 ms  prohibited\n"
		    "unreachable, last TTL 2, 12 probes\n");
	hops[1] = hops[0];
	trace = trace_of(hops, 6, TRACE_GAP);
	assert_text(&trace, 0,
		    "198.18.9.9 of kp by icmp\n"
		    "  1  10.0.0.1             1.235 ms\n"
		    "  2  10.0.0.1             1.235 ms\n"
		    "  3  * to 6\n"
		    "not reached: silent behind TTL 2, last TTL 2, 12 probes\n");
	trace = trace_of(hops, 3, TRACE_MAX_TTL);
	assert_text(&trace, 1,
		    "198.18.9.9 of kp by icmp\n"
		    "  1  10.0.0.1             1.235 ms\n"
		    "  2  10.0.0.1             1.235 ms\n"
		    "  3  *\n"
		    "not reached within 3 hops, last TTL 2, 12 probes\n");
	for (unsigned n = 0; n < 6; n++)
		hops[n] = (struct record_trace_hop){.rtt_ns = -1, .unasked = n == 0 || n == 4};
	trace = trace_of(hops, 6, TRACE_GAP);
	assert_text(&trace, 0,
		    "198.18.9.9 of kp by icmp\n"
		    "  2  * to 4\n"
		    "  6  *\n"
		    "not reached: no hop answers, 12 probes\n");
	hops[5] = hop_of("198.18.9.9", TRACE_REPLY);
	trace = trace_of(hops, 6, TRACE_REACHED);
	assert_text(&trace, 6,
		    "198.18.9.9 of kp by icmp\n"
		    "  2  *\n"
		    "  3  *\n"
		    "  4  *\n"
		    "  6  198.18.9.9           1.235 ms\n"
		    "reached, last TTL 6, 12 probes\n");
	trace = trace_of(hops, 0, TRACE_NOT_PERMITTED);
	assert_text(&trace, 0,
		    "198.18.9.9 of kp by icmp\n"
		    "not traced: it may not be probed, 12 probes\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_a_way),
		cmocka_unit_test(says_how_it_ended),
	};

	return cmocka_run_group_tests_name("report/trace_text", tests, NULL, NULL);
}
