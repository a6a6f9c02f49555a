/* SPDX-License-Identifier: Apache-2.0 */
#include "base/siphash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Aumasson and Bernstein 2012, appendix A, and the authors' test vectors for shorter inputs. */
static void test_reference(void **state)
{
	struct siphash_key key;
	uint8_t input[15];

	(void)state;
	for (unsigned i = 0; i < 16; i++)
		key.bytes[i] = (uint8_t)i;
	for (unsigned i = 0; i < 15; i++)
		input[i] = (uint8_t)i;
	assert_true(siphash(&key, input, 15) == UINT64_C(0xa129ca6149be45e5));
	assert_true(siphash(&key, input, 8) == UINT64_C(0x93f5f5799a932462));
	assert_true(siphash(&key, input, 1) == UINT64_C(0x74f839c593dc67fd));
	assert_true(siphash(&key, input, 0) == UINT64_C(0x726fdb47dd0e0e31));
}

static void test_keys_of_seeds(void **state)
{
	struct siphash_key a = siphash_key_of(1), b = siphash_key_of(1), c = siphash_key_of(2);

	(void)state;
	assert_memory_equal(a.bytes, b.bytes, sizeof(a.bytes));
	assert_memory_not_equal(a.bytes, c.bytes, sizeof(a.bytes));
	assert_memory_not_equal(a.bytes, a.bytes + 8, 8);
	assert_true(siphash(&a, "block", 5) == siphash(&b, "block", 5));
	assert_true(siphash(&a, "block", 5) != siphash(&c, "block", 5));
}

static void test_random_keys_differ(void **state)
{
	struct siphash_key keys[16];

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		keys[i] = siphash_key_random();
		for (unsigned j = 0; j < i; j++)
			assert_memory_not_equal(keys[i].bytes, keys[j].bytes, 16);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_keys_of_seeds),
		cmocka_unit_test(test_random_keys_differ),
	};

	return cmocka_run_group_tests_name("base/siphash", tests, NULL, NULL);
}
