/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probe packets: libnet makes a template of each kind once, and a probe is a
 * copy of it with a few fields changed.
 *
 * Why not libnet for every probe: it allocates and sums up whole packets, and
 * the engine wants several hundred thousand a second. Why libnet at all: it
 * knows the header formats, and start-up is the time for taking trouble.
 * LIBNET_NONE needs neither a socket nor root. libnet_adv_cull_packet() refuses
 * to work with it in 1.1.6, so the packet is taken with libnet_pblock_coalesce(),
 * which only prepends alignment for link-layer contexts: the block begins where
 * malloc() put it.
 *
 * What of IPv6: libnet 1.1.6 takes the upper layer to begin right behind the
 * IPv6 header, so that checksums behind extension headers are wrong (its issues
 * 34 to 36), and its sending of IPv6 is weak. We build no extension headers and
 * do not send with it. Behind a plain IPv6 header it sums up ICMPv6 and TCP
 * correctly, odd lengths and options included, so that there is nothing to mend.
 * A template is nevertheless decoded and summed up again by our own code before
 * it is used, in every run: if another libnet gets a checksum wrong, the probes
 * would vanish without a word and every block look dark.
 *
 * Invariant: a template is a valid packet from the source to the all-zero
 * address with an all-zero token, and stays so; build_probe() changes its copy
 * only together with the checksums, by the differences (RFC 1624). What changes:
 *
 *   IPv4    identification, TTL, destination; its header's checksum
 *   IPv6    hop limit, destination
 *   echo    id and sequence number, payload up to the contact text; checksum
 *   SYN     source port, sequence number; checksum
 *
 * and the destination counts again in the pseudo-header of all but ICMPv4.
 *
 * IPv4 probes set DF and an identification that is never 0, or the kernel would
 * put in its own; it is folded from the token, so that probes differ in it
 * without state. The SYN has an MSS option and a usual window because firewalls
 * drop SYNs without them as scans.
 */
#include "wire/build.h"

#include <assert.h>
#include <libnet.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/cksum.h"
#include "wire/icmp.h"
#include "wire/ip.h"
#include "wire/tcp.h"

#define WINDOW 64240 /* what Linux offers first: 44 segments of 1460 bytes */
#define MSS_OPTION 4
#define MSS_V4 1460
#define MSS_V6 1440
#define SYN_LENGTH (TCP_HEADER + MSS_OPTION)
#define DONT_FRAGMENT 0x4000

/* Offsets of what is patched. */
#define V4_ID 4
#define V4_TTL 8 /* 16-bit word together with the protocol */
#define V4_CHECKSUM 10
#define V4_DST 16
#define V6_HOP_LIMIT 7
#define V6_DST 24
#define ECHO_CHECKSUM 2
#define ECHO_ID 4
#define SYN_SEQ 4
#define SYN_CHECKSUM 16

/* libnet's protocol blocks, from the top of the packet to its bottom. */
static int add_echo(libnet_t *net, uint8_t family, const char *contact)
{
	uint8_t payload[TOKEN_PAYLOAD + BUILD_CONTACT_MAX + 1];
	size_t contact_length = strlen(contact);
	uint32_t length = TOKEN_PAYLOAD + (uint32_t)contact_length;

	token_payload_encode(&(struct token_payload){.nonce = 0}, payload);
	memcpy(payload + TOKEN_PAYLOAD, contact, contact_length + 1);
	if (family == 4)
		return libnet_build_icmpv4_echo(ICMP_V4_ECHO_REQUEST, 0, 0, 0, 0, payload, length,
						net, 0);
	return libnet_build_icmpv6_echo(ICMP_V6_ECHO_REQUEST, 0, 0, 0, 0, payload, length, net, 0);
}

static int add_syn(libnet_t *net, uint8_t family, uint16_t port)
{
	uint8_t option[MSS_OPTION] = {2, MSS_OPTION};

	put_u16(option + 2, family == 4 ? MSS_V4 : MSS_V6);
	if (libnet_build_tcp_options(option, sizeof(option), net, 0) < 0)
		return -1;
	return libnet_build_tcp(0, port, 0, 0, TCP_SYN, WINDOW, 0, 0, SYN_LENGTH, NULL, 0, net, 0);
}

static int add_ip(libnet_t *net, const struct bw_addr *source, uint8_t protocol, uint16_t length)
{
	struct libnet_in6_addr src_v6, dst_v6 = {.__u6_addr = {.__u6_addr8 = {0}}};
	uint32_t src_v4;

	if (source->family == 4) {
		memcpy(&src_v4, source->bytes, sizeof(src_v4));
		return libnet_build_ipv4((uint16_t)(IP_V4_HEADER + length), 0, 0, DONT_FRAGMENT, 0,
					 protocol, 0, src_v4, 0, NULL, 0, net, 0);
	}
	memcpy(&src_v6, source->bytes, sizeof(src_v6));
	return libnet_build_ipv6(0, 0, length, protocol, 0, src_v6, dst_v6, NULL, 0, net, 0);
}

static int add_blocks(libnet_t *net, const struct build_template *template, const char *contact)
{
	uint8_t family = template->source.family;
	size_t echo_length = ICMP_HEADER + TOKEN_PAYLOAD + strlen(contact);

	if (template->method.protocol == BW_PROTOCOL_TCP) {
		if (add_syn(net, family, template->method.port) < 0)
			return -1;
		return add_ip(net, &template->source, IP_PROTOCOL_TCP, SYN_LENGTH);
	}
	if (add_echo(net, family, contact) < 0)
		return -1;
	return add_ip(net, &template->source, family == 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6,
		      (uint16_t)echo_length);
}

static bool is_valid(const uint8_t *bytes, uint32_t length)
{
	struct ip ip;

	return length <= BW_PACKET_MAX &&
	       ip_decode(cursor_of(bytes, length), length, &ip) == REJECT_NONE && ip.whole &&
	       ip_payload_is_intact(&ip);
}

static int compose(libnet_t *net, struct build_template *template, const char *contact,
		   struct bw_err *err)
{
	uint8_t *packet = NULL;
	uint32_t length = 0;
	bool valid;

	if (add_blocks(net, template, contact) < 0 ||
	    libnet_pblock_coalesce(net, &packet, &length) < 0)
		return bw_err_set(err, BW_ERR_INTERNAL, "libnet cannot build a probe: %s",
				  libnet_geterror(net));
	valid = is_valid(packet, length);
	if (valid) {
		memcpy(template->bytes, packet, length);
		template->length = (uint16_t)length;
	}
	free(packet);
	if (!valid)
		return bw_err_set(err, BW_ERR_INTERNAL,
				  "libnet built an invalid probe; use libnet 1.1.6");
	return 0;
}

int build_template_init(struct build_template *ret_template, const struct bw_addr *source,
			struct bw_method method, const char *contact, struct bw_err *err)
{
	struct build_template template = {.method = method, .source = *source};
	char message[LIBNET_ERRBUF_SIZE];
	libnet_t *net;
	int ret;

	assert(source->family == 4 || source->family == 6);
	assert(method.protocol == BW_PROTOCOL_ICMP || method.protocol == BW_PROTOCOL_TCP);
	if (contact && strlen(contact) > BUILD_CONTACT_MAX)
		return bw_err_set(err, BW_ERR_LIMIT,
				  "contact has %zu bytes, %d fit into a probe; shorten it",
				  strlen(contact), BUILD_CONTACT_MAX);
	net = libnet_init(LIBNET_NONE, NULL, message);
	if (!net)
		return bw_err_set(err, BW_ERR_INTERNAL, "libnet cannot start: %s", message);
	ret = compose(net, &template, contact ? contact : "", err);
	libnet_destroy(net);
	if (!ret)
		*ret_template = template;
	return ret;
}

static void mend(uint8_t *checksum, const uint8_t *old_bytes, const uint8_t *new_bytes,
		 size_t length)
{
	put_u16(checksum, cksum_replace((uint16_t)(checksum[0] << 8 | checksum[1]), old_bytes,
					new_bytes, length));
}

static uint16_t id_of(const struct token *token)
{
	uint16_t id = (uint16_t)(token->brief >> 16 ^ token->brief);

	return id ? id : 1;
}

static void patch_v4(const uint8_t *old, uint8_t *bytes, const struct bw_addr *dst, uint16_t id,
		     uint8_t ttl)
{
	put_u16(bytes + V4_ID, id);
	bytes[V4_TTL] = ttl;
	memcpy(bytes + V4_DST, dst->bytes, 4);
	mend(bytes + V4_CHECKSUM, old + V4_ID, bytes + V4_ID, V4_CHECKSUM - V4_ID);
	mend(bytes + V4_CHECKSUM, old + V4_DST, bytes + V4_DST, 4);
}

static void patch_v6(uint8_t *bytes, const struct bw_addr *dst, uint8_t ttl)
{
	bytes[V6_HOP_LIMIT] = ttl;
	memcpy(bytes + V6_DST, dst->bytes, 16);
}

static void patch_echo(const uint8_t *old, uint8_t *bytes, const struct token *token,
		       int64_t sent_us)
{
	struct token_payload payload = {token->nonce, sent_us, token->full};

	put_u32(bytes + ECHO_ID, token->brief);
	token_payload_encode(&payload, bytes + ICMP_HEADER);
	mend(bytes + ECHO_CHECKSUM, old + ECHO_ID, bytes + ECHO_ID,
	     ICMP_HEADER + TOKEN_PAYLOAD - ECHO_ID);
}

static void patch_syn(const uint8_t *old, uint8_t *bytes, const struct token *token)
{
	put_u16(bytes, token->source_port);
	put_u32(bytes + SYN_SEQ, token->brief);
	mend(bytes + SYN_CHECKSUM, old, bytes, SYN_SEQ + 4);
}

uint16_t build_probe(const struct build_template *template, const struct bw_addr *dst,
		     const struct token *token, uint8_t ttl, int64_t sent_us,
		     uint8_t bytes[BW_PACKET_MAX])
{
	bool v4 = template->source.family == 4, syn = template->method.protocol == BW_PROTOCOL_TCP;
	const uint8_t *old = template->bytes + (v4 ? IP_V4_HEADER : IP_V6_HEADER);
	uint8_t *upper = bytes + (v4 ? IP_V4_HEADER : IP_V6_HEADER);
	size_t at_dst = v4 ? V4_DST : V6_DST;

	assert(dst->family == template->source.family);
	memcpy(bytes, template->bytes, template->length);
	if (v4)
		patch_v4(template->bytes, bytes, dst, id_of(token), ttl);
	else
		patch_v6(bytes, dst, ttl);
	if (syn)
		patch_syn(old, upper, token);
	else
		patch_echo(old, upper, token, sent_us);
	if (syn || !v4)
		mend(upper + (syn ? SYN_CHECKSUM : ECHO_CHECKSUM), template->bytes + at_dst,
		     bytes + at_dst, v4 ? 4 : 16);
	return template->length;
}
