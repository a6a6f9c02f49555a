/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "sample.h"
#include "wire/build.h"

#define DLT_RAW 12

#define FLAG_FIN 0x01
#define FLAG_SYN 0x02
#define FLAG_RST 0x04
#define FLAG_ACK 0x10

#define TYPE_V4_UNREACHABLE 3
#define TYPE_V4_TIME_EXCEEDED 11
#define TYPE_V6_UNREACHABLE 1
#define TYPE_V6_TIME_EXCEEDED 3

static const struct bw_method icmp = {.protocol = BW_PROTOCOL_ICMP};
static const struct bw_method https = {.protocol = BW_PROTOCOL_TCP, .port = 443};

/* The probes of each family and method, and what they carry. */
struct world {
	struct bw_addr source, dst, router;
	struct bw_method method;
	struct token token;
	struct sample probe;
};

#define NONCE UINT64_C(0x0000001600000001)
#define SENT_US INT64_C(987654321)

static struct world world_of(uint8_t family, struct bw_method method)
{
	struct siphash_key key = siphash_key_of(5);
	struct world w = {.method = method};
	struct build_template template;
	uint8_t bytes[BW_PACKET_MAX];

	w.source = sample_addr(family == 4 ? "198.18.0.1" : "2001:db8::1");
	w.dst = sample_addr(family == 4 ? "198.18.4.9" : "2001:db8:4::9");
	w.router = sample_addr(family == 4 ? "10.0.0.7" : "2001:db8:ffff::7");
	w.token = token_make(&key, &w.dst, method, NONCE, SENT_US, 0);
	assert_int_equal(build_template_init(&template, &w.source, method, "contact", NULL), 0);
	build_probe(&template, &w.dst, &w.token, 64, SENT_US, bytes);
	w.probe = sample_probe(bytes, template.length);
	return w;
}

static struct sample icmp_error_of(const struct world *w, bool time_exceeded, uint32_t quoted)
{
	uint8_t v4 = time_exceeded ? TYPE_V4_TIME_EXCEEDED : TYPE_V4_UNREACHABLE;
	uint8_t v6 = time_exceeded ? TYPE_V6_TIME_EXCEEDED : TYPE_V6_UNREACHABLE;

	return sample_error(&w->probe, &w->router, w->router.family == 4 ? v4 : v6, 0, quoted);
}

static enum reject decode(const struct sample *s, struct reply *ret_reply)
{
	return reply_decode(DLT_RAW, s->bytes, s->length, s->length, ret_reply);
}

static void assert_answers(const struct world *w, const struct reply *reply)
{
	assert_true(bw_addr_equal(&reply->probed, &w->dst));
	assert_true(bw_addr_equal(&reply->to, &w->source));
	assert_true(bw_method_equal(reply->method, w->method));
	assert_int_equal(reply->brief, w->token.brief);
	assert_int_equal(reply->source_port, w->token.source_port);
}

/* What the engine does with it. */
static void assert_proves(const struct world *w, const struct reply *reply)
{
	struct siphash_key key = siphash_key_of(5);
	struct token token = token_make(&key, &reply->probed, reply->method, reply->payload.nonce,
					reply->payload.sent_us, 0);

	assert_true(reply->has_payload);
	assert_int_equal(reply->payload.sent_us, SENT_US);
	assert_int_equal(reply->payload.nonce, NONCE);
	assert_int_equal(reply->payload.full, token.full);
	assert_int_equal(reply->brief, token.brief);
	assert_true(bw_addr_equal(&reply->probed, &w->dst));
}

static void reads_echo_replies(void **state)
{
	(void)state;
	for (uint8_t family = 4; family <= 6; family += 2) {
		struct world w = world_of(family, icmp);
		struct sample s = sample_echo_reply(&w.probe, 51);
		struct reply reply;

		assert_int_equal(decode(&s, &reply), REJECT_NONE);
		assert_int_equal(reply.kind, REPLY_ECHO);
		assert_answers(&w, &reply);
		assert_proves(&w, &reply);
		assert_true(bw_addr_equal(&reply.from, &w.dst));
		assert_int_equal(reply.ttl, 51);
		assert_int_equal(reply.quoted_ttl, 0);
		assert_int_equal(reply.icmp_type, family == 4 ? 0 : 129);
		assert_int_equal(reply.alternate_brief, reply.brief);
	}
}

/* An echo of somebody else, or one whose payload was thrown away. */
static void says_when_the_payload_is_not_ours(void **state)
{
	struct world w = world_of(4, icmp);
	struct sample s = sample_echo_reply(&w.probe, 51);
	struct reply reply;

	(void)state;
	s.bytes[s.upper + 8] ^= 1;
	sample_finish(&s);
	assert_int_equal(decode(&s, &reply), REJECT_NONE);
	assert_false(reply.has_payload);
	s.length = s.upper + 8;
	sample_finish(&s);
	assert_int_equal(decode(&s, &reply), REJECT_NONE);
	assert_false(reply.has_payload);
	assert_answers(&w, &reply);
}

static void reads_answers_to_a_syn(void **state)
{
	(void)state;
	for (uint8_t family = 4; family <= 6; family += 2) {
		struct world w = world_of(family, https);
		struct sample s = sample_tcp_reply(&w.probe, FLAG_SYN | FLAG_ACK, 1);
		struct reply reply;

		assert_int_equal(decode(&s, &reply), REJECT_NONE);
		assert_int_equal(reply.kind, REPLY_SYN_ACK);
		assert_answers(&w, &reply);
		assert_true(bw_addr_equal(&reply.from, &w.dst));
		assert_int_equal(reply.alternate_brief, reply.brief);
		assert_int_equal(reply.ttl, 61);
		assert_false(reply.has_payload);

		s = sample_tcp_reply(&w.probe, FLAG_RST | FLAG_ACK, 1);
		assert_int_equal(decode(&s, &reply), REJECT_NONE);
		assert_int_equal(reply.kind, REPLY_RST);
		assert_answers(&w, &reply);

		s = sample_tcp_reply(&w.probe, FLAG_RST | FLAG_ACK, 0);
		assert_int_equal(decode(&s, &reply), REJECT_NONE);
		assert_int_equal(reply.kind, REPLY_RST);
		assert_int_equal(reply.alternate_brief, w.token.brief);
	}
}

static void check_error(const struct world *w, bool time_exceeded, uint32_t quoted)
{
	struct sample s = icmp_error_of(w, time_exceeded, quoted);
	struct reply reply;

	s.bytes[s.upper + 8 + (w->source.family == 4 ? 8 : 7)] = 1; /* the quoted TTL */
	sample_finish(&s);
	assert_int_equal(decode(&s, &reply), REJECT_NONE);
	assert_int_equal(reply.kind, time_exceeded ? REPLY_TIME_EXCEEDED : REPLY_NET_UNREACHABLE);
	assert_answers(w, &reply);
	assert_true(bw_addr_equal(&reply.from, &w->router));
	assert_int_equal(reply.ttl, 250);
	assert_int_equal(reply.quoted_ttl, 1);
	if (w->method.protocol == BW_PROTOCOL_ICMP && quoted >= w->probe.upper + 8 + TOKEN_PAYLOAD)
		assert_proves(w, &reply);
	else
		assert_false(reply.has_payload);
}

static void reads_errors_however_much_they_quote(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 8; n++) {
		struct world w = world_of(n & 1 ? 6 : 4, n & 2 ? https : icmp);
		struct reply reply;

		for (uint32_t quoted = 0; quoted < w.probe.upper + 8; quoted++) {
			struct sample s = icmp_error_of(&w, n & 4, quoted);

			assert_int_equal(decode(&s, &reply), REJECT_MALFORMED);
		}
		for (uint32_t quoted = w.probe.upper + 8; quoted <= w.probe.length; quoted++)
			check_error(&w, n & 4, quoted);
	}
}

/* RFC 4884: the quote padded to 128 bytes, then extension objects. */
static void reads_extended_errors(void **state)
{
	(void)state;
	for (uint8_t family = 4; family <= 6; family += 2) {
		struct world w = world_of(family, icmp);
		struct sample s = icmp_error_of(&w, true, BW_PACKET_MAX);
		static const uint8_t zeros[128];
		struct reply reply;

		s.bytes[s.upper + (family == 4 ? 5 : 4)] = family == 4 ? 32 : 16;
		sample_append(&s, zeros, 128 - w.probe.length);
		sample_append(&s, "\x20\0\x9f\x70\0\x08\1\1\x3e\x85\1\1", 12);
		sample_finish(&s);
		assert_int_equal(decode(&s, &reply), REJECT_NONE);
		assert_int_equal(reply.kind, REPLY_TIME_EXCEEDED);
		assert_answers(&w, &reply);
		assert_proves(&w, &reply);
	}
}

static void leaves_errors_about_other_packets_alone(void **state)
{
	struct world w = world_of(4, icmp), syn = world_of(4, https), w6 = world_of(6, icmp);
	struct sample quoted, s;
	struct reply reply = {.ttl = 3};

	(void)state;
	quoted = sample_echo_reply(&w.probe, 9); /* an echo reply, not a request */
	s = sample_error(&quoted, &w.router, TYPE_V4_UNREACHABLE, 1, 100);
	assert_int_equal(decode(&s, &reply), REJECT_UNRELATED);
	quoted = w.probe;
	quoted.bytes[9] = 17;
	s = sample_error(&quoted, &w.router, TYPE_V4_UNREACHABLE, 3, 100);
	assert_int_equal(decode(&s, &reply), REJECT_UNRELATED);
	quoted = w.probe;
	quoted.bytes[7] = 1; /* a later fragment */
	s = sample_error(&quoted, &w.router, TYPE_V4_TIME_EXCEEDED, 1, 100);
	assert_int_equal(decode(&s, &reply), REJECT_UNRELATED);
	quoted = syn.probe;
	put_u16(quoted.bytes + quoted.upper, TOKEN_PORT_FIRST - 1);
	s = sample_error(&quoted, &w.router, TYPE_V4_UNREACHABLE, 3, 100);
	assert_int_equal(decode(&s, &reply), REJECT_UNRELATED);
	quoted = w6.probe; /* an IPv6 packet in an ICMPv4 error */
	quoted.length = 48;
	sample_begin(&s, &w.router, &w.source, 1, 9);
	sample_append(&s, "\3\1\0\0\0\0\0\0", 8);
	sample_append(&s, quoted.bytes, quoted.length);
	sample_finish(&s);
	assert_int_equal(decode(&s, &reply), REJECT_MALFORMED);
	s.bytes[s.upper + 8] = 0x95; /* no version at all */
	sample_finish(&s);
	assert_int_equal(decode(&s, &reply), REJECT_MALFORMED);
	assert_int_equal(reply.ttl, 3); /* never touched */
}

static void leaves_our_own_packets_alone(void **state)
{
	struct reply reply;

	(void)state;
	for (unsigned n = 0; n < 4; n++) {
		struct world w = world_of(n & 1 ? 6 : 4, n & 2 ? https : icmp);

		assert_int_equal(decode(&w.probe, &reply), REJECT_UNRELATED);
	}
}

static void leaves_other_segments_alone(void **state)
{
	static const uint8_t flags[] = {0,
					FLAG_SYN,
					FLAG_ACK,
					FLAG_FIN | FLAG_ACK,
					FLAG_RST, /* our kernel's answer to a SYN-ACK */
					FLAG_RST | FLAG_SYN};
	struct world w = world_of(4, https);
	struct reply reply;
	struct sample s;

	(void)state;
	for (unsigned n = 0; n < sizeof(flags); n++) {
		s = sample_tcp_reply(&w.probe, flags[n], 1);
		assert_int_equal(decode(&s, &reply), REJECT_UNRELATED);
	}
	s = sample_tcp_reply(&w.probe, FLAG_SYN | FLAG_ACK, 1);
	put_u16(s.bytes + s.upper + 2, TOKEN_PORT_FIRST - 1);
	sample_finish(&s);
	assert_int_equal(decode(&s, &reply), REJECT_UNRELATED);
}

static void leaves_other_protocols_alone(void **state)
{
	static const struct {
		uint8_t family, protocol;
	} cases[] = {{4, 17}, {4, 58}, {4, 50}, {6, 1}, {6, 17}, {6, 59}};
	struct reply reply;

	(void)state;
	for (unsigned n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
		struct world w = world_of(cases[n].family, icmp);
		struct sample s;

		sample_begin(&s, &w.dst, &w.source, cases[n].protocol, 60);
		sample_append(&s, w.probe.bytes + w.probe.upper, 36);
		sample_finish(&s);
		assert_int_equal(decode(&s, &reply), REJECT_UNRELATED);
	}
}

static void refuses_fragments(void **state)
{
	struct world w = world_of(4, icmp), w6 = world_of(6, icmp);
	struct sample s = sample_echo_reply(&w.probe, 51), fragment;
	struct reply reply;

	(void)state;
	put_u16(s.bytes + 6, 0x2000); /* the first of several */
	sample_finish(&s);
	assert_int_equal(decode(&s, &reply), REJECT_FRAGMENT);
	put_u16(s.bytes + 6, 0x0003); /* the last */
	sample_finish(&s);
	assert_int_equal(decode(&s, &reply), REJECT_FRAGMENT);

	s = sample_echo_reply(&w6.probe, 51);
	for (unsigned n = 0; n < 3; n++) {
		static const uint8_t headers[3][8] = {
			{58, 0, 0, 1}, {58, 0, 0, 8}, {58, 0, 0, 0} /* all in one: no fragment */
		};

		sample_begin(&fragment, &w6.dst, &w6.source, 44, 51);
		sample_append(&fragment, headers[n], 8);
		sample_append(&fragment, s.bytes + s.upper, s.length - s.upper);
		sample_finish(&fragment);
		assert_int_equal(decode(&fragment, &reply), n == 2 ? REJECT_NONE : REJECT_FRAGMENT);
	}
	assert_proves(&w6, &reply);
}

/* All that a probe can meet, for the tests that damage packets. */
#define KINDS 10

static struct sample kind_of(unsigned n)
{
	struct world w = world_of(n & 1 ? 6 : 4, n / 2 < 2 ? icmp : https);

	switch (n / 2) {
	case 0:
		return sample_echo_reply(&w.probe, 51);
	case 1:
		return icmp_error_of(&w, true, BW_PACKET_MAX);
	case 2:
		return sample_tcp_reply(&w.probe, FLAG_SYN | FLAG_ACK, 1);
	case 3:
		return sample_tcp_reply(&w.probe, FLAG_RST | FLAG_ACK, 1);
	default:
		return icmp_error_of(&w, false, w.probe.upper + 8);
	}
}

static void assert_same(const struct reply *a, const struct reply *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->brief, b->brief);
	assert_int_equal(a->source_port, b->source_port);
	assert_true(bw_method_equal(a->method, b->method));
	assert_true(bw_addr_equal(&a->from, &b->from));
	assert_true(bw_addr_equal(&a->to, &b->to));
	assert_true(bw_addr_equal(&a->probed, &b->probed));
}

static void check_cut(const struct sample *framed, int linktype, uint32_t cut,
		      const struct reply *complete)
{
	uint8_t *bytes = (uint8_t *)malloc(cut ? cut : 1);
	struct reply reply;
	enum reject reject;

	assert_non_null(bytes);
	memcpy(bytes, framed->bytes, cut);
	reject = reply_decode(linktype, bytes, cut, framed->length, &reply);
	if (reject)
		assert_int_equal(reject, REJECT_TRUNCATED);
	else
		assert_same(&reply, complete);
	assert_true(!reject || cut < framed->upper + 8 + 48);
	if (cut < framed->length)
		assert_int_equal(reply_decode(linktype, bytes, cut, cut, &reply), REJECT_MALFORMED);
	free(bytes);
}

static void survives_every_truncation(void **state)
{
	static const int linktypes[] = {0, 1, 12, 108, 113, 276};

	(void)state;
	for (unsigned n = 0; n < KINDS; n++) {
		struct sample s = kind_of(n);
		struct reply complete;

		assert_int_equal(decode(&s, &complete), REJECT_NONE);
		for (unsigned l = 0; l < sizeof(linktypes) / sizeof(linktypes[0]); l++) {
			struct sample framed = sample_frame(&s, linktypes[l], l == 1 ? 2 : 0);

			for (uint32_t cut = 0; cut <= framed.length; cut++)
				check_cut(&framed, linktypes[l], cut, &complete);
		}
	}
}

/*
 * The checksums notice every single wrong bit, but in the fields of the IPv6
 * header that none covers: traffic class, flow label, hop limit.
 */
static void notices_every_wrong_bit(void **state)
{
	(void)state;
	for (unsigned n = 0; n < KINDS; n++) {
		struct sample s = kind_of(n);
		struct reply reply;

		for (uint32_t at = 0; at < s.length; at++) {
			bool bare = n & 1 && (at == 1 || at == 2 || at == 3 || at == 7);

			for (unsigned bit = 0; bit < 8; bit++) {
				bool covered = !bare && !(n & 1 && at == 0 && bit < 4);

				s.bytes[at] ^= (uint8_t)(1u << bit);
				assert_int_equal(decode(&s, &reply) != REJECT_NONE, covered);
				s.bytes[at] ^= (uint8_t)(1u << bit);
			}
		}
	}
}

static void says_that_a_checksum_is_wrong(void **state)
{
	(void)state;
	for (unsigned n = 0; n < KINDS; n++) {
		struct sample s = kind_of(n);
		struct reply reply;

		/* In all of them a byte that nothing looks at before the checksum does. */
		s.bytes[s.upper + 7] ^= 1;
		assert_int_equal(decode(&s, &reply), REJECT_CHECKSUM);
		/* The same with one byte not captured: nobody can know. */
		assert_int_not_equal(reply_decode(DLT_RAW, s.bytes, s.length - 1, s.length, &reply),
				     REJECT_CHECKSUM);
	}
}

/* A namespace's neighbour with checksum offload: only the pseudo-header's sum. */
static void accepts_unfinished_tcp_checksums(void **state)
{
	(void)state;
	for (uint8_t family = 4; family <= 6; family += 2) {
		struct world w = world_of(family, https);
		struct sample s = sample_tcp_reply(&w.probe, FLAG_SYN | FLAG_ACK, 1);
		uint16_t pseudo =
			sample_sum(s.length - s.upper + 6, s.bytes + (family == 4 ? 12 : 8),
				   family == 4 ? 8 : 32);
		struct reply reply;

		put_u16(s.bytes + s.upper + 16, pseudo);
		assert_int_equal(decode(&s, &reply), REJECT_NONE);
		assert_answers(&w, &reply);
		put_u16(s.bytes + s.upper + 16, (uint16_t)(pseudo ^ 1));
		assert_int_equal(decode(&s, &reply), REJECT_CHECKSUM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_echo_replies),
		cmocka_unit_test(says_when_the_payload_is_not_ours),
		cmocka_unit_test(reads_answers_to_a_syn),
		cmocka_unit_test(reads_errors_however_much_they_quote),
		cmocka_unit_test(reads_extended_errors),
		cmocka_unit_test(leaves_errors_about_other_packets_alone),
		cmocka_unit_test(leaves_our_own_packets_alone),
		cmocka_unit_test(leaves_other_segments_alone),
		cmocka_unit_test(leaves_other_protocols_alone),
		cmocka_unit_test(refuses_fragments),
		cmocka_unit_test(survives_every_truncation),
		cmocka_unit_test(notices_every_wrong_bit),
		cmocka_unit_test(says_that_a_checksum_is_wrong),
		cmocka_unit_test(accepts_unfinished_tcp_checksums),
	};

	return cmocka_run_group_tests_name("wire/reply", tests, NULL, NULL);
}
