/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"

/*
 * The path from the vantage to 198.18.0.0/24 and 2001:db8:1::/48:
 * gateway 0, then transit 1 or 2, border 3. Each router n is 198.19.0.n and
 * 2001:db8:ee::n. Network 1, behind routers 4 and 5, has 198.18.1.0/24.
 */
static struct net routed(const struct sim_fault *fault,
			 void (*change)(unsigned, struct sim_router *))
{
	struct sim_path near = {1, {{1, {0}}}};
	struct sim_path far = {2, {{2, {1, 2}}, {1, {3}}}};
	struct sim_path other = {2, {{1, {4}}, {1, {5}}}};
	struct bw_prefix prefix = net_prefix("198.18.0.0/24"), six = net_prefix("2001:db8:1::/48");
	struct sim_host_kind kind = net_steady_kind();
	struct sim_profile profile = {.group_count = 1,
				      .groups = {{253, 0}},
				      .delay = {.base_ns = 100 * BW_MS},
				      .border = true};
	struct net net = net_new(1);

	for (unsigned i = 0; i < 6; i++) {
		struct sim_router router = {.v4 = net_addr("198.19.0.0"),
					    .v6 = net_addr("2001:db8:ee::")};

		router.v4.bytes[3] = router.v6.bytes[15] = (uint8_t)i;
		if (change)
			change(i, &router);
		ADD(&net, router, &router);
	}
	ADD(&net, path, &near);
	ADD(&net, path, &far);
	ADD(&net, path, &other);
	net_add_vantage(&net, 0);
	ADD(&net, network, 1);
	ADD(&net, network, 2);
	ADD(&net, host_kind, &kind);
	ADD(&net, profile, &profile);
	ADD(&net, blocks, &prefix, 1, 0, 0);
	prefix.addr.bytes[2] = 1;
	ADD(&net, blocks, &prefix, 1, 1, 0);
	ADD(&net, blocks, &six, 1, 0, 0);
	if (fault)
		ADD(&net, fault, fault);
	net_seal(&net);
	return net;
}

static unsigned router_of(const struct reply *reply)
{
	return reply->from.bytes[reply->from.family == 4 ? 3 : 15];
}

static void test_each_hop_answers_with_its_ttl(void **state)
{
	static const char *const hosts[] = {"198.18.0.9", "2001:db8:1::9"};
	static const char *const methods[] = {"icmp", "tcp:443"};
	(void)state;

	for (unsigned i = 0; i < 4; i++) {
		struct net net = routed(NULL, NULL);
		const char *dst = hosts[i / 2];
		struct reply reply;

		for (uint8_t ttl = 1; ttl <= 3; ttl++) {
			assert_true(net_ask(&net, ttl * BW_S, dst, methods[i % 2], ttl, &reply));
			assert_int_equal(reply.kind, REPLY_TIME_EXCEEDED);
			assert_int_equal(reply.ttl, 256 - ttl);
			assert_int_equal(reply.quoted_ttl, 1);
			if (ttl == 2)
				assert_in_range(router_of(&reply), 1, 2);
			else
				assert_int_equal(router_of(&reply), ttl == 1 ? 0 : 3);
		}
		assert_true(net_ask(&net, 4 * BW_S, dst, methods[i % 2], 4, &reply));
		assert_int_equal(reply.kind, i % 2 ? REPLY_SYN_ACK : REPLY_ECHO);
		assert_int_equal(reply.ttl, 64 - 3);
		assert_int_equal(net_fate(&net, SIM_FATE_EXPIRED), 3);
		sim_world_free(net.world);
	}
}

/* A flow keeps to one router; many flows use both. */
static void test_flows_are_balanced(void **state)
{
	struct net net = routed(NULL, NULL);
	struct bw_transport transport = sim_world_transport(net.world, 0);
	struct bw_addr addr = net_addr("198.18.0.9");
	unsigned seen[4] = {0};
	struct reply reply;
	(void)state;

	for (unsigned i = 0; i < 200; i++) {
		struct bw_tx tx = net_packet(&net, &addr, "tcp:443", 2);
		unsigned first = 0;

		for (unsigned again = 0; again < 3; again++) {
			sim_world_set_now(net.world, net_at((i * 3 + again) * BW_S));
			assert_int_equal(transport.ops->send(transport.self, &tx, 1), 1);
			assert_true(net_receive(&net, &reply, NULL));
			if (again == 0)
				first = router_of(&reply);
			assert_int_equal(router_of(&reply), first);
		}
		seen[first]++;
	}
	net_near(seen[1], 200, .5, 4);
	assert_int_equal(seen[1] + seen[2], 200);
	sim_world_free(net.world);
}

static void test_addresses_that_nobody_has(void **state)
{
	struct net net = routed(NULL, NULL);
	struct reply reply;
	(void)state;

	assert_true(net_ask(&net, 0, "198.18.99.1", "icmp", 1, &reply));
	assert_int_equal(router_of(&reply), 0);
	assert_false(net_ask(&net, BW_S, "198.18.99.1", "icmp", 2, &reply));
	assert_int_equal(net_fate(&net, SIM_FATE_UNROUTED), 1);
	assert_false(net_ask(&net, 2 * BW_S, "198.18.0.0", "icmp", 64, &reply));
	assert_int_equal(net_fate(&net, SIM_FATE_NO_HOST), 1);
	sim_world_free(net.world);
}

/* The router that answers a probe with a TTL during a fault; 99: none. */
static unsigned trace(const struct sim_fault *fault, const char *dst, uint8_t ttl,
		      enum reply_kind kind)
{
	struct net net = routed(fault, NULL);
	struct reply reply;
	unsigned router = 99;

	if (net_ask(&net, 0, dst, "icmp", ttl, &reply)) {
		assert_int_equal(reply.kind, kind);
		router = router_of(&reply);
	}
	sim_world_free(net.world);
	return router;
}

static struct sim_fault at_router(enum sim_fault_kind kind, int router)
{
	return (struct sim_fault){.scope = SIM_NETWORK,
				  .kind = kind,
				  .end = {BW_S},
				  .router = router};
}

static void test_silence_behind_a_router(void **state)
{
	struct sim_fault border = at_router(SIM_SILENT, SIM_LAST_ROUTER);
	struct sim_fault transit = at_router(SIM_SILENT, 2);
	(void)state;

	assert_int_equal(trace(&border, "198.18.0.9", 3, REPLY_TIME_EXCEEDED), 3);
	assert_int_equal(trace(&border, "198.18.0.9", 64, REPLY_ECHO), 99);
	assert_int_equal(trace(&border, "198.18.0.1", 64, REPLY_ECHO), 1); /* its own address */
	assert_int_equal(trace(&transit, "198.18.0.9", 1, REPLY_TIME_EXCEEDED), 0);
	assert_in_range(trace(&transit, "198.18.0.9", 2, REPLY_TIME_EXCEEDED), 1, 2);
	assert_int_equal(trace(&transit, "198.18.0.9", 3, REPLY_TIME_EXCEEDED), 99);
	assert_int_equal(trace(&transit, "198.18.0.1", 64, REPLY_ECHO), 99);
	assert_int_equal(trace(&transit, "198.18.1.9", 64, REPLY_ECHO), 9);
}

static void test_unreachable_and_prohibited(void **state)
{
	struct sim_fault net_gone = at_router(SIM_UNREACHABLE, 1);
	struct sim_fault host_gone = at_router(SIM_UNREACHABLE, SIM_LAST_ROUTER);
	struct sim_fault prohibited = at_router(SIM_PROHIBITED, 3);
	(void)state;

	assert_in_range(trace(&net_gone, "198.18.0.9", 64, REPLY_NET_UNREACHABLE), 1, 2);
	assert_int_equal(trace(&host_gone, "198.18.0.9", 64, REPLY_HOST_UNREACHABLE), 3);
	assert_int_equal(trace(&prohibited, "198.18.0.9", 64, REPLY_PROHIBITED), 3);
	assert_int_equal(trace(&prohibited, "2001:db8:1::9", 64, REPLY_PROHIBITED), 3);
	assert_int_equal(trace(&prohibited, "198.18.0.9", 3, REPLY_TIME_EXCEEDED), 3);
}

static void test_loop(void **state)
{
	struct sim_fault fault = at_router(SIM_LOOP, SIM_LAST_ROUTER);
	(void)state;

	assert_int_equal(trace(&fault, "198.18.0.9", 3, REPLY_TIME_EXCEEDED), 3);
	for (uint8_t ttl = 5; ttl <= 255 - 2; ttl = (uint8_t)(ttl + 2)) {
		assert_int_equal(trace(&fault, "198.18.0.9", ttl, REPLY_TIME_EXCEEDED), 3);
		assert_in_range(trace(&fault, "198.18.0.9", (uint8_t)(ttl + 1),
				      REPLY_TIME_EXCEEDED),
				1, 2);
	}
}

/* Of two faults the nearer one counts: at router 0, not at 1. */
static void assert_nearest(enum sim_fault_kind near, enum sim_fault_kind far, enum reply_kind kind)
{
	struct sim_path path = {2, {{1, {0}}, {1, {1}}}};
	struct sim_router router = {.v4 = net_addr("198.19.0.0")};
	struct sim_fault faults[2] = {at_router(near, 0), at_router(far, 1)};
	struct net net = net_usual(1, 9);
	struct bw_prefix prefix = net_prefix("198.18.7.0/24");
	struct reply reply;

	for (unsigned i = 0; i < 2; i++) {
		router.v4.bytes[3] = (uint8_t)i;
		ADD(&net, router, &router);
	}
	ADD(&net, path, &path);
	ADD(&net, network, 0);
	ADD(&net, blocks, &prefix, 1, 1, 0);
	for (unsigned i = 0; i < 2; i++) {
		faults[i].subject = 1;
		ADD(&net, fault, &faults[i]);
	}
	net_seal(&net);
	assert_true(net_ask(&net, 0, "198.18.7.9", "icmp", 64, &reply));
	assert_int_equal(reply.kind, kind);
	assert_int_equal(router_of(&reply), 0);
	sim_world_free(net.world);
}

static void test_two_faults(void **state)
{
	(void)state;
	assert_nearest(SIM_PROHIBITED, SIM_UNREACHABLE, REPLY_PROHIBITED);
	assert_nearest(SIM_UNREACHABLE, SIM_PROHIBITED, REPLY_NET_UNREACHABLE);
}

/* The errors of routers are lost like other packets. */
static void test_errors_are_lost_too(void **state)
{
	struct sim_router router = {.v4 = net_addr("198.19.0.0")};
	struct sim_path path = {1, {{1, {0}}}};
	struct sim_vantage vantage = {.v4 = net_addr("198.18.255.1"), .link = {.steady = {0, .5}}};
	struct net net = net_new(3);
	unsigned answered = 0;
	struct reply reply;
	(void)state;

	ADD(&net, router, &router);
	ADD(&net, path, &path);
	ADD(&net, vantage, &vantage);
	net_seal(&net);
	for (unsigned i = 0; i < 1000; i++)
		answered += net_ask(&net, i * BW_S, "198.18.0.9", "icmp", 1, &reply);
	net_near(answered, 1000, .5, 4);
	sim_world_free(net.world);
}

/* A router that fails cuts off the networks behind it, and no others. */
static void test_a_fault_of_a_router(void **state)
{
	struct sim_fault fault = at_router(SIM_SILENT, 4);
	struct net net;
	struct reply reply;
	(void)state;

	fault.scope = SIM_WORLD;
	net = routed(&fault, NULL);
	assert_int_equal(sim_world_truth(net.world, 0, net_at(5)), SIM_TRUTH_UP);
	assert_int_equal(sim_world_truth(net.world, 1, net_at(5)), SIM_TRUTH_DARK);
	assert_true(net_ask(&net, 0, "198.18.0.9", "icmp", 64, &reply));
	assert_false(net_ask(&net, BW_S / 2, "198.18.1.9", "icmp", 64, &reply));
	sim_world_free(net.world);
	fault.scope = SIM_NETWORK; /* 0, whose path does not have it */
	net = routed(NULL, NULL);
	assert_int_equal(sim_world_add_fault(net.world, &fault, NULL), BW_ERR_VALUE);
	sim_world_free(net.world);
}

static void make_odd(unsigned number, struct sim_router *router)
{
	if (number == 0)
		router->silent = 1;
	if (number == 3) {
		router->errors_pps = 1;
		router->long_quote = true;
	}
	if (number == 1 || number == 2)
		router->v6.family = 0;
}

static void test_odd_routers(void **state)
{
	struct net net = routed(NULL, make_odd);
	struct reply reply;
	unsigned answers = 0;
	(void)state;

	assert_false(net_ask(&net, 0, "198.18.0.9", "icmp", 1, &reply));
	assert_true(net_ask(&net, BW_S, "198.18.0.9", "icmp", 2, &reply));
	assert_false(reply.has_payload);
	assert_false(net_ask(&net, 2 * BW_S, "2001:db8:1::9", "icmp", 2, &reply));
	assert_true(net_ask(&net, 3 * BW_S, "198.18.0.9", "icmp", 3, &reply));
	assert_true(reply.has_payload);
	assert_int_equal(reply.payload.full, net.token.full);
	for (unsigned i = 0; i < 100; i++)
		answers +=
			net_ask(&net, 20 * BW_S + i * 200 * BW_MS, "198.18.0.9", "icmp", 3, &reply);
	assert_in_range(answers, 6 + 18, 6 + 20); /* a burst of 6, then one a second */
	sim_world_free(net.world);
}

/* Network 0 has the path of network 1 from the 10th second on, for ten seconds. */
static void test_a_route_changes(void **state)
{
	struct sim_route_change change = {0, 2, {10 * BW_S}, {20 * BW_S}};
	struct net net = routed(NULL, NULL);
	struct sim_way_end end;
	struct bw_addr host = net_addr("198.18.0.9");
	struct reply reply;
	(void)state;

	ADD(&net, route_change, &change);
	assert_true(net_ask(&net, 9 * BW_S, "198.18.0.9", "icmp", 3, &reply));
	assert_int_equal(router_of(&reply), 3);
	assert_true(net_ask(&net, 10 * BW_S, "198.18.0.9", "icmp", 3, &reply));
	assert_int_equal(router_of(&reply), 5);
	assert_true(net_ask(&net, 11 * BW_S, "198.18.1.9", "icmp", 3, &reply));
	assert_int_equal(router_of(&reply), 5);
	assert_true(net_ask(&net, 20 * BW_S, "198.18.0.9", "icmp", 3, &reply));
	assert_int_equal(router_of(&reply), 3);
	assert_false(paths_crosses(sim_world_paths(net.world), 0, 3));
	assert_true(paths_crosses(sim_world_paths(net.world), 1, 5));
	assert_true(sim_world_way_end(net.world, 0, &host, net_at(15 * BW_S), &end));
	assert_false(end.ends);
	assert_int_equal(end.last.addrs[0].bytes[3], 5);
	change.end = change.start;
	assert_int_equal(sim_world_add_route_change(net.world, &change, NULL), BW_ERR_VALUE);
	sim_world_free(net.world);
}

static void test_impossible_paths(void **state)
{
	struct sim_path path = {1, {{1, {9}}}};
	struct net net = routed(NULL, NULL);
	struct sim_router router = {.v4 = net_addr("2001:db8::1")};
	(void)state;

	assert_int_equal(sim_world_add_path(net.world, &path, NULL), BW_ERR_MISSING);
	path.hops[0].count = 0;
	assert_int_equal(sim_world_add_path(net.world, &path, NULL), BW_ERR_VALUE);
	path.hop_count = SIM_HOPS_MAX + 1;
	assert_int_equal(sim_world_add_path(net.world, &path, NULL), BW_ERR_LIMIT);
	assert_int_equal(sim_world_add_router(net.world, &router, NULL), BW_ERR_VALUE);
	assert_int_equal(sim_world_add_network(net.world, 3, NULL), BW_ERR_MISSING);
	sim_world_free(net.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_hop_answers_with_its_ttl),
		cmocka_unit_test(test_flows_are_balanced),
		cmocka_unit_test(test_addresses_that_nobody_has),
		cmocka_unit_test(test_silence_behind_a_router),
		cmocka_unit_test(test_unreachable_and_prohibited),
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_two_faults),
		cmocka_unit_test(test_errors_are_lost_too),
		cmocka_unit_test(test_a_fault_of_a_router),
		cmocka_unit_test(test_odd_routers),
		cmocka_unit_test(test_a_route_changes),
		cmocka_unit_test(test_impossible_paths),
	};

	return cmocka_run_group_tests_name("sim/paths", tests, NULL, NULL);
}
