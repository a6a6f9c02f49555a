/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/tcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

/* A SYN-ACK with an MSS option from port 443 to 61440. */
static const uint8_t segment[24] = {0x01, 0xbb, 0xf0, 0x00, 1, 2, 3, 4, 5,    6,    7, 8,
				    0x60, 0x12, 0xfa, 0xf0, 0, 0, 0, 0, 0x02, 0x04, 5, 0xb4};

static struct sample syn_ack(const char *src, const char *dst)
{
	struct bw_addr from = sample_addr(src), to = sample_addr(dst);
	struct sample s;

	sample_begin(&s, &from, &to, 6, 60);
	sample_append(&s, segment, sizeof(segment));
	sample_finish(&s);
	return s;
}

static struct ip ip_of(const struct sample *s)
{
	struct ip ip;

	assert_int_equal(ip_decode(cursor_of(s->bytes, s->length), s->length, &ip), REJECT_NONE);
	return ip;
}

static void decodes_a_segment(void **state)
{
	struct sample s = syn_ack("198.18.0.15", "198.18.0.1");
	struct ip ip = ip_of(&s);
	struct tcp tcp;

	(void)state;
	assert_int_equal(tcp_decode(&ip, &tcp), REJECT_NONE);
	assert_int_equal(tcp.src_port, 443);
	assert_int_equal(tcp.dst_port, 61440);
	assert_int_equal(tcp.seq, 0x01020304);
	assert_int_equal(tcp.ack, 0x05060708);
	assert_int_equal(tcp.flags, TCP_SYN | TCP_ACK);
}

static void tells_truncated_from_malformed(void **state)
{
	struct tcp tcp = {.flags = 77};

	(void)state;
	for (uint32_t cut = 0; cut <= sizeof(segment); cut++) {
		uint8_t *bytes = (uint8_t *)malloc(cut ? cut : 1);
		struct ip ip = {.payload = cursor_of(bytes, cut),
				.payload_length = cut,
				.whole = true};

		assert_non_null(bytes);
		memcpy(bytes, segment, cut);
		assert_int_equal(tcp_decode(&ip, &tcp), cut < 24 ? REJECT_MALFORMED : REJECT_NONE);
		ip.payload_length = sizeof(segment);
		ip.whole = false;
		tcp.flags = 77;
		assert_int_equal(tcp_decode(&ip, &tcp), cut < 20 ? REJECT_TRUNCATED : REJECT_NONE);
		assert_int_equal(tcp.flags, cut < 20 ? 77 : 0x12);
		free(bytes);
	}
}

static void refuses_a_header_length_below_twenty(void **state)
{
	struct sample s = syn_ack("198.18.0.15", "198.18.0.1");
	struct ip ip = ip_of(&s);
	struct tcp tcp;

	(void)state;
	s.bytes[s.upper + 12] = 0x40;
	assert_int_equal(tcp_decode(&ip, &tcp), REJECT_MALFORMED);
	s.bytes[s.upper + 12] = 0x70;
	assert_int_equal(tcp_decode(&ip, &tcp), REJECT_MALFORMED);
}

static void decodes_what_a_quote_guarantees(void **state)
{
	struct tcp tcp;

	(void)state;
	for (size_t cut = 0; cut < 8; cut++) {
		uint8_t *bytes = (uint8_t *)malloc(cut ? cut : 1);

		assert_non_null(bytes);
		memcpy(bytes, segment, cut);
		assert_false(tcp_decode_quote(cursor_of(bytes, cut), &tcp));
		free(bytes);
	}
	assert_true(tcp_decode_quote(cursor_of(segment, 8), &tcp));
	assert_int_equal(tcp.src_port, 443);
	assert_int_equal(tcp.dst_port, 61440);
	assert_int_equal(tcp.seq, 0x01020304);
	assert_int_equal(tcp.flags, 0);
}

static void check_checksums(struct sample s)
{
	struct ip ip = ip_of(&s);
	uint8_t *checksum = s.bytes + s.upper + 16;
	uint16_t pseudo;

	assert_true(tcp_is_intact(&ip));
	checksum[1] ^= 1;
	assert_false(tcp_is_intact(&ip));

	/* What a kernel leaves for the network card: the pseudo-header's sum, not inverted. */
	put_u16(checksum, 0);
	pseudo =
		sample_sum((uint32_t)sizeof(segment) + 6, s.bytes + (s.bytes[0] >> 4 == 4 ? 12 : 8),
			   s.bytes[0] >> 4 == 4 ? 8 : 32);
	put_u16(checksum, pseudo);
	assert_true(tcp_is_intact(&ip));
	assert_false(ip_payload_is_intact(&ip));
	put_u16(checksum, (uint16_t)(pseudo + 1));
	assert_false(tcp_is_intact(&ip));
	put_u16(checksum, (uint16_t)~pseudo);
	assert_false(tcp_is_intact(&ip));

	ip.whole = false; /* then nobody can know */
	assert_true(tcp_is_intact(&ip));
}

static void verifies_checksums_and_knows_unfinished_ones(void **state)
{
	(void)state;
	check_checksums(syn_ack("198.18.0.15", "198.18.0.1"));
	check_checksums(syn_ack("2001:db8::15", "2001:db8::1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_a_segment),
		cmocka_unit_test(tells_truncated_from_malformed),
		cmocka_unit_test(refuses_a_header_length_below_twenty),
		cmocka_unit_test(decodes_what_a_quote_guarantees),
		cmocka_unit_test(verifies_checksums_and_knows_unfinished_ones),
	};

	return cmocka_run_group_tests_name("wire/tcp", tests, NULL, NULL);
}
