/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/tracer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "way.h"

static const struct trace *trace_of(const struct way *way, unsigned subject)
{
	assert_non_null(way->done[subject].trace.hops);
	return &way->done[subject].trace;
}

static void assert_end(const struct way *way, unsigned subject, enum trace_stop stop, uint8_t last)
{
	const struct trace *trace = trace_of(way, subject);

	assert_string_equal(trace_stop_name(trace->stop), trace_stop_name(stop));
	assert_int_equal(trace->reached, stop == TRACE_REACHED);
	assert_int_equal(trace->last, last);
}

/* Hops FIRST to LAST are the routers with these numbers. */
static void assert_routers(const struct way *way, unsigned subject, uint8_t first, uint8_t last)
{
	const struct trace *trace = trace_of(way, subject);

	for (uint8_t ttl = first; ttl <= last; ttl++) {
		struct bw_addr router = way_router(ttl, trace->dst.family);
		char text[BW_ADDR_TEXT], wanted[BW_ADDR_TEXT];

		assert_string_equal(bw_addr_format(&trace->hops[ttl].from, text),
				    bw_addr_format(&router, wanted));
		assert_int_equal(trace->hops[ttl].kind, TRACE_TIME_EXCEEDED);
	}
}

static void assert_silent(const struct way *way, unsigned subject, uint8_t first, uint8_t last)
{
	for (uint8_t ttl = first; ttl <= last; ttl++) {
		assert_int_equal(trace_of(way, subject)->hops[ttl].kind, TRACE_SILENT);
		assert_int_equal(trace_of(way, subject)->hops[ttl].from.family, 0);
	}
}

/* The whole way to one destination of eight routers, by one method. */
static struct way *trace_one(const char *dst, const char *method)
{
	struct way *way = way_new(8);

	way_wish(way, dst, method, 1);
	way_run(way, way_limits(way));
	return way;
}

/* Destination and method. */
static const char *const ways[6][2] = {
	{"198.18.9.9", "icmp"},       {"2001:db8:9::9", "icmp"},   {"198.18.9.9", "tcp:443"},
	{"2001:db8:9::9", "tcp:443"}, {"198.18.9.9", "udp:33434"}, {"2001:db8:9::9", "udp:33434"},
};

static void finds_all_hops(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 6; n++) {
		struct way *way = trace_one(ways[n][0], ways[n][1]);
		const struct trace_hop *end = &trace_of(way, 0)->hops[9];

		assert_end(way, 0, TRACE_REACHED, 9);
		assert_routers(way, 0, 1, 8);
		assert_int_equal(end->kind, TRACE_REPLY);
		assert_true(bw_addr_equal(&end->from, &way->wishes[0].dst));
		assert_int_equal(trace_of(way, 0)->sent, 10);
		way_free(way);
	}
}

/* Three round trips and 100 ms, for eight hops. */
static void is_quick_for_one_destination(void **state)
{
	struct way *way = trace_one("198.18.9.9", "icmp");

	(void)state;
	assert_in_range(way->now.ns - 100 * BW_S, 0, 3 * 9 * WAY_HOP_NS + 100 * BW_MS);
	way_free(way);
}

/* What balancers hash is the same in all probes of a flow, and differs between flows. */
static void keeps_the_flow(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 6; n++) {
		struct way *one = trace_one(ways[n][0], ways[n][1]), *two = way_new(8);

		for (unsigned p = 1; p < one->sent_count; p++) {
			assert_int_equal(one->sent[p].hashed, one->sent[0].hashed);
			assert_int_equal(one->sent[p].label, one->sent[0].label);
		}
		way_wish(two, ways[n][0], ways[n][1], 2);
		way_run(two, way_limits(two));
		assert_int_not_equal(two->sent[0].hashed, one->sent[0].hashed);
		if (n % 2)
			assert_int_not_equal(two->sent[0].label, one->sent[0].label);
		way_free(one);
		way_free(two);
	}
}

static void measures_round_trips(void **state)
{
	struct way *way = trace_one("198.18.9.9", "icmp");

	(void)state;
	for (uint8_t ttl = 1; ttl <= 9; ttl++) {
		const struct trace_hop *hop = &trace_of(way, 0)->hops[ttl];

		assert_int_equal(hop->rtt_ns, ttl * WAY_HOP_NS);
		assert_int_equal(hop->quoted_ttl, ttl < 9 ? 1 : 0);
		assert_int_equal(hop->icmp_type, ttl < 9 ? 11 : 0);
	}
	way_free(way);
}

/* The way back is longer or shorter, so that the estimate is wrong. */
static void corrects_the_estimate(void **state)
{
	static const unsigned backs[] = {2, 6, 7, 9, 12, 25};

	(void)state;
	for (unsigned n = 0; n < sizeof(backs) / sizeof(backs[0]); n++) {
		for (unsigned traces = 1; traces <= 2; traces++) {
			struct way *way = way_new(8);

			way->back = backs[n];
			way_wish(way, "198.18.9.9", "icmp", 1);
			if (traces == 2)
				way_wish(way, "198.18.9.10", "tcp:80", 1);
			way_run(way, way_limits(way));
			assert_end(way, 0, TRACE_REACHED, 9);
			assert_routers(way, 0, 1, 8);
			way_free(way);
		}
	}
}

static void shows_silent_hops(void **state)
{
	struct way *way = way_new(8);

	(void)state;
	way->silent[3] = way->silent[8] = true;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_end(way, 0, TRACE_REACHED, 9);
	assert_silent(way, 0, 3, 3);
	assert_silent(way, 0, 8, 8);
	assert_routers(way, 0, 4, 7);
	assert_int_equal(trace_of(way, 0)->hops[3].tries, 3);
	way_free(way);
}

static void tries_again_after_loss(void **state)
{
	struct way *way = way_new(8);

	(void)state;
	way->lost = 3; /* the estimate, and the hops that are asked then */
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_end(way, 0, TRACE_REACHED, 9);
	assert_routers(way, 0, 1, 8);
	way_free(way);
}

/* Nothing answers behind router 5. */
static void ends_at_a_gap(void **state)
{
	struct way *way = way_new(8);

	(void)state;
	way->cut = 5;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_end(way, 0, TRACE_GAP, 10);
	assert_routers(way, 0, 1, 5);
	assert_silent(way, 0, 6, 10);
	way_free(way);
}

/* The last probe waits for the whole timeout. */
static void awaits_the_last_probe(void **state)
{
	struct way *way = way_new(8);
	struct bw_mono last;

	(void)state;
	way->cut = 5;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	last = way->sent[way->sent_count - 1].at;
	assert_int_equal(way->sent[way->sent_count - 1].ttl, 30);
	assert_in_range(bw_mono_since(way->now, last), 3 * BW_S, 3 * BW_S + 2 * BW_MS);
	way_free(way);
}

/* The estimate's probes were lost; the one behind the gap finds the destination. */
static void finds_the_destination_behind_a_gap(void **state)
{
	struct way *way = way_new(12);

	(void)state;
	for (unsigned n = 4; n <= 12; n++)
		way->silent[n] = true;
	way->lost = 2;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_end(way, 0, TRACE_REACHED, 13);
	assert_routers(way, 0, 1, 3);
	assert_silent(way, 0, 4, 12);
	way_free(way);
}

/* An unreachable of a router is not the destination's answer. */
static void tells_unreachable_from_reached(void **state)
{
	static const struct {
		const char *dst;
		uint8_t type, code;
		enum reply_kind reply;
	} cases[] = {
		{"198.18.9.9", 3, 0, REPLY_NET_UNREACHABLE},
		{"198.18.9.9", 3, 1, REPLY_HOST_UNREACHABLE},
		{"198.18.9.9", 3, 3, REPLY_PORT_UNREACHABLE},
		{"198.18.9.9", 3, 13, REPLY_PROHIBITED},
		{"2001:db8:9::9", 1, 0, REPLY_NET_UNREACHABLE},
		{"2001:db8:9::9", 1, 1, REPLY_PROHIBITED},
	};

	(void)state;
	for (unsigned n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct way *way = way_new(8);
		const struct trace_hop *end;
		struct bw_addr router;

		way->refuses = 6;
		way->refuse_type = cases[n].type;
		way->refuse_code = cases[n].code;
		way_wish(way, cases[n].dst, "icmp", 1);
		way_run(way, way_limits(way));
		assert_end(way, 0, TRACE_STOP_UNREACHABLE, 6);
		assert_routers(way, 0, 1, 5);
		end = &trace_of(way, 0)->hops[6];
		router = way_router(6, way->wishes[0].dst.family);
		assert_int_equal(end->kind, TRACE_UNREACHABLE);
		assert_int_equal(end->reply, cases[n].reply);
		assert_int_equal(end->code, cases[n].code);
		assert_true(bw_addr_equal(&end->from, &router));
		way_free(way);
	}
}

/* 11/1 is about the reassembly of fragments: nobody's TTL has run out. */
static void ignores_reassembly_time_exceeded(void **state)
{
	struct way *way = way_new(8);

	(void)state;
	way->refuses = 6;
	way->refuse_type = 11;
	way->refuse_code = 1;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_end(way, 0, TRACE_GAP, 10);
	assert_silent(way, 0, 6, 10);
	assert_true(way->stats.rejected[REJECT_UNRELATED] > 0);
	way_free(way);
}

/* A NAT with the destination's address stands one hop before it: no loop, and not the end. */
static void passes_time_exceeded_of_the_destination(void **state)
{
	struct way *way = way_new(8);
	const struct trace *trace;

	(void)state;
	way->dst_expires = true;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_end(way, 0, TRACE_REACHED, 10);
	trace = trace_of(way, 0);
	assert_int_equal(trace->hops[9].kind, TRACE_TIME_EXCEEDED);
	assert_true(bw_addr_equal(&trace->hops[9].from, &trace->dst));
	assert_int_equal(trace->hops[10].kind, TRACE_REPLY);
	way_free(way);
}

static void sees_a_loop(void **state)
{
	(void)state;
	for (unsigned length = 2; length <= 4; length++) {
		struct way *way = way_new(8);

		way->loop_from = 5;
		way->loop_to = 4 + length;
		way_wish(way, "198.18.9.9", "icmp", 1);
		way_run(way, way_limits(way));
		assert_end(way, 0, TRACE_LOOP, (uint8_t)(4 + length + 2));
		assert_routers(way, 0, 1, (uint8_t)(4 + length));
		way_free(way);
	}
}

static void ends_at_the_highest_ttl(void **state)
{
	struct way *way = way_new(40);

	(void)state;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_end(way, 0, TRACE_MAX_TTL, 30);
	assert_routers(way, 0, 1, 30);
	way_free(way);
}

static void reaches_a_neighbour(void **state)
{
	struct way *way = way_new(0);

	(void)state;
	way_wish(way, "198.18.0.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_end(way, 0, TRACE_REACHED, 1);
	assert_int_equal(trace_of(way, 0)->hops[1].kind, TRACE_REPLY);
	way_free(way);
}

static void works_with_one_ttl(void **state)
{
	struct way *way = way_new(2);
	struct trace_limits limits;

	(void)state;
	way_wish(way, "198.18.0.9", "icmp", 1);
	limits = way_limits(way);
	limits.max_ttl = 1;
	way_run(way, limits);
	assert_end(way, 0, TRACE_MAX_TTL, 1);
	assert_routers(way, 0, 1, 1);
	way_free(way);
}

/* NAT changes source, id, port and checksums of quotes; routers quote 28 bytes or all. */
static void recognises_quotes_behind_nat(void **state)
{
	static const uint32_t quoted[] = {28, 0};
	static const char *const methods[] = {"icmp", "tcp:443", "udp:33434"};

	(void)state;
	for (unsigned n = 0; n < 6; n++) {
		struct way *way = way_new(8);

		way->nat = true;
		way->quoted = quoted[n / 3];
		way_wish(way, "198.18.9.9", methods[n % 3], 1);
		way_run(way, way_limits(way));
		assert_end(way, 0, TRACE_REACHED, 9);
		assert_routers(way, 0, 1, 8);
		way_free(way);
	}
}

static void reads_mpls_labels(void **state)
{
	static const char *const dsts[] = {"198.18.9.9", "2001:db8:9::9"};

	(void)state;
	for (unsigned n = 0; n < 2; n++) {
		struct way *way = way_new(4);
		const struct trace_hop *hop;

		way->mpls = true;
		way_wish(way, dsts[n], "icmp", 1);
		way_run(way, way_limits(way));
		assert_end(way, 0, TRACE_REACHED, 5);
		hop = &trace_of(way, 0)->hops[2];
		assert_int_equal(hop->label_count, 1);
		assert_int_equal(hop->labels[0].label, 16005);
		assert_int_equal(trace_of(way, 0)->hops[5].label_count, 0);
		way_free(way);
	}
}

/* Wishes COUNT destinations, "198.18.9.0" and on. */
static void wish_many(struct way *way, unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		char text[32];

		snprintf(text, sizeof(text), "198.18.%u.%u", 9 + n / 250, n % 250 + 1);
		way_wish(way, text, "icmp", 1);
	}
}

/* Each hop is found once for the whole run: with stop sets two or three probes a trace. */
static void shares_hops_between_traces(void **state)
{
	struct way *way = way_new(8);
	unsigned from_stop_set = 0;

	(void)state;
	wish_many(way, 300);
	way_run(way, way_limits(way));
	for (unsigned n = 0; n < 300; n++) {
		assert_end(way, n, TRACE_REACHED, 9);
		assert_routers(way, n, 1, 8);
		from_stop_set += trace_of(way, n)->hops[1].from_stop_set;
	}
	assert_in_range(way->sent_count, 300 * 2, 300 * 2 + 120);
	assert_true(from_stop_set > 280);
	assert_int_equal(way->stats.stop_set_hops, 8);
	way_free(way);
}

static void finds_each_hop_anew_if_asked_to(void **state)
{
	struct way *way = way_new(8);
	struct trace_limits limits;

	(void)state;
	wish_many(way, 20);
	limits = way_limits(way);
	limits.full = true;
	way_run(way, limits);
	for (unsigned n = 0; n < 20; n++) {
		assert_end(way, n, TRACE_REACHED, 9);
		assert_false(trace_of(way, n)->hops[1].from_stop_set);
		assert_int_equal(trace_of(way, n)->sent, 10);
	}
	way_free(way);
}

static void shares_hops_of_dark_destinations(void **state)
{
	struct way *way = way_new(8);

	(void)state;
	way->cut = 5;
	wish_many(way, 100);
	way_run(way, way_limits(way));
	for (unsigned n = 0; n < 100; n++) {
		assert_end(way, n, TRACE_GAP, 10);
		assert_routers(way, n, 1, 5);
		assert_silent(way, n, 6, 10);
	}
	/* Two for the estimate, one for the last hop, three and four ones behind it, one more. */
	assert_in_range(way->sent_count, 100 * 11, 100 * 14);
	way_free(way);
}

/* Hops behind silent ones answer: then these get all their tries. */
static void tries_silent_hops_before_an_answer_again(void **state)
{
	struct way *way = way_new(8);

	(void)state;
	way->silent[3] = way->silent[4] = true;
	way->dst_silent = true;
	wish_many(way, 40);
	way_run(way, way_limits(way));
	for (unsigned n = 0; n < 40; n++) {
		assert_end(way, n, TRACE_GAP, 13);
		assert_silent(way, n, 3, 4);
		assert_routers(way, n, 5, 8);
		if (!trace_of(way, n)->hops[4].from_stop_set)
			assert_int_equal(trace_of(way, n)->hops[4].tries, 3);
	}
	way_free(way);
}

/* A silent hop is part of what later traces take from the stop set. */
static void shares_silent_hops(void **state)
{
	struct way *way = way_new(8);

	(void)state;
	way->silent[3] = true;
	wish_many(way, 100);
	way_run(way, way_limits(way));
	for (unsigned n = 0; n < 100; n++) {
		assert_end(way, n, TRACE_REACHED, 9);
		assert_silent(way, n, 3, 3);
		assert_routers(way, n, 4, 8);
		assert_routers(way, n, 1, 2);
	}
	assert_int_equal(way->stats.stop_set_hops, 8);
	way_free(way);
}

static int refuse_blocklisted(const struct bw_tx *tx)
{
	(void)tx;
	return BW_ERR_BLOCKLISTED;
}

static int refuse_no_route(const struct bw_tx *tx)
{
	(void)tx;
	return -ENETUNREACH;
}

static int refuse_otherwise(const struct bw_tx *tx)
{
	(void)tx;
	return -EPERM;
}

static void ends_where_nothing_can_be_sent(void **state)
{
	static int (*const status[])(const struct bw_tx *tx) = {refuse_blocklisted, refuse_no_route,
								refuse_otherwise};
	static const enum trace_stop stops[] = {TRACE_NOT_PERMITTED, TRACE_STOP_UNREACHABLE,
						TRACE_GAP};

	(void)state;
	for (unsigned n = 0; n < 3; n++) {
		struct way *way = way_new(8);

		way->status = status[n];
		way_wish(way, "198.18.9.9", "icmp", 1);
		way_run(way, way_limits(way));
		assert_end(way, 0, stops[n], n < 2 ? 0 : 5);
		assert_int_equal(trace_of(way, 0)->sent, 0);
		assert_true(trace_of(way, 0)->status < 0);
		way_free(way);
	}
}

/* A router that answers a third of the probes is limited, not lossy: later hops lose nothing. */
static void knows_a_rate_limit(void **state)
{
	struct way *way = way_new(8);

	(void)state;
	way->silent[4] = true;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	assert_true(trace_hop_is_limited(trace_of(way, 0), 4));
	assert_false(trace_hop_is_limited(trace_of(way, 0), 5));
	way_free(way);
	way = way_new(8);
	way->cut = 4;
	way_wish(way, "198.18.9.9", "icmp", 1);
	way_run(way, way_limits(way));
	for (uint8_t ttl = 1; ttl <= 9; ttl++)
		assert_false(trace_hop_is_limited(trace_of(way, 0), ttl));
	way_free(way);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_all_hops),
		cmocka_unit_test(is_quick_for_one_destination),
		cmocka_unit_test(keeps_the_flow),
		cmocka_unit_test(measures_round_trips),
		cmocka_unit_test(corrects_the_estimate),
		cmocka_unit_test(shows_silent_hops),
		cmocka_unit_test(tries_again_after_loss),
		cmocka_unit_test(ends_at_a_gap),
		cmocka_unit_test(awaits_the_last_probe),
		cmocka_unit_test(finds_the_destination_behind_a_gap),
		cmocka_unit_test(tells_unreachable_from_reached),
		cmocka_unit_test(ignores_reassembly_time_exceeded),
		cmocka_unit_test(passes_time_exceeded_of_the_destination),
		cmocka_unit_test(sees_a_loop),
		cmocka_unit_test(ends_at_the_highest_ttl),
		cmocka_unit_test(reaches_a_neighbour),
		cmocka_unit_test(works_with_one_ttl),
		cmocka_unit_test(recognises_quotes_behind_nat),
		cmocka_unit_test(reads_mpls_labels),
		cmocka_unit_test(shares_hops_between_traces),
		cmocka_unit_test(finds_each_hop_anew_if_asked_to),
		cmocka_unit_test(shares_hops_of_dark_destinations),
		cmocka_unit_test(tries_silent_hops_before_an_answer_again),
		cmocka_unit_test(shares_silent_hops),
		cmocka_unit_test(ends_where_nothing_can_be_sent),
		cmocka_unit_test(knows_a_rate_limit),
	};

	return cmocka_run_group_tests_name("probe/tracer", tests, NULL, NULL);
}
