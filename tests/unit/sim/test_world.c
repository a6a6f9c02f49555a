/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"
#include "net.h"

#define BLOCKS 50

/* A world with something of everything, and two vantages. */
static struct net lively(uint64_t seed)
{
	struct sim_host_kind kind = {.availability = .6,
				     .tau_ns = 100 * BW_S,
				     .miss = .05,
				     .icmp = true,
				     .port_count = 1,
				     .ports = {{BW_PROTOCOL_TCP, 443}}};
	struct sim_profile profile = {
		.group_count = 1,
		.groups = {{200, 0}},
		.delay = {20 * BW_MS, 80 * BW_MS, 60 * BW_MS, .9, .3},
		.link = {.steady = {.01, .01},
			 .bad = {.5, .5},
			 .good_ns = 60 * BW_S,
			 .bad_ns = 5 * BW_S},
		.impairment = {.duplicate = .05,
			       .copies_max = 4,
			       .late = .05,
			       .late_min_ns = BW_S,
			       .late_max_ns = 30 * BW_S,
			       .replayed = .05,
			       .replay_min_ns = BW_S,
			       .replay_max_ns = 90 * BW_S,
			       .alias = .02,
			       .corrupt = .02},
		.limit_pps = 1,
		.limit_burst = 20,
		.unreachables = true,
	};
	struct sim_router router = {.v4 = net_addr("198.19.0.1"), .silent = .2, .errors_pps = 3};
	struct sim_path path = {2, {{1, {0}}, {2, {1, 2}}}};
	struct bw_prefix prefix = net_prefix("198.18.0.0/24");
	struct sim_flap flap = {.fault = {.scope = SIM_BLOCK,
					  .subject = 7,
					  .end = {300 * BW_S},
					  .router = SIM_LAST_ROUTER,
					  .kind = SIM_UNREACHABLE},
				.down_ns = 20 * BW_S,
				.up_ns = 20 * BW_S,
				.spread = 1};
	struct sim_spoofer spoofer = {.vantage = 1, .block = 3, .end = {300 * BW_S}, .rate_pps = 2};
	struct net net = net_new(seed);

	for (unsigned i = 0; i < 3; i++)
		ADD(&net, router, &router);
	ADD(&net, path, &path);
	net_add_vantage(&net, -1);
	net_add_vantage(&net, -1);
	ADD(&net, network, 0);
	ADD(&net, host_kind, &kind);
	ADD(&net, profile, &profile);
	ADD(&net, blocks, &prefix, BLOCKS, 0, 0);
	ADD(&net, flap, &flap);
	ADD(&net, spoofer, &spoofer);
	net_seal(&net);
	return net;
}

static uint64_t digest(uint64_t sum, const void *bytes, size_t length)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < length; i++)
		sum = (sum ^ p[i]) * UINT64_C(0x100000001b3);
	return sum;
}

/* Sends random probes from the vantages in the mask; hashes what each receives. */
static void drive(struct net *net, unsigned mask, uint64_t ret_digests[2])
{
	struct rng rngs[2] = {rng_of(1), rng_of(2)};
	struct bw_addr base = net_addr("198.18.0.0");

	ret_digests[0] = ret_digests[1] = 1;
	for (unsigned i = 0; i < 6000; i++) {
		unsigned to;
		struct bw_rx rx;

		sim_world_set_now(net->world, net_at(i * 50 * BW_MS));
		while (sim_world_take(net->world, &to, &rx)) {
			ret_digests[to] = digest(ret_digests[to], &rx.at, sizeof(rx.at));
			ret_digests[to] = digest(ret_digests[to], rx.bytes, rx.length);
		}
		for (unsigned v = 0; v < 2; v++) {
			struct bw_transport transport = sim_world_transport(net->world, v);
			uint64_t pick = rng_u64(&rngs[v]);
			struct bw_addr dst = bw_addr_add(&base, pick % (BLOCKS * 256));
			struct bw_tx tx;

			if (!(mask >> v & 1))
				continue;
			net->nonce = i;
			tx = net_packet(net, &dst, pick >> 32 & 1 ? "icmp" : "tcp:443",
					pick >> 33 & 7 ? 64 : 2);
			assert_int_equal(transport.ops->send(transport.self, &tx, 1), 1);
		}
	}
}

static void test_repeatable_to_the_byte(void **state)
{
	uint64_t first[2], again[2], other[2];
	(void)state;

	for (unsigned run = 0; run < 3; run++) {
		struct net net = lively(run == 2 ? 12 : 11);

		net.key = siphash_key_of(1);
		drive(&net, 3, run == 0 ? first : run == 1 ? again : other);
		sim_world_free(net.world);
	}
	assert_memory_equal(first, again, sizeof(first));
	assert_true(first[0] != other[0] && first[1] != other[1]);
}

/* Every fate occurs, and each probe has one. */
static void test_every_probe_has_a_fate(void **state)
{
	static const enum sim_fate expected[] = {
		SIM_FATE_LOST_OUT, SIM_FATE_EXPIRED,   SIM_FATE_FAULT,    SIM_FATE_NO_HOST,
		SIM_FATE_OFF,      SIM_FATE_LOST_BACK, SIM_FATE_ANSWERED, SIM_FATE_COPIES,
		SIM_FATE_LATE,     SIM_FATE_REPLAYED,  SIM_FATE_ALIASED,  SIM_FATE_CORRUPTED,
	};
	struct net net = lively(11);
	uint64_t digests[2], counts[SIM_FATES], sum = 0;
	(void)state;

	drive(&net, 3, digests);
	sim_world_fates(net.world, 0, counts);
	for (int fate = 0; fate <= SIM_FATE_ANSWERED; fate++)
		sum += counts[fate];
	assert_int_equal(sum, 6000);
	for (unsigned i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		if (counts[expected[i]] == 0)
			fail_msg("no probe was %s", sim_fate_name(expected[i]));
	}
	assert_int_equal(counts[SIM_FATE_MALFORMED] + counts[SIM_FATE_STRAY], 0);
	sim_world_fates(net.world, 1, counts);
	assert_true(counts[SIM_FATE_FORGED] > 400);
	sim_world_free(net.world);
}

/*
 * What one vantage sends does not change what another receives, except through the rate
 * limits that they share. There are none here.
 */
static struct net calm(void)
{
	struct sim_host_kind kind = {.availability = .6, .tau_ns = 100 * BW_S, .icmp = true};
	struct sim_profile profile = {.group_count = 1,
				      .groups = {{200, 0}},
				      .delay = {20 * BW_MS, 80 * BW_MS, 60 * BW_MS, .9, .3},
				      .link = {.steady = {.1, .1}}};
	struct bw_prefix prefix = net_prefix("198.18.0.0/24");
	struct net net = net_new(31);

	net_add_vantage(&net, -1);
	net_add_vantage(&net, -1);
	ADD(&net, network, -1);
	ADD(&net, host_kind, &kind);
	ADD(&net, profile, &profile);
	ADD(&net, blocks, &prefix, BLOCKS, 0, 0);
	net_seal(&net);
	return net;
}

static void test_vantages_do_not_disturb_each_other(void **state)
{
	uint64_t alone[2], both[2];
	struct net net = calm();
	(void)state;

	drive(&net, 1, alone);
	sim_world_free(net.world);
	net = calm();
	drive(&net, 3, both);
	sim_world_free(net.world);
	assert_true(alone[0] == both[0]);
	assert_true(alone[1] != both[1]);
}

/* The same hosts are on, whether a block was probed before or not. */
static void test_probing_does_not_change_the_truth(void **state)
{
	struct net probed = calm(), untouched = calm();
	uint64_t digests[2];
	(void)state;

	drive(&probed, 3, digests);
	for (uint32_t i = 0; i < BLOCKS * 256; i += 7) {
		struct bw_addr addr = net_addr("198.18.0.0");

		addr = bw_addr_add(&addr, i);
		assert_int_equal(sim_world_host_is_on(probed.world, &addr, net_at(i * BW_S)),
				 sim_world_host_is_on(untouched.world, &addr, net_at(i * BW_S)));
	}
	sim_world_free(probed.world);
	sim_world_free(untouched.world);
}

static void test_the_map(void **state)
{
	struct net net = calm();
	struct bw_prefix prefix;
	struct bw_addr addr = net_addr("198.18.49.3");
	uint32_t block;
	(void)state;

	assert_int_equal(sim_world_block_count(net.world), BLOCKS);
	assert_int_equal(sim_world_find(net.world, &addr, &block), 0);
	assert_int_equal(block, 49);
	prefix = sim_world_prefix(net.world, block);
	assert_true(bw_prefix_contains(&prefix, &addr));
	assert_int_equal(sim_world_network(net.world, block), 0);
	addr = net_addr("198.18.50.3");
	assert_int_equal(sim_world_find(net.world, &addr, &block), BW_ERR_MISSING);
	assert_string_equal(sim_fate_name(SIM_FATE_OVERFLOW), "overflow");
	sim_world_free(net.world);
}

static void test_nothing_to_do(void **state)
{
	struct net net = calm();
	struct bw_rx rx;
	(void)state;

	assert_int_equal(sim_world_next(net.world).ns, INT64_MAX);
	sim_world_set_now(net.world, net_at(5));
	assert_false(sim_world_take(net.world, NULL, &rx));
	sim_world_free(net.world);
	sim_world_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeatable_to_the_byte),
		cmocka_unit_test(test_every_probe_has_a_fate),
		cmocka_unit_test(test_vantages_do_not_disturb_each_other),
		cmocka_unit_test(test_probing_does_not_change_the_truth),
		cmocka_unit_test(test_the_map),
		cmocka_unit_test(test_nothing_to_do),
	};

	return cmocka_run_group_tests_name("sim/world", tests, NULL, NULL);
}
