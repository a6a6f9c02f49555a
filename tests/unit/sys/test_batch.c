/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "sys/tx/batch.h"

/* What sys/transmit's test does not show: packets with a link header, and both kinds in turn. */

static struct batch_socket link_socket = {.fd = 3, .link_length = 14, .link = "abcdefghijklmn"};
static struct batch_socket raw_socket = {.fd = 4};

/* Stands in for sendmmsg(): looks at the form of the messages and takes them all. */
static int fake_send(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	check_expected(fd);
	check_expected(count);
	assert_int_equal(flags, 0);
	for (unsigned i = 0; i < count; i++) {
		const struct msghdr *m = &messages[i].msg_hdr;
		bool link = fd == link_socket.fd;

		assert_int_equal(m->msg_iovlen, link ? 2 : 1);
		assert_int_equal(m->msg_namelen, link ? 0 : sizeof(struct sockaddr_in));
		assert_int_equal(m->msg_name != NULL, !link);
		if (link)
			assert_memory_equal(m->msg_iov[0].iov_base, "abcdefghijklmn", 14);
		assert_int_equal(m->msg_iov[link].iov_len, 60);
		assert_int_equal(*(const uint8_t *)m->msg_iov[link].iov_base, 0x45);
	}
	return (int)count;
}

static void expect(int fd, unsigned count)
{
	expect_value(fake_send, fd, fd);
	expect_value(fake_send, count, count);
}

static struct bw_tx packet(const char *dst)
{
	struct bw_tx tx = {.length = 60, .status = 77};

	assert_int_equal(bw_addr_parse(dst, &tx.dst), 0);
	tx.bytes[0] = 0x45;
	put_u16(tx.bytes + 2, 60);
	memcpy(tx.bytes + 16, tx.dst.bytes, 4);
	return tx;
}

static void test_each_socket_has_its_form(void **state)
{
	struct permit permit = {0};
	struct batch *batch = batch_new(&permit, fake_send);
	struct bw_tx packets[3] = {packet("175.45.176.1"), packet("175.45.176.2"),
				   packet("175.45.176.3")};

	(void)state;
	expect(4, 1);
	assert_int_equal(batch_send(batch, &raw_socket, packets, 1), 1);
	expect(3, 3);
	assert_int_equal(batch_send(batch, &link_socket, packets, 3), 3);
	expect(4, 2);
	assert_int_equal(batch_send(batch, &raw_socket, packets, 2), 2);
	assert_int_equal(batch_stats(batch).sent, 6);
	for (int i = 0; i < 3; i++)
		assert_int_equal(packets[i].status, 0);
	batch_free(batch);
}

/* Packets at the link layer are checked too. */
static void test_the_guard_is_asked(void **state)
{
	struct permit permit = {0};
	struct batch *batch = batch_new(&permit, fake_send);
	struct bw_tx packets[3] = {packet("175.45.176.1"), packet("10.0.0.1"),
				   packet("175.45.176.3")};

	(void)state;
	packets[2].bytes[16] = 10; /* not what it is said to be */
	expect(3, 1);
	assert_int_equal(batch_send(batch, &link_socket, packets, 3), 3);
	assert_int_equal(packets[0].status, 0);
	assert_int_equal(packets[1].status, BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(packets[2].status, BW_ERR_INTERNAL);
	assert_int_equal(batch_stats(batch).refused, 1);
	assert_int_equal(batch_stats(batch).errors, 1);
	batch_free(batch);
	batch_free(NULL);
}

static void test_names(void **state)
{
	struct bw_addr v4, global, local;
	union batch_name name;

	(void)state;
	assert_int_equal(bw_addr_parse("198.18.0.1", &v4), 0);
	assert_int_equal(bw_addr_parse("2001:db8::1", &global), 0);
	assert_int_equal(bw_addr_parse("fe80::1", &local), 0);
	assert_int_equal(batch_name(&name, &v4, 7), sizeof(name.v4));
	assert_memory_equal(&name.v4.sin_addr, v4.bytes, 4);
	assert_int_equal(batch_name(&name, &global, 7), sizeof(name.v6));
	assert_int_equal(name.v6.sin6_scope_id, 0);
	assert_int_equal(batch_name(&name, &local, 7), sizeof(name.v6));
	assert_int_equal(name.v6.sin6_scope_id, 7);
	assert_memory_equal(&name.v6.sin6_addr, local.bytes, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_socket_has_its_form),
		cmocka_unit_test(test_the_guard_is_asked),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("sys/batch", tests, NULL, NULL);
}
