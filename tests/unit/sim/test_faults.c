/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"
#include "net.h"

#define HALF (50 * BW_MS) /* half a round trip in the usual world */

static struct sim_fault fault_of(enum sim_scope scope, uint32_t subject, enum sim_fault_kind kind,
				 int64_t start, int64_t end)
{
	return (struct sim_fault){.scope = scope,
				  .subject = subject,
				  .kind = kind,
				  .start = {start},
				  .end = {end},
				  .router = SIM_LAST_ROUTER};
}

static struct net with_fault(struct sim_fault fault)
{
	struct net net = net_usual(1, 253);

	ADD(&net, fault, &fault);
	net_seal(&net);
	return net;
}

static enum sim_truth truth(const struct net *net, int64_t at)
{
	return sim_world_truth(net->world, 0, net_at(at));
}

static void test_truth_on_the_nanosecond(void **state)
{
	static const enum sim_scope scopes[] = {SIM_WORLD, SIM_NETWORK, SIM_BLOCK};
	static const enum sim_truth dark[] = {SIM_TRUTH_DARK, SIM_TRUTH_DARK, SIM_TRUTH_DARK,
					      SIM_TRUTH_DARK, SIM_TRUTH_UP};
	(void)state;

	for (unsigned s = 0; s < 3; s++) {
		for (int kind = SIM_SILENT; kind <= SIM_DEGRADED; kind++) {
			struct net net = with_fault(
				fault_of(scopes[s], 0, (enum sim_fault_kind)kind, 1000, 2000));

			assert_int_equal(truth(&net, 999), SIM_TRUTH_UP);
			assert_int_equal(truth(&net, 1000), dark[kind]);
			assert_int_equal(truth(&net, 1999), dark[kind]);
			assert_int_equal(truth(&net, 2000), SIM_TRUTH_UP);
			assert_int_equal(sim_world_is_up(net.world, 0, net_at(1999)),
					 dark[kind] == SIM_TRUTH_UP);
			sim_world_free(net.world);
		}
	}
}

/* The time at which a probe arrives counts, half a round trip after it was sent. */
static void test_probes_on_the_nanosecond(void **state)
{
	struct net net = with_fault(fault_of(SIM_BLOCK, 0, SIM_SILENT, 10 * BW_S, 20 * BW_S));
	struct reply reply;
	(void)state;

	assert_true(net_ask(&net, 10 * BW_S - HALF - 1, "198.18.0.9", "icmp", 64, &reply));
	sim_world_free(net.world);
	net = with_fault(fault_of(SIM_BLOCK, 0, SIM_SILENT, 10 * BW_S, 20 * BW_S));
	assert_false(net_ask(&net, 10 * BW_S - HALF, "198.18.0.9", "icmp", 64, &reply));
	assert_false(net_ask(&net, 20 * BW_S - HALF - 1, "198.18.0.9", "icmp", 64, &reply));
	assert_true(net_ask(&net, 20 * BW_S - HALF, "198.18.0.9", "icmp", 64, &reply));
	assert_int_equal(net_fate(&net, SIM_FATE_FAULT), 2);
	assert_int_equal(net_fate(&net, SIM_FATE_ANSWERED), 1);
	sim_world_free(net.world);
}

/* Without a path no router can send an error. */
static void test_without_routers_all_is_silent(void **state)
{
	(void)state;
	for (int kind = SIM_SILENT; kind <= SIM_PROHIBITED; kind++) {
		struct net net =
			with_fault(fault_of(SIM_BLOCK, 0, (enum sim_fault_kind)kind, 0, BW_S));
		struct reply reply;

		assert_false(net_ask(&net, 0, "198.18.0.9", "icmp", 64, &reply));
		assert_int_equal(net_fate(&net, SIM_FATE_FAULT), 1);
		sim_world_free(net.world);
	}
}

static void test_only_its_subject_is_concerned(void **state)
{
	struct net net = net_usual(1, 253);
	struct bw_prefix prefix = net_prefix("198.18.1.0/24"), other = net_prefix("198.19.0.0/24");
	struct sim_fault network = fault_of(SIM_NETWORK, 1, SIM_SILENT, 0, 10);
	struct sim_fault block = fault_of(SIM_BLOCK, 1, SIM_SILENT, 20, 30);
	(void)state;

	ADD(&net, network, -1);
	ADD(&net, blocks, &prefix, 1, 0, 0);
	ADD(&net, blocks, &other, 1, 1, 0);
	ADD(&net, fault, &network);
	ADD(&net, fault, &block);
	net_seal(&net);
	for (uint32_t b = 0; b < 3; b++) {
		assert_int_equal(sim_world_is_up(net.world, b, net_at(5)), b != 2);
		assert_int_equal(sim_world_is_up(net.world, b, net_at(25)), b != 1);
	}
	sim_world_free(net.world);
}

/* The LAN of the vantage is not on the path that fails. */
static void test_the_lan_is_not_concerned(void **state)
{
	static const enum sim_scope scopes[] = {SIM_WORLD, SIM_NETWORK, SIM_BLOCK};
	(void)state;

	for (unsigned s = 0; s < 3; s++) {
		struct net net = net_usual(1, 0);
		struct sim_profile lan = {.lan = true, .group_count = 1, .groups = {{1, 0}}};
		struct bw_prefix prefix = net_prefix("198.18.255.254/32");
		struct sim_fault fault = fault_of(scopes[s], scopes[s] == SIM_BLOCK ? 1 : 0,
						  SIM_SILENT, 0, 10 * BW_S);
		bool lives = scopes[s] != SIM_BLOCK;
		struct sim_interval outage;
		struct reply reply;

		ADD(&net, profile, &lan);
		ADD(&net, blocks, &prefix, 1, 0, 1);
		ADD(&net, fault, &fault);
		net_seal(&net);
		assert_int_equal(sim_world_is_up(net.world, 1, net_at(5)), lives);
		assert_int_equal(sim_world_outage(net.world, 1, net_at(0), &outage), !lives);
		assert_int_equal(net_ask(&net, 0, "198.18.255.254", "icmp", 64, &reply), lives);
		sim_world_free(net.world);
	}
}

static void assert_outage(const struct net *net, int64_t from, int64_t start, int64_t end)
{
	struct sim_interval outage;

	assert_true(sim_world_outage(net->world, 0, net_at(from), &outage));
	assert_int_equal(outage.start.ns, start);
	assert_int_equal(outage.end.ns, end);
}

/* Faults of three scopes, some overlapping, one long one over many short ones. */
static void test_outages_are_joined(void **state)
{
	static const struct {
		enum sim_scope scope;
		enum sim_fault_kind kind;
		int64_t start, end;
	} list[] = {
		{SIM_BLOCK, SIM_SILENT, 100, 200},   {SIM_NETWORK, SIM_LOOP, 200, 250},
		{SIM_WORLD, SIM_SILENT, 230, 300},   {SIM_BLOCK, SIM_DEGRADED, 50, 100},
		{SIM_BLOCK, SIM_SILENT, 500, 900},   {SIM_BLOCK, SIM_SILENT, 510, 520},
		{SIM_BLOCK, SIM_SILENT, 600, 700},   {SIM_NETWORK, SIM_PROHIBITED, 900, 950},
		{SIM_BLOCK, SIM_SILENT, 1000, 1001},
	};
	struct net net = net_usual(1, 9);
	struct sim_interval outage;
	(void)state;

	for (unsigned i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct sim_fault fault =
			fault_of(list[i].scope, 0, list[i].kind, list[i].start, list[i].end);

		ADD(&net, fault, &fault);
	}
	net_seal(&net);
	assert_outage(&net, 0, 100, 300);
	assert_outage(&net, 299, 100, 300);
	assert_outage(&net, 300, 500, 950);
	assert_outage(&net, 650, 500, 950);
	assert_outage(&net, 950, 1000, 1001);
	assert_false(sim_world_outage(net.world, 0, net_at(1001), &outage));
	/* in the long one, after the short ones */
	assert_int_equal(truth(&net, 800), SIM_TRUTH_DARK);
	assert_int_equal(truth(&net, 920), SIM_TRUTH_DARK);
	assert_int_equal(truth(&net, 980), SIM_TRUTH_UP);
	sim_world_free(net.world);
}

/* A short fault that has ended within a longer one, which does not make the block dark. */
static void test_what_has_ended_has_ended(void **state)
{
	struct sim_fault around = fault_of(SIM_BLOCK, 0, SIM_DEGRADED, 0, 100);
	struct sim_fault inside = fault_of(SIM_BLOCK, 0, SIM_SILENT, 10, 20);
	struct sim_interval outage;
	struct net net = net_usual(1, 9);
	(void)state;

	ADD(&net, fault, &around);
	ADD(&net, fault, &inside);
	net_seal(&net);
	assert_int_equal(truth(&net, 19), SIM_TRUTH_DARK);
	assert_int_equal(truth(&net, 20), SIM_TRUTH_UP);
	assert_true(sim_world_outage(net.world, 0, net_at(19), &outage));
	assert_false(sim_world_outage(net.world, 0, net_at(20), &outage));
	sim_world_free(net.world);
}

/* The truth at each time agrees with the outages, for many random faults. */
static void test_truth_and_outages_agree(void **state)
{
	struct rng rng = rng_of(3);
	struct net net = net_usual(1, 9);
	struct sim_interval outage = {.end = {0}};
	bool more;
	(void)state;

	for (unsigned i = 0; i < 60; i++) {
		int64_t start = (int64_t)rng_below(&rng, 5000);
		struct sim_fault fault = fault_of((enum sim_scope)rng_below(&rng, 3), 0, SIM_SILENT,
						  start, start + 1 + (int64_t)rng_below(&rng, 60));

		ADD(&net, fault, &fault);
	}
	net_seal(&net);
	more = sim_world_outage(net.world, 0, net_at(0), &outage);
	for (int64_t at = 0; at < 5100; at++) {
		bool dark = truth(&net, at) == SIM_TRUTH_DARK;

		if (more && at >= outage.end.ns)
			more = sim_world_outage(net.world, 0, net_at(at), &outage);
		assert_int_equal(dark, more && at >= outage.start.ns);
	}
	assert_false(more);
	sim_world_free(net.world);
}

static void test_a_part_of_a_block(void **state)
{
	struct sim_fault fault = fault_of(SIM_BLOCK, 0, SIM_SILENT, 0, 100 * BW_S);
	struct net net;
	struct reply reply;
	(void)state;

	fault.part = net_prefix("198.18.0.128/25");
	net = with_fault(fault);
	assert_true(net_ask(&net, 0, "198.18.0.127", "icmp", 64, &reply));
	assert_false(net_ask(&net, BW_S, "198.18.0.128", "icmp", 64, &reply));
	assert_int_equal(truth(&net, 5), SIM_TRUTH_UP);
	sim_world_free(net.world);
}

static bool second_is_answered(struct net *net, unsigned vantage, int64_t at)
{
	struct bw_transport transport = sim_world_transport(net->world, vantage);
	struct bw_addr addr = net_addr("198.18.0.9");
	struct bw_tx tx = net_packet(net, &addr, "icmp", 64);
	unsigned to = 99;
	struct bw_rx rx;

	sim_world_set_now(net->world, net_at(at));
	assert_int_equal(transport.ops->send(transport.self, &tx, 1), 1);
	if (sim_world_next(net->world).ns == INT64_MAX)
		return false;
	sim_world_set_now(net->world, sim_world_next(net->world));
	assert_true(sim_world_take(net->world, &to, &rx));
	assert_int_equal(to, vantage);
	return true;
}

/* A block that one of two vantages cannot reach is up; one that both cannot reach is dark. */
static void test_a_fault_for_some_vantages(void **state)
{
	struct sim_fault some = fault_of(SIM_BLOCK, 0, SIM_SILENT, 0, 10 * BW_S);
	struct sim_fault all = fault_of(SIM_BLOCK, 0, SIM_SILENT, 20 * BW_S, 30 * BW_S);
	struct net net = net_usual(1, 253);
	(void)state;

	net_add_vantage(&net, -1);
	some.vantages = 1 << 1;
	all.vantages = 3;
	ADD(&net, fault, &some);
	ADD(&net, fault, &all);
	net_seal(&net);
	assert_true(second_is_answered(&net, 0, 0));
	assert_false(second_is_answered(&net, 1, BW_S));
	assert_int_equal(truth(&net, BW_S), SIM_TRUTH_UP);
	assert_false(second_is_answered(&net, 0, 21 * BW_S));
	assert_int_equal(truth(&net, 21 * BW_S), SIM_TRUTH_DARK);
	sim_world_free(net.world);
}

static void test_degraded(void **state)
{
	struct sim_fault fault = fault_of(SIM_NETWORK, 0, SIM_DEGRADED, 0, 10000 * BW_S);
	struct reply reply;
	struct net net;
	int64_t at;
	(void)state;

	fault.loss = (struct sim_loss){.2, .25};
	net = with_fault(fault);
	net_send_many(&net, 0, BW_S, 4000, "198.18.0.9", "icmp");
	net_near((double)net_fate(&net, SIM_FATE_LOST_OUT), 4000, .2, 4);
	net_near((double)net_fate(&net, SIM_FATE_LOST_BACK), 3200, .25, 4);
	sim_world_free(net.world);
	fault.loss = (struct sim_loss){0, 0};
	fault.delay_ns = 3 * BW_S;
	net = with_fault(fault);
	net_send(&net, 0, "198.18.0.9", "icmp", 64);
	assert_true(net_receive(&net, &reply, &at));
	assert_int_equal(at, 3 * BW_S + 2 * HALF);
	sim_world_free(net.world);
}

static void test_flaps(void **state)
{
	struct sim_flap flap = {.fault = fault_of(SIM_BLOCK, 0, SIM_SILENT, 1000, 100000),
				.down_ns = 30,
				.up_ns = 70};
	struct net net = net_usual(1, 9);
	unsigned down = 0;
	int count;
	(void)state;

	count = ADD(&net, flap, &flap);
	assert_int_equal(count, 990);
	net_seal(&net);
	for (int64_t at = 0; at < 110000; at++)
		down += truth(&net, at) == SIM_TRUTH_DARK;
	assert_int_equal(down, 990 * 30);
	assert_outage(&net, 1000, 1000, 1030);
	assert_outage(&net, 1030, 1100, 1130);
	sim_world_free(net.world);
}

static void test_random_flaps(void **state)
{
	struct sim_flap flap = {.fault = fault_of(SIM_BLOCK, 0, SIM_SILENT, 0, 10 * BW_S),
				.down_ns = 3 * BW_MS,
				.up_ns = 7 * BW_MS,
				.spread = 1};
	struct net net = net_usual(1, 9);
	struct sim_interval outage = {.end = {0}};
	double down = 0;
	(void)state;

	ADD(&net, flap, &flap);
	net_seal(&net);
	while (sim_world_outage(net.world, 0, outage.end, &outage))
		down += (double)(outage.end.ns - outage.start.ns);
	assert_true(down > .27 * 10e9 && down < .33 * 10e9);
	sim_world_free(net.world);
}

static void test_impossible_faults(void **state)
{
	struct sim_fault good = fault_of(SIM_BLOCK, 0, SIM_SILENT, 5, 10), bad;
	struct sim_flap flap = {.fault = good, .down_ns = 1};
	struct net net = net_usual(1, 9);
	struct bw_err err;
	(void)state;

	bad = good, bad.end.ns = 5;
	assert_int_equal(sim_world_add_fault(net.world, &bad, &err), BW_ERR_VALUE);
	bad = good, bad.subject = 1;
	assert_int_equal(sim_world_add_fault(net.world, &bad, &err), BW_ERR_MISSING);
	bad = good, bad.scope = SIM_NETWORK, bad.subject = 1;
	assert_int_equal(sim_world_add_fault(net.world, &bad, &err), BW_ERR_MISSING);
	bad = good, bad.router = 0;
	assert_int_equal(sim_world_add_fault(net.world, &bad, &err), BW_ERR_MISSING);
	bad = good, bad.vantages = 2;
	assert_int_equal(sim_world_add_fault(net.world, &bad, &err), BW_ERR_MISSING);
	bad = good, bad.loss.out = 1.5;
	assert_int_equal(sim_world_add_fault(net.world, &bad, &err), BW_ERR_VALUE);
	bad = good, bad.delay_ns = -1;
	assert_int_equal(sim_world_add_fault(net.world, &bad, &err), BW_ERR_VALUE);
	assert_int_equal(sim_world_add_flap(net.world, &flap, &err), BW_ERR_VALUE);
	assert_string_not_equal(err.message, "");
	sim_world_free(net.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_truth_on_the_nanosecond),
		cmocka_unit_test(test_probes_on_the_nanosecond),
		cmocka_unit_test(test_without_routers_all_is_silent),
		cmocka_unit_test(test_only_its_subject_is_concerned),
		cmocka_unit_test(test_the_lan_is_not_concerned),
		cmocka_unit_test(test_outages_are_joined),
		cmocka_unit_test(test_what_has_ended_has_ended),
		cmocka_unit_test(test_truth_and_outages_agree),
		cmocka_unit_test(test_a_part_of_a_block),
		cmocka_unit_test(test_a_fault_for_some_vantages),
		cmocka_unit_test(test_degraded),
		cmocka_unit_test(test_flaps),
		cmocka_unit_test(test_random_flaps),
		cmocka_unit_test(test_impossible_faults),
	};

	return cmocka_run_group_tests_name("sim/faults", tests, NULL, NULL);
}
