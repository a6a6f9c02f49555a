/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "net.h"

/* What cannot be is refused, with a reason. Each case spoils one thing of what is good. */

static int add_kind(struct sim_host_kind kind)
{
	struct net net = net_new(1);
	int rc = sim_world_add_host_kind(net.world, &kind, &net.err);

	assert_int_equal(rc < 0, net.err.message[0] != '\0');
	sim_world_free(net.world);
	return rc;
}

static void test_host_kinds(void **state)
{
	struct sim_host_kind good = net_steady_kind(), bad;
	(void)state;

	assert_int_equal(add_kind(good), 0);
	bad = good, bad.availability = 0;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.availability = 1.01;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.availability = NAN;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.tau_ns = -1;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.miss = 2;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.rest.share = -.1;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.rest.to_hour = 25;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.rest.days = 0x80;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.port_count = SIM_PORTS_MAX + 1;
	assert_int_equal(add_kind(bad), BW_ERR_LIMIT);
	bad = good, bad.ttl = 32;
	assert_int_equal(add_kind(bad), BW_ERR_VALUE);
	bad = good, bad.ttl = 128;
	assert_int_equal(add_kind(bad), 0);
}

static int add_profile(struct sim_profile profile)
{
	struct net net = net_usual(1, 1);
	int rc = sim_world_add_profile(net.world, &profile, &net.err);

	assert_int_equal(rc < 0, net.err.message[0] != '\0');
	sim_world_free(net.world);
	return rc;
}

static void test_profiles(void **state)
{
	struct sim_profile good = {.group_count = 1, .groups = {{10, 0}}}, bad;
	(void)state;

	assert_int_equal(add_profile(good), 1);
	bad = good, bad.groups[0].kind = 1;
	assert_int_equal(add_profile(bad), BW_ERR_MISSING);
	bad = good, bad.group_count = SIM_GROUPS_MAX + 1;
	assert_int_equal(add_profile(bad), BW_ERR_LIMIT);
	bad = good, bad.delay.base_ns = -1;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.delay.sigma = 11;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.line.steady.back = 1.1;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.line.bad_ns = 5;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.line.length_ns = 5;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.mischief.late = 1.5;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.mischief.late_min_ns = 5;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.mischief.copies_max = 100000;
	assert_int_equal(add_profile(bad), BW_ERR_LIMIT);
	bad = good, bad.limit_pps = -1;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.limit_pps = 1e-9;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.limit_burst = 1e7;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.renumber_ns = -1;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
}

/* Adds blocks of a profile with HOSTS hosts. */
static int add_blocks(const char *first, uint32_t count, uint32_t hosts)
{
	struct net net = net_usual(1, hosts > 253 ? 253 : hosts);
	struct sim_profile profile = {.group_count = 1, .groups = {{hosts, 0}}};
	struct bw_prefix prefix = net_prefix(first);
	int rc;

	ADD(&net, profile, &profile);
	rc = sim_world_add_blocks(net.world, &prefix, count, 0, 1, &net.err);
	assert_int_equal(rc < 0, net.err.message[0] != '\0');
	sim_world_free(net.world);
	return rc;
}

static void test_blocks(void **state)
{
	struct net net = net_usual(1, 1);
	struct bw_prefix bent = net_prefix("198.19.0.0/24");
	(void)state;

	assert_int_equal(add_blocks("198.19.0.0/24", 1, 253), 1);
	assert_int_equal(add_blocks("198.19.0.0/24", 1, 254), BW_ERR_VALUE);
	assert_int_equal(add_blocks("198.19.0.0/16", 1, 60000), 1);
	assert_int_equal(add_blocks("198.18.0.0/15", 1, 1), BW_ERR_VALUE);
	assert_int_equal(add_blocks("198.19.0.4/30", 1, 1), 1);
	assert_int_equal(add_blocks("198.19.0.4/30", 1, 2), BW_ERR_VALUE);
	assert_int_equal(add_blocks("198.19.0.4/31", 1, 2), 1);
	assert_int_equal(add_blocks("198.19.0.4/32", 3, 1), 1);
	assert_int_equal(add_blocks("198.19.0.4/32", 3, 2), BW_ERR_VALUE);
	assert_int_equal(add_blocks("2001:db8::/48", 1000, 253), 1);
	assert_int_equal(add_blocks("2001:db8::/48", 1, 254), BW_ERR_VALUE);
	assert_int_equal(add_blocks("2001:db8:0:0:0:ffff:ff00::/104", 600, 9), 1);
	assert_int_equal(add_blocks("198.17.255.0/24", 2, 1), BW_ERR_OVERLAP);
	assert_int_equal(add_blocks("255.255.255.0/24", 2, 1), BW_ERR_VALUE);
	assert_int_equal(add_blocks("198.19.0.0/24", 0, 1), BW_ERR_VALUE);
	bent.addr.bytes[3] = 1;
	assert_int_equal(sim_world_add_blocks(net.world, &bent, 1, 0, 0, NULL), BW_ERR_VALUE);
	bent.addr.bytes[3] = 0;
	assert_int_equal(sim_world_add_blocks(net.world, &bent, 1, 1, 0, NULL), BW_ERR_MISSING);
	assert_int_equal(sim_world_add_blocks(net.world, &bent, 1, 0, 1, NULL), BW_ERR_MISSING);
	bent.length = 33;
	assert_int_equal(sim_world_add_blocks(net.world, &bent, 1, 0, 0, NULL), BW_ERR_VALUE);
	sim_world_free(net.world);
}

/* Blocks that follow each other over the borders of bytes and words. */
static void test_blocks_in_a_row(void **state)
{
	static const struct {
		const char *first, *last;
	} rows[] = {
		{"198.18.255.0/24", "198.19.1.0"},
		{"198.18.0.254/32", "198.18.1.0"},
		{"2001:db8:fffe::/48", "2001:db9::"},
		{"2001:db8:0:ffff::/64", "2001:db8:1:1::"},
		{"2001:db8:0:1::/65", "2001:db8:0:2::"},
		{"2001:db8:0:1:ffff::/80", "2001:db8:0:2:1::"},
		{"2001:db8:0:1:ffff:ffff:ffff:ff00/120", "2001:db8:0:2::100"},
	};
	(void)state;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct net net = net_usual(1, 0);
		struct bw_prefix prefix = net_prefix(rows[i].first), third;
		struct bw_addr last = net_addr(rows[i].last);

		ADD(&net, blocks, &prefix, 3, 0, 0);
		third = sim_world_prefix(net.world, 3);
		assert_int_equal(third.length, prefix.length);
		assert_true(bw_addr_equal(&third.addr, &last));
		sim_world_free(net.world);
	}
}

static void test_hosts(void **state)
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

static void test_moves(void **state)
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
		cmocka_unit_test(test_host_kinds), cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_blocks),     cmocka_unit_test(test_blocks_in_a_row),
		cmocka_unit_test(test_hosts),      cmocka_unit_test(test_moves),
	};

	return cmocka_run_group_tests_name("sim/build", tests, NULL, NULL);
}
