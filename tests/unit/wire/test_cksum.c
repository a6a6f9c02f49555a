/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/cksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "sample.h"

static void adds_up_the_example_of_rfc_1071(void **state)
{
	static const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	(void)state;
	assert_int_equal(cksum_fold(cksum_add(0, bytes, sizeof(bytes))), 0xddf2);
	assert_int_equal(cksum_finish(cksum_add(0, bytes, sizeof(bytes))), 0x220d);
	assert_int_equal(cksum_finish(cksum_add(0, bytes, 0)), 0xffff);
}

/* Each length lies in a block of its own, so that a sanitizer sees one byte too many. */
static void agrees_with_a_plain_loop_at_every_length(void **state)
{
	struct rng rng = rng_of(1);

	(void)state;
	for (uint32_t length = 0; length < 200; length++) {
		uint8_t *bytes = (uint8_t *)malloc(length ? length : 1);

		assert_non_null(bytes);
		for (uint32_t n = 0; n < length; n++)
			bytes[n] = (uint8_t)(rng_u64(&rng) | (length % 3 ? 0 : 0xf0));
		assert_int_equal(cksum_fold(cksum_add(0, bytes, length)),
				 sample_sum(0, bytes, length));
		free(bytes);
	}
}

static void adds_in_pieces(void **state)
{
	uint8_t bytes[31];

	(void)state;
	for (unsigned n = 0; n < sizeof(bytes); n++)
		bytes[n] = (uint8_t)(255 - n);
	for (unsigned cut = 0; cut < sizeof(bytes); cut += 2) {
		uint64_t sum = cksum_add(0, bytes, cut);

		sum = cksum_add(sum, bytes + cut, sizeof(bytes) - cut);
		assert_int_equal(cksum_fold(sum), sample_sum(0, bytes, sizeof(bytes)));
	}
}

static void does_not_overflow(void **state)
{
	uint8_t bytes[65536];
	uint64_t sum = 0;

	(void)state;
	memset(bytes, 0xff, sizeof(bytes));
	for (int n = 0; n < 1000; n++)
		sum = cksum_add(sum, bytes, sizeof(bytes));
	assert_int_equal(cksum_fold(sum), 0xffff);
	assert_int_equal(cksum_fold(UINT64_MAX), 0xffff);
}

static void sums_up_pseudo_headers(void **state)
{
	struct bw_addr src4 = sample_addr("198.18.0.1"), dst4 = sample_addr("198.18.200.9");
	struct bw_addr src6 = sample_addr("2001:db8::1"), dst6 = sample_addr("2001:db8:ffff::9");
	static const uint8_t v4[] = {198, 18, 0, 1, 198, 18, 200, 9, 0, 6, 0x12, 0x34};
	uint8_t v6[40] = {0};

	(void)state;
	assert_int_equal(cksum_fold(cksum_pseudo(&src4, &dst4, 6, 0x1234)),
			 sample_sum(0, v4, sizeof(v4)));
	memcpy(v6, src6.bytes, 16);
	memcpy(v6 + 16, dst6.bytes, 16);
	v6[33] = 1; /* a length above 16 bits */
	v6[34] = 0x12;
	v6[39] = 58;
	assert_int_equal(cksum_fold(cksum_pseudo(&src6, &dst6, 58, 0x11200)),
			 sample_sum(0, v6, sizeof(v6)));
}

/* RFC 1624, section 4: where the older equation gave 0xffff. */
static void replaces_as_in_rfc_1624(void **state)
{
	static const uint8_t from[] = {0x55, 0x55}, to[] = {0x32, 0x85};

	(void)state;
	assert_int_equal(cksum_replace(0xdd2f, from, to, 2), 0x0000);
}

static void replaces_like_a_fresh_sum(void **state)
{
	struct rng rng = rng_of(2);
	uint8_t old[64], new[64];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		unsigned at = (unsigned)rng_below(&rng, 30) * 2;
		unsigned length = (unsigned)rng_below(&rng, (64 - at) / 2 + 1) * 2;

		for (unsigned n = 0; n < sizeof(old); n++)
			old[n] = round % 4 ? (uint8_t)rng_u64(&rng) : round % 8 ? 0xff : 0;
		old[1] = 1; /* all zero has two checksums; no packet is */
		memcpy(new, old, sizeof(new));
		for (unsigned n = at; n < at + length; n++)
			new[n] = n == 1 ? 1 : (uint8_t)rng_u64(&rng);
		assert_int_equal(cksum_replace((uint16_t)~sample_sum(0, old, sizeof(old)), old + at,
					       new + at, length),
				 (uint16_t)~sample_sum(0, new, sizeof(new)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_up_the_example_of_rfc_1071),
		cmocka_unit_test(agrees_with_a_plain_loop_at_every_length),
		cmocka_unit_test(adds_in_pieces),
		cmocka_unit_test(does_not_overflow),
		cmocka_unit_test(sums_up_pseudo_headers),
		cmocka_unit_test(replaces_as_in_rfc_1624),
		cmocka_unit_test(replaces_like_a_fresh_sum),
	};

	return cmocka_run_group_tests_name("wire/cksum", tests, NULL, NULL);
}
