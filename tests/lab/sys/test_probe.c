/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab.h"

/* A probe and what must come back. */
struct question {
	const char *dst, *method;
	enum reply_kind kind;
};

static const struct question over_the_cable[] = {
	{"198.18.4.1", "icmp", REPLY_ECHO},
	{"198.18.4.255", "icmp", REPLY_ECHO},
	{LAB_THERE_V4, "icmp", REPLY_ECHO},
	{"2001:db8:4::1", "icmp", REPLY_ECHO},
	{"2001:db8:4:ffff::9", "icmp", REPLY_ECHO},
	{"198.18.4.2", "tcp:443", REPLY_SYN_ACK},
	{"198.18.4.2", "tcp:444", REPLY_RST},
	{"2001:db8:4::2", "tcp:443", REPLY_SYN_ACK},
	{"2001:db8:4::2", "tcp:444", REPLY_RST},
};

static const struct question to_ourselves[] = {
	{"127.0.0.1", "icmp", REPLY_ECHO},
	{"127.0.0.1", "tcp:444", REPLY_RST},
	{"::1", "icmp", REPLY_ECHO},
	{"::1", "tcp:444", REPLY_RST},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The reply to the probe to DST of that kind; fails when there is none, or more than one. */
static const struct lab_reply *find(const struct lab *lab, const struct question *question)
{
	struct bw_addr dst = lab_addr(question->dst);
	const struct lab_reply *found = NULL;

	for (unsigned i = 0; i < lab->reply_count; i++) {
		const struct reply *reply = &lab->replies[i].reply;

		if (reply->kind != question->kind || !bw_addr_equal(&reply->from, &dst))
			continue;
		assert_null(found);
		found = &lab->replies[i];
	}
	if (!found)
		fail_msg("no %s from %s", reply_kind_name(question->kind), question->dst);
	return found;
}

static void ask_all(const struct question *questions, size_t count,
		    const struct netio_config *config)
{
	static struct lab lab;
	struct bw_addr ways[2] = {lab_addr(questions[0].dst), lab_addr(questions[3].dst)};
	struct bw_tx batch[16];
	struct bw_transport_stats stats;

	if (ways[1].family == 4)
		ways[1] = lab_addr(questions[2].dst);
	lab_open(&lab, ways, 2, config);
	for (size_t i = 0; i < count; i++)
		batch[i] = lab_probe(&lab, questions[i].dst, questions[i].method);
	lab_send(&lab, batch, count);
	lab_wait(&lab, (unsigned)count, LAB_PATIENCE);
	assert_int_equal(lab.error, 0);
	for (size_t i = 0; i < count; i++) {
		const struct lab_reply *reply = find(&lab, &questions[i]);

		assert_int_equal(batch[i].status, 0);
		/* A busy machine may read two clocks some time apart. */
		assert_true(reply->at.ns >= batch[i].sent.ns - 500 * BW_MS);
		assert_true(reply->at.ns <= batch[i].sent.ns + LAB_PATIENCE);
	}
	assert_int_equal(lab.reply_count, count);
	assert_int_equal(lab.other_count, 0);
	stats = lab_stats(&lab);
	assert_int_equal(stats.sent, count);
	assert_int_equal(stats.received, count);
	assert_int_equal(stats.send_errors + stats.refused + stats.capture_dropped, 0);
	lab_close(&lab);
}

static void test_cable(void **state)
{
	struct netio_config config = {.immediate = true};

	(void)state;
	ask_all(over_the_cable, COUNT(over_the_cable), &config);
}

static void test_cable_with_held_back_frames(void **state)
{
	struct netio_config config = {.immediate = false, .buffer_size = 16 << 20};

	(void)state;
	ask_all(over_the_cable, COUNT(over_the_cable), &config);
}

static void test_bound_to_the_interface(void **state)
{
	struct netio_config config = {.immediate = true, .pinned = true};

	(void)state;
	ask_all(over_the_cable, COUNT(over_the_cable), &config);
}

/* On lo every frame passes twice; it is seen once. */
static void test_loopback(void **state)
{
	struct netio_config config = {.immediate = true};

	(void)state;
	ask_all(to_ourselves, COUNT(to_ourselves), &config);
}

/* Several interfaces at once, opened side by side. */
static void test_two_interfaces(void **state)
{
	static struct lab lab;
	struct netio_config config = {.immediate = true};
	struct bw_addr ways[2] = {lab_addr("198.18.4.1"), lab_addr("::1")};
	struct bw_tx batch[2];

	(void)state;
	lab_open(&lab, ways, 2, &config);
	assert_string_equal(lab.egress[0].interface, "v0");
	assert_string_equal(lab.egress[1].interface, "lo");
	batch[0] = lab_probe(&lab, "198.18.4.1", "icmp");
	batch[1] = lab_probe(&lab, "::1", "icmp");
	lab_send(&lab, batch, 2);
	lab_wait(&lab, 2, LAB_PATIENCE);
	assert_int_equal(lab.reply_count, 2);
	lab_close(&lab);
}

/* A machine without any route: the network opens, and each packet is told that it cannot leave. */
static void test_no_way_out(void **state)
{
	static struct lab lab;
	struct netio_config config = {.immediate = true};
	struct bw_tx tx = {.dst = lab_addr("198.18.4.1")};

	(void)state;
	lab_open(&lab, NULL, 0, &config);
	lab_send(&lab, &tx, 1);
	assert_int_equal(tx.status, BW_ERR_INTERNAL);
	lab_wait(&lab, 1, BW_MS);
	assert_int_equal(lab.error, 0);
	assert_int_equal(lab_stats(&lab).send_errors, 1);
	assert_int_equal(netio_state(lab.netio, NULL), 0);
	lab_close(&lab);
}

/* The far end has no way on: its errors quote the probe. */
static void test_errors_come_back(void **state)
{
	static struct lab lab;
	struct netio_config config = {.immediate = true};
	struct bw_addr ways[2] = {lab_addr("198.18.7.1"), lab_addr("2001:db8:7::1")};
	struct bw_tx batch[2];

	(void)state;
	lab_run("ip route replace 198.18.7.0/24 via %s", LAB_THERE_V4);
	lab_open(&lab, ways, 2, &config);
	batch[0] = lab_probe(&lab, "198.18.7.1", "icmp");
	batch[1] = lab_probe(&lab, "2001:db8:7::1", "tcp:443");
	lab_send(&lab, batch, 2);
	lab_wait(&lab, 2, LAB_PATIENCE);
	assert_int_equal(lab.reply_count, 2);
	for (int i = 0; i < 2; i++) {
		const struct reply *reply = &lab.replies[i].reply;

		assert_int_equal(reply->kind, REPLY_NET_UNREACHABLE);
		assert_true(bw_addr_equal(&reply->probed, &ways[reply->probed.family == 6]));
	}
	lab_close(&lab);
}

/* More than the ring holds: what is lost is counted, and nothing is counted twice. */
static void test_overflow_is_counted(void **state)
{
	enum { PROBES = 2048 };
	static struct lab lab;
	struct netio_config config = {.immediate = true, .buffer_size = 64 << 10};
	struct bw_addr way = lab_addr("198.18.4.1");
	struct bw_transport_stats stats;
	struct bw_tx tx;

	(void)state;
	lab_open(&lab, &way, 1, &config);
	for (int i = 0; i < PROBES; i++) {
		tx = lab_probe(&lab, "198.18.4.1", "icmp");
		lab_send(&lab, &tx, 1);
		assert_int_equal(tx.status, 0);
	}
	assert_int_equal(lab_stats(&lab).received, 0);
	assert_true(lab_stats(&lab).capture_dropped > 0);
	do {
		lab_wait(&lab, lab.reply_count + 1, LAB_PATIENCE);
		stats = lab_stats(&lab);
	} while (stats.received + stats.capture_dropped < PROBES && lab.wakes > 1);
	assert_int_equal(stats.received + stats.capture_dropped, PROBES);
	assert_true(stats.received > 50);
	lab_close(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cable),
		cmocka_unit_test(test_cable_with_held_back_frames),
		cmocka_unit_test(test_bound_to_the_interface),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_two_interfaces),
		cmocka_unit_test(test_no_way_out),
		cmocka_unit_test(test_errors_come_back),
		cmocka_unit_test(test_overflow_is_counted),
	};
	pid_t there;
	int failed;

	lab_enter();
	there = lab_connect();
	lab_run_there(there, "sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
	failed = cmocka_run_group_tests_name("lab/sys/probe", tests, NULL, NULL);
	lab_leave(there);
	return failed;
}
