/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"

#define HOST "198.18.0.9"

/* A full block of one kind of hosts, behind one router, 198.19.0.1. */
static struct net block_of(struct sim_host_kind kind, struct sim_profile profile)
{
	struct sim_router router = {.v4 = net_addr("198.19.0.1"), .v6 = net_addr("2001:db8:ee::1")};
	struct sim_path path = {1, {{1, {0}}}};
	struct bw_prefix prefix = net_prefix("198.18.0.0/24"), six = net_prefix("2001:db8:1::/48");
	struct net net = net_new(7);

	profile.group_count = 1;
	profile.groups[0] =
		(struct sim_group){profile.groups[0].count ? profile.groups[0].count : 253, 0};
	profile.delay.base_ns = 100 * BW_MS;
	net_add_vantage(&net, -1);
	ADD(&net, router, &router);
	ADD(&net, path, &path);
	ADD(&net, network, 0);
	ADD(&net, host_kind, &kind);
	ADD(&net, profile, &profile);
	ADD(&net, blocks, &prefix, 1, 0, 0);
	ADD(&net, blocks, &six, 1, 0, 0);
	net_seal(&net);
	return net;
}

static const struct sim_profile plain;

static void test_when_an_answer_comes(void **state)
{
	struct net net = block_of(net_steady_kind(), plain);
	struct reply reply;
	int64_t at;
	(void)state;

	net_send(&net, 5 * BW_S, HOST, "icmp", 64);
	assert_true(net_receive(&net, &reply, &at));
	assert_int_equal(at, 5 * BW_S + 100 * BW_MS);
	assert_int_equal(reply.ttl, 63);
	assert_false(net_receive(&net, &reply, &at));
	sim_world_free(net.world);
}

/* The kind of answer from a closed port; REPLY_KINDS: none. */
static void test_firewalls(void **state)
{
	static const struct {
		bool icmp;
		enum sim_closed closed;
		unsigned echo, open, other;
	} list[] = {
		{true, SIM_CLOSED_SILENT, REPLY_ECHO, REPLY_SYN_ACK, REPLY_KINDS},
		{false, SIM_CLOSED_SILENT, REPLY_KINDS, REPLY_SYN_ACK, REPLY_KINDS},
		{true, SIM_CLOSED_RST, REPLY_ECHO, REPLY_SYN_ACK, REPLY_RST},
		{true, SIM_CLOSED_UNREACHABLE, REPLY_ECHO, REPLY_SYN_ACK, REPLY_PORT_UNREACHABLE},
		{false, SIM_CLOSED_PROHIBITED, REPLY_KINDS, REPLY_SYN_ACK, REPLY_PROHIBITED},
	};
	static const char *const hosts[] = {HOST, "2001:db8:1::9"};
	(void)state;

	for (unsigned i = 0; i < 10; i++) {
		struct sim_host_kind kind = net_steady_kind();
		struct net net;
		struct reply reply;

		kind.icmp = list[i / 2].icmp;
		kind.closed = list[i / 2].closed;
		net = block_of(kind, plain);
		reply.kind = REPLY_KINDS;
		net_ask(&net, 0, hosts[i % 2], "icmp", 64, &reply);
		assert_int_equal(reply.kind, list[i / 2].echo);
		reply.kind = REPLY_KINDS;
		net_ask(&net, BW_S, hosts[i % 2], "tcp:443", 64, &reply);
		assert_int_equal(reply.kind, list[i / 2].open);
		reply.kind = REPLY_KINDS;
		net_ask(&net, 2 * BW_S, hosts[i % 2], "tcp:80", 64, &reply);
		assert_int_equal(reply.kind, list[i / 2].other);
		sim_world_free(net.world);
	}
}

static void test_a_host_misses_probes(void **state)
{
	struct sim_host_kind kind = net_steady_kind();
	struct net net;
	(void)state;

	kind.miss = .35;
	net = block_of(kind, plain);
	net_send_many(&net, 0, BW_S, 5000, HOST, "icmp");
	net_near((double)net_fate(&net, SIM_FATE_OFF), 5000, .35, 4);
	sim_world_free(net.world);
}

/* With tau 0 each probe is a draw of its own; in sessions close probes agree. */
static void test_answering_by_itself_and_in_sessions(void **state)
{
	struct sim_host_kind kind = net_steady_kind();
	(void)state;

	kind.availability = .5;
	for (unsigned sessions = 0; sessions < 2; sessions++) {
		struct net net;
		uint64_t changes = 0, answered = 0;

		kind.tau_ns = sessions ? 1000 * BW_S : 0;
		net = block_of(kind, plain);
		for (unsigned i = 0; i < 4000; i++) {
			uint64_t before = net_fate(&net, SIM_FATE_ANSWERED);

			net_send_many(&net, i * 10 * BW_S, 1, 1, HOST, "icmp");
			before = net_fate(&net, SIM_FATE_ANSWERED) - before;
			changes += i > 0 && before != answered;
			answered = before;
		}
		if (sessions)
			assert_in_range(changes, 5, 45); /* 20 expected */
		else
			net_near((double)changes, 3999, .5, 4);
		sim_world_free(net.world);
	}
}

static void test_border_and_proxy(void **state)
{
	struct sim_profile border = {.border = true, .groups = {{1, 0}}};
	struct sim_profile proxy = {.proxy = true, .groups = {{1, 0}}};
	struct net net = block_of(net_steady_kind(), border);
	struct reply reply;
	(void)state;

	assert_true(net_ask(&net, 0, "198.18.0.1", "icmp", 64, &reply));
	assert_int_equal(reply.ttl, 254);
	assert_false(net_ask(&net, BW_S, "198.18.0.1", "tcp:443", 64, &reply));
	assert_true(net_ask(&net, 2 * BW_S, "2001:db8:1::1", "icmp", 64, &reply));
	sim_world_free(net.world);
	net = block_of(net_steady_kind(), proxy);
	for (unsigned i = 0; i < 256; i++) {
		struct bw_addr addr = net_addr("198.18.0.0");
		char text[BW_ADDR_TEXT];

		addr.bytes[3] = (uint8_t)i;
		assert_true(
			net_ask(&net, i * BW_S, bw_addr_format(&addr, text), "icmp", 64, &reply));
		assert_true(bw_addr_equal(&reply.from, &addr));
		assert_int_equal(reply.ttl, 254);
	}
	assert_true(net_ask(&net, 300 * BW_S, HOST, "tcp:443", 64, &reply));
	assert_int_equal(reply.kind, REPLY_RST);
	sim_world_free(net.world);
}

/* Three seconds later, from the last router. */
static void test_host_unreachable(void **state)
{
	struct sim_profile profile = {.unreachables = true, .groups = {{1, 0}}};
	struct net net = block_of(net_steady_kind(), profile);
	struct sim_host host[1];
	struct reply reply;
	unsigned errors = 0;
	(void)state;

	assert_int_equal(sim_world_hosts(net.world, 0, net_at(0), host, 1), 1);
	for (unsigned i = 0; i < 256; i++) {
		struct bw_addr addr = net_addr("198.18.0.0"), router = net_addr("198.19.0.1");
		char text[BW_ADDR_TEXT];
		int64_t at;

		addr.bytes[3] = (uint8_t)i;
		net_send(&net, i * 10 * BW_S, bw_addr_format(&addr, text), "icmp", 64);
		assert_true(net_receive(&net, &reply, &at));
		if (bw_addr_equal(&addr, &host[0].addr)) {
			assert_int_equal(reply.kind, REPLY_ECHO);
			continue;
		}
		assert_int_equal(reply.kind, REPLY_HOST_UNREACHABLE);
		assert_true(bw_addr_equal(&reply.from, &router));
		assert_true(bw_addr_equal(&reply.probed, &addr));
		assert_int_equal(at - i * 10 * BW_S, 3100 * BW_MS);
		errors++;
	}
	assert_int_equal(errors, 255);
	sim_world_free(net.world);
}

/* A bucket of 10, filled with 2 a second, for all hosts of the block together. */
static void test_rate_limit(void **state)
{
	struct sim_profile profile = {.limit_pps = 2, .limit_burst = 10};
	struct net net = block_of(net_steady_kind(), profile);
	uint64_t before;
	(void)state;

	net_send_many(&net, 0, BW_MS, 100, HOST, "icmp");
	assert_int_equal(net_fate(&net, SIM_FATE_ANSWERED), 10);
	assert_int_equal(net_fate(&net, SIM_FATE_LIMITED), 90);
	net_send_many(&net, 2100 * BW_MS, BW_MS, 50, "198.18.0.77", "icmp");
	assert_int_equal(net_fate(&net, SIM_FATE_ANSWERED), 14);
	/* probes below the limit are all answered */
	net_send_many(&net, 60 * BW_S, BW_S, 1, HOST, "icmp");
	before = net_fate(&net, SIM_FATE_ANSWERED);
	net_send_many(&net, 61 * BW_S, 600 * BW_MS, 100, HOST, "icmp");
	assert_int_equal(net_fate(&net, SIM_FATE_ANSWERED) - before, 100);
	/* the other block has a bucket of its own */
	before = net_fate(&net, SIM_FATE_ANSWERED);
	net_send_many(&net, 121 * BW_S, 1, 12, "2001:db8:1::9", "icmp");
	assert_int_equal(net_fate(&net, SIM_FATE_ANSWERED) - before, 10);
	sim_world_free(net.world);
}

/* A listed host can be outside the room of the groups, at .1 or .255. */
static void test_hosts_at_given_addresses(void **state)
{
	static const char *const addrs[] = {"198.18.0.1", "198.18.0.255", "198.18.0.0"};
	struct sim_host_kind kind = net_steady_kind();
	struct net net = net_usual(1, 0);
	struct sim_host host = {.kind = 1};
	struct reply reply;
	(void)state;

	kind.icmp = false;
	ADD(&net, host_kind, &kind);
	for (unsigned i = 0; i < 3; i++) {
		host.addr = net_addr(addrs[i]);
		ADD(&net, host, &host);
	}
	net_seal(&net);
	for (unsigned i = 0; i < 3; i++) {
		assert_false(net_ask(&net, (2 * i) * BW_S, addrs[i], "icmp", 64, &reply));
		assert_true(net_ask(&net, (2 * i + 1) * BW_S, addrs[i], "tcp:443", 64, &reply));
	}
	assert_false(net_ask(&net, 10 * BW_S, HOST, "tcp:443", 64, &reply));
	sim_world_free(net.world);
}

/* The source that the error about a probe with this TTL quotes. */
static struct bw_addr quoted_source(struct net *net, uint8_t ttl)
{
	struct bw_addr source;
	struct bw_rx rx;

	net_send(net, ttl * BW_S, HOST, "tcp:443", ttl);
	sim_world_set_now(net->world, sim_world_next(net->world));
	assert_true(sim_world_take(net->world, NULL, &rx));
	assert_int_equal(rx.length, 20 + 8 + 28);
	memset(&source, 0, sizeof(source));
	source.family = 4;
	memcpy(source.bytes, rx.bytes + 28 + 12, 4);
	assert_memory_equal(rx.bytes + 16, net_addr("198.18.255.1").bytes, 4);
	return source;
}

/* Routers behind the NAT of a vantage quote what they saw. The NAT does not put it back. */
static void test_nat(void **state)
{
	struct sim_vantage vantage = {.v4 = net_addr("198.18.255.1"),
				      .outside_v4 = net_addr("203.0.113.7")};
	struct sim_router router = {.v4 = net_addr("198.19.0.1")};
	struct sim_path path = {2, {{1, {0}}, {1, {0}}}};
	struct sim_profile profile = net_full_profile();
	struct net net = net_new(1);
	struct bw_addr source;
	struct reply reply;
	(void)state;

	ADD(&net, router, &router);
	ADD(&net, path, &path);
	ADD(&net, vantage, &vantage);
	net_add_blocks(&net, &profile, 1);
	net_seal(&net);
	source = quoted_source(&net, 1);
	assert_true(bw_addr_equal(&source, &vantage.v4));
	source = quoted_source(&net, 2);
	assert_true(bw_addr_equal(&source, &vantage.outside_v4));
	assert_true(net_ask(&net, 9 * BW_S, HOST, "tcp:443", 3, &reply));
	sim_world_free(net.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_when_an_answer_comes),
		cmocka_unit_test(test_firewalls),
		cmocka_unit_test(test_a_host_misses_probes),
		cmocka_unit_test(test_answering_by_itself_and_in_sessions),
		cmocka_unit_test(test_border_and_proxy),
		cmocka_unit_test(test_host_unreachable),
		cmocka_unit_test(test_rate_limit),
		cmocka_unit_test(test_hosts_at_given_addresses),
		cmocka_unit_test(test_nat),
	};

	return cmocka_run_group_tests_name("sim/exchange", tests, NULL, NULL);
}
