/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"

/* Forged answers have the family and the addresses of the block, and wrong tokens. */
static void forge(const char *prefix_text, uint32_t block, unsigned *kinds, unsigned *payloads)
{
	struct net net = net_usual(6, 10);
	struct bw_prefix prefix = net_prefix(prefix_text), six = net_prefix("2001:db8:1::/48");
	struct sim_spoofer spoofer = {.block = block,
				      .start = {10 * BW_S},
				      .end = {110 * BW_S},
				      .rate_pps = 20};
	unsigned count = 0;
	struct reply reply;
	int64_t at;

	ADD(&net, blocks, &six, 1, 0, 0);
	ADD(&net, spoofer, &spoofer);
	net_seal(&net);
	assert_int_equal(sim_world_next(net.world).ns, 10 * BW_S);
	while (net_receive(&net, &reply, &at)) {
		assert_in_range(at, 10 * BW_S, 110 * BW_S - 1);
		assert_true(bw_prefix_contains(&prefix, &reply.from));
		kinds[reply.kind]++;
		*payloads += reply.has_payload;
		count++;
	}
	assert_in_range(count, 2000 - 180, 2000 + 180);
	assert_int_equal(count, net_fate(&net, SIM_FATE_FORGED));
	assert_int_equal(sim_world_next(net.world).ns, INT64_MAX);
	sim_world_free(net.world);
}

static void test_spoofed(void **state)
{
	static const char *const prefixes[] = {"198.18.0.0/24", "2001:db8:1::/48"};
	(void)state;

	for (uint32_t block = 0; block < 2; block++) {
		unsigned kinds[REPLY_KINDS] = {0}, payloads = 0;

		forge(prefixes[block], block, kinds, &payloads);
		assert_in_range(kinds[REPLY_ECHO], 400, 600);
		assert_in_range(kinds[REPLY_SYN_ACK], 400, 600);
		assert_in_range(kinds[REPLY_RST], 400, 600);
		assert_in_range(kinds[REPLY_PORT_UNREACHABLE], 400, 600);
		assert_in_range(payloads, 150, 600);
	}
}

/* Two spoofers; the world is driven when the first begins and again when both have ended. */
static void test_spoofers_begin_and_end(void **state)
{
	struct net net = net_usual(6, 10);
	struct sim_spoofer early = {.start = {10 * BW_S}, .end = {20 * BW_S}, .rate_pps = 100};
	struct sim_spoofer late = {.start = {30 * BW_S}, .end = {40 * BW_S}, .rate_pps = 100};
	int64_t last = 0;
	struct bw_rx rx;
	(void)state;

	ADD(&net, spoofer, &late);
	ADD(&net, spoofer, &early);
	net_seal(&net);
	assert_int_equal(sim_world_next(net.world).ns, 10 * BW_S);
	sim_world_set_now(net.world, net_at(10 * BW_S));
	assert_true(sim_world_take(net.world, NULL, &rx));
	assert_in_range(sim_world_next(net.world).ns, 10 * BW_S, 20 * BW_S - 1);
	sim_world_set_now(net.world, net_at(100 * BW_S));
	while (sim_world_take(net.world, NULL, &rx)) {
		assert_true(rx.at.ns >= last);
		last = rx.at.ns;
		assert_true((last >= 10 * BW_S && last < 20 * BW_S) ||
			    (last >= 30 * BW_S && last < 40 * BW_S));
	}
	assert_in_range(net_fate(&net, SIM_FATE_FORGED), 2000 - 180, 2000 + 180);
	sim_world_free(net.world);
}

static void test_impossible_spoofers(void **state)
{
	struct net net = net_usual(6, 10);
	struct sim_spoofer good = {.end = {5}, .rate_pps = 1}, bad;
	(void)state;

	bad = good, bad.rate_pps = 0;
	assert_int_equal(sim_world_add_spoofer(net.world, &bad, NULL), BW_ERR_VALUE);
	bad = good, bad.end.ns = 0;
	assert_int_equal(sim_world_add_spoofer(net.world, &bad, NULL), BW_ERR_VALUE);
	bad = good, bad.block = 1;
	assert_int_equal(sim_world_add_spoofer(net.world, &bad, NULL), BW_ERR_MISSING);
	for (unsigned i = 0; i < 64; i++)
		ADD(&net, spoofer, &good);
	assert_int_equal(sim_world_add_spoofer(net.world, &good, NULL), BW_ERR_LIMIT);
	sim_world_free(net.world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spoofed),
		cmocka_unit_test(test_spoofers_begin_and_end),
		cmocka_unit_test(test_impossible_spoofers),
	};

	return cmocka_run_group_tests_name("sim/spoofers", tests, NULL, NULL);
}
