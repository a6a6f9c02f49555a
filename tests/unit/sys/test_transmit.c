/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "sys/tx/transmit.h"

#define UNTOUCHED 77

/* Stands in for sendmmsg(): expects a count, takes some or fails with an error. */
static int fake_send(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	int result = mock_type(int);

	(void)fd;
	check_expected(count);
	assert_int_equal(flags, 0);
	for (unsigned i = 0; i < count; i++) {
		const struct msghdr *m = &messages[i].msg_hdr;
		const uint8_t *packet = m->msg_iov->iov_base;
		const struct sockaddr_in *v4 = m->msg_name;
		const struct sockaddr_in6 *v6 = m->msg_name;

		assert_int_equal(m->msg_iovlen, 1);
		assert_int_equal(m->msg_iov->iov_len, 60);
		if (packet[0] >> 4 == 4) {
			assert_int_equal(m->msg_namelen, sizeof(*v4));
			assert_memory_equal(&v4->sin_addr, packet + 16, 4);
		} else {
			assert_int_equal(m->msg_namelen, sizeof(*v6));
			assert_memory_equal(&v6->sin6_addr, packet + 24, 16);
			assert_int_equal(v6->sin6_scope_id, packet[24] == 0xfe ? 7 : 0);
		}
	}
	errno = result < 0 ? -result : 0;
	return result < 0 ? -1 : result;
}

static void expect(unsigned count, int result)
{
	will_return(fake_send, result);
	expect_value(fake_send, count, count);
}

/* Egress 0 is IPv4, 1 is IPv6 on interface 7, 2 is another of IPv4. */
static struct transmit *open_fake(const struct permit *permit)
{
	struct bw_egress egress[3] = {
		{.interface = "a", .interface_index = 5, .source = {4, {10, 0, 0, 1}}},
		{.interface = "b", .interface_index = 7, .source = {6, {0x20, 1, 0xd, 0xb8}}},
		{.interface = "c", .interface_index = 9, .source = {4, {10, 0, 1, 1}}},
	};
	struct transmit_config config = {
		.egress = egress, .egress_count = 3, .permit = permit, .call = fake_send,
	};
	struct transmit *t = transmit_new(&config);

	assert_non_null(t);
	return t;
}

static struct bw_tx packet(const char *dst, uint8_t egress)
{
	struct bw_tx tx = {.egress = egress, .length = 60, .status = UNTOUCHED};

	assert_int_equal(bw_addr_parse(dst, &tx.dst), 0);
	tx.bytes[0] = tx.dst.family == 4 ? 0x45 : 0x60;
	put_u16(tx.bytes + (tx.dst.family == 4 ? 2 : 4), tx.dst.family == 4 ? 60 : 20);
	memcpy(tx.bytes + (tx.dst.family == 4 ? 16 : 24), tx.dst.bytes,
	       tx.dst.family == 4 ? 4 : 16);
	return tx;
}

/* COUNT packets to 175.45.176.0 and so on. */
static void fill(struct bw_tx *batch, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		batch[i] = packet("175.45.176.0", 0);
		batch[i].dst.bytes[3] = batch[i].bytes[19] = (uint8_t)i;
	}
}

static void assert_stats(const struct transmit *t, uint64_t sent, uint64_t errors, uint64_t refused)
{
	struct batch_stats stats = transmit_stats(t);

	assert_int_equal(stats.sent, sent);
	assert_int_equal(stats.errors, errors);
	assert_int_equal(stats.refused, refused);
}

static void test_all_at_once(void **state)
{
	struct permit permit = {0};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[5];

	(void)state;
	fill(batch, 5);
	expect(5, 5);
	assert_int_equal(transmit_send(t, batch, 5), 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(batch[i].status, 0);
		assert_true(batch[i].sent.ns > 0);
	}
	assert_stats(t, 5, 0, 0);
	assert_int_equal(transmit_send(t, batch, 0), 0);
	transmit_free(t);
}

static void test_long_batches_are_cut(void **state)
{
	struct permit permit = {0};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[2 * BATCH_MAX + 1];

	(void)state;
	fill(batch, 2 * BATCH_MAX + 1);
	expect(BATCH_MAX, BATCH_MAX);
	expect(BATCH_MAX, BATCH_MAX);
	expect(1, 1);
	assert_int_equal(transmit_send(t, batch, 2 * BATCH_MAX + 1), 2 * BATCH_MAX + 1);
	transmit_free(t);
}

/* sendmmsg() stops in the middle; asked again it tells why, and the rest goes on. */
static void test_one_fails_the_others_go(void **state)
{
	static const int errors[] = {EPERM, ENETUNREACH, EHOSTUNREACH, EMSGSIZE, ENETDOWN, ENXIO,
				     EINVAL, EACCES, EBADF};
	struct permit permit = {0};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[4];
	unsigned tries = sizeof(errors) / sizeof(errors[0]);

	(void)state;
	for (unsigned i = 0; i < tries; i++) {
		fill(batch, 4);
		expect(4, 1);
		expect(3, -errors[i]);
		expect(2, 2);
		assert_int_equal(transmit_send(t, batch, 4), 4);
		assert_int_equal(batch[0].status, 0);
		assert_int_equal(batch[1].status, -errors[i]);
		assert_int_equal(batch[2].status, 0);
		assert_int_equal(batch[3].status, 0);
	}
	assert_stats(t, 3 * tries, tries, 0);
	transmit_free(t);
}

static void test_all_fail(void **state)
{
	struct permit permit = {0};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[3];

	(void)state;
	fill(batch, 3);
	for (unsigned left = 3; left > 0; left--)
		expect(left, -ENETUNREACH);
	assert_int_equal(transmit_send(t, batch, 3), 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(batch[i].status, -ENETUNREACH);
	assert_stats(t, 0, 3, 0);
	transmit_free(t);
}

static void test_full_queue_ends_the_batch(void **state)
{
	static const int errors[] = {EAGAIN, ENOBUFS, ENOMEM};
	struct permit permit = {0};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[6];

	(void)state;
	for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		fill(batch, 6);
		batch[5].egress = 2;
		expect(5, 2);
		expect(3, -errors[i]);
		assert_int_equal(transmit_send(t, batch, 6), 2);
		assert_int_equal(batch[1].status, 0);
		for (int k = 2; k < 6; k++)
			assert_int_equal(batch[k].status, UNTOUCHED);
	}
	assert_stats(t, 6, 0, 0);
	transmit_free(t);
}

static void test_interrupted_call_is_repeated(void **state)
{
	struct permit permit = {0};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[2];

	(void)state;
	fill(batch, 2);
	expect(2, -EINTR);
	expect(2, 2);
	assert_int_equal(transmit_send(t, batch, 2), 2);
	transmit_free(t);
}

static void test_each_egress_has_its_socket(void **state)
{
	struct permit permit = {.allow_reserved = true};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[5] = {
		packet("10.0.0.9", 0), packet("10.0.0.10", 0), packet("2001:db8::9", 1),
		packet("fe80::9", 1), packet("10.0.1.9", 2),
	};

	(void)state;
	expect(2, 2);
	expect(2, 2);
	expect(1, 1);
	assert_int_equal(transmit_send(t, batch, 5), 5);
	assert_stats(t, 5, 0, 0);
	transmit_free(t);
}

/* What transmit_check() refuses is never passed to the system, wherever it is in a batch. */
static void test_refused_packets_do_not_leave(void **state)
{
	struct prefix_set *set = prefix_set_new();
	struct bw_prefix kept = {{4, {175, 45, 176}}, 30};
	struct permit permit = {.blocklist = set};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[8];

	(void)state;
	assert_int_equal(prefix_set_add(set, &kept, 0), 0);
	assert_int_equal(prefix_set_seal(set), 0);
	fill(batch, 8);
	batch[5] = packet("127.0.0.1", 0);
	batch[7] = packet("ff02::1", 1);
	expect(1, 1);
	expect(1, 1);
	assert_int_equal(transmit_send(t, batch, 8), 8);
	for (int i = 0; i < 4; i++)
		assert_int_equal(batch[i].status, BW_ERR_BLOCKLISTED);
	assert_int_equal(batch[4].status, 0);
	assert_int_equal(batch[5].status, BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(batch[6].status, 0);
	assert_int_equal(batch[7].status, BW_ERR_SPECIAL_PURPOSE);
	assert_stats(t, 2, 0, 6);
	transmit_free(t);
	prefix_set_free(set);
}

static void test_wrong_packets_do_not_leave(void **state)
{
	struct permit permit = {0};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[3] = {
		packet("175.45.176.1", 3), packet("175.45.176.1", 1), packet("175.45.176.1", 0),
	};

	(void)state;
	batch[2].bytes[16] = 9;
	assert_int_equal(transmit_send(t, batch, 3), 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(batch[i].status, BW_ERR_INTERNAL);
	assert_stats(t, 0, 3, 0);
	transmit_free(t);
}

static void test_stopped_interface(void **state)
{
	struct permit permit = {0};
	struct transmit *t = open_fake(&permit);
	struct bw_tx batch[2] = {packet("175.45.176.1", 0), packet("175.45.176.1", 2)};

	(void)state;
	transmit_stop(t, 5);
	expect(1, 1);
	assert_int_equal(transmit_send(t, batch, 2), 2);
	assert_int_equal(batch[0].status, -ENODEV);
	assert_int_equal(batch[1].status, 0);
	transmit_free(t);
	transmit_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_at_once),
		cmocka_unit_test(test_long_batches_are_cut),
		cmocka_unit_test(test_one_fails_the_others_go),
		cmocka_unit_test(test_all_fail),
		cmocka_unit_test(test_full_queue_ends_the_batch),
		cmocka_unit_test(test_interrupted_call_is_repeated),
		cmocka_unit_test(test_each_egress_has_its_socket),
		cmocka_unit_test(test_refused_packets_do_not_leave),
		cmocka_unit_test(test_wrong_packets_do_not_leave),
		cmocka_unit_test(test_stopped_interface),
	};

	return cmocka_run_group_tests_name("sys/transmit", tests, NULL, NULL);
}
