/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Probe packets: libnet makes a template of each kind once, and a probe is a copy of it
 * with a few fields changed.
 *
 * libnet does not build every probe because it allocates memory and sums up whole
 * packets, and the engines need several hundred thousand probes a second. It builds the
 * templates because it knows the header formats. LIBNET_NONE needs neither a socket nor
 * root. libnet_adv_cull_packet() refuses to work with it in 1.1.6, so the packet is taken
 * with libnet_pblock_coalesce(), which only prepends alignment for link-layer contexts:
 * the block begins where malloc() put it.
 *
 * IPv6: libnet 1.1.6 assumes that the upper layer begins right behind the IPv6 header, so
 * that checksums behind extension headers are wrong (its issues 34 to 36), and its
 * sending of IPv6 is weak. We build no extension headers and do not send with it. Behind
 * a plain IPv6 header its sums over ICMPv6 and TCP are right, odd lengths and options
 * included. Our own code nevertheless decodes each template and verifies its checksums:
 * if another libnet got one wrong, every probe would be dropped and every block would
 * look dark.
 *
 * Invariant: a template is a valid packet from the source to the all-zero address with
 * an all-zero token. build_probe() changes its copy only together with the checksums, by
 * the differences (RFC 1624). It changes
 *
 *   IPv4      identification, TTL, destination; the header's checksum
 *   IPv6      flow label, hop limit, destination
 *   message   what the method's put_token() writes; the checksum
 *
 * and the destination counts again in the pseudo-header of all but ICMPv4.
 *
 * IPv4 probes set DF and an identification that is never 0, or the kernel would replace
 * it. It is folded from the token, so that probes differ in it without state.
 *
 * Flows (Paris traceroute): balancers hash the first four bytes behind the IP header. A
 * method with ports has them constant in a flow, by its token. Where the checksum lies
 * within these bytes (ICMP), a probe of a flow has the number of the flow as checksum
 * and a word at its end that makes it true. Such probes are rare and summed up as a whole.
 */
#include "wire/build.h"

#include <assert.h>
#include <libnet.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/cksum.h"
#include "wire/ip.h"
#include "wire/method/method_ops.h"

#define DONT_FRAGMENT 0x4000
#define HASHED_BYTES 4 /* behind the IP header, by load balancers */

/* Offsets of what is patched. */
#define V4_LENGTH 2
#define V4_ID 4
#define V4_TTL 8 /* 16-bit word together with the protocol */
#define V4_CHECKSUM 10
#define V4_DST 16
#define V6_FLOW 2
#define V6_LENGTH 4
#define V6_HOP_LIMIT 7
#define V6_DST 24

static uint8_t ip_protocol_of(const struct build_template *template)
{
	return template->source.family == 4 ? template->ops->ip_protocol_v4
					    : template->ops->ip_protocol_v6;
}

static int add_ip(libnet_t *net, const struct build_template *template, uint16_t length)
{
	const struct bw_addr *source = &template->source;
	uint8_t protocol = ip_protocol_of(template);
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

/* libnet's protocol blocks, from the top of the packet to its bottom. */
static int add_blocks(libnet_t *net, const struct build_template *template, const char *contact)
{
	int length = template->ops->add_blocks(net, template->source.family, template->method.port,
					       contact);

	return length < 0 ? -1 : add_ip(net, template, (uint16_t)length);
}

static bool is_valid(const uint8_t *bytes, uint32_t length)
{
	struct ip ip;

	return length <= BW_PACKET_MAX &&
	       ip_decode(cursor_of(bytes, length), length, &ip) == REJECT_NONE && ip.whole &&
	       !ip.blank_checksum && ip_payload_is_intact(&ip);
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

	template.ops = method_ops(method.protocol);
	assert(source->family == 4 || source->family == 6);
	assert(template.ops);
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
	cksum_mend(bytes + V4_CHECKSUM, old + V4_ID, bytes + V4_ID, V4_CHECKSUM - V4_ID);
	cksum_mend(bytes + V4_CHECKSUM, old + V4_DST, bytes + V4_DST, 4);
}

static void patch_v6(uint8_t *bytes, const struct bw_addr *dst, uint8_t flow, uint8_t ttl)
{
	put_u16(bytes + V6_FLOW, flow);
	bytes[V6_HOP_LIMIT] = ttl;
	memcpy(bytes + V6_DST, dst->bytes, 16);
}

/* Sets the length of the whole packet. */
static void set_length(const struct build_template *template, uint8_t *bytes, uint16_t length)
{
	if (template->source.family == 4) {
		put_u16(bytes + V4_LENGTH, length);
		cksum_mend(bytes + V4_CHECKSUM, template->bytes + V4_LENGTH, bytes + V4_LENGTH, 2);
	} else {
		put_u16(bytes + V6_LENGTH, (uint16_t)(length - IP_V6_HEADER));
	}
}

/* Adds the word that makes the number of the flow the checksum. Returns the new length. */
static uint16_t compensate(const struct build_template *template, const struct bw_addr *dst,
			   uint8_t flow, uint8_t *bytes)
{
	bool v4 = template->source.family == 4;
	uint16_t header = v4 ? IP_V4_HEADER : IP_V6_HEADER;
	uint16_t word_at = (uint16_t)((template->length + 1) & ~1);
	uint16_t length = (uint16_t)(word_at + 2);
	uint64_t sum = 0;

	memset(bytes + template->length, 0, length - template->length);
	put_u16(bytes + header + template->ops->checksum_at, flow);
	if (!v4 || template->ops->has_pseudo_header_v4)
		sum = cksum_pseudo(&template->source, dst, ip_protocol_of(template),
				   length - header);
	sum = cksum_add(sum, bytes + header, length - header);
	put_u16(bytes + word_at, cksum_finish(sum));
	set_length(template, bytes, length);
	return length;
}

uint16_t build_probe(const struct build_template *template, const struct bw_addr *dst,
		     const struct token *token, uint8_t ttl, int64_t sent_us,
		     uint8_t bytes[BW_PACKET_MAX])
{
	const struct method_ops *ops = template->ops;
	bool v4 = template->source.family == 4;
	size_t header = v4 ? IP_V4_HEADER : IP_V6_HEADER, at_dst = v4 ? V4_DST : V6_DST;

	assert(dst->family == template->source.family);
	memcpy(bytes, template->bytes, template->length);
	if (v4)
		patch_v4(template->bytes, bytes, dst, id_of(token), ttl);
	else
		patch_v6(bytes, dst, token->flow, ttl);
	ops->put_token(template->bytes + header, bytes + header, token, sent_us);
	if (!v4 || ops->has_pseudo_header_v4)
		cksum_mend(bytes + header + ops->checksum_at, template->bytes + at_dst,
			   bytes + at_dst, v4 ? 4 : 16);
	if (token->flow && ops->checksum_at < HASHED_BYTES)
		return compensate(template, dst, token->flow, bytes);
	return template->length;
}
