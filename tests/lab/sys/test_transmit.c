/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "lab.h"

/* What becomes of packets that may not or cannot leave, and of those beside them. */

struct fixture {
	pid_t there;
	struct lab lab;
};

static const struct netio_config at_once = {.immediate = true};

static struct lab *open_lab(void **state, const struct netio_config *config)
{
	struct fixture *fixture = *state;
	struct bw_addr ways[2] = {lab_addr("198.18.4.1"), lab_addr("2001:db8:4::1")};

	lab_open(&fixture->lab, ways, 2, config);
	return &fixture->lab;
}

static int lay_cable(void **state)
{
	((struct fixture *)*state)->there = lab_connect();
	return 0;
}

static int take_cable_away(void **state)
{
	lab_leave(((struct fixture *)*state)->there);
	return 0;
}

/* The last packet of each batch gets through; when its answer is there, no other is coming. */
static void send_and_expect(struct lab *lab, struct bw_tx *batch, const int *statuses, size_t count)
{
	unsigned sent = 0;

	lab_send(lab, batch, count);
	for (size_t i = 0; i < count; i++) {
		if (batch[i].status != statuses[i])
			fail_msg("packet %zu: status %d, not %d", i, batch[i].status, statuses[i]);
		sent += statuses[i] == 0;
	}
	lab_wait(lab, sent, LAB_PATIENCE);
	assert_int_equal(lab->reply_count, sent);
}

static void test_special_purpose_stays_here(void **state)
{
	static const int statuses[] = {BW_ERR_SPECIAL_PURPOSE, BW_ERR_SPECIAL_PURPOSE,
				       BW_ERR_SPECIAL_PURPOSE, 0, 0};
	struct fixture *fixture = *state;
	struct lab *lab = open_lab(state, &at_once);
	struct bw_addr gateways[2] = {lab_addr(LAB_THERE_V4), lab_addr(LAB_THERE_V6)};
	struct bw_tx batch[5] = {
		lab_probe(lab, "198.18.4.1", "icmp"), lab_probe(lab, "2001:db8:4::1", "icmp"),
		lab_probe(lab, "198.18.4.1", "tcp:443"), lab_probe(lab, LAB_THERE_V4, "icmp"),
		lab_probe(lab, LAB_THERE_V6, "icmp"),
	};
	unsigned long before = lab_echoes_there(fixture->there);

	lab->permit.allow_reserved = false;
	assert_int_equal(permit_exempt(&lab->permit, &gateways[0]), 0);
	assert_int_equal(permit_exempt(&lab->permit, &gateways[1]), 0);
	send_and_expect(lab, batch, statuses, 5);
	assert_int_equal(lab_echoes_there(fixture->there), before + 2);
	assert_int_equal(lab_stats(lab).refused, 3);
	assert_int_equal(lab_stats(lab).sent, 2);
	lab_close(lab);
}

static void test_blocklisted_stays_here(void **state)
{
	static const int statuses[] = {BW_ERR_BLOCKLISTED, BW_ERR_BLOCKLISTED, 0};
	struct fixture *fixture = *state;
	struct lab *lab = open_lab(state, &at_once);
	struct prefix_set *set = prefix_set_new();
	struct bw_prefix v4 = {lab_addr("198.18.4.0"), 25}, v6 = {lab_addr("2001:db8:4::"), 48};
	struct bw_tx batch[3] = {
		lab_probe(lab, "198.18.4.1", "icmp"), lab_probe(lab, "2001:db8:4::1", "icmp"),
		lab_probe(lab, "198.18.4.128", "icmp"),
	};
	unsigned long before = lab_echoes_there(fixture->there);

	assert_int_equal(prefix_set_add(set, &v4, 0) | prefix_set_add(set, &v6, 0), 0);
	assert_int_equal(prefix_set_seal(set), 0);
	lab->permit.blocklist = set;
	send_and_expect(lab, batch, statuses, 3);
	assert_int_equal(lab_echoes_there(fixture->there), before + 1);
	assert_int_equal(lab_stats(lab).refused, 2);
	lab_close(lab);
	prefix_set_free(set);
}

static void test_firewall_here(void **state)
{
	static const int statuses[] = {0, -EPERM, -EPERM, 0, -EPERM, 0};
	struct lab *lab = open_lab(state, &at_once);
	struct bw_tx batch[6] = {
		lab_probe(lab, "198.18.4.1", "icmp"), lab_probe(lab, "198.18.4.7", "icmp"),
		lab_probe(lab, "198.18.4.7", "tcp:443"), lab_probe(lab, "198.18.4.2", "icmp"),
		lab_probe(lab, "2001:db8:4::7", "icmp"), lab_probe(lab, "2001:db8:4::2", "icmp"),
	};

	lab_run("nft 'add table inet lab; add chain inet lab out { type filter hook output "
		"priority 0; }; add rule inet lab out ip daddr 198.18.4.7 drop; "
		"add rule inet lab out ip6 daddr 2001:db8:4::7 drop'");
	send_and_expect(lab, batch, statuses, 6);
	assert_int_equal(lab_stats(lab).send_errors, 3);
	assert_int_equal(lab_stats(lab).sent, 3);
	lab_run("nft delete table inet lab");
	lab_close(lab);
}

static void test_routes_that_end_here(void **state)
{
	static const int statuses[] = {-EHOSTUNREACH, -EACCES, -EINVAL, -ENETUNREACH,
				       -ENETUNREACH, 0};
	struct lab *lab = open_lab(state, &at_once);
	struct bw_tx batch[6] = {
		lab_probe(lab, "198.18.4.1", "icmp"), lab_probe(lab, "198.18.4.2", "icmp"),
		lab_probe(lab, "198.18.4.3", "icmp"), lab_probe(lab, "198.18.4.4", "icmp"),
		lab_probe(lab, "2001:db8:4::4", "icmp"), lab_probe(lab, LAB_THERE_V4, "icmp"),
	};

	lab_run("ip route add unreachable 198.18.4.1 && ip route add prohibit 198.18.4.2 && "
		"ip route add blackhole 198.18.4.3 && ip route del default && "
		"ip -6 route del default");
	send_and_expect(lab, batch, statuses, 6);
	lab_close(lab);
}

static void test_packet_longer_than_the_link(void **state)
{
	static const int statuses[] = {-EMSGSIZE, -EMSGSIZE, 0};
	struct lab *lab = open_lab(state, &at_once);
	struct bw_tx batch[3] = {
		lab_probe(lab, "198.18.4.1", "icmp"), lab_probe(lab, "198.18.4.2", "icmp"),
		lab_probe(lab, "198.18.4.3", "icmp"),
	};

	lab_run("ip link set v0 mtu 100");
	for (int i = 0; i < 2; i++) {
		batch[i].length = 101;
		put_u16(batch[i].bytes + 2, 101);
	}
	send_and_expect(lab, batch, statuses, 3);
	lab_close(lab);
}

/* The queue of the device is full and loses a byte a second: the rest waits until there is room. */
static void test_full_queue(void **state)
{
	struct lab *lab = open_lab(state, &at_once);
	struct bw_transport transport = netio_transport(lab->netio);
	struct bw_tx batch[64];
	size_t sent;

	if (system("tc qdisc add dev v0 root tbf rate 8bit burst 1600 limit 2000") != 0)
		skip();
	for (int i = 0; i < 64; i++) {
		batch[i] = lab_probe(lab, "198.18.4.1", "icmp");
		batch[i].status = 77;
	}
	sent = transport.ops->send(transport.self, batch, 64);
	assert_in_range(sent, 10, 63);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(batch[i].status, i < sent ? 0 : 77);
	assert_int_equal(transport.ops->send(transport.self, batch + sent, 64 - sent), 0);
	assert_int_equal(lab_stats(lab).send_errors, 0);
	lab_run("tc qdisc del dev v0 root");
	lab_send(lab, batch + sent, 64 - sent);
	assert_int_equal(lab_stats(lab).sent, 64);
	lab_close(lab);
}

/* A better route elsewhere appears: it is followed unless the user named the interface. */
static void test_named_interface_is_kept(void **state)
{
	for (int pinned = 0; pinned < 2; pinned++) {
		struct netio_config config = {.immediate = true, .pinned = pinned};
		struct lab *lab = open_lab(state, &config);
		struct fixture *fixture = *state;
		unsigned long before = lab_echoes_there(fixture->there);
		struct bw_tx tx[2] = {lab_probe(lab, "198.18.4.1", "icmp"),
				      lab_probe(lab, LAB_THERE_V4, "icmp")};

		lab_run("ip link add w0 type veth peer name w1 && "
			"ip addr add 198.18.9.1/24 dev w0 && ip link set w0 up && "
			"ip link set w1 up && "
			"ip neigh add 198.18.9.2 lladdr 02:00:00:00:00:01 dev w0 && "
			"ip route add 198.18.4.0/24 via 198.18.9.2");
		lab_send(lab, tx, 2);
		assert_int_equal(tx[0].status, 0);
		lab_wait(lab, 1 + (unsigned)pinned, LAB_PATIENCE);
		assert_int_equal(lab_echoes_there(fixture->there), before + 1 + (unsigned)pinned);
		lab_run("ip link del w0");
		lab_close(lab);
	}
}

int main(void)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
#define LAB_TEST(f) {#f, f, lay_cable, take_cable_away, fixture}
	const struct CMUnitTest tests[] = {
		LAB_TEST(test_special_purpose_stays_here),
		LAB_TEST(test_blocklisted_stays_here),
		LAB_TEST(test_firewall_here),
		LAB_TEST(test_routes_that_end_here),
		LAB_TEST(test_packet_longer_than_the_link),
		LAB_TEST(test_full_queue),
		LAB_TEST(test_named_interface_is_kept),
	};
	int failed;

	lab_enter();
	failed = cmocka_run_group_tests_name("lab/sys/transmit", tests, NULL, NULL);
	free(fixture);
	return failed;
}
