/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"
#include "sim/packet/arrivals.h"

/* A world in which answers are impaired. */
static struct net with(struct sim_impairment impairment)
{
	struct sim_profile profile = net_full_profile();

	profile.delay.base_ns = 100 * BW_MS;
	profile.impairment = impairment;
	return net_of(6, &profile, 1);
}

static void test_duplicates(void **state)
{
	struct net net = with((struct sim_impairment){.duplicate = .2, .copies_max = 5});
	unsigned twice = 0, most = 0, total = 0;
	(void)state;

	for (unsigned i = 0; i < 2000; i++) {
		unsigned count = 0;
		struct reply reply;

		net_send(&net, i * BW_S, "198.18.0.9", "icmp", 64);
		while (net_receive(&net, &reply, NULL)) {
			assert_int_equal(reply.brief, net.token.brief);
			count++;
		}
		twice += count > 1;
		most = count > most ? count : most;
		total += count;
	}
	net_near(twice, 2000, .2, 4);
	assert_int_equal(most, 5);
	assert_int_equal(total, 2000 + net_fate(&net, SIM_FATE_COPIES));
	sim_world_free(net.world);
}

static void test_late(void **state)
{
	struct net net = with((struct sim_impairment){.late = .3,
						      .late_min_ns = 2 * BW_S,
						      .late_max_ns = 60 * BW_S});
	unsigned late = 0;
	(void)state;

	for (int64_t i = 0; i < 2000; i++) {
		struct reply reply;
		int64_t at;

		net_send(&net, i * 100 * BW_S, "198.18.0.9", "icmp", 64);
		assert_true(net_receive(&net, &reply, &at));
		at -= i * 100 * BW_S;
		if (at == 100 * BW_MS)
			continue;
		late++;
		assert_in_range(at, 2100 * BW_MS, 60100 * BW_MS);
	}
	net_near(late, 2000, .3, 4);
	assert_int_equal(late, net_fate(&net, SIM_FATE_LATE));
	sim_world_free(net.world);
}

/* A true reply is sent again, byte for byte, long afterwards. */
static void test_replayed(void **state)
{
	struct net net = with((struct sim_impairment){.replayed = 1,
						      .replay_min_ns = 120 * BW_S,
						      .replay_max_ns = 3600 * BW_S});
	uint8_t first[ARRIVAL_MAX];
	struct bw_rx rx;
	uint32_t length;
	(void)state;

	net_send(&net, 0, "198.18.0.9", "icmp", 64);
	sim_world_set_now(net.world, sim_world_next(net.world));
	assert_true(sim_world_take(net.world, NULL, &rx));
	length = rx.length;
	memcpy(first, rx.bytes, length);
	assert_in_range(sim_world_next(net.world).ns, 120 * BW_S, 3601 * BW_S);
	sim_world_set_now(net.world, sim_world_next(net.world));
	assert_true(sim_world_take(net.world, NULL, &rx));
	assert_int_equal(rx.length, length);
	assert_memory_equal(rx.bytes, first, length);
	assert_int_equal(sim_world_next(net.world).ns, INT64_MAX);
	sim_world_free(net.world);
}

static void test_alias(void **state)
{
	struct net net = with((struct sim_impairment){.alias = 1});
	struct bw_addr other = net_addr("198.18.0.10");
	struct reply reply;
	(void)state;

	assert_true(net_ask(&net, 0, "198.18.0.9", "icmp", 64, &reply));
	assert_int_equal(reply.kind, REPLY_ECHO);
	assert_true(bw_addr_equal(&reply.from, &other));
	assert_int_equal(net_fate(&net, SIM_FATE_ALIASED), 1);
	sim_world_free(net.world);
}

/* A reply with any wrong bit is never decoded. */
static void test_corrupt(void **state)
{
	struct net net = with((struct sim_impairment){.corrupt = 1});
	static const char *const methods[] = {"icmp", "tcp:443"};
	unsigned checksum = 0;
	(void)state;

	for (unsigned i = 0; i < 500; i++) {
		enum reject reject;
		struct reply reply;
		struct bw_rx rx;

		net_send(&net, i * BW_S, "198.18.0.9", methods[i % 2], 64);
		sim_world_set_now(net.world, sim_world_next(net.world));
		assert_true(sim_world_take(net.world, NULL, &rx));
		reject = reply_decode(rx.linktype, rx.bytes, rx.length, rx.wire_length, &reply);
		assert_int_not_equal(reject, REJECT_NONE);
		checksum += reject == REJECT_CHECKSUM;
	}
	assert_true(checksum > 400);
	sim_world_free(net.world);
}

/* Frames on their way are limited. What exceeds the limit is counted. */
static void test_overflow(void **state)
{
	struct sim_world_config config = {.seed = 1, .frames_max = 100};
	struct net net = {.world = sim_world_new(&config), .key = siphash_key_of(1)};
	struct sim_profile profile = net_full_profile();
	(void)state;

	profile.delay.base_ns = BW_S;
	net_add_vantage(&net, -1);
	net_add_blocks(&net, &profile, 1);
	net_seal(&net);
	net_send_many(&net, 0, 1, 150, "198.18.0.9", "icmp");
	assert_int_equal(net_fate(&net, SIM_FATE_OVERFLOW), 50);
	sim_world_free(net.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duplicates), cmocka_unit_test(test_late),
		cmocka_unit_test(test_replayed),   cmocka_unit_test(test_alias),
		cmocka_unit_test(test_corrupt),    cmocka_unit_test(test_overflow),
	};

	return cmocka_run_group_tests_name("sim/impairment", tests, NULL, NULL);
}
