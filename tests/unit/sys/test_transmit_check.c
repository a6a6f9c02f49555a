/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cursor.h"
#include "sys/tx/transmit_check.h"

/* A bare packet of LENGTH bytes to DST: only what transmit_check() reads. */
static struct bw_tx packet_to(const char *dst, uint16_t length)
{
	struct bw_tx tx = {.length = length};

	assert_int_equal(bw_addr_parse(dst, &tx.dst), 0);
	tx.bytes[0] = (uint8_t)(tx.dst.family << 4 | 5);
	put_u16(tx.bytes + (tx.dst.family == 4 ? 2 : 4),
		(uint16_t)(tx.dst.family == 4 ? length : length - 40));
	if (tx.dst.family == 4)
		memcpy(tx.bytes + 16, tx.dst.bytes, 4);
	else
		memcpy(tx.bytes + 24, tx.dst.bytes, 16);
	return tx;
}

static int check(const struct permit *permit, const char *dst)
{
	struct bw_tx tx = packet_to(dst, 60);

	return transmit_check(permit, &tx);
}

static struct prefix_set *list_of(const char *first, const char *second)
{
	struct prefix_set *set = prefix_set_new();
	struct bw_prefix prefix;

	assert_non_null(set);
	assert_int_equal(bw_prefix_parse(first, &prefix, NULL), 0);
	assert_int_equal(prefix_set_add(set, &prefix, 0), 0);
	assert_int_equal(bw_prefix_parse(second, &prefix, NULL), 0);
	assert_int_equal(prefix_set_add(set, &prefix, 0), 0);
	assert_int_equal(prefix_set_seal(set), 0);
	return set;
}

static void test_special_purpose(void **state)
{
	struct permit permit = {0};

	(void)state;
	assert_int_equal(check(&permit, "175.45.176.1"), 0);
	assert_int_equal(check(&permit, "2400:cb00::1"), 0);
	assert_int_equal(check(&permit, "10.0.0.1"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check(&permit, "198.18.0.1"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check(&permit, "255.255.255.255"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check(&permit, "224.0.0.1"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check(&permit, "::1"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check(&permit, "fe80::1"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check(&permit, "ff02::1"), BW_ERR_SPECIAL_PURPOSE);
	permit.allow_reserved = true;
	assert_int_equal(check(&permit, "10.0.0.1"), 0);
	assert_int_equal(check(&permit, "fe80::1"), 0);
}

static void test_exempt_lifts_one_address(void **state)
{
	struct permit permit = {0};
	struct bw_addr gateway;

	(void)state;
	assert_int_equal(bw_addr_parse("10.0.0.1", &gateway), 0);
	assert_int_equal(permit_exempt(&permit, &gateway), 0);
	assert_int_equal(permit_exempt(&permit, &gateway), 0);
	assert_int_equal(permit.exempt_count, 1);
	assert_int_equal(check(&permit, "10.0.0.1"), 0);
	assert_int_equal(check(&permit, "10.0.0.2"), BW_ERR_SPECIAL_PURPOSE);
}

static void test_exempt_has_a_limit(void **state)
{
	struct permit permit = {0};

	(void)state;
	for (uint32_t i = 0; i < PERMIT_EXEMPT_MAX; i++) {
		struct bw_addr addr = bw_addr_from_v4(0x0a000000 + i);

		assert_int_equal(permit_exempt(&permit, &addr), 0);
	}
	assert_int_equal(permit_exempt(&permit, &(struct bw_addr){.family = 4}), BW_ERR_LIMIT);
}

static void test_block_list_always_wins(void **state)
{
	struct prefix_set *set = list_of("10.0.0.0/24", "2400:cb00::/32");
	struct permit permit = {.blocklist = set, .allow_reserved = true};
	struct bw_addr gateway;

	(void)state;
	assert_int_equal(bw_addr_parse("10.0.0.1", &gateway), 0);
	assert_int_equal(permit_exempt(&permit, &gateway), 0);
	assert_int_equal(check(&permit, "10.0.0.1"), BW_ERR_BLOCKLISTED);
	assert_int_equal(check(&permit, "10.0.1.1"), 0);
	assert_int_equal(check(&permit, "2400:cb00:1::1"), BW_ERR_BLOCKLISTED);
	assert_int_equal(check(&permit, "2400:cb01::1"), 0);
	permit.allow_reserved = false;
	assert_int_equal(check(&permit, "10.0.0.9"), BW_ERR_BLOCKLISTED);
	assert_int_equal(check(&permit, "10.0.1.1"), BW_ERR_SPECIAL_PURPOSE);
	prefix_set_free(set);
}

static void test_block_list_may_be_swapped(void **state)
{
	struct prefix_set *old = list_of("198.51.100.0/24", "175.45.176.9");
	struct prefix_set *new = list_of("198.51.100.0/24", "175.45.176.8");
	struct permit permit = {.blocklist = old};

	(void)state;
	assert_int_equal(check(&permit, "175.45.176.9"), BW_ERR_BLOCKLISTED);
	assert_int_equal(check(&permit, "175.45.176.8"), 0);
	permit.blocklist = new;
	prefix_set_free(old);
	assert_int_equal(check(&permit, "175.45.176.9"), 0);
	assert_int_equal(check(&permit, "175.45.176.8"), BW_ERR_BLOCKLISTED);
	prefix_set_free(new);
}

/* What is asked about and what would leave must be the same. */
static void test_packet_must_go_to_dst(void **state)
{
	struct permit permit = {.allow_reserved = true};
	struct bw_tx tx = packet_to("175.45.176.1", 60);

	(void)state;
	tx.bytes[19] ^= 1;
	assert_int_equal(transmit_check(&permit, &tx), BW_ERR_INTERNAL);
	tx = packet_to("2400:cb00::1", 60);
	tx.bytes[39] ^= 1;
	assert_int_equal(transmit_check(&permit, &tx), BW_ERR_INTERNAL);
	tx = packet_to("2400:cb00::1", 60);
	tx.dst.family = 4;
	assert_int_equal(transmit_check(&permit, &tx), BW_ERR_INTERNAL);
	tx = packet_to("175.45.176.1", 60);
	tx.length = 59;
	assert_int_equal(transmit_check(&permit, &tx), BW_ERR_INTERNAL);
	tx = packet_to("2400:cb00::1", 60);
	tx.length = 61;
	assert_int_equal(transmit_check(&permit, &tx), BW_ERR_INTERNAL);
}

static void test_bad_lengths(void **state)
{
	static const uint16_t lengths[] = {0, 1, 19, BW_PACKET_MAX + 1, UINT16_MAX};
	struct permit permit = {.allow_reserved = true};
	struct bw_tx tx = packet_to("175.45.176.1", BW_PACKET_MAX);

	(void)state;
	assert_int_equal(transmit_check(&permit, &tx), 0);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		tx.length = lengths[i];
		put_u16(tx.bytes + 2, lengths[i]);
		assert_int_equal(transmit_check(&permit, &tx), BW_ERR_INTERNAL);
	}
	memset(&tx, 0, sizeof(tx));
	assert_int_equal(transmit_check(&permit, &tx), BW_ERR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_special_purpose),
		cmocka_unit_test(test_exempt_lifts_one_address),
		cmocka_unit_test(test_exempt_has_a_limit),
		cmocka_unit_test(test_block_list_always_wins),
		cmocka_unit_test(test_block_list_may_be_swapped),
		cmocka_unit_test(test_packet_must_go_to_dst),
		cmocka_unit_test(test_bad_lengths),
	};

	return cmocka_run_group_tests_name("sys/transmit_check", tests, NULL, NULL);
}
