/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/icmp.h"

#include "wire/cksum.h"

#define EXTENSION_VERSION 2
#define EXTENSION_HEADER 4
#define TTL_EXCEEDED 0 /* code of time exceeded; 1 is about the reassembly of fragments */
#define QUOTE_LEAST 128 /* bytes of a quote before an extension (RFC 4884, section 4) */

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

/* Whether errors of this type may have an extension (RFC 4884, section 4). */
static bool type_may_extend(uint8_t family, uint8_t type)
{
	if (family == 6)
		return type == ICMP_V6_UNREACHABLE || type == ICMP_V6_TIME_EXCEEDED;
	return type == ICMP_V4_UNREACHABLE || type == ICMP_V4_TIME_EXCEEDED ||
	       type == ICMP_V4_PARAMETER;
}

/* The bytes that the quote takes; 0 where REST, the second word, does not say. */
static uint32_t quote_length(uint8_t family, uint32_t rest)
{
	return family == 6 ? (rest >> 24) * 8 : (rest >> 16 & 0xff) * 4;
}

static struct cursor read_objects(struct cursor structure, bool needs_checksum)
{
	const uint8_t *start = structure.at;
	size_t length = cursor_left(&structure);
	uint8_t version = cursor_u8(&structure) >> 4;
	uint16_t checksum;

	cursor_skip(&structure, 1);
	checksum = cursor_u16(&structure);
	if (structure.failed || version != EXTENSION_VERSION || (!checksum && needs_checksum) ||
	    (checksum && cksum_finish(cksum_add(0, start, length))))
		return cursor_of(NULL, 0);
	return structure;
}

/*
 * Splits what follows the header of an error into quote and extension. A length below
 * QUOTE_LEAST is an error of the sender: all of the body is the quote then.
 *
 * Routers older than RFC 4884 put an extension behind 128 bytes and say no length (section
 * 5.5). It is taken for one only if its checksum proves it.
 */
static void split_error(struct cursor body, bool may_extend, size_t quoted, struct icmp *icmp)
{
	size_t length = cursor_left(&body);
	bool old = quoted == 0;
	struct cursor objects;

	icmp->body = body;
	if (!may_extend)
		return;
	if (old)
		quoted = QUOTE_LEAST;
	if (quoted < QUOTE_LEAST || quoted + EXTENSION_HEADER > length)
		return;
	cursor_skip(&body, quoted);
	objects = read_objects(body, old);
	if (old && !objects.at)
		return;
	cursor_limit(&icmp->body, quoted);
	icmp->objects = objects;
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
		split_error(message, type_may_extend(family, icmp.type), quote_length(family, rest),
			    &icmp);
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
		return code == TTL_EXCEEDED ? REPLY_TIME_EXCEEDED : REPLY_OTHER_ERROR;
	if (family == 6)
		return type == ICMP_V6_UNREACHABLE ? kind_of_v6_unreachable(code)
						   : REPLY_OTHER_ERROR;
	return type == ICMP_V4_UNREACHABLE ? kind_of_v4_unreachable(code) : REPLY_OTHER_ERROR;
}
