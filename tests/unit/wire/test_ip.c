/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/ip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static struct sample begin_v4(void)
{
	struct bw_addr src = sample_addr("198.18.0.15"), dst = sample_addr("198.18.200.9");
	struct sample s;

	sample_begin(&s, &src, &dst, 1, 57);
	return s;
}

static struct sample begin_v6(uint8_t next)
{
	struct bw_addr src = sample_addr("2001:db8::15"), dst = sample_addr("2001:db8::9");
	struct sample s;

	sample_begin(&s, &src, &dst, next, 57);
	return s;
}

/* Ends a chain of extension headers with an echo reply. */
static void finish_v6(struct sample *s)
{
	s->upper = s->length;
	s->protocol = 58;
	sample_append(s, "\x81\0\0\0\1\2\3\4payload", 15);
	sample_finish(s);
}

static enum reject decode(const struct sample *s, struct ip *ret_ip)
{
	return ip_decode(cursor_of(s->bytes, s->length), s->length, ret_ip);
}

static void assert_addr(const struct bw_addr *addr, const char *text)
{
	char buffer[BW_ADDR_TEXT];

	assert_string_equal(bw_addr_format(addr, buffer), text);
}

/* Each length of the packet: the header is needed, the payload is not. */
static void check_truncations(const struct sample *s)
{
	struct ip ip;

	for (uint32_t cut = 0; cut < s->length; cut++) {
		uint8_t *bytes = (uint8_t *)malloc(cut ? cut : 1);
		struct cursor c = cursor_of(bytes, cut);

		assert_non_null(bytes);
		memcpy(bytes, s->bytes, cut);
		assert_int_equal(ip_decode(c, cut, &ip), REJECT_MALFORMED);
		if (cut < s->upper) {
			assert_int_equal(ip_decode(c, s->length, &ip), REJECT_TRUNCATED);
			assert_int_equal(ip_decode_quote(c, &ip), REJECT_TRUNCATED);
		} else {
			assert_int_equal(ip_decode(c, s->length, &ip), REJECT_NONE);
			assert_false(ip.whole);
			assert_int_equal(ip.payload_length, s->length - s->upper);
			assert_int_equal(cursor_left(&ip.payload), cut - s->upper);
			assert_int_equal(ip.protocol, s->protocol);
			assert_true(ip_payload_is_intact(&ip));
			assert_int_equal(ip_decode_quote(c, &ip), REJECT_NONE);
			assert_int_equal(ip.payload_length, cut - s->upper);
		}
		free(bytes);
	}
}

static void decodes_ipv4(void **state)
{
	struct sample s = begin_v4();
	struct ip ip;

	(void)state;
	sample_append(&s, "\0\0\0\0\1\2\3\4odd", 11);
	sample_finish(&s);
	assert_int_equal(decode(&s, &ip), REJECT_NONE);
	assert_addr(&ip.src, "198.18.0.15");
	assert_addr(&ip.dst, "198.18.200.9");
	assert_int_equal(ip.protocol, IP_PROTOCOL_ICMP);
	assert_int_equal(ip.ttl, 57);
	assert_false(ip.fragment);
	assert_true(ip.whole);
	assert_int_equal(ip.payload_length, 11);
	assert_true(ip_payload_is_intact(&ip));
	check_truncations(&s);
}

static void skips_ipv4_options(void **state)
{
	struct sample s = begin_v4();
	struct ip ip;

	(void)state;
	s.bytes[0] = 0x4f;
	sample_append(&s, "\x07\x27\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	sample_append(&s, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	s.upper = s.length;
	sample_append(&s, "\0\0\0\0\1\2\3\4", 8);
	sample_finish(&s);
	assert_int_equal(decode(&s, &ip), REJECT_NONE);
	assert_int_equal(ip.payload_length, 8);
	assert_ptr_equal(ip.payload.at, s.bytes + 60);
	assert_true(ip_payload_is_intact(&ip));
	check_truncations(&s);
}

static void leaves_padding_out(void **state)
{
	struct sample s = begin_v4(), s6 = begin_v6(58);
	struct ip ip;

	(void)state;
	sample_append(&s, "\0\0\0\0\1\2\3\4", 8);
	sample_finish(&s);
	sample_append(&s, "\xaa\xaa\xaa\xaa", 4);
	assert_int_equal(decode(&s, &ip), REJECT_NONE);
	assert_true(ip.whole);
	assert_int_equal(cursor_left(&ip.payload), 8);
	assert_true(ip_payload_is_intact(&ip));

	finish_v6(&s6);
	sample_append(&s6, "\xaa\xaa\xaa\xaa", 4);
	assert_int_equal(decode(&s6, &ip), REJECT_NONE);
	assert_true(ip.whole);
	assert_int_equal(cursor_left(&ip.payload), 15);
	assert_true(ip_payload_is_intact(&ip));
}

static void refuses_lengths_that_contradict_each_other(void **state)
{
	struct sample s = begin_v4();
	struct ip ip;

	(void)state;
	sample_append(&s, "\0\0\0\0\1\2\3\4", 8);
	sample_finish(&s);
	s.bytes[0] = 0x44; /* a header of 16 bytes */
	assert_int_equal(decode(&s, &ip), REJECT_MALFORMED);
	assert_int_equal(ip_decode_quote(cursor_of(s.bytes, s.length), &ip), REJECT_MALFORMED);
	s.bytes[0] = 0x46; /* 24 bytes of header, 22 of packet */
	put_u16(s.bytes + 2, 22);
	assert_int_equal(decode(&s, &ip), REJECT_MALFORMED);
	s.bytes[0] = 0x45;
	put_u16(s.bytes + 2, (uint16_t)(s.length + 1));
	assert_int_equal(decode(&s, &ip), REJECT_MALFORMED);
	s.bytes[0] = 0x35;
	assert_int_equal(decode(&s, &ip), REJECT_MALFORMED);
	assert_int_equal(ip_decode_quote(cursor_of(s.bytes, s.length), &ip), REJECT_MALFORMED);
	assert_int_equal(ip_decode(cursor_of(NULL, 0), 0, &ip), REJECT_MALFORMED);
	assert_int_equal(ip_decode_quote(cursor_of(NULL, 0), &ip), REJECT_TRUNCATED);
}

static void verifies_the_header_checksum(void **state)
{
	struct sample s = begin_v4();
	struct ip ip = {.ttl = 3};

	(void)state;
	sample_append(&s, "\0\0\0\0\1\2\3\4", 8);
	sample_finish(&s);
	s.bytes[8]--; /* TTL, as a router does that forgets the checksum */
	assert_int_equal(decode(&s, &ip), REJECT_CHECKSUM);
	assert_int_equal(ip.ttl, 3); /* untouched */
	assert_int_equal(ip_decode_quote(cursor_of(s.bytes, s.length), &ip), REJECT_NONE);
	assert_int_equal(ip.ttl, 56);
}

static void recognises_ipv4_fragments(void **state)
{
	static const struct {
		uint16_t field;
		bool fragment, later;
	} cases[] = {
		{0x4000, false, false}, /* do not fragment */
		{0x2000, true, false},
		{0x2001, true, true},
		{0x1fff, true, true},
	};
	struct ip ip;

	(void)state;
	for (unsigned n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct sample s = begin_v4();

		put_u16(s.bytes + 6, cases[n].field);
		sample_append(&s, "\0\0\0\0\1\2\3\4", 8);
		sample_finish(&s);
		assert_int_equal(decode(&s, &ip), REJECT_NONE);
		assert_int_equal(ip.fragment, cases[n].fragment);
		assert_int_equal(ip.later, cases[n].later);
	}
}

static void decodes_ipv6(void **state)
{
	struct sample s = begin_v6(58);
	struct ip ip;

	(void)state;
	finish_v6(&s);
	assert_int_equal(decode(&s, &ip), REJECT_NONE);
	assert_addr(&ip.src, "2001:db8::15");
	assert_addr(&ip.dst, "2001:db8::9");
	assert_int_equal(ip.protocol, IP_PROTOCOL_ICMPV6);
	assert_int_equal(ip.ttl, 57);
	assert_int_equal(ip.payload_length, 15);
	assert_true(ip.whole);
	assert_true(ip_payload_is_intact(&ip));
	s.bytes[50] ^= 4;
	assert_int_equal(decode(&s, &ip), REJECT_NONE);
	assert_false(ip_payload_is_intact(&ip));
	s.bytes[50] ^= 4;
	check_truncations(&s);
}

/* Hop-by-hop, destination options, routing, an atomic fragment, AH, destination options. */
static void walks_the_chain_of_extension_headers(void **state)
{
	struct sample s = begin_v6(0);
	struct ip ip;

	(void)state;
	sample_append(&s, "\x3c\0\5\2\0\0\1\0", 8);
	sample_append(&s, "\x2b\1\1\x0c\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	sample_append(&s, "\x2c\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
	sample_append(&s, "\x33\0\0\0\1\2\3\4", 8);
	sample_append(&s, "\x3c\4\0\0\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 24);
	sample_append(&s, "\x3a\0\1\4\0\0\0\0", 8);
	finish_v6(&s);
	assert_int_equal(decode(&s, &ip), REJECT_NONE);
	assert_int_equal(ip.protocol, IP_PROTOCOL_ICMPV6);
	assert_int_equal(ip.payload_length, 15);
	assert_ptr_equal(ip.payload.at, s.bytes + s.upper);
	assert_false(ip.fragment);
	assert_true(ip_payload_is_intact(&ip));
	check_truncations(&s);
}

static void recognises_ipv6_fragments(void **state)
{
	struct sample first = begin_v6(44), later = begin_v6(44);
	struct ip ip;

	(void)state;
	sample_append(&first, "\x3a\0\0\1\1\2\3\4", 8);
	finish_v6(&first);
	assert_int_equal(decode(&first, &ip), REJECT_NONE);
	assert_true(ip.fragment);
	assert_false(ip.later);
	assert_int_equal(ip.protocol, IP_PROTOCOL_ICMPV6);

	/* What follows a later one looks like a header but is data. */
	sample_append(&later, "\x3c\0\0\x08\1\2\3\4\xff\xff", 10);
	sample_finish(&later);
	assert_int_equal(decode(&later, &ip), REJECT_NONE);
	assert_true(ip.fragment);
	assert_true(ip.later);
	assert_int_equal(ip.protocol, 60);
	assert_int_equal(ip.payload_length, 2);
}

static void refuses_chains_without_end(void **state)
{
	struct sample s = begin_v6(60), beyond = begin_v6(60);
	struct ip ip;

	(void)state;
	for (int n = 0; n < 8; n++)
		sample_append(&s, "\x3c\0\1\4\0\0\0\0", 8);
	finish_v6(&s);
	assert_int_equal(decode(&s, &ip), REJECT_MALFORMED);
	assert_int_equal(ip_decode_quote(cursor_of(s.bytes, s.length), &ip), REJECT_MALFORMED);

	sample_append(&beyond, "\x3a\xff\1\4\0\0\0\0", 8); /* 2048 bytes, it says */
	sample_finish(&beyond);
	assert_int_equal(decode(&beyond, &ip), REJECT_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_ipv4),
		cmocka_unit_test(skips_ipv4_options),
		cmocka_unit_test(leaves_padding_out),
		cmocka_unit_test(refuses_lengths_that_contradict_each_other),
		cmocka_unit_test(verifies_the_header_checksum),
		cmocka_unit_test(recognises_ipv4_fragments),
		cmocka_unit_test(decodes_ipv6),
		cmocka_unit_test(walks_the_chain_of_extension_headers),
		cmocka_unit_test(recognises_ipv6_fragments),
		cmocka_unit_test(refuses_chains_without_end),
	};

	return cmocka_run_group_tests_name("wire/ip", tests, NULL, NULL);
}
