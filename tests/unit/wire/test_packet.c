/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"
#include "wire/link/frame.h"

static struct sample echo_of(const char *src, const char *dst)
{
	struct bw_addr from = sample_addr(src), to = sample_addr(dst);
	struct sample s;

	sample_begin(&s, &from, &to, from.family == 6 ? 58 : 1, 64);
	sample_append(&s, from.family == 6 ? "\x80\0\0\0\0\7\0\1ping" : "\x08\0\0\0\0\7\0\1ping",
		      12);
	sample_finish(&s);
	return s;
}

/* INNER behind HEADER, as the payload of an IP packet with that protocol. */
static struct sample tunnelled(const struct sample *inner, uint8_t protocol, const void *header,
			       uint32_t length)
{
	struct bw_addr from = sample_addr("203.0.113.1"), to = sample_addr("203.0.113.2");
	struct sample s;

	sample_begin(&s, &from, &to, protocol, 255);
	sample_append(&s, header, length);
	sample_append(&s, inner->bytes, inner->length);
	sample_finish(&s);
	return s;
}

static enum reject decode(const struct sample *s, struct packet *ret_packet)
{
	return packet_decode_recorded(FRAME_RAW, s->bytes, s->length, s->length, ret_packet);
}

struct tunnel {
	bool v6; /* inside */
	uint8_t protocol;
	uint32_t length;
	const char *header;
};

#define MACS "\x02\0\0\0\0\1\x02\0\0\0\0\2"
#define UDP(port) "\xc0\0" port "\0\0\0\0"

static const struct tunnel tunnels[] = {
	{false, 4, 0, ""},
	{true, 41, 0, ""},
	{false, 47, 4, "\0\0\x08\0"},
	{true, 47, 4, "\0\0\x86\xdd"},
	{false, 47, 16, "\xb0\0\x08\0\1\2\0\0\0\0\0\7\0\0\0\1"}, /* checksum, key, sequence */
	{false, 47, 18, "\0\0\x65\x58" MACS "\x08\0"},
	{false, 47, 8, "\0\0\x88\x47\0\1\x01\xff"},
	{false, 17, 30, UDP("\x12\xb5") "\x08\0\0\0\0\0\7\0" MACS "\x08\0"},
	{true, 17, 30, UDP("\x21\x18") "\x08\0\0\0\0\0\7\0" MACS "\x86\xdd"},
};

static void reads_through_tunnels(void **state)
{
	struct sample v4 = echo_of("198.18.99.1", "198.18.0.1");
	struct sample v6 = echo_of("2001:db8::1", "2001:db8::2");

	(void)state;
	for (unsigned n = 0; n < sizeof(tunnels) / sizeof(tunnels[0]); n++) {
		const struct tunnel *tunnel = &tunnels[n];
		const struct sample *inner = tunnel->v6 ? &v6 : &v4;
		struct sample s =
			tunnelled(inner, tunnel->protocol, tunnel->header, tunnel->length);
		struct bw_addr probed = sample_dst(inner);
		struct packet packet;

		assert_int_equal(decode(&s, &packet), REJECT_NONE);
		assert_int_equal(packet.role, PACKET_REQUEST);
		assert_true(bw_addr_equal(&packet.probed, &probed));
		assert_int_equal(packet.unread, UNREAD_NONE);
		assert_int_equal(packet_decode(FRAME_RAW, s.bytes, s.length, s.length, &packet),
				 REJECT_UNRELATED);
		for (uint32_t cut = 0; cut < s.length - 4; cut++) {
			uint8_t *bytes = malloc(cut ? cut : 1);

			assert_non_null(bytes);
			memcpy(bytes, s.bytes, cut);
			assert_int_equal(packet_decode_recorded(FRAME_RAW, bytes, cut, s.length,
								&packet),
					 REJECT_TRUNCATED);
			assert_int_equal(packet.unread, UNREAD_TRUNCATED);
			free(bytes);
		}
	}
}

static void goes_four_tunnels_deep(void **state)
{
	struct sample s = echo_of("198.18.99.1", "198.18.0.1");
	struct packet packet;

	(void)state;
	for (int depth = 1; depth <= 4; depth++) {
		s = tunnelled(&s, 4, "", 0);
		assert_int_equal(decode(&s, &packet), REJECT_NONE);
	}
	s = tunnelled(&s, 4, "", 0);
	assert_int_equal(decode(&s, &packet), REJECT_UNRELATED);
	assert_int_equal(packet.unread, UNREAD_NESTED);
}

static void says_what_it_cannot_read(void **state)
{
	static const struct {
		uint8_t protocol;
		uint32_t length;
		const char *header;
		enum unread unread;
	} cases[] = {
		{50, 8, "\0\0\0\1\0\0\0\1", UNREAD_ESP},  {115, 4, "\0\0\0\1", UNREAD_L2TP},
		{47, 4, "\x20\1\x88\x0b", UNREAD_GRE}, /* PPTP */
		{47, 4, "\0\0\x12\x34", UNREAD_GRE},      {17, 8, UDP("\x06\xa5"), UNREAD_L2TP},
		{17, 8, UDP("\x08\x68"), UNREAD_GTP},     {17, 8, UDP("\x11\x94"), UNREAD_ESP},
		{17, 8, UDP("\x17\xc1"), UNREAD_GENEVE},  {17, 8, UDP("\0\x35"), UNREAD_NONE},
		{89, 8, "\0\0\0\1\0\0\0\1", UNREAD_NONE}, /* OSPF */
	};
	struct sample v4 = echo_of("198.18.99.1", "198.18.0.1");
	struct packet packet;

	(void)state;
	for (unsigned n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct sample s =
			tunnelled(&v4, cases[n].protocol, cases[n].header, cases[n].length);

		assert_int_equal(decode(&s, &packet), REJECT_UNRELATED);
		assert_int_equal(packet.unread, cases[n].unread);
	}
}

/* Network cards fill the checksum of what is sent in, after the capture. */
static void takes_requests_without_a_header_checksum(void **state)
{
	struct sample s = echo_of("198.18.99.1", "198.18.0.1"), reply;
	struct packet packet;

	(void)state;
	reply = sample_echo_reply(&s, 60);
	s.bytes[10] = s.bytes[11] = 0;
	reply.bytes[10] = reply.bytes[11] = 0;
	assert_int_equal(decode(&s, &packet), REJECT_NONE);
	assert_true(packet.ip.blank_checksum);
	assert_int_equal(packet_decode(FRAME_RAW, s.bytes, s.length, s.length, &packet),
			 REJECT_CHECKSUM);
	assert_int_equal(decode(&reply, &packet), REJECT_CHECKSUM);
	assert_int_equal(packet.unread, UNREAD_CHECKSUM);
	s.bytes[11] = 1;
	assert_int_equal(decode(&s, &packet), REJECT_CHECKSUM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_through_tunnels),
		cmocka_unit_test(goes_four_tunnels_deep),
		cmocka_unit_test(says_what_it_cannot_read),
		cmocka_unit_test(takes_requests_without_a_header_checksum),
	};

	return cmocka_run_group_tests_name("wire/packet", tests, NULL, NULL);
}
