/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/token_payload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void encodes_the_payload_in_network_order(void **state)
{
	static const uint8_t expected[TOKEN_PAYLOAD] = {0x42, 0x57, 0x31, 0x01, 0x01, 0x02, 0x03,
							0x04, 0x05, 0x06, 0x07, 0x08, 0xff, 0xff,
							0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x11,
							0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18};
	struct token_payload payload = {0x0102030405060708, -2, 0x1112131415161718}, decoded;
	uint8_t bytes[TOKEN_PAYLOAD];

	(void)state;
	token_payload_encode(&payload, bytes);
	assert_memory_equal(bytes, expected, sizeof(bytes));
	assert_true(token_payload_decode(bytes, sizeof(bytes), &decoded));
	assert_int_equal(decoded.nonce, payload.nonce);
	assert_int_equal(decoded.sent_us, -2);
	assert_int_equal(decoded.full, payload.full);
}

static void refuses_payloads_that_are_short_or_foreign(void **state)
{
	struct token_payload payload = {1, 2, 3}, decoded = {4, 5, 6};
	uint8_t bytes[TOKEN_PAYLOAD];

	(void)state;
	token_payload_encode(&payload, bytes);
	for (size_t length = 0; length < sizeof(bytes); length++) {
		uint8_t *cut = (uint8_t *)malloc(length ? length : 1);

		assert_non_null(cut);
		memcpy(cut, bytes, length);
		assert_false(token_payload_decode(cut, length, &decoded));
		free(cut);
	}
	assert_false(token_payload_decode(NULL, 0, &decoded));
	for (unsigned n = 0; n < 4; n++) {
		bytes[n] ^= 1;
		assert_false(token_payload_decode(bytes, sizeof(bytes), &decoded));
		bytes[n] ^= 1;
	}
	assert_int_equal(decoded.nonce, 4);
	assert_int_equal(decoded.full, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_the_payload_in_network_order),
		cmocka_unit_test(refuses_payloads_that_are_short_or_foreign),
	};

	return cmocka_run_group_tests_name("wire/token_payload", tests, NULL, NULL);
}
