/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/icmp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample.h"

static void decodes_echo_messages(void **state)
{
	struct cursor reply = cursor_of("\0\0\xff\xff\1\2\3\4data", 12);
	struct cursor request = cursor_of("\x80\0\xff\xff\1\2\3\4", 8);
	struct icmp icmp;

	(void)state;
	assert_true(icmp_decode(4, reply, &icmp));
	assert_int_equal(icmp.role, ICMP_REPLY);
	assert_int_equal(icmp.echo, 0x01020304);
	assert_int_equal(cursor_left(&icmp.body), 4);
	assert_memory_equal(icmp.body.at, "data", 4);
	assert_int_equal(cursor_left(&icmp.objects), 0);
	assert_true(icmp_decode(6, request, &icmp));
	assert_int_equal(icmp.role, ICMP_REQUEST);
	assert_int_equal(icmp.type, ICMP_V6_ECHO_REQUEST);
	assert_int_equal(cursor_left(&icmp.body), 0);
}

static void needs_eight_bytes(void **state)
{
	struct icmp icmp = {.code = 9};

	(void)state;
	for (size_t length = 0; length < ICMP_HEADER; length++) {
		uint8_t *bytes = (uint8_t *)calloc(1, length ? length : 1);

		assert_non_null(bytes);
		assert_false(icmp_decode(4, cursor_of(bytes, length), &icmp));
		assert_false(icmp_decode(6, cursor_of(bytes, length), &icmp));
		free(bytes);
	}
	assert_int_equal(icmp.code, 9);
}

static void knows_the_role_of_every_type(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		uint8_t bytes[8] = {(uint8_t)type};
		struct icmp icmp;

		assert_true(icmp_decode(4, cursor_of(bytes, 8), &icmp));
		assert_int_equal(icmp.role == ICMP_REPLY, type == 0);
		assert_int_equal(icmp.role == ICMP_REQUEST, type == 8);
		assert_int_equal(icmp.role == ICMP_ERROR,
				 type == 3 || type == 4 || type == 11 || type == 12);
		assert_true(icmp_decode(6, cursor_of(bytes, 8), &icmp));
		assert_int_equal(icmp.role == ICMP_REPLY, type == 129);
		assert_int_equal(icmp.role == ICMP_REQUEST, type == 128);
		assert_int_equal(icmp.role == ICMP_ERROR, type >= 1 && type <= 4);
	}
}

static void classifies_every_error(void **state)
{
	static const enum reply_kind v4[] = {REPLY_NET_UNREACHABLE,      REPLY_HOST_UNREACHABLE,
					     REPLY_PROTOCOL_UNREACHABLE, REPLY_PORT_UNREACHABLE,
					     REPLY_OTHER_ERROR,          REPLY_NET_UNREACHABLE,
					     REPLY_NET_UNREACHABLE,      REPLY_HOST_UNREACHABLE,
					     REPLY_HOST_UNREACHABLE,     REPLY_PROHIBITED,
					     REPLY_PROHIBITED,           REPLY_NET_UNREACHABLE,
					     REPLY_HOST_UNREACHABLE,     REPLY_PROHIBITED,
					     REPLY_OTHER_ERROR,          REPLY_OTHER_ERROR,
					     REPLY_OTHER_ERROR};
	static const enum reply_kind v6[] = {REPLY_NET_UNREACHABLE,  REPLY_PROHIBITED,
					     REPLY_OTHER_ERROR,      REPLY_HOST_UNREACHABLE,
					     REPLY_PORT_UNREACHABLE, REPLY_PROHIBITED,
					     REPLY_PROHIBITED,       REPLY_OTHER_ERROR};

	(void)state;
	for (unsigned code = 0; code < sizeof(v4) / sizeof(v4[0]); code++)
		assert_int_equal(icmp_error_kind(4, 3, (uint8_t)code), v4[code]);
	for (unsigned code = 0; code < sizeof(v6) / sizeof(v6[0]); code++)
		assert_int_equal(icmp_error_kind(6, 1, (uint8_t)code), v6[code]);
	assert_int_equal(icmp_error_kind(4, 11, 0), REPLY_TIME_EXCEEDED);
	assert_int_equal(icmp_error_kind(6, 3, 0), REPLY_TIME_EXCEEDED);
	/* Code 1 is about the reassembly of fragments. */
	assert_int_equal(icmp_error_kind(4, 11, 1), REPLY_OTHER_ERROR);
	assert_int_equal(icmp_error_kind(6, 3, 1), REPLY_OTHER_ERROR);
	assert_int_equal(icmp_error_kind(4, 12, 0), REPLY_OTHER_ERROR);
	assert_int_equal(icmp_error_kind(4, 4, 0), REPLY_OTHER_ERROR);
	assert_int_equal(icmp_error_kind(6, 2, 0), REPLY_OTHER_ERROR);
	assert_int_equal(icmp_error_kind(6, 4, 1), REPLY_OTHER_ERROR);
}

/* One MPLS label stack object (RFC 4950) in a structure with its checksum. */
static const uint8_t extension[12] = {0x20, 0, 0x9f, 0x70, 0, 8, 1, 1, 0x3e, 0x85, 0x01, 0x01};

/* An error of TYPE that quotes 128 bytes, with UNITS in its RFC 4884 length field. */
static struct sample extended_error(uint8_t family, uint8_t type, uint8_t units)
{
	uint8_t quote[128];
	struct sample s = {.length = 8};

	memset(quote, 0x45, sizeof(quote));
	s.bytes[0] = type;
	s.bytes[family == 4 ? 5 : 4] = units;
	sample_append(&s, quote, sizeof(quote));
	sample_append(&s, extension, sizeof(extension));
	return s;
}

static void assert_split(const struct sample *s, uint8_t family, size_t quote, size_t objects)
{
	struct icmp icmp;

	assert_true(icmp_decode(family, cursor_of(s->bytes, s->length), &icmp));
	assert_int_equal(icmp.role, ICMP_ERROR);
	assert_int_equal(cursor_left(&icmp.body), quote);
	assert_int_equal(cursor_left(&icmp.objects), objects);
	if (objects)
		assert_memory_equal(icmp.objects.at, extension + 4, objects);
}

static void finds_extension_objects(void **state)
{
	static const uint8_t types_v4[] = {3, 11, 12}, types_v6[] = {1, 3};
	struct sample s;

	(void)state;
	assert_int_equal(sample_sum(0, extension, sizeof(extension)), 0xffff);
	for (unsigned n = 0; n < sizeof(types_v4); n++) {
		s = extended_error(4, types_v4[n], 32);
		assert_split(&s, 4, 128, 8);
	}
	for (unsigned n = 0; n < sizeof(types_v6); n++) {
		s = extended_error(6, types_v6[n], 16);
		assert_split(&s, 6, 128, 8);
	}
	s.bytes[8 + 128 + 2] = s.bytes[8 + 128 + 3] = 0; /* a sender without checksum */
	assert_split(&s, 6, 128, 8);
}

/* RFC 4884, section 5.5: an extension behind 128 bytes, and no length. */
static void finds_extensions_of_old_routers(void **state)
{
	struct sample s = extended_error(4, 11, 0);

	(void)state;
	assert_split(&s, 4, 128, 8);
	s = extended_error(6, 3, 0);
	assert_split(&s, 6, 128, 8);
	s.bytes[8 + 128 + 2] = s.bytes[8 + 128 + 3] = 0;
	assert_split(&s, 6, 140, 0); /* without a checksum it may be the quote */
	s = extended_error(4, 11, 0);
	s.bytes[8 + 128 + 9] ^= 1;
	assert_split(&s, 4, 140, 0); /* all of it is the quote */
}

static void does_not_invent_extension_objects(void **state)
{
	struct sample s = extended_error(4, 11, 2);

	(void)state;
	assert_split(&s, 4, 140, 0); /* a length that would cut the quote's headers off */
	s.bytes[5] = 31;
	assert_split(&s, 4, 140, 0); /* the least is 32 */
	s.bytes[5] = 255;
	assert_split(&s, 4, 140, 0); /* longer than the message */
	s = extended_error(4, 4, 32);
	assert_split(&s, 4, 140, 0); /* a type that has no such field */
	s = extended_error(6, 2, 16);
	assert_split(&s, 6, 140, 0); /* here it is the MTU */
	s = extended_error(4, 11, 32);
	s.bytes[8 + 128] = 0x10; /* version 1 */
	assert_split(&s, 4, 128, 0);
	s = extended_error(4, 11, 32);
	s.bytes[8 + 128 + 9] ^= 1; /* checksum */
	assert_split(&s, 4, 128, 0);
	s = extended_error(4, 11, 32);
	s.length -= 9; /* three bytes of the structure's header */
	assert_split(&s, 4, 131, 0);
}

static void survives_every_truncation(void **state)
{
	struct sample s = extended_error(6, 3, 16);
	struct icmp icmp;

	(void)state;
	for (uint32_t cut = ICMP_HEADER; cut < s.length; cut++) {
		uint8_t *bytes = (uint8_t *)malloc(cut);

		assert_non_null(bytes);
		memcpy(bytes, s.bytes, cut);
		assert_true(icmp_decode(6, cursor_of(bytes, cut), &icmp));
		assert_int_equal(cursor_left(&icmp.objects), 0);
		assert_in_range(cursor_left(&icmp.body), 0, cut - ICMP_HEADER);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_echo_messages),
		cmocka_unit_test(needs_eight_bytes),
		cmocka_unit_test(knows_the_role_of_every_type),
		cmocka_unit_test(classifies_every_error),
		cmocka_unit_test(finds_extension_objects),
		cmocka_unit_test(finds_extensions_of_old_routers),
		cmocka_unit_test(does_not_invent_extension_objects),
		cmocka_unit_test(survives_every_truncation),
	};

	return cmocka_run_group_tests_name("wire/icmp", tests, NULL, NULL);
}
