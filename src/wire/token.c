/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens: how a reply proves that it answers a probe of ours.
 *
 * Anybody can send us an echo reply or a RST with a forged source address. Such a packet
 * must not make a dark block look up. So each probe carries a message authentication
 * code (SipHash-2-4) over
 *
 *     domain | family | protocol | port | destination (16) | nonce (8)
 *
 * with a key that never leaves the process. A reply is accepted when the MAC, computed
 * again for the host that it is about, is the one that it brings back. The message has a
 * fixed length and every field a fixed offset, so that two different probes never have
 * the same message.
 *
 * How much of the MAC fits depends on what brings it back:
 *
 *   all         at most 32 bits ("brief"), where the method has room for them (brief_mask
 *               in wire/method/method_ops.h): id and sequence number of an echo, the
 *               sequence number of a SYN. An ICMP error quotes no more than the first 8
 *               bytes of a probe (RFC 792). A probe of flow 0 has 12 more bits in its
 *               source port, if its method has ports.
 *   echo        64 more bits ("full") in the payload, over the transmit time as well, so
 *               that nobody can make a round-trip time look shorter than it was.
 *
 * A guess takes 2^32 packets (2^44 for a SYN) for each live probe, and 2^64 where the
 * payload comes back. The nonce is new for each probe and contains a time slot, so that
 * a recorded reply does not fit a later probe of the same host.
 *
 * The domain byte in front, 1 or 2, separates the two MACs: neither is a prefix of the
 * other's computation.
 */
#include "wire/token.h"

#include <string.h>

#include "base/cursor.h"
#include "wire/method/method_ops.h"

enum domain {
	DOMAIN_BRIEF = 1,
	DOMAIN_FULL = 2,
};

/* Offsets in the message. */
#define AT_DOMAIN 0
#define AT_FAMILY 1
#define AT_PROTOCOL 2
#define AT_PORT 3
#define AT_DST 5
#define AT_NONCE 21
#define AT_SENT 29
#define BRIEF_MESSAGE AT_SENT
#define FULL_MESSAGE (AT_SENT + 8)

static uint16_t port_of(uint64_t mac)
{
	const unsigned ports = TOKEN_PORT_LAST - TOKEN_PORT_FIRST + 1;

	return (uint16_t)(TOKEN_PORT_FIRST + (mac >> 32) % ports);
}

struct token token_make(const struct siphash_key *key, const struct bw_addr *dst,
			struct bw_method method, uint64_t nonce, int64_t sent_us, uint8_t flow)
{
	struct token token = {.nonce = nonce, .flow = flow};
	uint8_t message[FULL_MESSAGE];
	uint64_t mac;

	message[AT_DOMAIN] = DOMAIN_BRIEF;
	message[AT_FAMILY] = dst->family;
	message[AT_PROTOCOL] = method.protocol;
	put_u16(message + AT_PORT, method.port);
	memcpy(message + AT_DST, dst->bytes, sizeof(dst->bytes));
	put_u64(message + AT_NONCE, nonce);
	mac = siphash(key, message, BRIEF_MESSAGE);
	token.brief = (uint32_t)mac & method_ops(method.protocol)->brief_mask;
	if (bw_protocol_has_port(method.protocol))
		token.source_port = flow ? TOKEN_PORT_FIRST + flow : port_of(mac);

	message[AT_DOMAIN] = DOMAIN_FULL;
	put_u64(message + AT_SENT, (uint64_t)sent_us);
	token.full = siphash(key, message, FULL_MESSAGE);
	return token;
}
