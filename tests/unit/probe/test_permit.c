/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/permit.h"

static struct bw_addr addr(const char *text)
{
	struct bw_addr a = {0};

	assert_int_equal(bw_addr_parse(text, &a), 0);
	return a;
}

static struct bw_prefix prefix(const char *text)
{
	struct bw_prefix p = {0};

	assert_int_equal(bw_prefix_parse(text, &p, NULL), 0);
	return p;
}

static int check(const struct permit *permit, const char *text)
{
	struct bw_addr a = addr(text);

	return permit_check(permit, &a);
}

static int check_block(const struct permit *permit, const char *text)
{
	struct bw_prefix p = prefix(text);

	return permit_check_block(permit, &p);
}

static void test_who_may_be_probed(void **state)
{
	struct prefix_set *blocked = prefix_set_new();
	struct bw_prefix opted_out = prefix("175.45.178.0/24");
	struct permit permit = {.blocklist = blocked};
	struct bw_addr gateway = addr("10.0.0.1");

	(void)state;
	assert_int_equal(prefix_set_add(blocked, &opted_out, 0), 0);
	assert_int_equal(prefix_set_seal(blocked), 0);
	assert_int_equal(check(&permit, "175.45.176.15"), 0);
	assert_int_equal(check(&permit, "175.45.178.1"), BW_ERR_BLOCKLISTED);
	assert_int_equal(check(&permit, "10.0.0.1"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check(&permit, "2001:db8::1"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(permit_exempt(&permit, &gateway), 0);
	assert_int_equal(check(&permit, "10.0.0.1"), 0);
	assert_int_equal(check(&permit, "10.0.0.2"), BW_ERR_SPECIAL_PURPOSE);
	permit.allow_reserved = true;
	assert_int_equal(check(&permit, "10.0.0.2"), 0);
	assert_int_equal(check(&permit, "175.45.178.1"), BW_ERR_BLOCKLISTED);
	prefix_set_free(blocked);
}

/* --allow-reserved does not make hosts of them. */
static void test_what_no_host_has(void **state)
{
	static const char *const never[] = {
		"0.0.0.0", "255.255.255.255", "224.0.0.1",      "239.1.2.3",
		"::",      "ff02::1",         "64:ff9b::e000:1"};
	static const char *const hosts[] = {"0.0.0.1", "240.0.0.1", "127.0.0.1", "::1", "fe80::1"};
	const struct permit permit = {.allow_reserved = true};

	(void)state;
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_int_equal(check(&permit, never[i]), BW_ERR_SPECIAL_PURPOSE);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		assert_int_equal(check(&permit, hosts[i]), 0);
	assert_int_equal(check_block(&permit, "224.0.0.0/24"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check_block(&permit, "255.255.255.0/24"), 0);
}

static void test_whole_blocks(void **state)
{
	struct prefix_set *blocked = prefix_set_new();
	struct bw_prefix opted_out = prefix("175.45.178.0/24");
	struct permit permit = {.blocklist = blocked};

	(void)state;
	assert_int_equal(prefix_set_add(blocked, &opted_out, 0), 0);
	assert_int_equal(prefix_set_seal(blocked), 0);
	assert_int_equal(check_block(&permit, "175.45.178.0/24"), BW_ERR_BLOCKLISTED);
	assert_int_equal(check_block(&permit, "175.45.178.0/25"), BW_ERR_BLOCKLISTED);
	assert_int_equal(check_block(&permit, "175.45.178.0/23"), 0);
	assert_int_equal(check_block(&permit, "198.18.4.0/24"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check_block(&permit, "2001:db8:7::/48"), BW_ERR_SPECIAL_PURPOSE);
	assert_int_equal(check_block(&permit, "2400:cb00:7::/48"), 0);
	prefix_set_free(blocked);
}

static void test_block_list_wins_over_an_exemption(void **state)
{
	struct prefix_set *blocked = prefix_set_new();
	struct bw_prefix opted_out = prefix("10.0.0.0/8");
	struct bw_addr gateway = addr("10.0.0.1");
	struct permit permit = {.blocklist = blocked};

	(void)state;
	assert_int_equal(permit_exempt(&permit, &gateway), 0);
	assert_int_equal(prefix_set_add(blocked, &opted_out, 0), 0);
	assert_int_equal(prefix_set_seal(blocked), 0);
	assert_int_equal(check(&permit, "10.0.0.1"), BW_ERR_BLOCKLISTED);
	prefix_set_free(blocked);
}

static void test_exemptions_have_a_limit(void **state)
{
	struct permit permit = {0};

	(void)state;
	for (uint32_t i = 0; i < 2 * PERMIT_EXEMPT_MAX; i++) {
		struct bw_addr gateway = bw_addr_from_v4(0x0a000000 + i / 2);

		assert_int_equal(permit_exempt(&permit, &gateway), 0);
	}
	assert_int_equal(permit_exempt(&permit, &(struct bw_addr){.family = 4}), BW_ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_may_be_probed),
		cmocka_unit_test(test_what_no_host_has),
		cmocka_unit_test(test_whole_blocks),
		cmocka_unit_test(test_block_list_wins_over_an_exemption),
		cmocka_unit_test(test_exemptions_have_a_limit),
	};

	return cmocka_run_group_tests_name("probe/permit", tests, NULL, NULL);
}
