/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"
#include "wire/method/method_ops.h"

static const struct bw_method icmp = {.protocol = BW_PROTOCOL_ICMP};
static const struct bw_method https = {.protocol = BW_PROTOCOL_TCP, .port = 443};

static struct siphash_key reference_key(void)
{
	struct siphash_key key;

	for (unsigned n = 0; n < sizeof(key.bytes); n++)
		key.bytes[n] = (uint8_t)n;
	return key;
}

/* Computed by another SipHash-2-4, from the encoding that token.c describes. */
static void is_the_mac_of_the_documented_encoding(void **state)
{
	struct siphash_key key = reference_key();
	struct bw_addr v4 = sample_addr("198.18.0.15"), v6 = sample_addr("2001:db8::15");
	struct token echo = token_make(&key, &v4, icmp, 0x0102030405060708, 1234567890123, 0);
	struct token syn = token_make(&key, &v6, https, 0x0102030405060708, 1234567890123, 0);

	(void)state;
	assert_int_equal(echo.nonce, 0x0102030405060708);
	assert_int_equal(echo.brief, 0x38af4f0f);
	assert_int_equal(echo.full, 0x28ead89b02b68857);
	assert_int_equal(echo.source_port, 0);
	assert_int_equal(syn.brief, 0xd81f5bf2);
	assert_int_equal(syn.source_port, 65109);
	assert_int_equal(syn.full, 0x7829b56d0a9c497d);
}

static void assert_differ(struct token a, struct token b)
{
	assert_int_not_equal(a.brief, b.brief);
	assert_int_not_equal(a.full, b.full);
}

static void changes_with_everything_that_it_covers(void **state)
{
	struct siphash_key key = reference_key(), other_key = reference_key();
	struct bw_addr dst = sample_addr("198.18.0.15"), other_dst = sample_addr("198.18.0.16");
	struct bw_addr mapped = sample_addr("c612:f::"); /* the same bytes in the other family */
	struct bw_method other_port = {.protocol = BW_PROTOCOL_TCP, .port = 444};
	struct token token = token_make(&key, &dst, https, 7, 1000, 0);

	(void)state;
	other_key.bytes[15] ^= 1;
	assert_differ(token, token_make(&other_key, &dst, https, 7, 1000, 0));
	assert_differ(token, token_make(&key, &other_dst, https, 7, 1000, 0));
	assert_differ(token, token_make(&key, &mapped, https, 7, 1000, 0));
	assert_differ(token, token_make(&key, &dst, other_port, 7, 1000, 0));
	assert_differ(token, token_make(&key, &dst, icmp, 7, 1000, 0));
	assert_differ(token, token_make(&key, &dst, https, 8, 1000, 0));
	assert_differ(token, token_make(&key, &dst, https, 7 | UINT64_C(1) << 63, 1000, 0));
}

/* An ICMP error does not bring the transmit time back, the payload does. */
static void covers_the_transmit_time_only_in_full(void **state)
{
	struct siphash_key key = reference_key();
	struct bw_addr dst = sample_addr("2001:db8::15");
	struct token a = token_make(&key, &dst, icmp, 7, 1000, 0);
	struct token b = token_make(&key, &dst, icmp, 7, -1, 0);

	(void)state;
	assert_int_equal(a.brief, b.brief);
	assert_int_not_equal(a.full, b.full);
}

static void spreads_source_ports_over_their_range(void **state)
{
	struct siphash_key key = reference_key();
	struct bw_addr dst = sample_addr("198.18.0.15");
	uint8_t seen[TOKEN_PORT_LAST - TOKEN_PORT_FIRST + 1] = {0};
	unsigned distinct = 0;

	(void)state;
	for (uint64_t nonce = 0; nonce < 40000; nonce++) {
		unsigned port = token_make(&key, &dst, https, nonce, 0, 0).source_port;

		assert_in_range(port, TOKEN_PORT_FIRST, TOKEN_PORT_LAST);
		distinct += !seen[port - TOKEN_PORT_FIRST];
		seen[port - TOKEN_PORT_FIRST] = 1;
	}
	assert_in_range(distinct, 4090, 4096);
}

/* Bits that a method has no room for are zero in tokens, so that answers can be compared. */
static void fits_into_what_the_method_has_room_for(void **state)
{
	struct siphash_key key = reference_key();
	struct bw_addr dst = sample_addr("198.18.0.15");

	(void)state;
	for (uint8_t protocol = 1; protocol <= BW_PROTOCOL_COUNT; protocol++) {
		struct bw_method method = {protocol, bw_protocol_has_port(protocol) ? 7 : 0};
		uint32_t mask = method_ops(protocol)->brief_mask, seen = 0;

		for (uint64_t nonce = 1; nonce <= 100; nonce++)
			seen |= token_make(&key, &dst, method, nonce, 0, 0).brief;
		assert_int_equal(seen, mask);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_the_mac_of_the_documented_encoding),
		cmocka_unit_test(changes_with_everything_that_it_covers),
		cmocka_unit_test(covers_the_transmit_time_only_in_full),
		cmocka_unit_test(spreads_source_ports_over_their_range),
		cmocka_unit_test(fits_into_what_the_method_has_room_for),
	};

	return cmocka_run_group_tests_name("wire/token", tests, NULL, NULL);
}
