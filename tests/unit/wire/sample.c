/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"

static unsigned get_u16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

struct bw_addr sample_addr(const char *text)
{
	struct bw_addr addr = {.family = 0};

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return addr;
}

void sample_append(struct sample *s, const void *bytes, uint32_t length)
{
	assert_true(length <= sizeof(s->bytes) - s->length);
	memcpy(s->bytes + s->length, bytes, length);
	s->length += length;
}

uint16_t sample_sum(uint32_t start, const uint8_t *bytes, uint32_t length)
{
	uint32_t sum = start;

	for (uint32_t at = 0; at < length; at++) {
		sum += at % 2 ? bytes[at] : (uint32_t)bytes[at] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)sum;
}

uint16_t sample_upper_sum(const struct sample *s)
{
	bool v4 = s->bytes[0] >> 4 == 4;
	uint32_t length = s->length - s->upper;
	uint32_t sum = 0;

	if (s->protocol != 1) {
		sum = sample_sum(length + s->protocol, s->bytes + (v4 ? 12 : 8), v4 ? 8 : 32);
	}
	return sample_sum(sum, s->bytes + s->upper, length);
}

void sample_begin(struct sample *s, const struct bw_addr *src, const struct bw_addr *dst,
		  uint8_t protocol, uint8_t ttl)
{
	uint8_t v4[12] = {0x45, 0, 0, 0, 0x12, 0x34, 0, 0, ttl, protocol};
	uint8_t v6[8] = {0x60, 0, 0, 0, 0, 0, protocol, ttl};

	memset(s, 0, sizeof(*s));
	s->protocol = protocol;
	sample_append(s, src->family == 4 ? v4 : v6, src->family == 4 ? sizeof(v4) : sizeof(v6));
	sample_append(s, src->bytes, bw_addr_bits(src) / 8);
	sample_append(s, dst->bytes, bw_addr_bits(dst) / 8);
	s->upper = s->length;
}

void sample_finish(struct sample *s)
{
	uint8_t *checksum = s->bytes + s->upper + (s->protocol == 6 ? 16 : 2);

	if (s->bytes[0] >> 4 == 4) {
		put_u16(s->bytes + 2, (uint16_t)s->length);
		put_u16(s->bytes + 10, 0);
		put_u16(s->bytes + 10, (uint16_t)~sample_sum(0, s->bytes, (s->bytes[0] & 15) * 4u));
	} else {
		put_u16(s->bytes + 4, (uint16_t)(s->length - 40));
	}
	if (s->protocol == 1 || s->protocol == 6 || s->protocol == 58) {
		put_u16(checksum, 0);
		put_u16(checksum, (uint16_t)~sample_upper_sum(s));
	}
}

struct sample sample_probe(const uint8_t *bytes, uint32_t length)
{
	struct sample s = {.length = 0};

	sample_append(&s, bytes, length);
	s.upper = bytes[0] >> 4 == 4 ? 20 : 40;
	s.protocol = bytes[0] >> 4 == 4 ? bytes[9] : bytes[6];
	return s;
}

static struct bw_addr addr_at(const struct sample *s, uint32_t at_v4, uint32_t at_v6)
{
	bool v4 = s->bytes[0] >> 4 == 4;
	struct bw_addr addr = {.family = v4 ? 4 : 6};

	memcpy(addr.bytes, s->bytes + (v4 ? at_v4 : at_v6), v4 ? 4 : 16);
	return addr;
}

struct bw_addr sample_src(const struct sample *s)
{
	return addr_at(s, 12, 8);
}

struct bw_addr sample_dst(const struct sample *s)
{
	return addr_at(s, 16, 24);
}

struct sample sample_echo_reply(const struct sample *probe, uint8_t ttl)
{
	struct bw_addr src = sample_dst(probe), dst = sample_src(probe);
	struct sample s;

	sample_begin(&s, &src, &dst, probe->protocol, ttl);
	sample_append(&s, probe->bytes + probe->upper, probe->length - probe->upper);
	s.bytes[s.upper] = probe->protocol == 1 ? 0 : 129;
	sample_finish(&s);
	return s;
}

struct sample sample_tcp_reply(const struct sample *probe, uint8_t flags, uint32_t acked)
{
	struct bw_addr src = sample_dst(probe), dst = sample_src(probe);
	const uint8_t *syn = probe->bytes + probe->upper;
	uint8_t tcp[20] = {0};
	struct sample s;

	put_u16(tcp, (uint16_t)get_u16(syn + 2));
	put_u16(tcp + 2, (uint16_t)get_u16(syn));
	put_u32(tcp + 4, 0xdeadbeef);
	put_u32(tcp + 8, (get_u16(syn + 4) << 16 | get_u16(syn + 6)) + acked);
	tcp[12] = 5 << 4;
	tcp[13] = flags;
	sample_begin(&s, &src, &dst, 6, 61);
	sample_append(&s, tcp, sizeof(tcp));
	sample_finish(&s);
	return s;
}

struct sample sample_error(const struct sample *probe, const struct bw_addr *router, uint8_t type,
			   uint8_t code, uint32_t quoted)
{
	struct bw_addr dst = sample_src(probe);
	uint8_t header[8] = {type, code};
	struct sample s;

	sample_begin(&s, router, &dst, router->family == 4 ? 1 : 58, 250);
	sample_append(&s, header, sizeof(header));
	sample_append(&s, probe->bytes, quoted < probe->length ? quoted : probe->length);
	sample_finish(&s);
	return s;
}

struct sample sample_frame(const struct sample *packet, int linktype, int tags)
{
	bool v4 = packet->bytes[0] >> 4 == 4;
	uint8_t type[2], tag[4] = {0x81, 0x00, 0x00, 0x2a};
	uint8_t header[20] = {0};
	struct sample s = {.length = 0};

	put_u16(type, v4 ? 0x0800 : 0x86dd);
	switch (linktype) {
	case 1: /* Ethernet */
		sample_append(&s, "\x02\0\0\0\0\1\x02\0\0\0\0\2", 12);
		for (int n = 0; n < tags; n++) {
			tag[0] = n + 1 < tags ? 0x88 : 0x81;
			tag[1] = n + 1 < tags ? 0xa8 : 0x00;
			sample_append(&s, tag, sizeof(tag));
		}
		sample_append(&s, type, 2);
		break;
	case 113: /* Linux cooked: type, hardware, address, ethertype */
		sample_append(&s, header, 14);
		sample_append(&s, type, 2);
		break;
	case 276: /* its second version: ethertype first */
		sample_append(&s, type, 2);
		sample_append(&s, header, 18);
		break;
	case 0: /* loopback, as a little-endian Linux or FreeBSD writes it */
		header[0] = v4 ? 2 : 28;
		sample_append(&s, header, 4);
		break;
	case 108: /* loopback of OpenBSD */
		header[3] = v4 ? 2 : 24;
		sample_append(&s, header, 4);
		break;
	default: /* raw */
		break;
	}
	s.upper = packet->upper + s.length;
	s.protocol = packet->protocol;
	sample_append(&s, packet->bytes, packet->length);
	return s;
}
