/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "net.h"
#include "sim/topology/link.h"

#define HOUR (3600 * BW_S)

/* The usual world with loss on the link of the block, or of the vantage. */
static struct net lossy(struct sim_link link, bool of_vantage, uint64_t seed)
{
	struct net net = net_new(seed);
	struct sim_profile profile = net_full_profile();
	struct sim_vantage vantage = {.path = -1, .v4 = net_addr("198.18.255.1")};

	profile.delay.base_ns = 100 * BW_MS;
	if (of_vantage)
		vantage.link = link;
	else
		profile.link = link;
	ADD(&net, vantage, &vantage);
	net_add_blocks(&net, &profile, 8);
	net_seal(&net);
	return net;
}

static void test_independent_loss(void **state)
{
	struct sim_link link = {.steady = {.1, .2}};
	(void)state;

	for (unsigned of_vantage = 0; of_vantage < 2; of_vantage++) {
		struct net net = lossy(link, of_vantage, 21);

		net_send_many(&net, 0, BW_S, 10000, "198.18.0.9", "icmp");
		net_near((double)net_fate(&net, SIM_FATE_LOST_OUT), 10000, .1, 4);
		net_near((double)net_fate(&net, SIM_FATE_LOST_BACK), 9000, .2, 4);
		net_near((double)net_fate(&net, SIM_FATE_ANSWERED), 10000, .72, 4);
		sim_world_free(net.world);
	}
}

/* Sends probes one by one and stores which were answered. */
static void sample(struct net *net, const char *dst, int64_t step, unsigned count, bool *answered)
{
	for (unsigned i = 0; i < count; i++) {
		uint64_t before = net_fate(net, SIM_FATE_ANSWERED);

		net_send_many(net, i * step, step, 1, dst, "icmp");
		answered[i] = net_fate(net, SIM_FATE_ANSWERED) > before;
	}
}

/* Bursts have the right share and the right length. */
static void test_gilbert_elliott(void **state)
{
	static bool answered[60000];
	struct sim_link link = {.bad = {1, 0}, .good_ns = 90 * BW_S, .bad_ns = 10 * BW_S};
	struct net net = lossy(link, true, 21);
	double lost = 0, bursts = 0;
	(void)state;

	sample(&net, "198.18.0.9", BW_S / 2, 60000, answered);
	for (unsigned i = 1; i < 60000; i++) {
		lost += !answered[i];
		bursts += !answered[i] && answered[i - 1];
	}
	assert_true(lost > .08 * 60000 && lost < .12 * 60000);
	assert_true(lost / bursts / 2 > 8.5 && lost / bursts / 2 < 11.5);
	sim_world_free(net.world);
}

/* A burst on the uplink concerns all blocks, a burst on a block's link that block only. */
static void test_whose_bursts(void **state)
{
	struct sim_link link = {.bad = {1, 0}, .good_ns = 50 * BW_S, .bad_ns = 50 * BW_S};
	(void)state;

	for (unsigned of_vantage = 0; of_vantage < 2; of_vantage++) {
		static bool a[4000], b[4000];
		struct net net = lossy(link, of_vantage, 21);
		unsigned same = 0;

		sample(&net, "198.18.0.9", 40 * BW_S, 4000, a);
		sim_world_free(net.world);
		net = lossy(link, of_vantage, 21);
		sample(&net, "198.18.1.9", 40 * BW_S, 4000, b);
		for (unsigned i = 0; i < 4000; i++)
			same += a[i] == b[i];
		if (of_vantage)
			assert_int_equal(same, 4000);
		else
			assert_in_range(same, 1800, 2200);
		sim_world_free(net.world);
	}
}

/* 60 % loss for 20 s of each hour, and no other loss. */
static void test_scheduled_bursts(void **state)
{
	static bool answered[7200];
	struct sim_link link = {.scheduled = {.6, 0},
				.first_ns = 10 * BW_S,
				.period_ns = HOUR,
				.length_ns = 20 * BW_S};
	double lost = 0;
	(void)state;

	for (unsigned run = 0; run < 20; run++) {
		struct net net = lossy(link, false, run);

		sample(&net, "198.18.0.9", BW_S, 7200, answered);
		for (unsigned i = 0; i < 7200; i++) {
			unsigned second = i % 3600;

			if (!answered[i])
				assert_in_range(second, 10, 29);
			lost += !answered[i];
		}
		sim_world_free(net.world);
	}
	net_near(lost, 20 * 40, .6, 4);
}

static void test_scheduled_bursts_on_the_nanosecond(void **state)
{
	struct sim_link link = {.scheduled = {1, 0},
				.first_ns = 1000,
				.period_ns = 100,
				.length_ns = 7};
	struct rng rng = rng_of(1);
	(void)state;

	for (int64_t at = 0; at < 3000; at++)
		assert_int_equal(sim_link_loses_out(&link, 1, at, &rng),
				 at >= 1000 && at % 100 < 7);
	assert_false(sim_link_loses_back(&link, 1, 1000, &rng));
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Round trips of 253 hosts of a block; sorted for each host. */
static void measure(const struct sim_delay *delay, const struct sim_impairment *impairment,
		    int64_t rtt[200][100])
{
	struct sim_profile profile = net_full_profile();
	struct bw_prefix prefix = net_prefix("198.18.0.0/24");
	struct net net;
	struct reply reply;
	char text[BW_ADDR_TEXT];

	profile.delay = *delay;
	profile.impairment = *impairment;
	net = net_of(2, &profile, 1);
	for (unsigned host = 0; host < 200; host++) {
		struct bw_addr addr = bw_addr_add(&prefix.addr, host + 2);

		for (unsigned i = 0; i < 100; i++) {
			int64_t at, sent = (int64_t)(host * 100 + i) * 1000 * BW_S;

			net_send(&net, sent, bw_addr_format(&addr, text), "icmp", 64);
			assert_true(net_receive(&net, &reply, &at));
			rtt[host][i] = at - sent;
		}
		qsort(rtt[host], 100, sizeof(rtt[host][0]), compare);
	}
	sim_world_free(net.world);
}

/* The timeout that covers y % of the pings of x % of the hosts, in seconds. */
static double timeout_of(int64_t rtt[200][100], unsigned x, unsigned y)
{
	int64_t of_hosts[200];

	for (unsigned host = 0; host < 200; host++)
		of_hosts[host] = rtt[host][y - 1];
	qsort(of_hosts, 200, sizeof(of_hosts[0]), compare);
	return (double)of_hosts[2 * x - 1] / 1e9;
}

/* 50 ms and a log-normal part of median 150 ms, sigma .9. */
static void test_round_trips_of_the_plain_model(void **state)
{
	static int64_t rtt[200][100];
	struct sim_delay delay = {50 * BW_MS, 0, 150 * BW_MS, .9, 0};
	struct sim_impairment none = {0};
	(void)state;

	measure(&delay, &none, rtt);
	for (unsigned host = 0; host < 200; host++)
		assert_true(rtt[host][0] > 50 * BW_MS);
	assert_true(timeout_of(rtt, 50, 50) > .19 && timeout_of(rtt, 50, 50) < .21);
	assert_true(timeout_of(rtt, 50, 84) > .38 && timeout_of(rtt, 50, 84) < .46);
}

/*
 * With hosts that differ and some answers that are seconds late, the round trips are of the
 * order of the table in Padmanabhan et al. (IMC 2015): the median host is as fast, and the
 * tail is of the same order.
 */
static void test_round_trips_with_heavy_tails(void **state)
{
	static int64_t rtt[200][100];
	struct sim_delay delay = {60 * BW_MS, 0, 120 * BW_MS, .45, .5};
	struct sim_impairment late = {.late = .02, .late_min_ns = BW_S, .late_max_ns = 60 * BW_S};
	(void)state;

	measure(&delay, &late, rtt);
	assert_true(timeout_of(rtt, 50, 50) > .15 && timeout_of(rtt, 50, 50) < .23);
	assert_true(timeout_of(rtt, 50, 90) > .22 && timeout_of(rtt, 50, 90) < .35);
	assert_true(timeout_of(rtt, 90, 90) > .35 && timeout_of(rtt, 90, 90) < .8);
	assert_true(timeout_of(rtt, 98, 98) > 3 && timeout_of(rtt, 98, 98) < 60);
}

static void test_blocks_are_at_different_distances(void **state)
{
	struct sim_profile profile = net_full_profile();
	int64_t at, low = INT64_MAX, high = 0;
	struct reply reply;
	struct net net;
	(void)state;

	profile.delay = (struct sim_delay){50 * BW_MS, 200 * BW_MS, 0, 0, 0};
	net = net_of(2, &profile, 40);
	for (unsigned i = 0; i < 40; i++) {
		struct bw_addr addr = net_addr("198.18.0.9");
		char text[BW_ADDR_TEXT];

		addr.bytes[2] = (uint8_t)i;
		net_send(&net, i * BW_S, bw_addr_format(&addr, text), "icmp", 64);
		assert_true(net_receive(&net, &reply, &at));
		low = at - i * BW_S < low ? at - i * BW_S : low;
		high = at - i * BW_S > high ? at - i * BW_S : high;
	}
	assert_in_range(low, 50 * BW_MS, 80 * BW_MS);
	assert_in_range(high, 220 * BW_MS, 250 * BW_MS);
	sim_world_free(net.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_independent_loss),
		cmocka_unit_test(test_gilbert_elliott),
		cmocka_unit_test(test_whose_bursts),
		cmocka_unit_test(test_scheduled_bursts),
		cmocka_unit_test(test_scheduled_bursts_on_the_nanosecond),
		cmocka_unit_test(test_round_trips_of_the_plain_model),
		cmocka_unit_test(test_round_trips_with_heavy_tails),
		cmocka_unit_test(test_blocks_are_at_different_distances),
	};

	return cmocka_run_group_tests_name("sim/link", tests, NULL, NULL);
}
