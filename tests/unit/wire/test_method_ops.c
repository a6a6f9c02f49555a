/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/method/method_ops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"
#include "wire/build.h"
#include "wire/link/frame.h"
#include "wire/packet.h"
#include "wire/reply.h"

/* Each test goes through all methods of the list: a new one is tested by being there. */

#define PORT 443
#define SENT_US 1234567
#define HASHED_BYTES 4 /* behind the IP header, by load balancers */

static const char *const sources[] = {"198.18.0.1", "2001:db8::1"};
static const char *const destinations[] = {"198.18.4.9", "2001:db8:4::9"};
static const char *const routers[] = {"198.18.9.1", "2001:db8:9::1"};

/* One method in one family. */
struct variant {
	struct bw_method method;
	const struct method_ops *ops;
	unsigned family; /* index into the above */
	struct bw_addr src, dst;
	struct build_template template;
};

struct built {
	struct token token;
	uint8_t bytes[BW_PACKET_MAX];
	uint16_t length;
};

static void each(void (*test)(const struct variant *variant), const char *contact)
{
	for (uint8_t protocol = 1; protocol <= BW_PROTOCOL_COUNT; protocol++) {
		for (unsigned family = 0; family < 2; family++) {
			struct variant variant = {
				.method = {protocol, bw_protocol_has_port(protocol) ? PORT : 0},
				.ops = method_ops(protocol),
				.family = family,
				.src = sample_addr(sources[family]),
				.dst = sample_addr(destinations[family]),
			};

			assert_int_equal(build_template_init(&variant.template, &variant.src,
							     variant.method, contact, NULL),
					 0);
			test(&variant);
		}
	}
}

static struct built build(const struct variant *variant, uint64_t nonce, uint8_t flow)
{
	struct siphash_key key = siphash_key_of(7);
	struct built built = {.length = 0};

	built.token = token_make(&key, &variant->dst, variant->method, nonce, SENT_US, flow);
	built.length = build_probe(&variant->template, &variant->dst, &built.token, 64, SENT_US,
				   built.bytes);
	assert_true(built.length <= BW_PACKET_MAX);
	return built;
}

static unsigned header_of(const struct variant *variant)
{
	return variant->family == 0 ? IP_V4_HEADER : IP_V6_HEADER;
}

static void assert_complete(const struct variant *variant)
{
	const struct method_ops *ops = variant->ops;

	assert_non_null(ops);
	assert_int_not_equal(ops->ip_protocol_v4, 0);
	assert_int_not_equal(ops->ip_protocol_v6, 0);
	assert_int_not_equal(ops->length, 0);
	assert_int_not_equal(ops->checksum_at, 0);
	assert_int_not_equal(ops->brief_mask, 0);
	assert_int_not_equal(ops->evidence, 0);
	assert_non_null(ops->add_blocks);
	assert_non_null(ops->put_token);
	assert_non_null(ops->decode);
	assert_non_null(ops->is_intact);
	assert_non_null(ops->decode_quote);
	assert_true(ops->filter_v4 && *ops->filter_v4);
	assert_true(ops->filter_v6 && *ops->filter_v6);
}

static void is_complete(void **state)
{
	(void)state;
	each(assert_complete, NULL);
	assert_null(method_ops(0));
	assert_null(method_ops(BW_PROTOCOL_ALL + 1));
	assert_true(method_is_echo(BW_PROTOCOL_ICMP));
	assert_false(method_is_echo(BW_PROTOCOL_TCP));
	assert_false(method_is_echo(0));
}

static void assert_recognises_probe(const struct variant *variant)
{
	struct built built = build(variant, 1, 0);
	struct sample sample = sample_probe(built.bytes, built.length);
	struct packet packet;

	assert_int_equal(built.length, header_of(variant) + variant->ops->length);
	assert_int_equal(sample_upper_sum(&sample), 0xffff);
	assert_int_equal(packet_decode(FRAME_RAW, built.bytes, built.length, built.length, &packet),
			 REJECT_NONE);
	assert_int_equal(packet.role, PACKET_REQUEST);
	assert_true(bw_method_equal(packet.method, variant->method));
	assert_true(bw_addr_equal(&packet.prober, &variant->src));
	assert_true(bw_addr_equal(&packet.probed, &variant->dst));
	assert_int_equal(packet.brief, built.token.brief);
	assert_int_equal(packet.source_port, built.token.source_port);
	assert_true(packet_is_intact(&packet));
}

static void recognises_its_probes(void **state)
{
	(void)state;
	each(assert_recognises_probe, NULL);
}

static void assert_recognises_quote(const struct variant *variant)
{
	struct bw_addr router = sample_addr(routers[variant->family]);
	struct built built = build(variant, 2, 0);
	struct sample probe = sample_probe(built.bytes, built.length);

	for (uint32_t quoted = header_of(variant) + 8; quoted <= built.length; quoted++) {
		struct sample error =
			sample_error(&probe, &router, variant->family == 0 ? 11 : 3, 0, quoted);
		struct reply reply;

		assert_int_equal(reply_decode(FRAME_RAW, error.bytes, error.length, error.length,
					      &reply),
				 REJECT_NONE);
		assert_int_equal(reply.kind, REPLY_TIME_EXCEEDED);
		assert_true(bw_method_equal(reply.method, variant->method));
		assert_true(bw_addr_equal(&reply.probed, &variant->dst));
		assert_int_equal(reply.brief, built.token.brief);
		assert_int_equal(reply.source_port, built.token.source_port);
		assert_false(reply.proves_itself);
	}
}

static void recognises_its_probes_in_errors(void **state)
{
	(void)state;
	each(assert_recognises_quote, NULL);
}

/* All that a load balancer may hash, apart from the addresses. */
struct hashed {
	uint32_t label;
	uint8_t protocol;
	uint8_t bytes[HASHED_BYTES];
};

static struct hashed hashed_of(const struct variant *variant, const struct built *built)
{
	const uint8_t *b = built->bytes;
	struct hashed hashed = {.protocol = b[variant->family == 0 ? 9 : 6]};

	memcpy(hashed.bytes, b + header_of(variant), HASHED_BYTES);
	if (variant->family == 1)
		hashed.label = (uint32_t)(b[1] & 0x0f) << 16 | (uint32_t)(b[2] << 8 | b[3]);
	return hashed;
}

static bool same(struct hashed a, struct hashed b)
{
	return a.label == b.label && a.protocol == b.protocol &&
	       memcmp(a.bytes, b.bytes, HASHED_BYTES) == 0;
}

static void assert_whole(const struct variant *variant, const struct built *built)
{
	struct sample sample = sample_probe(built->bytes, built->length);
	struct packet packet;

	assert_int_equal(sample_upper_sum(&sample), 0xffff);
	if (variant->family == 0)
		assert_int_equal(sample_sum(0, built->bytes, IP_V4_HEADER), 0xffff);
	assert_int_equal(packet_decode(FRAME_RAW, built->bytes, built->length, built->length,
				       &packet),
			 REJECT_NONE);
	assert_true(packet.ip.whole);
	assert_int_equal(packet.ip.payload_length, built->length - header_of(variant));
	assert_int_equal(packet.brief, built->token.brief);
}

static void assert_keeps_flow(const struct variant *variant)
{
	struct built plain = build(variant, 3, 0), again = build(variant, 4, 0);

	assert_false(same(hashed_of(variant, &plain), hashed_of(variant, &again)));
	for (unsigned flow = 1; flow <= UINT8_MAX; flow++) {
		struct built first = build(variant, flow, (uint8_t)flow);
		struct hashed hashed = hashed_of(variant, &first);

		assert_whole(variant, &first);
		assert_true(first.length - plain.length <= 3);
		for (uint64_t nonce = 1000; nonce < 1050; nonce++) {
			struct built next = build(variant, nonce, (uint8_t)flow);
			struct built other = build(variant, nonce, (uint8_t)(flow % UINT8_MAX + 1));

			assert_whole(variant, &next);
			if (variant->ops->brief_mask == UINT32_MAX)
				assert_int_not_equal(next.token.brief, first.token.brief);
			assert_true(same(hashed, hashed_of(variant, &next)));
			assert_false(same(hashed, hashed_of(variant, &other)));
		}
	}
}

static void keeps_what_balancers_hash_in_a_flow(void **state)
{
	(void)state;
	each(assert_keeps_flow, NULL);
	each(assert_keeps_flow, "odd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_complete),
		cmocka_unit_test(recognises_its_probes),
		cmocka_unit_test(recognises_its_probes_in_errors),
		cmocka_unit_test(keeps_what_balancers_hash_in_a_flow),
	};

	return cmocka_run_group_tests_name("wire/method_ops", tests, NULL, NULL);
}
