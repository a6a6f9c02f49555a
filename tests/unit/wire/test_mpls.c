/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/mpls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX 4

/* A label stack object with two entries: 16005 (exp 0, ttl 1) and 24001 (exp 5, ttl 254). */
static const uint8_t stack[12] = {0, 12, 1, 1, 0x03, 0xe8, 0x50, 0x01, 0x05, 0xdc, 0x1b, 0xfe};

static unsigned decode(const void *bytes, size_t length, struct mpls_label labels[MAX])
{
	return mpls_decode(cursor_of(bytes, length), labels, MAX);
}

static void reads_a_label_stack(void **state)
{
	struct mpls_label labels[MAX];

	(void)state;
	assert_int_equal(decode(stack, sizeof(stack), labels), 2);
	assert_int_equal(labels[0].label, 16005);
	assert_int_equal(labels[0].exp, 0);
	assert_int_equal(labels[0].bottom, 0);
	assert_int_equal(labels[0].ttl, 1);
	assert_int_equal(labels[1].label, 24001);
	assert_int_equal(labels[1].exp, 5);
	assert_int_equal(labels[1].bottom, 1);
	assert_int_equal(labels[1].ttl, 254);
}

static void skips_other_objects(void **state)
{
	/* RFC 5837: interface information, class 2. */
	uint8_t bytes[8 + sizeof(stack)] = {0, 8, 2, 0x0a, 0, 0, 0, 3};
	struct mpls_label labels[MAX];

	(void)state;
	memcpy(bytes + 8, stack, sizeof(stack));
	assert_int_equal(decode(bytes, sizeof(bytes), labels), 2);
	assert_int_equal(decode(bytes, 8, labels), 0);
	bytes[8 + 3] = 2; /* another type of the class */
	assert_int_equal(decode(bytes, sizeof(bytes), labels), 0);
}

/* A length of zero would be read for ever; others point behind the structure. */
static void ends_at_a_malformed_length(void **state)
{
	static const uint16_t wrong[] = {0, 1, 3, 13, 255, 0xffff};
	struct mpls_label labels[MAX];
	uint8_t bytes[sizeof(stack)];

	(void)state;
	memcpy(bytes, stack, sizeof(stack));
	for (unsigned n = 0; n < sizeof(wrong) / sizeof(wrong[0]); n++) {
		put_u16(bytes, wrong[n]);
		assert_int_equal(decode(bytes, sizeof(bytes), labels), 0);
	}
	put_u16(bytes, 4);
	assert_int_equal(decode(bytes, sizeof(bytes), labels), 0);
	put_u16(bytes, 7);
	assert_int_equal(decode(bytes, sizeof(bytes), labels), 0);
}

static void survives_every_truncation(void **state)
{
	struct mpls_label labels[MAX];

	(void)state;
	for (size_t cut = 0; cut < sizeof(stack); cut++) {
		uint8_t *bytes = (uint8_t *)malloc(cut ? cut : 1);

		assert_non_null(bytes);
		memcpy(bytes, stack, cut);
		assert_int_equal(decode(bytes, cut, labels), 0);
		free(bytes);
	}
}

static void writes_no_more_than_fits(void **state)
{
	uint8_t bytes[4 + 4 * 8] = {0, sizeof(bytes), 1, 1};
	struct mpls_label labels[MAX + 1] = {[MAX] = {.label = 7}};

	(void)state;
	assert_int_equal(decode(bytes, sizeof(bytes), labels), MAX);
	assert_int_equal(labels[MAX].label, 7);
	bytes[4 + 2] = 1; /* the first is the bottom: the rest is padding */
	assert_int_equal(decode(bytes, sizeof(bytes), labels), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_label_stack),
		cmocka_unit_test(skips_other_objects),
		cmocka_unit_test(ends_at_a_malformed_length),
		cmocka_unit_test(survives_every_truncation),
		cmocka_unit_test(writes_no_more_than_fits),
	};

	return cmocka_run_group_tests_name("wire/mpls", tests, NULL, NULL);
}
