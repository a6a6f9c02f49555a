/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "net.h"

/* The usual world with a gateway at 198.18.255.254 beside the vantage. */
static struct net with_fault(struct sim_vantage_fault fault)
{
	struct net net = net_usual(1, 253);
	struct sim_profile gateway = {.group_count = 1,
				      .groups = {{1, 0}},
				      .lan = true,
				      .delay = {.base_ns = BW_MS}};
	struct bw_prefix prefix = net_prefix("198.18.255.254/32");

	ADD(&net, profile, &gateway);
	ADD(&net, blocks, &prefix, 1, 0, 1);
	ADD(&net, vantage_fault, 0, &fault);
	net_seal(&net);
	return net;
}

static bool answers(struct net *net, int64_t at, const char *dst)
{
	struct reply reply;

	return net_ask(net, at, dst, "icmp", 64, &reply);
}

static const char *const block_host = "198.18.0.9", *const gateway = "198.18.255.254";

static void test_uplink_cut(void **state)
{
	struct sim_vantage_fault cut = {SIM_UPLINK_CUT, {10 * BW_S}, {20 * BW_S}};
	struct net net = with_fault(cut);
	(void)state;

	/* sent and back before; back too late; sent during it; sent after it */
	assert_true(answers(&net, 10 * BW_S - 100 * BW_MS - 1, block_host));
	sim_world_free(net.world);
	net = with_fault(cut);
	assert_false(answers(&net, 10 * BW_S - 100 * BW_MS, block_host));
	assert_false(answers(&net, 20 * BW_S - 1, block_host));
	assert_true(answers(&net, 20 * BW_S, block_host));
	assert_int_equal(net_fate(&net, SIM_FATE_CUT), 1);
	sim_world_free(net.world);
	net = with_fault(cut);
	assert_true(answers(&net, 15 * BW_S, gateway));
	assert_int_equal(sim_world_truth(net.world, 0, net_at(15 * BW_S)), SIM_TRUTH_UP);
	sim_world_free(net.world);
}

static void test_lan_cut(void **state)
{
	struct sim_vantage_fault cut = {SIM_LAN_CUT, {10 * BW_S}, {20 * BW_S}};
	struct net net = with_fault(cut);
	(void)state;

	assert_true(answers(&net, 9 * BW_S, gateway));
	assert_false(answers(&net, 10 * BW_S, gateway));
	assert_false(answers(&net, 11 * BW_S, block_host));
	assert_true(answers(&net, 20 * BW_S, gateway));
	sim_world_free(net.world);
}

/* The gateway, which is the first router, answers while the uplink is cut. */
static void test_the_first_hop_survives_an_uplink_cut(void **state)
{
	struct sim_router router = {.v4 = net_addr("198.18.255.254")};
	struct sim_path near = {2, {{1, {0}}, {1, {1}}}};
	struct sim_vantage vantage = {.v4 = net_addr("198.18.255.1")};
	struct sim_vantage_fault cut = {SIM_UPLINK_CUT, {0}, {20 * BW_S}};
	struct net net = net_new(1);
	struct reply reply;
	(void)state;

	ADD(&net, router, &router);
	router.v4.bytes[3] = 253;
	ADD(&net, router, &router);
	ADD(&net, path, &near);
	ADD(&net, vantage, &vantage);
	ADD(&net, vantage_fault, 0, &cut);
	net_seal(&net);
	assert_true(net_ask(&net, 0, block_host, "icmp", 1, &reply));
	assert_int_equal(reply.from.bytes[3], 254);
	assert_false(net_ask(&net, BW_S, block_host, "icmp", 2, &reply));
	assert_true(net_ask(&net, 20 * BW_S, block_host, "icmp", 2, &reply));
	assert_int_equal(reply.from.bytes[3], 253);
	sim_world_free(net.world);
}

static void test_send_errors(void **state)
{
	struct sim_vantage_fault fault = {SIM_SEND_ERROR, {10}, {20}, .status = -ENOBUFS};
	struct net net = with_fault(fault);
	struct bw_transport transport = sim_world_transport(net.world, 0);
	struct bw_addr addr = net_addr(block_host);
	struct bw_tx batch[2] = {net_packet(&net, &addr, "icmp", 64),
				 net_packet(&net, &addr, "icmp", 64)};
	struct bw_transport_stats stats;
	(void)state;

	sim_world_set_now(net.world, net_at(10));
	assert_int_equal(transport.ops->send(transport.self, batch, 2), 2);
	assert_int_equal(batch[0].status, -ENOBUFS);
	assert_int_equal(batch[1].status, -ENOBUFS);
	sim_world_set_now(net.world, net_at(20));
	assert_int_equal(transport.ops->send(transport.self, batch, 2), 2);
	assert_int_equal(batch[1].status, 0);
	assert_int_equal(batch[1].sent.ns, 20);
	transport.ops->stats(transport.self, &stats);
	assert_int_equal(stats.send_errors, 2);
	assert_int_equal(stats.sent, 2);
	sim_world_free(net.world);
}

static void test_a_full_socket_takes_nothing(void **state)
{
	struct sim_vantage_fault fault = {SIM_SEND_BUSY, {10}, {20}};
	struct net net = with_fault(fault);
	struct bw_transport transport = sim_world_transport(net.world, 0);
	struct bw_addr addr = net_addr(block_host);
	struct bw_tx tx = net_packet(&net, &addr, "icmp", 64);
	(void)state;

	sim_world_set_now(net.world, net_at(10));
	assert_int_equal(transport.ops->send(transport.self, &tx, 1), 0);
	assert_int_equal(tx.status, 1); /* untouched */
	sim_world_set_now(net.world, net_at(20));
	assert_int_equal(transport.ops->send(transport.self, &tx, 1), 1);
	sim_world_free(net.world);
}

static void test_capture_drops_are_counted(void **state)
{
	struct sim_vantage_fault fault = {SIM_CAPTURE_DROP, {0}, {5001 * BW_S}, .share = .3};
	struct net net = with_fault(fault);
	struct bw_transport transport = sim_world_transport(net.world, 0);
	struct bw_transport_stats stats;
	struct bw_rx rx;
	(void)state;

	net_send_many(&net, 0, BW_S, 5000, block_host, "icmp");
	sim_world_set_now(net.world, net_at(6000 * BW_S));
	while (sim_world_take(net.world, NULL, &rx))
		;
	transport.ops->stats(transport.self, &stats);
	assert_int_equal(stats.sent, 5000);
	net_near((double)stats.capture_dropped, 5000, .3, 4);
	assert_int_equal(stats.capture_dropped + stats.received, 5000);
	assert_int_equal(net_fate(&net, SIM_FATE_ANSWERED), 5000);
	sim_world_free(net.world);
}

static void test_clock_steps(void **state)
{
	struct sim_vantage_fault step = {.kind = SIM_CLOCK_STEP, .start = {1000}, .step_ns = -500};
	struct sim_world_config config = {.seed = 1, .start = {.ns = 1000000}};
	struct sim_vantage vantage = {.path = -1, .v4 = net_addr("198.18.255.1")};
	struct sim_world *world = sim_world_new(&config);
	(void)state;

	assert_int_equal(sim_world_add_vantage(world, &vantage, NULL), 0);
	assert_int_equal(sim_world_add_vantage(world, &vantage, NULL), 1);
	assert_int_equal(sim_world_add_vantage_fault(world, 0, &step, NULL), 0);
	step.start.ns = 3000;
	step.step_ns = 40;
	assert_int_equal(sim_world_add_vantage_fault(world, 0, &step, NULL), 0);
	assert_int_equal(sim_world_seal(world, NULL), 0);
	assert_int_equal(sim_world_wall(world, 0, net_at(999)).ns, 1000999);
	assert_int_equal(sim_world_wall(world, 0, net_at(1000)).ns, 1000500);
	assert_int_equal(sim_world_wall(world, 0, net_at(3000)).ns, 1002540);
	assert_int_equal(sim_world_wall(world, 1, net_at(3000)).ns, 1003000);
	sim_world_free(world);
}

/* Suspended from 10 to 20 s: no calls, and frames that arrive meanwhile are lost. */
static void test_suspension(void **state)
{
	struct sim_vantage_fault sleep = {SIM_SUSPENDED, {10 * BW_S}, {20 * BW_S}};
	struct net net = with_fault(sleep);
	struct bw_transport transport = sim_world_transport(net.world, 0);
	struct bw_transport_stats stats;
	struct bw_rx rx;
	(void)state;

	assert_int_equal(sim_world_awake(net.world, 0, net_at(10 * BW_S - 1)).ns, 10 * BW_S - 1);
	assert_int_equal(sim_world_awake(net.world, 0, net_at(10 * BW_S)).ns, 20 * BW_S);
	assert_int_equal(sim_world_awake(net.world, 0, net_at(20 * BW_S)).ns, 20 * BW_S);
	net_send(&net, 10 * BW_S - 50 * BW_MS, block_host, "icmp", 64);
	sim_world_set_now(net.world, net_at(20 * BW_S));
	assert_false(sim_world_take(net.world, NULL, &rx));
	assert_true(answers(&net, 21 * BW_S, block_host));
	transport.ops->stats(transport.self, &stats);
	assert_int_equal(stats.capture_dropped, 0);
	assert_int_equal(stats.received, 1);
	sim_world_free(net.world);
}

/* Many faults of one vantage, queried in order of time and at arrival times ahead. */
static void test_many_faults(void **state)
{
	struct net net = net_usual(1, 253);
	unsigned answered = 0;
	(void)state;

	for (int64_t i = 0; i < 100; i++) {
		struct sim_vantage_fault cut = {SIM_UPLINK_CUT,
						{i * 10 * BW_S},
						{i * 10 * BW_S + 4 * BW_S}};

		ADD(&net, vantage_fault, 0, &cut);
	}
	net_seal(&net);
	for (int64_t second = 0; second < 1000; second++)
		answered += answers(&net, second * BW_S + 500 * BW_MS, block_host);
	assert_int_equal(answered, 600);
	sim_world_free(net.world);
}

/* Faults are added and queried in any order. */
static void test_faults_in_any_order(void **state)
{
	static const int64_t starts[] = {50, 10, 90, 30}, asked[] = {65, 55, 25, 95, 5, 35, 75, 15};
	struct net net = net_usual(1, 1);
	(void)state;

	for (unsigned i = 0; i < 4; i++) {
		struct sim_vantage_fault sleep = {SIM_SUSPENDED, {starts[i]}, {starts[i] + 10}};

		ADD(&net, vantage_fault, 0, &sleep);
	}
	net_seal(&net);
	for (unsigned i = 0; i < 64; i++) {
		int64_t at = asked[i % 8], then = asked[i / 8];

		sim_world_awake(net.world, 0, net_at(then));
		assert_int_equal(sim_world_awake(net.world, 0, net_at(at)).ns,
				 at / 10 % 2 && at / 10 != 7 ? at + 5 : at);
	}
	sim_world_free(net.world);
}

/* A probe with another source address gets no answer. */
static void test_foreign_source(void **state)
{
	struct net net = net_usual(1, 253);
	struct bw_transport transport = sim_world_transport(net.world, 0);
	struct bw_addr source = net_addr("198.18.255.2"), dst = net_addr(block_host);
	struct build_template template;
	struct bw_tx tx = {.dst = dst};
	(void)state;

	net_seal(&net);
	assert_int_equal(build_template_init(&template, &source, net_method("icmp"), NULL, NULL),
			 0);
	net.token = token_make(&net.key, &dst, net_method("icmp"), 1, 7, 0);
	tx.length = build_probe(&template, &dst, &net.token, 64, 7, tx.bytes);
	assert_int_equal(transport.ops->send(transport.self, &tx, 1), 1);
	tx.bytes[25] ^= 1;
	assert_int_equal(transport.ops->send(transport.self, &tx, 1), 1);
	assert_int_equal(sim_world_next(net.world).ns, INT64_MAX);
	assert_int_equal(net_fate(&net, SIM_FATE_STRAY), 1);
	assert_int_equal(net_fate(&net, SIM_FATE_MALFORMED), 1);
	sim_world_free(net.world);
}

static void test_impossible_vantages(void **state)
{
	struct sim_vantage nowhere = {.path = -1}, lost = {.path = 3, .v4 = net_addr("198.18.0.1")};
	struct sim_vantage_fault empty = {SIM_LAN_CUT, {5}, {5}};
	struct sim_vantage_fault kind = {SIM_SEND_ERROR, {5}, {6}};
	struct net net = net_usual(1, 2);
	(void)state;

	assert_int_equal(sim_world_add_vantage(net.world, &nowhere, NULL), BW_ERR_VALUE);
	assert_int_equal(sim_world_add_vantage(net.world, &lost, NULL), BW_ERR_MISSING);
	assert_int_equal(sim_world_add_vantage_fault(net.world, 0, &empty, NULL), BW_ERR_VALUE);
	assert_int_equal(sim_world_add_vantage_fault(net.world, 0, &kind, NULL), BW_ERR_VALUE);
	assert_int_equal(sim_world_add_vantage_fault(net.world, 1, &kind, NULL), BW_ERR_MISSING);
	for (unsigned i = 1; i < 16; i++)
		net_add_vantage(&net, -1);
	lost.path = -1;
	assert_int_equal(sim_world_add_vantage(net.world, &lost, NULL), BW_ERR_LIMIT);
	sim_world_free(net.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uplink_cut),
		cmocka_unit_test(test_lan_cut),
		cmocka_unit_test(test_the_first_hop_survives_an_uplink_cut),
		cmocka_unit_test(test_send_errors),
		cmocka_unit_test(test_a_full_socket_takes_nothing),
		cmocka_unit_test(test_capture_drops_are_counted),
		cmocka_unit_test(test_clock_steps),
		cmocka_unit_test(test_suspension),
		cmocka_unit_test(test_many_faults),
		cmocka_unit_test(test_faults_in_any_order),
		cmocka_unit_test(test_foreign_source),
		cmocka_unit_test(test_impossible_vantages),
	};

	return cmocka_run_group_tests_name("sim/vantage_point", tests, NULL, NULL);
}
