/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/icmp.h"

#include "wire/cksum.h"

#define EXTENSION_VERSION 2
#define EXTENSION_HEADER 4

static enum icmp_role role_of_v4(uint8_t type)
{
	switch (type) {
	case ICMP_V4_ECHO_REQUEST:
		return ICMP_REQUEST;
	case ICMP_V4_ECHO_REPLY:
		return ICMP_REPLY;
	case ICMP_V4_UNREACHABLE:
	case ICMP_V4_SOURCE_QUENCH:
	case ICMP_V4_TIME_EXCEEDED:
	case ICMP_V4_PARAMETER:
		return ICMP_ERROR;
	default:
		return ICMP_OTHER;
	}
}

static enum icmp_role role_of_v6(uint8_t type)
{
	switch (type) {
	case ICMP_V6_ECHO_REQUEST:
		return ICMP_REQUEST;
	case ICMP_V6_ECHO_REPLY:
		return ICMP_REPLY;
	case ICMP_V6_UNREACHABLE:
	case ICMP_V6_TOO_BIG:
	case ICMP_V6_TIME_EXCEEDED:
	case ICMP_V6_PARAMETER:
		return ICMP_ERROR;
	default:
		return ICMP_OTHER;
	}
}

/*
 * The bytes that the quote takes by RFC 4884 (section 4), 0 where it does not
 * say. REST is the second word of the message.
 */
static uint32_t quote_length(uint8_t family, uint8_t type, uint32_t rest)
{
	if (family == 6 && (type == ICMP_V6_UNREACHABLE || type == ICMP_V6_TIME_EXCEEDED))
		return (rest >> 24) * 8;
	if (family == 4 && (type == ICMP_V4_UNREACHABLE || type == ICMP_V4_TIME_EXCEEDED ||
			    type == ICMP_V4_PARAMETER))
		return (rest >> 16 & 0xff) * 4;
	return 0;
}

static struct cursor read_objects(struct cursor structure)
{
	const uint8_t *start = structure.at;
	size_t length = cursor_left(&structure);
	uint8_t version = cursor_u8(&structure) >> 4;
	uint16_t checksum;

	cursor_skip(&structure, 1);
	checksum = cursor_u16(&structure);
	if (structure.failed || version != EXTENSION_VERSION ||
	    (checksum && cksum_finish(cksum_add(0, start, length))))
		return cursor_of(NULL, 0);
	return structure;
}

/* Splits what follows the header of an error into quote and extension. */
static void split_error(struct cursor body, size_t quoted, struct icmp *icmp)
{
	size_t length = cursor_left(&body);

	icmp->body = body;
	if (!quoted || quoted + EXTENSION_HEADER > length)
		return;
	cursor_limit(&icmp->body, quoted);
	cursor_skip(&body, quoted);
	icmp->objects = read_objects(body);
}

bool icmp_decode(uint8_t family, struct cursor message, struct icmp *ret_icmp)
{
	struct icmp icmp = {.objects = cursor_of(NULL, 0)};
	uint32_t rest;

	icmp.type = cursor_u8(&message);
	icmp.code = cursor_u8(&message);
	cursor_skip(&message, 2);
	rest = cursor_u32(&message);
	if (message.failed)
		return false;
	icmp.role = family == 6 ? role_of_v6(icmp.type) : role_of_v4(icmp.type);
	if (icmp.role == ICMP_ERROR) {
		split_error(message, quote_length(family, icmp.type, rest), &icmp);
	} else {
		icmp.echo = rest;
		icmp.body = message;
	}
	*ret_icmp = icmp;
	return true;
}

static enum reply_kind kind_of_v4_unreachable(uint8_t code)
{
	switch (code) {
	case 0:  /* net */
	case 5:  /* source route failed */
	case 6:  /* net unknown */
	case 11: /* net, for this type of service */
		return REPLY_NET_UNREACHABLE;
	case 1:  /* host */
	case 7:  /* host unknown */
	case 8:  /* source host isolated */
	case 12: /* host, for this type of service */
		return REPLY_HOST_UNREACHABLE;
	case 2:
		return REPLY_PROTOCOL_UNREACHABLE;
	case 3:
		return REPLY_PORT_UNREACHABLE;
	case 9:  /* net, administratively */
	case 10: /* host, administratively */
	case 13: /* communication, administratively */
		return REPLY_PROHIBITED;
	default:
		return REPLY_OTHER_ERROR;
	}
}

static enum reply_kind kind_of_v6_unreachable(uint8_t code)
{
	switch (code) {
	case 0: /* no route */
		return REPLY_NET_UNREACHABLE;
	case 3: /* address */
		return REPLY_HOST_UNREACHABLE;
	case 4:
		return REPLY_PORT_UNREACHABLE;
	case 1: /* administratively */
	case 5: /* source address failed policy */
	case 6: /* reject route */
		return REPLY_PROHIBITED;
	default:
		return REPLY_OTHER_ERROR;
	}
}

enum reply_kind icmp_error_kind(uint8_t family, uint8_t type, uint8_t code)
{
	if (type == (family == 6 ? ICMP_V6_TIME_EXCEEDED : ICMP_V4_TIME_EXCEEDED))
		return REPLY_TIME_EXCEEDED;
	if (family == 6)
		return type == ICMP_V6_UNREACHABLE ? kind_of_v6_unreachable(code)
						   : REPLY_OTHER_ERROR;
	return type == ICMP_V4_UNREACHABLE ? kind_of_v4_unreachable(code) : REPLY_OTHER_ERROR;
}
