/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_blocks_in_a_row),
	};

	return cmocka_run_group_tests_name("sim/blocks", tests, NULL, NULL);
}
