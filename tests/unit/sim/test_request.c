/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"
#include "net.h"
#include "sim/packet/request.h"
#include "wire/cksum.h"

static struct bw_tx packet(const char *dst, const char *method)
{
	struct net net = {.key = siphash_key_of(1)};
	struct bw_addr addr = net_addr(dst);

	return net_packet(&net, &addr, method, 61);
}

static bool is_taken(const struct bw_tx *tx)
{
	struct request request;

	return request_decode(tx->bytes, tx->length, &request);
}

static void test_echo(void **state)
{
	struct bw_tx tx = packet("198.18.0.9", "icmp");
	struct bw_addr src = net_addr("198.18.255.1");
	struct request request;
	(void)state;

	assert_true(request_decode(tx.bytes, tx.length, &request));
	assert_int_equal(request.protocol, BW_PROTOCOL_ICMP);
	assert_true(bw_addr_equal(&request.dst, &tx.dst));
	assert_true(bw_addr_equal(&request.src, &src));
	assert_int_equal(request.ttl, 61);
	assert_int_equal(request.header, 20);
	assert_int_equal(request.length, tx.length);
}

static void test_syn(void **state)
{
	struct bw_tx tx = packet("2001:db8:1::9", "tcp:53");
	struct request request;
	(void)state;

	assert_true(request_decode(tx.bytes, tx.length, &request));
	assert_int_equal(request.protocol, BW_PROTOCOL_TCP);
	assert_int_equal(request.dst_port, 53);
	assert_true(request.src_port >= TOKEN_PORT_FIRST);
	assert_int_equal(request.header, 40);
	assert_int_equal(request.ttl, 61);
}

/* Every bit of an IPv4 probe is covered by a checksum. */
static void test_any_wrong_bit_drops_it(void **state)
{
	static const char *const methods[] = {"icmp", "tcp:443"};
	(void)state;

	for (unsigned m = 0; m < 2; m++) {
		struct bw_tx tx = packet("198.18.0.9", methods[m]);

		for (unsigned bit = 0; bit < tx.length * 8u; bit++) {
			tx.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(is_taken(&tx));
			tx.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_true(is_taken(&tx));
	}
}

static void test_any_wrong_bit_of_an_ipv6_message_drops_it(void **state)
{
	static const char *const methods[] = {"icmp", "tcp:443"};
	(void)state;

	for (unsigned m = 0; m < 2; m++) {
		struct bw_tx tx = packet("2001:db8:1::9", methods[m]);

		for (unsigned bit = 8 * 8; bit < tx.length * 8u; bit++) {
			tx.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(is_taken(&tx));
			tx.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	}
}

static void test_any_other_length_drops_it(void **state)
{
	struct bw_tx tx = packet("198.18.0.9", "icmp");
	uint16_t right = tx.length;
	(void)state;

	for (tx.length = 0; tx.length < BW_PACKET_MAX; tx.length++)
		assert_int_equal(is_taken(&tx), tx.length == right);
}

static void put_checksum(uint8_t *at, const uint8_t *from, size_t length)
{
	at[0] = at[1] = 0;
	put_u16(at, cksum_finish(cksum_add(0, from, length)));
}

/* Packets with right checksums that are no probes. */
static void test_what_is_no_probe(void **state)
{
	struct bw_tx tx = packet("198.18.0.9", "icmp");
	struct bw_tx reply = tx, fragment = tx, other = tx,
		     segment = packet("198.18.0.9", "tcp:443");
	(void)state;

	reply.bytes[20] = 0;
	put_checksum(reply.bytes + 22, reply.bytes + 20, reply.length - 20u);
	assert_false(is_taken(&reply));
	fragment.bytes[6] = 0x20;
	put_checksum(fragment.bytes + 10, fragment.bytes, 20);
	assert_false(is_taken(&fragment));
	other.bytes[9] = 17;
	put_checksum(other.bytes + 10, other.bytes, 20);
	assert_false(is_taken(&other));
	/* an ACK beside the SYN: 0x10 more, 0x10 less in the checksum */
	segment.bytes[33] |= 0x10;
	put_u16(segment.bytes + 36,
		cksum_replace((uint16_t)(segment.bytes[36] << 8 | segment.bytes[37]), "\0\0",
			      "\0\x10", 2));
	assert_false(is_taken(&segment));
}

/* A flow is addresses and ports for TCP, and includes the checksum for an echo. */
static void test_flow(void **state)
{
	struct bw_tx a = packet("198.18.0.9", "tcp:443"), b = a,
		     c = packet("198.18.0.10", "tcp:443");
	struct request x, y, z;
	(void)state;

	b.bytes[8] = 3; /* another TTL */
	put_checksum(b.bytes + 10, b.bytes, 20);
	assert_true(request_decode(a.bytes, a.length, &x));
	assert_true(request_decode(b.bytes, b.length, &y));
	assert_true(request_decode(c.bytes, c.length, &z));
	assert_int_equal(x.flow, y.flow);
	assert_int_not_equal(x.flow, z.flow);
}

/* IPv6 routers hash the flow label, too. */
static void test_the_flow_label_is_part_of_a_flow(void **state)
{
	struct bw_tx a = packet("2001:db8:1::9", "tcp:443"), b = a;
	struct request x, y;
	(void)state;

	b.bytes[3] ^= 1;
	assert_true(request_decode(a.bytes, a.length, &x));
	assert_true(request_decode(b.bytes, b.length, &y));
	assert_int_not_equal(x.flow, y.flow);
}

/* A NAT changes the source and all checksums that cover it. */
static void test_nat(void **state)
{
	static const struct {
		const char *dst, *method, *outside;
	} cases[] = {
		{"198.18.0.9", "icmp", "203.0.113.7"},
		{"198.18.0.9", "tcp:443", "203.0.113.7"},
		{"2001:db8:1::9", "icmp", "2001:db8:77::7"},
		{"2001:db8:1::9", "tcp:443", "2001:db8:77::7"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_tx tx = packet(cases[i].dst, cases[i].method);
		struct bw_addr outside = net_addr(cases[i].outside);
		uint8_t bytes[BW_PACKET_MAX];
		struct request request, seen;

		assert_true(request_decode(tx.bytes, tx.length, &request));
		assert_ptr_equal(request.outside, request.bytes);
		request_translate(&request, &outside, bytes);
		assert_ptr_equal(request.outside, bytes);
		assert_true(request_decode(bytes, tx.length, &seen));
		assert_true(bw_addr_equal(&seen.src, &outside));
		assert_true(bw_addr_equal(&seen.dst, &request.dst));
		assert_int_equal(seen.seq, request.seq);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_syn),
		cmocka_unit_test(test_any_wrong_bit_drops_it),
		cmocka_unit_test(test_any_wrong_bit_of_an_ipv6_message_drops_it),
		cmocka_unit_test(test_any_other_length_drops_it),
		cmocka_unit_test(test_what_is_no_probe),
		cmocka_unit_test(test_flow),
		cmocka_unit_test(test_the_flow_label_is_part_of_a_flow),
		cmocka_unit_test(test_nat),
	};

	return cmocka_run_group_tests_name("sim/request", tests, NULL, NULL);
}
