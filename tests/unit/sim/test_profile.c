/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "net.h"

/* Impossible values are refused, with a reason. Each case makes one good value bad. */

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
	bad = good, bad.link.steady.back = 1.1;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.link.bad_ns = 5;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.link.length_ns = 5;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.impairment.late = 1.5;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.impairment.late_min_ns = 5;
	assert_int_equal(add_profile(bad), BW_ERR_VALUE);
	bad = good, bad.impairment.copies_max = 100000;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host_kinds),
		cmocka_unit_test(test_profiles),
	};

	return cmocka_run_group_tests_name("sim/profile", tests, NULL, NULL);
}
