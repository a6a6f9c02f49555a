/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "net.h"

#define HOUR (3600 * BW_S)
#define DAY (24 * HOUR)
#define MANY 2048

static struct bw_addr host_of(const struct net *net, uint32_t block, uint32_t n)
{
	struct sim_host hosts[256];

	assert_true(n < sim_world_hosts(net->world, block, net_at(0), hosts, 256));
	return hosts[n].addr;
}

/* A world of /24 blocks with COUNT hosts of a kind each. */
static struct net many(const struct sim_host_kind *kind, uint32_t blocks, uint32_t count)
{
	struct sim_profile profile = {.group_count = 1, .groups = {{count, 0}}};
	struct bw_prefix first = net_prefix("198.18.0.0/24");
	struct net net = net_new(5);

	net_add_vantage(&net, -1);
	ADD(&net, network, -1);
	ADD(&net, host_kind, kind);
	ADD(&net, profile, &profile);
	ADD(&net, blocks, &first, blocks, 0, 0);
	net_seal(&net);
	return net;
}

static void test_as_many_hosts_as_the_groups_say(void **state)
{
	struct sim_host_kind kind = net_steady_kind();
	struct sim_profile profile = {.group_count = 2, .groups = {{13, 0}, {51, 1}}};
	struct bw_prefix first = net_prefix("198.18.0.0/24");
	struct net net = net_usual(3, 0);
	struct sim_host hosts[300];
	unsigned good = 0;
	(void)state;

	kind.availability = .1;
	kind.tau_ns = HOUR;
	ADD(&net, host_kind, &kind);
	ADD(&net, profile, &profile);
	first.addr.bytes[2] = 1;
	ADD(&net, blocks, &first, 1, 0, 1);
	net_seal(&net);
	assert_int_equal(sim_world_hosts(net.world, 0, net_at(0), hosts, 300), 0);
	assert_int_equal(sim_world_hosts(net.world, 1, net_at(0), hosts, 300), 64);
	for (unsigned i = 0; i < 64; i++) {
		good += hosts[i].kind == 0;
		assert_true(hosts[i].addr.bytes[3] >= 2 && hosts[i].addr.bytes[3] <= 254);
		assert_true(i == 0 || bw_addr_compare(&hosts[i - 1].addr, &hosts[i].addr) < 0);
	}
	assert_int_equal(good, 13);
	assert_int_equal(sim_world_hosts(net.world, 1, net_at(0), hosts, 2), 64);
	sim_world_free(net.world);
}

static void test_blocks_are_filled_differently(void **state)
{
	struct sim_host_kind kind = net_steady_kind();
	struct net net = many(&kind, 2, 100);
	struct sim_host a[256], b[256];
	unsigned same = 0;
	(void)state;

	assert_int_equal(sim_world_hosts(net.world, 0, net_at(0), a, 256), 100);
	assert_int_equal(sim_world_hosts(net.world, 1, net_at(0), b, 256), 100);
	for (unsigned i = 0; i < 100; i++) {
		for (unsigned k = 0; k < 100; k++)
			same += a[i].addr.bytes[3] == b[k].addr.bytes[3];
	}
	assert_in_range(same, 20, 60);
	sim_world_free(net.world);
}

static void test_small_and_ipv6_blocks(void **state)
{
	struct net net = net_usual(3, 1);
	struct bw_prefix lone = net_prefix("198.19.0.7/32"), six = net_prefix("2001:db8:1::/48");
	struct bw_prefix four = net_prefix("198.19.0.8/30");
	struct sim_host far = {net_addr("2001:db8:1:2:3:4:5:6"), 0}, hosts[4];
	uint32_t block;
	(void)state;

	ADD(&net, blocks, &lone, 1, 0, 0);
	ADD(&net, blocks, &four, 1, 0, 0);
	ADD(&net, blocks, &six, 2, 0, 0);
	ADD(&net, host, &far);
	net_seal(&net);
	assert_int_equal(sim_world_hosts(net.world, 1, net_at(0), hosts, 4), 1);
	assert_true(bw_addr_equal(&hosts[0].addr, &lone.addr));
	assert_int_equal(sim_world_hosts(net.world, 2, net_at(0), hosts, 4), 1);
	assert_int_equal(hosts[0].addr.bytes[3], 10);
	assert_int_equal(sim_world_hosts(net.world, 3, net_at(0), hosts, 4), 2);
	assert_true(bw_addr_equal(&hosts[1].addr, &far.addr));
	assert_int_equal(sim_world_find(net.world, &far.addr, &block), 0);
	assert_int_equal(block, 3);
	far.addr = net_addr("2001:db8:2::9");
	assert_int_equal(sim_world_find(net.world, &far.addr, &block), 0);
	assert_int_equal(block, 4);
	far.addr = net_addr("2001:db8:3::9");
	assert_int_equal(sim_world_find(net.world, &far.addr, &block), BW_ERR_MISSING);
	sim_world_free(net.world);
}

/* A longer prefix within a block has the addresses, and lists their hosts. */
static void test_a_block_within_a_block(void **state)
{
	struct net net = net_usual(3, 253);
	struct bw_prefix inner = net_prefix("198.18.0.8/29");
	struct sim_profile empty = {.group_count = 0};
	struct sim_host hosts[256];
	struct reply reply;
	(void)state;

	ADD(&net, profile, &empty);
	ADD(&net, blocks, &inner, 1, 0, 1);
	net_seal(&net);
	assert_int_equal(sim_world_hosts(net.world, 0, net_at(0), hosts, 256), 253 - 8);
	assert_int_equal(sim_world_hosts(net.world, 1, net_at(0), hosts, 256), 0);
	assert_true(net_ask(&net, 0, "198.18.0.7", "icmp", 64, &reply));
	assert_false(net_ask(&net, BW_S, "198.18.0.8", "icmp", 64, &reply));
	sim_world_free(net.world);
}

/* The share of hosts that are on, and how long they stay on and off. */
static void test_availability_and_sessions(void **state)
{
	struct sim_host_kind kind = {.availability = .3, .tau_ns = 4 * HOUR, .icmp = true};
	struct net net = many(&kind, MANY, 1);
	double on = 0, still = 0;
	(void)state;

	for (uint32_t block = 0; block < MANY; block++) {
		struct bw_addr addr = host_of(&net, block, 0);
		bool before = sim_world_host_is_on(net.world, &addr, net_at(30 * HOUR));

		on += before;
		still += before && sim_world_host_is_on(net.world, &addr, net_at(32 * HOUR));
	}
	net_near(on, MANY, .3, 4);
	net_near(still, on, .3 + .7 * exp(-.5), 4);
	sim_world_free(net.world);
}

static void test_tau_of_on_time(void **state)
{
	(void)state;
	assert_int_equal(sim_tau_of_on_time(8 * HOUR, .75), 2 * HOUR);
	assert_int_equal(sim_tau_of_on_time(8 * HOUR, 1), 0);
}

static double share_on(const struct net *net, int64_t at, uint32_t blocks)
{
	double on = 0;

	for (uint32_t block = 0; block < blocks; block++) {
		struct bw_addr addr = host_of(net, block, 0);

		on += sim_world_host_is_on(net->world, &addr, net_at(at));
	}
	return on;
}

/* The world starts on Thursday, 1970-01-01, 00:00 UTC; local time is two hours ahead. */
static void test_nights(void **state)
{
	struct sim_host_kind kind = net_steady_kind();
	struct net net;
	(void)state;

	kind.rest =
		(struct sim_rest){.share = .6, .from_hour = 23, .to_hour = 7, .utc_offset_s = 7200};
	net = many(&kind, 500, 1);
	for (int64_t day = 0; day < 3 * DAY; day += DAY) {
		net_near(share_on(&net, day, 500), 500, .4, 4);
		net_near(share_on(&net, day + 5 * HOUR - 1, 500), 500, .4, 4);
		assert_true(share_on(&net, day + 5 * HOUR, 500) == 500);
		assert_true(share_on(&net, day + 21 * HOUR - 1, 500) == 500);
		net_near(share_on(&net, day + 21 * HOUR, 500), 500, .4, 4);
	}
	sim_world_free(net.world);
}

static void test_nights_begin_at_different_times(void **state)
{
	struct sim_host_kind kind = net_steady_kind();
	struct net net;
	(void)state;

	kind.rest =
		(struct sim_rest){.share = 1, .from_hour = 10, .to_hour = 20, .jitter_hours = 2};
	net = many(&kind, 1000, 1);
	assert_true(share_on(&net, 8 * HOUR - 1, 1000) == 1000);
	net_near(share_on(&net, 9 * HOUR, 1000), 1000, .75, 4);
	net_near(share_on(&net, 10 * HOUR, 1000), 1000, .5, 4);
	assert_true(share_on(&net, 12 * HOUR, 1000) == 0);
	sim_world_free(net.world);
}

static void test_weekends(void **state)
{
	struct sim_host_kind kind = net_steady_kind();
	struct net net;
	(void)state;

	kind.rest = (struct sim_rest){.share = 1, .days = 1 << 5 | 1 << 6};
	net = many(&kind, 20, 1);
	assert_true(share_on(&net, 2 * DAY - 1, 20) == 20); /* Friday */
	assert_true(share_on(&net, 2 * DAY, 20) == 0);
	assert_true(share_on(&net, 4 * DAY - 1, 20) == 0);
	assert_true(share_on(&net, 4 * DAY, 20) == 20);
	assert_true(share_on(&net, 9 * DAY, 20) == 0);
	sim_world_free(net.world);
}

static unsigned shared_addresses(const struct net *net, int64_t a, int64_t b)
{
	struct sim_host before[256], after[256];
	uint32_t n = sim_world_hosts(net->world, 0, net_at(a), before, 256);
	uint32_t m = sim_world_hosts(net->world, 0, net_at(b), after, 256);
	unsigned same = 0;

	assert_int_equal(n, 50);
	assert_int_equal(m, 50);
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < m; k++)
			same += bw_addr_equal(&before[i].addr, &after[k].addr);
	}
	return same;
}

static void test_renumbering_within_the_block(void **state)
{
	struct sim_profile profile = {.group_count = 1, .groups = {{50, 0}}, .renumber_ns = DAY};
	struct net net = net_of(9, &profile, 1);
	unsigned changes = 0;
	(void)state;

	for (int64_t hour = 0; hour < 240; hour++)
		changes += shared_addresses(&net, hour * HOUR, (hour + 1) * HOUR) < 30;
	assert_int_equal(changes, 10);
	sim_world_free(net.world);
}

/* Two blocks; the hosts of the first (offsets .10 and .20) move to the second (.20 and .30). */
static struct net movers(double share)
{
	static const char *const addrs[] = {"198.18.0.10", "198.18.0.20", "198.18.1.20",
					    "198.18.1.30"};
	struct bw_prefix second = net_prefix("198.18.1.0/24");
	struct sim_profile bare = {.group_count = 0};
	struct net net = net_usual(4, 0);
	struct sim_move move = {.from = 1, .to = 2, .start = {100}, .end = {200}, .share = share};

	ADD(&net, profile, &bare);
	second.addr = net_addr("198.18.8.0");
	ADD(&net, blocks, &second, 2, 0, 1);
	for (unsigned i = 0; i < 4; i++) {
		struct sim_host host = {net_addr(addrs[i]), 0};

		host.addr.bytes[2] = (uint8_t)(host.addr.bytes[2] + 8);
		ADD(&net, host, &host);
	}
	ADD(&net, move, &move);
	net_seal(&net);
	return net;
}

static bool on(const struct net *net, const char *text, int64_t at)
{
	struct bw_addr addr = net_addr(text);

	return sim_world_host_is_on(net->world, &addr, net_at(at));
}

static void test_hosts_move_and_come_back(void **state)
{
	struct net net = movers(1);
	struct sim_host hosts[8];
	(void)state;

	assert_true(on(&net, "198.18.8.10", 99));
	assert_false(on(&net, "198.18.9.10", 99));
	assert_false(on(&net, "198.18.8.10", 100));
	assert_true(on(&net, "198.18.9.10", 100));
	assert_true(on(&net, "198.18.9.20", 100));
	assert_true(on(&net, "198.18.8.20", 200));
	assert_false(on(&net, "198.18.9.10", 200));
	assert_int_equal(sim_world_hosts(net.world, 1, net_at(150), hosts, 8), 0);
	assert_int_equal(sim_world_hosts(net.world, 2, net_at(150), hosts, 8), 3);
	assert_int_equal(sim_world_truth(net.world, 1, net_at(99)), SIM_TRUTH_UP);
	assert_int_equal(sim_world_truth(net.world, 1, net_at(100)), SIM_TRUTH_EMPTY);
	assert_true(sim_world_is_up(net.world, 1, net_at(100)));
	assert_int_equal(sim_world_truth(net.world, 2, net_at(100)), SIM_TRUTH_UP);
	assert_int_equal(sim_world_truth(net.world, 0, net_at(100)), SIM_TRUTH_UP);
	sim_world_free(net.world);
}

/* The hosts that leave one block are in the other, for any share. */
static void test_a_share_moves(void **state)
{
	struct bw_prefix blocks = net_prefix("198.19.0.0/24");
	struct sim_profile empty = {.group_count = 0};
	struct sim_move move = {.from = 0, .to = 1, .start = {0}, .end = {INT64_MAX}, .share = .5};
	struct net net = net_usual(4, 200);
	struct sim_host hosts[256];
	uint32_t left, arrived;
	(void)state;

	ADD(&net, profile, &empty);
	ADD(&net, blocks, &blocks, 1, 0, 1);
	ADD(&net, move, &move);
	net_seal(&net);
	left = sim_world_hosts(net.world, 0, net_at(5), hosts, 256);
	arrived = sim_world_hosts(net.world, 1, net_at(5), hosts, 256);
	assert_int_equal(left + arrived, 200);
	net_near(left, 200, .5, 4);
	assert_int_equal(sim_world_truth(net.world, 0, net_at(5)), SIM_TRUTH_UP);
	sim_world_free(net.world);
}

static void test_a_block_without_hosts_is_empty(void **state)
{
	struct net net = net_usual(4, 1);
	struct sim_profile empty = {.group_count = 0}, proxy = {.proxy = true};
	struct bw_prefix prefix = net_prefix("198.19.0.0/24");
	(void)state;

	ADD(&net, profile, &empty);
	ADD(&net, profile, &proxy);
	ADD(&net, blocks, &prefix, 1, 0, 1);
	prefix.addr.bytes[2] = 1;
	ADD(&net, blocks, &prefix, 1, 0, 2);
	net_seal(&net);
	assert_int_equal(sim_world_truth(net.world, 0, net_at(0)), SIM_TRUTH_UP);
	assert_int_equal(sim_world_truth(net.world, 1, net_at(0)), SIM_TRUTH_EMPTY);
	assert_int_equal(sim_world_truth(net.world, 2, net_at(0)), SIM_TRUTH_UP);
	sim_world_free(net.world);
}

static void test_impossible_hosts(void **state)
{
	struct net net = net_usual(1, 1);
	struct sim_host host = {net_addr("198.18.0.9"), 0}, bad;
	(void)state;

	bad = host, bad.kind = 1;
	assert_int_equal(sim_world_add_host(net.world, &bad, &net.err), BW_ERR_MISSING);
	bad = host, bad.addr = net_addr("198.18.1.9");
	assert_int_equal(sim_world_add_host(net.world, &bad, &net.err), BW_ERR_MISSING);
	ADD(&net, host, &host);
	ADD(&net, host, &host);
	assert_int_equal(sim_world_seal(net.world, &net.err), BW_ERR_OVERLAP);
	assert_string_equal(net.err.message, "host 198.18.0.9 is there twice");
	sim_world_free(net.world);
}

static void test_impossible_moves(void **state)
{
	struct net net = net_usual(1, 1);
	struct bw_prefix second = net_prefix("198.18.1.0/24"), six = net_prefix("2001:db8::/48");
	struct sim_move good = {.from = 0, .to = 1, .end = {5}, .share = 1}, bad;
	(void)state;

	ADD(&net, blocks, &second, 1, 0, 0);
	ADD(&net, blocks, &six, 1, 0, 0);
	assert_int_equal(sim_world_add_move(net.world, &good, NULL), 0);
	bad = good, bad.to = 0;
	assert_int_equal(sim_world_add_move(net.world, &bad, NULL), BW_ERR_MISSING);
	bad = good, bad.from = 9;
	assert_int_equal(sim_world_add_move(net.world, &bad, NULL), BW_ERR_MISSING);
	bad = good, bad.to = 2;
	assert_int_equal(sim_world_add_move(net.world, &bad, NULL), BW_ERR_VALUE);
	bad = good, bad.share = 1.1;
	assert_int_equal(sim_world_add_move(net.world, &bad, NULL), BW_ERR_VALUE);
	bad = good, bad.end.ns = 0;
	assert_int_equal(sim_world_add_move(net.world, &bad, NULL), BW_ERR_VALUE);
	sim_world_free(net.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_many_hosts_as_the_groups_say),
		cmocka_unit_test(test_blocks_are_filled_differently),
		cmocka_unit_test(test_small_and_ipv6_blocks),
		cmocka_unit_test(test_a_block_within_a_block),
		cmocka_unit_test(test_availability_and_sessions),
		cmocka_unit_test(test_tau_of_on_time),
		cmocka_unit_test(test_nights),
		cmocka_unit_test(test_nights_begin_at_different_times),
		cmocka_unit_test(test_weekends),
		cmocka_unit_test(test_renumbering_within_the_block),
		cmocka_unit_test(test_hosts_move_and_come_back),
		cmocka_unit_test(test_a_share_moves),
		cmocka_unit_test(test_a_block_without_hosts_is_empty),
		cmocka_unit_test(test_impossible_hosts),
		cmocka_unit_test(test_impossible_moves),
	};

	return cmocka_run_group_tests_name("sim/hosts", tests, NULL, NULL);
}
