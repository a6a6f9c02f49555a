/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/link/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static const int linktypes[] = {FRAME_NULL,      FRAME_EN10MB,     FRAME_RAW,  FRAME_LOOP,
				FRAME_LINUX_SLL, FRAME_LINUX_SLL2, FRAME_IPV4, FRAME_IPV6};
#define LINKTYPES (sizeof(linktypes) / sizeof(linktypes[0]))

static struct sample packet_of(const char *src, const char *dst)
{
	struct bw_addr from = sample_addr(src), to = sample_addr(dst);
	struct sample s;

	sample_begin(&s, &from, &to, 17, 64);
	sample_append(&s, "\1\2\3\4\0\x08\0\0", 8);
	sample_finish(&s);
	return s;
}

static void check_all_lengths(const struct sample *packet, int linktype, int tags)
{
	struct sample framed = sample_frame(packet, linktype, tags);
	uint32_t header = framed.length - packet->length;
	struct frame frame;

	/* Raw frames have no header, but their version is looked at. */
	for (uint32_t cut = 0; cut <= framed.length; cut++) {
		uint8_t *bytes = (uint8_t *)malloc(cut ? cut : 1);
		bool enough = cut >= header && cut > 0;

		assert_non_null(bytes);
		memcpy(bytes, framed.bytes, cut);
		if (enough) {
			assert_int_equal(frame_decode(linktype, bytes, cut, framed.length + 3,
						      &frame),
					 REJECT_NONE);
			assert_ptr_equal(frame.packet.at, bytes + header);
			assert_int_equal(cursor_left(&frame.packet), cut - header);
			assert_int_equal(frame.wire_length, packet->length + 3);
		} else {
			assert_int_equal(frame_decode(linktype, bytes, cut, framed.length, &frame),
					 REJECT_TRUNCATED);
			assert_int_equal(frame_decode(linktype, bytes, cut, cut, &frame),
					 REJECT_MALFORMED);
		}
		free(bytes);
	}
}

static void takes_off_every_link_layer(void **state)
{
	struct sample v4 = packet_of("198.18.0.1", "198.18.0.2");
	struct sample v6 = packet_of("2001:db8::1", "2001:db8::2");

	(void)state;
	assert_false(frame_is_readable(119)); /* Prism */
	for (unsigned n = 0; n < LINKTYPES; n++) {
		assert_true(frame_is_readable(linktypes[n]));
		check_all_lengths(&v4, linktypes[n], 0);
		check_all_lengths(&v6, linktypes[n], 0);
	}
}

/* A header in front of an IPv4 packet, cut at each length. */
struct prefix {
	int linktype;
	uint32_t length;
	const char *bytes;
};

#define MACS "\x02\0\0\0\0\1\x02\0\0\0\0\2"
#define SNAP "\xaa\xaa\x03\0\0\0\x08\0"
#define WLAN_ADDRESSES "\0\0" MACS "\x02\0\0\0\0\3\x10\0" /* duration, addresses, sequence */

static const struct prefix readable[] = {
	{FRAME_EN10MB, 22, MACS "\x88\x64\x11\0\0\1\0\x20\0\x21"},           /* PPPoE */
	{FRAME_EN10MB, 26, MACS "\x81\0\0\7\x88\x64\x11\0\0\1\0\x20\0\x21"}, /* on a VLAN */
	{FRAME_EN10MB, 18, MACS "\x88\x47\0\1\x01\xff"},                     /* MPLS */
	{FRAME_EN10MB, 22, MACS "\x88\x47\0\1\x00\xff\0\2\x01\xff"},         /* two labels */
	{FRAME_EN10MB, 22, MACS "\0\x50" SNAP},                              /* IEEE 802.3 */
	{FRAME_PPP, 2, "\0\x21"},
	{FRAME_PPP, 1, "\x21"},
	{FRAME_PPP, 4, "\xff\x03\0\x21"},
	{FRAME_PPP_SERIAL, 4, "\xff\x03\0\x21"},
	{FRAME_PPP_SERIAL, 4, "\x0f\0\x08\0"},
	{FRAME_PPP_ETHER, 8, "\x11\0\0\1\0\x20\0\x21"},
	{FRAME_C_HDLC, 4, "\x0f\0\x08\0"},
	{FRAME_IEEE802_11, 32, "\x08\1" WLAN_ADDRESSES SNAP},
	{FRAME_IEEE802_11, 34, "\x88\1" WLAN_ADDRESSES "\0\0" SNAP},           /* QoS */
	{FRAME_IEEE802_11, 38, "\x08\3" WLAN_ADDRESSES "\x02\0\0\0\0\4" SNAP}, /* four addresses */
	{FRAME_RADIOTAP, 40, "\0\0\x08\0\0\0\0\0\x08\2" WLAN_ADDRESSES SNAP},
};

static struct sample prefixed(const struct prefix *prefix, const struct sample *packet)
{
	struct sample s = {.length = 0};

	sample_append(&s, prefix->bytes, prefix->length);
	sample_append(&s, packet->bytes, packet->length);
	return s;
}

static void takes_off_every_encapsulation(void **state)
{
	struct sample v4 = packet_of("198.18.0.1", "198.18.0.2");
	struct frame frame;

	(void)state;
	for (unsigned n = 0; n < sizeof(readable) / sizeof(readable[0]); n++) {
		const struct prefix *prefix = &readable[n];
		struct sample s = prefixed(prefix, &v4);

		assert_int_equal(frame_decode(prefix->linktype, s.bytes, s.length, s.length + 4,
					      &frame),
				 REJECT_NONE);
		assert_int_equal(frame.unread, UNREAD_NONE);
		assert_ptr_equal(frame.packet.at, s.bytes + prefix->length);
		assert_int_equal(frame.wire_length, v4.length + 4);
		for (uint32_t cut = 0; cut < prefix->length; cut++)
			assert_int_not_equal(frame_decode(prefix->linktype, s.bytes, cut, s.length,
							  &frame),
					     REJECT_NONE);
	}
}

static void says_what_it_cannot_read(void **state)
{
	static const struct {
		struct prefix prefix;
		enum unread unread;
	} cases[] = {
		{{FRAME_EN10MB, 26, MACS "\x81\0\0\1\x81\0\0\2\x81\0\0\3\x08\0"}, UNREAD_VLAN},
		{{FRAME_EN10MB, 20, MACS "\x88\xe5\0\0\0\0\0\0"}, UNREAD_MACSEC},
		{{FRAME_EN10MB, 22, MACS "\x88\x47\0\1\x01\xff\0\0\0\0"}, UNREAD_MPLS},
		{{FRAME_PPP, 4, "\xff\3\0\xfd"}, UNREAD_PPP},
		{{FRAME_IEEE802_11, 32, "\x08\x41" WLAN_ADDRESSES SNAP}, UNREAD_WLAN},
		{{FRAME_IEEE802_11, 34, "\x88\1" WLAN_ADDRESSES "\x80\0" SNAP}, UNREAD_WLAN},
		{{FRAME_IEEE802_11, 32, "\x80\0" WLAN_ADDRESSES SNAP}, UNREAD_NONE}, /* a beacon */
		{{FRAME_EN10MB, 20, MACS "\x88\x63\x11\x09\0\0\0\0"}, UNREAD_NONE},
	};
	struct sample v4 = packet_of("198.18.0.1", "198.18.0.2");
	struct frame frame;

	(void)state;
	for (unsigned n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct sample s = prefixed(&cases[n].prefix, &v4);

		assert_int_equal(frame_decode(cases[n].prefix.linktype, s.bytes, s.length, s.length,
					      &frame),
				 REJECT_UNRELATED);
		assert_int_equal(frame.unread, cases[n].unread);
	}
}

static void takes_off_two_tags_but_not_three(void **state)
{
	struct sample v4 = packet_of("198.18.0.1", "198.18.0.2");
	struct sample three = sample_frame(&v4, FRAME_EN10MB, 3);
	struct frame frame;

	(void)state;
	check_all_lengths(&v4, FRAME_EN10MB, 1);
	check_all_lengths(&v4, FRAME_EN10MB, 2);
	assert_int_equal(frame_decode(FRAME_EN10MB, three.bytes, three.length, three.length,
				      &frame),
			 REJECT_UNRELATED);
}

/* libpcap puts a tag that the card took off back behind the cooked header too. */
static void takes_a_tag_off_a_cooked_frame(void **state)
{
	struct sample v6 = packet_of("2001:db8::1", "2001:db8::2");
	struct sample s = {.length = 0};
	struct frame frame;

	(void)state;
	sample_append(&s, "\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x91\0\0\x2a\x86\xdd", 20);
	sample_append(&s, v6.bytes, v6.length);
	assert_int_equal(frame_decode(FRAME_LINUX_SLL, s.bytes, s.length, s.length, &frame),
			 REJECT_NONE);
	assert_ptr_equal(frame.packet.at, s.bytes + 20);
}

static void knows_the_families_of_each_system(void **state)
{
	static const struct {
		uint8_t header[4];
		enum reject reject;
	} cases[] = {
		{{2, 0, 0, 0}, REJECT_NONE},      {{0, 0, 0, 2}, REJECT_NONE},
		{{10, 0, 0, 0}, REJECT_NONE},     {{0, 0, 0, 24}, REJECT_NONE},
		{{28, 0, 0, 0}, REJECT_NONE},     {{0, 0, 0, 30}, REJECT_NONE},
		{{7, 0, 0, 0}, REJECT_UNRELATED}, {{0, 0, 0, 0}, REJECT_UNRELATED},
		{{1, 2, 3, 4}, REJECT_UNRELATED},
	};
	struct frame frame;

	(void)state;
	for (unsigned n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		assert_int_equal(frame_decode(FRAME_NULL, cases[n].header, 4, 40, &frame),
				 cases[n].reject);
		assert_int_equal(frame_decode(FRAME_LOOP, cases[n].header, 4, 40, &frame),
				 cases[n].reject);
	}
}

static void leaves_other_traffic_alone(void **state)
{
	struct sample v4 = packet_of("198.18.0.1", "198.18.0.2");
	struct sample ethernet = sample_frame(&v4, FRAME_EN10MB, 0);
	struct frame frame;

	(void)state;
	ethernet.bytes[12] = 0x08; /* ARP */
	ethernet.bytes[13] = 0x06;
	assert_int_equal(frame_decode(FRAME_EN10MB, ethernet.bytes, 60, 60, &frame),
			 REJECT_UNRELATED);
	ethernet.bytes[12] = 0; /* an IEEE 802.3 length */
	assert_int_equal(frame_decode(FRAME_EN10MB, ethernet.bytes, 60, 60, &frame),
			 REJECT_UNRELATED);
	v4.bytes[0] = 0x55;
	assert_int_equal(frame_decode(FRAME_RAW, v4.bytes, v4.length, v4.length, &frame),
			 REJECT_UNRELATED);
	assert_int_equal(frame_decode(105, v4.bytes, v4.length, v4.length, &frame),
			 REJECT_UNRELATED);
	assert_int_equal(frame_decode(-1, NULL, 0, 0, &frame), REJECT_UNRELATED);
}

static void does_not_believe_a_wire_length_below_the_captured(void **state)
{
	struct sample v4 = packet_of("198.18.0.1", "198.18.0.2");
	struct frame frame;

	(void)state;
	assert_int_equal(frame_decode(FRAME_RAW, v4.bytes, v4.length, 3, &frame), REJECT_NONE);
	assert_int_equal(frame.wire_length, v4.length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_off_every_link_layer),
		cmocka_unit_test(takes_off_every_encapsulation),
		cmocka_unit_test(says_what_it_cannot_read),
		cmocka_unit_test(takes_off_two_tags_but_not_three),
		cmocka_unit_test(takes_a_tag_off_a_cooked_frame),
		cmocka_unit_test(knows_the_families_of_each_system),
		cmocka_unit_test(leaves_other_traffic_alone),
		cmocka_unit_test(does_not_believe_a_wire_length_below_the_captured),
	};

	return cmocka_run_group_tests_name("wire/frame", tests, NULL, NULL);
}
