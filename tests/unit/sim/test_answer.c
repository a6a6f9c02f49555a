/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"
#include "sim/packet/answer.h"

#define RAW 12 /* DLT_RAW */

/* A probe of one family and method, and what answers it. */
struct asked {
	struct bw_tx tx;
	struct token token;
	struct request request;
	uint8_t bytes[ARRIVAL_MAX];
	struct reply reply;
};

static struct asked ask(const char *dst, const char *method)
{
	struct net net = {.key = siphash_key_of(1)};
	struct bw_addr addr = net_addr(dst);
	struct asked asked;

	asked.tx = net_packet(&net, &addr, method, 64);
	asked.token = net.token;
	return asked;
}

/* request borrows the bytes of tx: read it where the struct stays. */
static void read_request(struct asked *asked)
{
	assert_true(request_decode(asked->tx.bytes, asked->tx.length, &asked->request));
	memset(asked->bytes, 0xee, sizeof(asked->bytes));
}

static void read_reply(struct asked *asked, uint16_t length, const struct bw_addr *from,
		       uint8_t ttl)
{
	assert_true(length > 0 && length <= ARRIVAL_MAX);
	assert_int_equal(reply_decode(RAW, asked->bytes, length, length, &asked->reply),
			 REJECT_NONE);
	assert_true(bw_addr_equal(&asked->reply.from, from));
	assert_true(bw_addr_equal(&asked->reply.to, &asked->request.src));
	assert_int_equal(asked->reply.ttl, ttl);
	assert_int_equal(asked->reply.brief, asked->token.brief);
	/* one wrong bit is noticed */
	asked->bytes[length - 1] ^= 4;
	assert_int_equal(reply_decode(RAW, asked->bytes, length, length, &asked->reply),
			 REJECT_CHECKSUM);
	asked->bytes[length - 1] ^= 4;
	assert_int_equal(reply_decode(RAW, asked->bytes, length, length, &asked->reply),
			 REJECT_NONE);
}

static const char *const hosts[] = {"198.18.0.9", "2001:db8:1::9"};

static void test_echo(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct asked a = ask(hosts[i], "icmp");

		read_request(&a);
		read_reply(&a, answer_echo(&a.request, &a.tx.dst, 51, a.bytes), &a.tx.dst, 51);
		assert_int_equal(a.reply.kind, REPLY_ECHO);
		assert_true(a.reply.has_payload);
		assert_int_equal(a.reply.payload.nonce, a.token.nonce);
		assert_int_equal(a.reply.payload.full, a.token.full);
		assert_int_equal(a.reply.payload.sent_us, 7);
	}
}

static void test_syn_ack_and_rst(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct asked a = ask(hosts[i], "tcp:443");

		read_request(&a);
		read_reply(&a, answer_syn_ack(&a.request, &a.tx.dst, 51, 0xfffffffe, a.bytes),
			   &a.tx.dst, 51);
		assert_int_equal(a.reply.kind, REPLY_SYN_ACK);
		assert_int_equal(a.reply.source_port, a.token.source_port);
		assert_int_equal(a.reply.method.port, 443);
		read_reply(&a, answer_rst(&a.request, &a.tx.dst, 50, a.bytes), &a.tx.dst, 50);
		assert_int_equal(a.reply.kind, REPLY_RST);
	}
}

/* The answers of each method of the list are recognised, a refusal where there is one too. */
static void test_every_method_is_answered(void **state)
{
	(void)state;
	for (uint8_t protocol = 1; protocol <= BW_PROTOCOL_COUNT; protocol++) {
		uint16_t port = bw_protocol_has_port(protocol) ? 443 : 0;
		char method[BW_METHOD_TEXT];

		bw_method_format((struct bw_method){protocol, port}, method);
		for (unsigned i = 0; i < 2; i++) {
			struct asked a = ask(hosts[i], method);
			uint16_t length;

			read_request(&a);
			assert_int_equal(a.request.protocol, protocol);
			length = answer_open(&a.request, &a.tx.dst, 51, 1, a.bytes);
			read_reply(&a, length, &a.tx.dst, 51);
			assert_true(reply_kind_is_direct(a.reply.kind));
			assert_int_equal(a.reply.method.protocol, protocol);
			assert_int_equal(a.reply.method.port, port);
			assert_int_equal(a.reply.source_port, a.token.source_port);
			assert_int_equal(a.reply.proves_itself, a.reply.has_payload);
			length = answer_closed(&a.request, &a.tx.dst, 51, a.bytes);
			if (length == 0)
				continue;
			read_reply(&a, length, &a.tx.dst, 51);
			assert_true(reply_kind_is_answer(a.reply.kind, true));
		}
	}
}

static void assert_error(const char *dst, const char *method, bool whole)
{
	static const enum reply_kind kinds[] = {
		REPLY_NET_UNREACHABLE, REPLY_HOST_UNREACHABLE, REPLY_PORT_UNREACHABLE,
		REPLY_PROHIBITED,      REPLY_TIME_EXCEEDED,
	};
	struct asked a = ask(dst, method);
	struct bw_addr router = net_addr(a.tx.dst.family == 4 ? "198.18.77.1" : "2001:db8:77::1");

	read_request(&a);
	for (unsigned e = ANSWER_NET_UNREACHABLE; e <= ANSWER_TIME_EXCEEDED; e++) {
		struct answer_quote quote = {3, whole, false};
		uint16_t length = answer_icmp_error(&a.request, &router, 249, (enum answer_error)e,
						    quote, a.bytes);

		read_reply(&a, length, &router, 249);
		assert_int_equal(a.reply.kind, kinds[e]);
		assert_true(bw_addr_equal(&a.reply.probed, &a.tx.dst));
		assert_int_equal(a.reply.quoted_ttl, 3);
		assert_int_equal(a.reply.method.protocol, a.request.protocol);
		assert_int_equal(length, a.request.header + 8 +
						 (whole ? a.tx.length : a.request.header + 8));
	}
}

static void test_errors(void **state)
{
	static const char *const methods[] = {"icmp", "tcp:443"};
	(void)state;

	for (unsigned i = 0; i < 2; i++) {
		for (unsigned m = 0; m < 2; m++) {
			assert_error(hosts[i], methods[m], true);
			assert_error(hosts[i], methods[m], false);
		}
	}
}

/* The longest probe, quoted whole, still fits. */
static void test_the_longest_quote_fits(void **state)
{
	uint8_t packet[BW_PACKET_MAX] = {0x60}, bytes[ARRIVAL_MAX];
	struct bw_addr addr = net_addr("2001:db8::1");
	struct request request = {.src = addr,
				  .dst = addr,
				  .bytes = packet,
				  .outside = packet,
				  .length = BW_PACKET_MAX,
				  .header = 40};
	struct answer_quote whole = {1, true, false};
	(void)state;

	assert_int_equal(answer_icmp_error(&request, &addr, 64, ANSWER_TIME_EXCEEDED, whole, bytes),
			 ARRIVAL_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_syn_ack_and_rst),
		cmocka_unit_test(test_every_method_is_answered),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_the_longest_quote_fits),
	};

	return cmocka_run_group_tests_name("sim/answer", tests, NULL, NULL);
}
