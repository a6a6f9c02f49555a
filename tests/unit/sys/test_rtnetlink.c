/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "sys/net/rtnetlink.h"

#define DATAGRAM 512

/* A datagram that is written as the kernel writes it. */
struct datagram {
	uint8_t bytes[DATAGRAM];
	size_t length;  /* so far */
	size_t message; /* where the last message starts */
};

static void set_length(struct datagram *d)
{
	uint32_t length = (uint32_t)(d->length - d->message);

	memcpy(d->bytes + d->message, &length, sizeof(length));
}

static void add_bytes(struct datagram *d, const void *bytes, size_t size)
{
	assert_true(d->length + size <= DATAGRAM);
	memcpy(d->bytes + d->length, bytes, size);
	d->length += size;
	set_length(d);
}

static void add_message(struct datagram *d, uint16_t kind, uint32_t seq)
{
	struct nlmsghdr header = {.nlmsg_type = kind, .nlmsg_seq = seq};

	d->length = NLMSG_ALIGN(d->length);
	d->message = d->length;
	add_bytes(d, &header, sizeof(header));
}

static void add_route(struct datagram *d, uint8_t family, uint8_t dst_length, uint32_t seq)
{
	struct rtmsg route = {.rtm_family = family, .rtm_dst_len = dst_length,
			      .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST};

	add_message(d, RTM_NEWROUTE, seq);
	add_bytes(d, &route, sizeof(route));
}

static void add_attribute(struct datagram *d, uint16_t type, const void *value, size_t size)
{
	static const uint8_t zero[4];
	struct rtattr attribute = {(uint16_t)RTA_LENGTH(size), type};

	add_bytes(d, &attribute, sizeof(attribute));
	add_bytes(d, value, size);
	add_bytes(d, zero, RTA_SPACE(size) - RTA_LENGTH(size));
}

static struct bw_addr addr(const char *text)
{
	struct bw_addr parsed;

	assert_int_equal(bw_addr_parse(text, &parsed), 0);
	return parsed;
}

static void assert_addr(const struct bw_addr *got, const char *text)
{
	struct bw_addr wanted = addr(text);

	assert_true(bw_addr_equal(got, &wanted));
}

/* A route as `ip route get` shows it, with a metric and an attribute that nobody knows. */
static struct datagram usual_route(void)
{
	struct datagram d = {.length = 0};
	struct bw_addr gateway = addr("10.0.0.254"), source = addr("10.0.0.1");
	uint32_t oif = 7, table = 300, metric = 1024;

	add_route(&d, AF_INET, 32, 42);
	add_attribute(&d, RTA_TABLE, &table, sizeof(table));
	add_attribute(&d, 200, "odd", 3);
	add_attribute(&d, RTA_OIF, &oif, sizeof(oif));
	add_attribute(&d, RTA_GATEWAY, gateway.bytes, 4);
	add_attribute(&d, RTA_PREFSRC, source.bytes, 4);
	add_attribute(&d, RTA_PRIORITY, &metric, sizeof(metric));
	return d;
}

static void test_route(void **state)
{
	struct datagram d = usual_route();
	struct cursor messages = cursor_of(d.bytes, d.length);
	struct rtnetlink_reply answer;

	(void)state;
	assert_true(rtnetlink_next(&messages, &answer));
	assert_int_equal(answer.kind, RTM_NEWROUTE);
	assert_int_equal(answer.seq, 42);
	assert_int_equal(answer.type, RTN_UNICAST);
	assert_int_equal(answer.dst_length, 32);
	assert_int_equal(answer.interface_index, 7);
	assert_int_equal(answer.table, 300);
	assert_int_equal(answer.metric, 1024);
	assert_addr(&answer.gateway, "10.0.0.254");
	assert_addr(&answer.source, "10.0.0.1");
	assert_false(rtnetlink_next(&messages, &answer));
	assert_false(messages.failed);
}

static void test_ipv6_route(void **state)
{
	struct datagram d = {.length = 0};
	struct bw_addr gateway = addr("fe80::1"), source = addr("2001:db8::1");
	struct rtnetlink_reply answer;
	struct cursor messages;

	(void)state;
	add_route(&d, AF_INET6, 0, 0);
	add_attribute(&d, RTA_GATEWAY, gateway.bytes, 16);
	add_attribute(&d, RTA_PREFSRC, source.bytes, 16);
	messages = cursor_of(d.bytes, d.length);
	assert_true(rtnetlink_next(&messages, &answer));
	assert_int_equal(answer.dst_length, 0);
	assert_int_equal(answer.table, RT_TABLE_MAIN);
	assert_addr(&answer.gateway, "fe80::1");
	assert_addr(&answer.source, "2001:db8::1");
}

/* An IPv4 route through an IPv6 gateway (RFC 5549). */
static void test_gateway_of_the_other_family(void **state)
{
	struct datagram d = {.length = 0};
	struct bw_addr gateway = addr("fe80::9");
	uint8_t via[18];
	uint16_t family = AF_INET6;
	struct rtnetlink_reply answer;
	struct cursor messages;

	(void)state;
	memcpy(via, &family, sizeof(family));
	memcpy(via + 2, gateway.bytes, 16);
	add_route(&d, AF_INET, 0, 0);
	add_attribute(&d, RTA_VIA, via, sizeof(via));
	messages = cursor_of(d.bytes, d.length);
	assert_true(rtnetlink_next(&messages, &answer));
	assert_addr(&answer.gateway, "fe80::9");
}

static void test_first_of_several_next_hops(void **state)
{
	struct datagram d = {.length = 0};
	struct bw_addr first = addr("10.0.0.254"), second = addr("10.0.1.254");
	struct rtattr gateway = {RTA_LENGTH(4), RTA_GATEWAY};
	struct rtnexthop hop = {.rtnh_len = sizeof(hop) + RTA_LENGTH(4), .rtnh_ifindex = 3};
	uint8_t hops[2 * (sizeof(hop) + sizeof(gateway) + 4)], *at = hops;
	struct rtnetlink_reply answer;
	struct cursor messages;

	(void)state;
	for (int i = 0; i < 2; i++, hop.rtnh_ifindex++) {
		memcpy(at, &hop, sizeof(hop));
		memcpy(at + sizeof(hop), &gateway, sizeof(gateway));
		memcpy(at + sizeof(hop) + sizeof(gateway), i ? second.bytes : first.bytes, 4);
		at += sizeof(hops) / 2;
	}
	add_route(&d, AF_INET, 0, 0);
	add_attribute(&d, RTA_MULTIPATH, hops, sizeof(hops));
	messages = cursor_of(d.bytes, d.length);
	assert_true(rtnetlink_next(&messages, &answer));
	assert_int_equal(answer.interface_index, 3);
	assert_addr(&answer.gateway, "10.0.0.254");
	assert_int_equal(answer.hop_count, 2);
	assert_addr(&answer.hops[0].gateway, "10.0.0.254");
	assert_int_equal(answer.hops[1].interface_index, 4);
	assert_addr(&answer.hops[1].gateway, "10.0.1.254");
}

static void test_several_messages(void **state)
{
	struct datagram d = {.length = 0};
	struct rtnetlink_reply answer;
	struct cursor messages;
	int32_t error = -101;

	(void)state;
	add_route(&d, AF_INET, 24, 1);
	add_message(&d, NLMSG_ERROR, 2);
	add_bytes(&d, &error, sizeof(error));
	add_message(&d, NLMSG_DONE, 3);
	add_bytes(&d, "x", 1); /* the last one without its padding */
	messages = cursor_of(d.bytes, d.length);
	assert_true(rtnetlink_next(&messages, &answer));
	assert_int_equal(answer.kind, RTM_NEWROUTE);
	assert_true(rtnetlink_next(&messages, &answer));
	assert_int_equal(answer.kind, NLMSG_ERROR);
	assert_int_equal(answer.seq, 2);
	assert_true(rtnetlink_next(&messages, &answer));
	assert_int_equal(answer.kind, NLMSG_DONE);
	assert_false(rtnetlink_next(&messages, &answer));
	assert_false(messages.failed);
}

/* Cut anywhere, and with any length in any header, it neither fails hard nor reads on. */
static void test_broken_datagrams(void **state)
{
	struct datagram d = usual_route();
	struct rtnetlink_reply answer;

	(void)state;
	for (size_t cut = 0; cut < d.length; cut++) {
		uint8_t *copy = malloc(cut + 1); /* of its own, so that ASan sees the end */
		struct cursor messages = cursor_of(copy, cut);

		memcpy(copy, d.bytes, cut);
		assert_false(rtnetlink_next(&messages, &answer));
		assert_int_equal(messages.failed, cut > 0);
		free(copy);
	}
	for (size_t at = 0; at < d.length; at++) {
		struct datagram bad = d;
		struct cursor messages = cursor_of(bad.bytes, bad.length);

		bad.bytes[at] = 0xff;
		while (rtnetlink_next(&messages, &answer))
			;
		bad.bytes[at] = 0;
		messages = cursor_of(bad.bytes, bad.length);
		while (rtnetlink_next(&messages, &answer))
			;
	}
}

static void test_short_attributes_are_none(void **state)
{
	struct datagram d = {.length = 0};
	struct rtnetlink_reply answer;
	struct cursor messages;

	(void)state;
	add_route(&d, AF_INET6, 128, 0);
	add_attribute(&d, RTA_GATEWAY, "abcd", 4);
	add_attribute(&d, RTA_OIF, "ab", 2);
	add_attribute(&d, RTA_VIA, "a", 1);
	add_attribute(&d, RTA_MULTIPATH, "abcd", 4);
	messages = cursor_of(d.bytes, d.length);
	assert_true(rtnetlink_next(&messages, &answer));
	assert_int_equal(answer.gateway.family, 0);
	assert_int_equal(answer.interface_index, 0);
}

/* Finds an attribute of a request. */
static struct cursor find(const struct rtnetlink_request *q, uint16_t type)
{
	struct cursor c = cursor_of(q->attributes, q->header.nlmsg_len -
				    offsetof(struct rtnetlink_request, attributes));

	while (cursor_left(&c) >= sizeof(struct rtattr)) {
		struct rtattr attribute;

		memcpy(&attribute, cursor_take(&c, sizeof(attribute)), sizeof(attribute));
		if (attribute.rta_type == type) {
			cursor_limit(&c, attribute.rta_len - sizeof(attribute));
			return c;
		}
		cursor_skip(&c, RTA_ALIGN(attribute.rta_len) - sizeof(attribute));
	}
	return cursor_of(NULL, 0);
}

static void test_request(void **state)
{
	struct interface_wish wish = {5, addr("2001:db8::1")};
	struct bw_addr dst = addr("2001:db8:4::1"), v4 = addr("10.0.0.1");
	struct rtnetlink_request q;
	struct cursor c;
	uint32_t oif;

	(void)state;
	rtnetlink_request_route(&q, &wish, &dst, 9);
	assert_int_equal(q.header.nlmsg_type, RTM_GETROUTE);
	assert_int_equal(q.header.nlmsg_flags, NLM_F_REQUEST);
	assert_int_equal(q.header.nlmsg_seq, 9);
	assert_int_equal(q.route.rtm_family, AF_INET6);
	assert_int_equal(q.route.rtm_dst_len, 128);
	assert_int_equal(q.route.rtm_src_len, 128);
	c = find(&q, RTA_DST);
	assert_int_equal(cursor_left(&c), 16);
	assert_memory_equal(c.at, dst.bytes, 16);
	c = find(&q, RTA_SRC);
	assert_memory_equal(c.at, wish.source.bytes, 16);
	c = find(&q, RTA_OIF);
	memcpy(&oif, c.at, sizeof(oif));
	assert_int_equal(oif, 5);
	/* A source binds its own family only. */
	rtnetlink_request_route(&q, &wish, &v4, 10);
	assert_int_equal(q.route.rtm_src_len, 0);
	c = find(&q, RTA_SRC);
	assert_int_equal(cursor_left(&c), 0);
	c = find(&q, RTA_DST);
	assert_int_equal(cursor_left(&c), 4);
}

static void test_request_for_all(void **state)
{
	struct rtnetlink_request q;

	(void)state;
	rtnetlink_request_dump(&q, 4);
	assert_int_equal(q.route.rtm_family, AF_INET);
	assert_int_equal(q.header.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(q.header.nlmsg_len, NLMSG_LENGTH(sizeof(struct rtmsg)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_route),
		cmocka_unit_test(test_ipv6_route),
		cmocka_unit_test(test_gateway_of_the_other_family),
		cmocka_unit_test(test_first_of_several_next_hops),
		cmocka_unit_test(test_several_messages),
		cmocka_unit_test(test_broken_datagrams),
		cmocka_unit_test(test_short_attributes_are_none),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_request_for_all),
	};

	return cmocka_run_group_tests_name("sys/rtnetlink", tests, NULL, NULL);
}
