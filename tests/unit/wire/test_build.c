/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "base/rng.h"
#include "sample.h"

static const struct bw_method icmp = {.protocol = BW_PROTOCOL_ICMP};
static const struct bw_method https = {.protocol = BW_PROTOCOL_TCP, .port = 443};
static const struct token token = {.nonce = 0x1112131415161718,
				   .brief = 0xa1b2c3d4,
				   .full = 0x2122232425262728,
				   .source_port = 61441};

static struct build_template template_of(const char *source, struct bw_method method,
					 const char *contact)
{
	struct bw_addr addr = sample_addr(source);
	struct build_template template;
	struct bw_err err;

	assert_int_equal(build_template_init(&template, &addr, method, contact, &err), 0);
	return template;
}

static struct sample probe_of(const struct build_template *template, const char *dst, uint8_t ttl)
{
	struct bw_addr addr = sample_addr(dst);
	uint8_t bytes[BW_PACKET_MAX];
	uint16_t length = build_probe(template, &addr, &token, ttl, 0x3132333435363738, bytes);

	assert_int_equal(length, template->length);
	return sample_probe(bytes, length);
}

static void assert_valid(const struct sample *s)
{
	if (s->bytes[0] >> 4 == 4) {
		assert_int_equal(sample_sum(0, s->bytes, 20), 0xffff);
		assert_int_equal(s->bytes[2] << 8 | s->bytes[3], s->length);
	} else {
		assert_int_equal(s->bytes[4] << 8 | s->bytes[5], s->length - 40);
	}
	assert_int_equal(sample_upper_sum(s), 0xffff);
}

static void builds_an_ipv4_echo(void **state)
{
	struct build_template template = template_of("198.18.0.1", icmp, "mailto:noc@example.net");
	struct sample s = probe_of(&template, "198.18.4.9", 64);
	static const uint8_t expected[] = {0x45, 0x00, 0x00, 0x4e, 0x62, 0x66, 0x40, 0x00,
					   0x40, 0x01, 0x48, 0x1a, 198,  18,   0,    1,
					   198,  18,   4,    9,    0x08, 0x00, 0x51, 0xd4,
					   0xa1, 0xb2, 0xc3, 0xd4, 0x42, 0x57, 0x31, 0x01,
					   0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,
					   0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38,
					   0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28};

	(void)state;
	assert_valid(&s);
	assert_int_equal(s.length, sizeof(expected) + strlen("mailto:noc@example.net"));
	assert_memory_equal(s.bytes, expected, sizeof(expected));
	assert_memory_equal(s.bytes + sizeof(expected), "mailto:noc@example.net", 22);
}

static void builds_an_ipv4_syn(void **state)
{
	struct build_template template = template_of("198.18.0.1", https, "left out of a SYN");
	struct sample s = probe_of(&template, "198.18.4.9", 3);
	static const uint8_t head[] = {0x45, 0x00, 0x00, 0x2c, 0x62, 0x66, 0x40, 0x00, 3, 6};
	static const uint8_t syn[] = {0xf0, 0x01, 0x01, 0xbb, 0xa1, 0xb2, 0xc3, 0xd4,
				      0,    0,    0,    0,    0x60, 0x02, 0xfa, 0xf0};

	(void)state;
	assert_valid(&s);
	assert_int_equal(s.length, 44);
	assert_memory_equal(s.bytes, head, sizeof(head));
	assert_memory_equal(s.bytes + 20, syn, sizeof(syn));
	assert_memory_equal(s.bytes + 38, "\0\0\2\4\5\xb4", 6); /* MSS 1460 */
}

static void builds_ipv6_probes(void **state)
{
	struct build_template echo = template_of("2001:db8::1", icmp, NULL);
	struct build_template syn = template_of("2001:db8::1", https, NULL);
	struct sample s = probe_of(&echo, "2001:db8:4::9", 255);

	(void)state;
	assert_valid(&s);
	assert_int_equal(s.length, 40 + 8 + 28);
	assert_memory_equal(s.bytes, "\x60\0\0\0\0\x24\x3a\xff", 8);
	assert_memory_equal(s.bytes + 24, sample_addr("2001:db8:4::9").bytes, 16);
	assert_int_equal(s.bytes[40], 128);
	assert_memory_equal(s.bytes + 44, "\xa1\xb2\xc3\xd4\x42\x57\x31\x01\x11\x12", 10);

	s = probe_of(&syn, "2001:db8:4::9", 64);
	assert_valid(&s);
	assert_int_equal(s.length, 64);
	assert_memory_equal(s.bytes, "\x60\0\0\0\0\x18\x06\x40", 8);
	assert_memory_equal(s.bytes + 40, "\xf0\1\1\xbb\xa1\xb2\xc3\xd4", 8);
	assert_memory_equal(s.bytes + 60, "\2\4\5\xa0", 4); /* MSS 1440 */
}

/* Patching is the arithmetic that goes wrong once in 65,536 packets. */
static void is_valid_whatever_is_patched_in(void **state)
{
	static const char *const sources[] = {"198.18.0.1", "2001:db8::1"};
	struct rng rng = rng_of(3);

	(void)state;
	for (unsigned n = 0; n < 8; n++) {
		struct build_template template =
			template_of(sources[n % 2], n & 2 ? https : icmp, n & 4 ? "odd" : NULL);
		struct bw_addr dst = template.source;

		for (int round = 0; round < 100000; round++) {
			struct token t = {rng_u64(&rng), (uint32_t)rng_u64(&rng), rng_u64(&rng),
					  (uint16_t)rng_u64(&rng)};
			uint8_t bytes[BW_PACKET_MAX];
			struct sample s;

			t.brief &= round % 3 ? UINT32_MAX : 0xffff0000;
			put_u64(dst.bytes + (dst.family == 4 ? 0 : 8), rng_u64(&rng));
			if (dst.family == 4)
				memset(dst.bytes + 4, 0, 12);
			build_probe(&template, &dst, &t, (uint8_t)rng_u64(&rng),
				    (int64_t)rng_u64(&rng), bytes);
			s = sample_probe(bytes, template.length);
			assert_valid(&s);
		}
	}
}

/* The kernel replaces an identification of 0. */
static void never_has_identification_zero(void **state)
{
	struct build_template template = template_of("198.18.0.1", icmp, NULL);
	struct bw_addr dst = sample_addr("198.18.4.9");
	uint8_t bytes[BW_PACKET_MAX], other[BW_PACKET_MAX];
	struct token same = {.brief = 0x12341234}, differs = {.brief = 0x12341235};

	(void)state;
	build_probe(&template, &dst, &same, 64, 0, bytes);
	assert_int_equal(bytes[4] << 8 | bytes[5], 1);
	build_probe(&template, &dst, &differs, 64, 0, other);
	differs.brief = 0x12341236;
	build_probe(&template, &dst, &differs, 64, 0, bytes);
	assert_memory_not_equal(bytes + 4, other + 4, 2);
}

static void has_room_for_the_longest_contact(void **state)
{
	char contact[BUILD_CONTACT_MAX + 2];
	struct bw_addr source = sample_addr("2001:db8::1");
	struct build_template template;
	struct bw_err err = {.code = 0};
	struct sample s;

	(void)state;
	memset(contact, 'c', sizeof(contact));
	contact[BUILD_CONTACT_MAX] = '\0';
	template = template_of("2001:db8::1", icmp, contact);
	s = probe_of(&template, "2001:db8:4::9", 64);
	assert_valid(&s);
	assert_int_equal(s.length, 40 + 8 + 28 + BUILD_CONTACT_MAX);
	assert_true(s.length <= BW_PACKET_MAX);

	contact[BUILD_CONTACT_MAX] = 'c';
	contact[BUILD_CONTACT_MAX + 1] = '\0';
	template.length = 7;
	assert_int_equal(build_template_init(&template, &source, icmp, contact, &err),
			 BW_ERR_LIMIT);
	assert_int_equal(err.code, BW_ERR_LIMIT);
	assert_non_null(strstr(err.message, "65 bytes"));
	assert_int_equal(template.length, 7);
	assert_int_equal(build_template_init(&template, &source, https, contact, NULL),
			 BW_ERR_LIMIT);
}

static void does_not_touch_the_template(void **state)
{
	struct build_template template = template_of("198.18.0.1", https, NULL), before = template;
	struct sample first = probe_of(&template, "198.18.4.9", 64);
	struct sample other = probe_of(&template, "198.18.4.10", 63);
	struct sample again = probe_of(&template, "198.18.4.9", 64);

	(void)state;
	assert_memory_equal(&template, &before, sizeof(template));
	assert_memory_equal(first.bytes, again.bytes, first.length);
	assert_memory_not_equal(first.bytes, other.bytes, first.length);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_an_ipv4_echo),
		cmocka_unit_test(builds_an_ipv4_syn),
		cmocka_unit_test(builds_ipv6_probes),
		cmocka_unit_test(is_valid_whatever_is_patched_in),
		cmocka_unit_test(never_has_identification_zero),
		cmocka_unit_test(has_room_for_the_longest_contact),
		cmocka_unit_test(does_not_touch_the_template),
	};

	return cmocka_run_group_tests_name("wire/build", tests, NULL, NULL);
}
