/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/net/rtnetlink.h"

#include <assert.h>
#include <string.h>
#include <sys/socket.h>

static void put_attribute(struct rtnetlink_request *q, uint16_t type, const void *value,
			  size_t size)
{
	struct rtattr attribute = {(uint16_t)RTA_LENGTH(size), type};
	uint8_t *at = (uint8_t *)q + q->header.nlmsg_len;

	assert(q->header.nlmsg_len + RTA_SPACE(size) <= sizeof(*q));
	memcpy(at, &attribute, sizeof(attribute));
	memcpy(at + sizeof(attribute), value, size);
	q->header.nlmsg_len += RTA_SPACE(size);
}

static void start_request(struct rtnetlink_request *q, int family, uint16_t flags, uint32_t seq)
{
	memset(q, 0, sizeof(*q));
	q->header.nlmsg_len = NLMSG_LENGTH(sizeof(q->route));
	q->header.nlmsg_type = RTM_GETROUTE;
	q->header.nlmsg_flags = NLM_F_REQUEST | flags;
	q->header.nlmsg_seq = seq;
	q->route.rtm_family = family == 4 ? AF_INET : AF_INET6;
}

void rtnetlink_request_route(struct rtnetlink_request *q, const struct interface_wish *wish,
			     const struct bw_addr *dst, uint32_t seq)
{
	size_t size = bw_addr_bits(dst) / 8;

	start_request(q, dst->family, 0, seq);
	q->route.rtm_flags = RTM_F_LOOKUP_TABLE;
	q->route.rtm_dst_len = (uint8_t)bw_addr_bits(dst);
	put_attribute(q, RTA_DST, dst->bytes, size);
	if (wish->index != 0)
		put_attribute(q, RTA_OIF, &wish->index, sizeof(wish->index));
	if (wish->source.family == dst->family) {
		q->route.rtm_src_len = (uint8_t)bw_addr_bits(dst);
		put_attribute(q, RTA_SRC, wish->source.bytes, size);
	}
}

void rtnetlink_request_dump(struct rtnetlink_request *q, int family)
{
	start_request(q, family, NLM_F_DUMP, 0);
}

/* Copies a struct out of the window; all zero when it is not there. */
static void take(struct cursor *c, void *ret_value, size_t size)
{
	const uint8_t *bytes = cursor_take(c, size);

	if (bytes)
		memcpy(ret_value, bytes, size);
	else
		memset(ret_value, 0, size);
}

/* Skips to the next multiple of 4 behind LENGTH bytes; the last element may lack its padding. */
static void skip_padding(struct cursor *c, size_t length)
{
	size_t padding = -length & 3;

	cursor_skip(c, padding < cursor_left(c) ? padding : cursor_left(c));
}

static uint32_t take_number(struct cursor *c)
{
	uint32_t number;

	take(c, &number, sizeof(number));
	return number;
}

static struct bw_addr take_addr(struct cursor *c, int family)
{
	struct bw_addr addr = {0};

	if (family != AF_INET && family != AF_INET6)
		return addr;
	take(c, addr.bytes, family == AF_INET ? 4 : 16);
	if (!c->failed)
		addr.family = family == AF_INET ? 4 : 6;
	return addr;
}

/* RTA_VIA: a gateway with its own family. */
static struct bw_addr take_via(struct cursor *c)
{
	uint16_t family;

	take(c, &family, sizeof(family));
	return take_addr(c, family);
}

/* Takes an attribute off the list: its payload and type. False at the end. */
static bool next_attribute(struct cursor *list, struct cursor *ret_payload, unsigned *ret_type)
{
	struct rtattr attribute;
	const uint8_t *bytes;

	if (cursor_left(list) < sizeof(attribute))
		return false;
	take(list, &attribute, sizeof(attribute));
	if (attribute.rta_len < sizeof(attribute))
		return false;
	bytes = cursor_take(list, attribute.rta_len - sizeof(attribute));
	if (!bytes)
		return false;
	skip_padding(list, attribute.rta_len);
	*ret_payload = cursor_of(bytes, attribute.rta_len - sizeof(attribute));
	*ret_type = attribute.rta_type & NLA_TYPE_MASK;
	return true;
}

/* What a next hop can say; false for any other attribute. */
static bool read_next_hop(unsigned type, struct cursor *payload, int family,
			  struct rtnetlink_reply *answer)
{
	if (type == RTA_GATEWAY)
		answer->gateway = take_addr(payload, family);
	else if (type == RTA_VIA)
		answer->gateway = take_via(payload);
	else
		return false;
	return true;
}

static bool read_hop(struct cursor *hops, int family, struct rtnetlink_reply *ret_hop)
{
	struct rtnexthop hop;
	struct cursor one, payload;
	const uint8_t *bytes;
	unsigned type;

	take(hops, &hop, sizeof(hop));
	if (hops->failed || hop.rtnh_len < sizeof(hop))
		return false;
	bytes = cursor_take(hops, hop.rtnh_len - sizeof(hop));
	if (!bytes)
		return false;
	skip_padding(hops, hop.rtnh_len);
	one = cursor_of(bytes, hop.rtnh_len - sizeof(hop));
	*ret_hop = (struct rtnetlink_reply){.interface_index = (unsigned)hop.rtnh_ifindex};
	while (next_attribute(&one, &payload, &type))
		read_next_hop(type, &payload, family, ret_hop);
	return true;
}

/* Of several next hops the first stands for all: the kernel chooses among them by flow. */
static void read_hops(struct cursor *hops, int family, struct rtnetlink_reply *answer)
{
	struct rtnetlink_reply hop;

	while (answer->hop_count < RTNETLINK_HOPS_MAX && cursor_left(hops) > 0 &&
	       read_hop(hops, family, &hop))
		answer->hops[answer->hop_count++] =
			(struct rtnetlink_hop){hop.interface_index, hop.gateway};
	if (answer->hop_count == 0)
		return;
	answer->interface_index = answer->hops[0].interface_index;
	answer->gateway = answer->hops[0].gateway;
}

static void read_route(struct cursor *message, struct rtnetlink_reply *answer)
{
	struct rtmsg route;
	struct cursor payload;
	unsigned type;

	take(message, &route, sizeof(route));
	answer->type = route.rtm_type;
	answer->dst_length = route.rtm_dst_len;
	answer->table = route.rtm_table;
	while (next_attribute(message, &payload, &type)) {
		if (type == RTA_OIF)
			answer->interface_index = take_number(&payload);
		else if (type == RTA_PREFSRC)
			answer->source = take_addr(&payload, route.rtm_family);
		else if (type == RTA_TABLE)
			answer->table = take_number(&payload);
		else if (type == RTA_PRIORITY)
			answer->metric = take_number(&payload);
		else if (type == RTA_MULTIPATH)
			read_hops(&payload, route.rtm_family, answer);
		else
			read_next_hop(type, &payload, route.rtm_family, answer);
	}
}

bool rtnetlink_next(struct cursor *messages, struct rtnetlink_reply *ret_answer)
{
	struct rtnetlink_reply answer = {0};
	struct nlmsghdr header;
	struct cursor message;
	const uint8_t *bytes;

	if (cursor_left(messages) == 0)
		return false;
	take(messages, &header, sizeof(header));
	if (header.nlmsg_len < sizeof(header))
		messages->failed = true;
	if (messages->failed)
		return false;
	bytes = cursor_take(messages, header.nlmsg_len - sizeof(header));
	if (!bytes)
		return false;
	skip_padding(messages, header.nlmsg_len);
	message = cursor_of(bytes, header.nlmsg_len - sizeof(header));
	answer.seq = header.nlmsg_seq;
	answer.kind = header.nlmsg_type;
	if (answer.kind == RTM_NEWROUTE) {
		read_route(&message, &answer);
		if (message.failed && answer.type == 0)
			return false;
	}
	*ret_answer = answer;
	return true;
}
