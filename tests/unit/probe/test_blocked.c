/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/blocked.h"
#include "probe/permit.h"

static struct prefix_set *list_of(const char *text)
{
	struct prefix_set *set = prefix_set_new();
	struct bw_prefix prefix;

	assert_int_equal(bw_prefix_parse(text, &prefix, NULL), 0);
	assert_int_equal(prefix_set_add(set, &prefix, 1), 0);
	assert_int_equal(prefix_set_seal(set), 0);
	return set;
}

static const struct {
	const char *prefix;
	bool covered, overlaps;
} cases[] = {
	{"198.18.4.0/24", true, true},
	{"198.18.4.0/23", false, true},
	{"198.18.5.0/24", false, false},
	{"::ffff:198.18.4.7", true, true},
	{"::ffff:198.18.4.0/120", true, true},
	{"::ffff:198.18.5.7", false, false},
	{"64:ff9b::c612:407", true, true},
	{"64:ff9b::c612:400/119", false, true},
	{"64:ff9b::c612:507", false, false},
	{"64:ff9b::/96", false, true},
	{"64:ff9b::/64", false, true},
	{"2002:c612:407::1", true, true},
	{"2002:c612:407::/48", true, true},
	{"2002:c612:400::/40", true, true},
	{"2002:c612:507::1", false, false},
	{"2002::/16", false, true},
	{"2000::/3", false, true},
	{"::/0", false, true},
	{"2001:db8::/32", false, false},
	{"64:ff9b:1::c612:407", false, false},
};

static void an_ipv4_entry_covers_its_ipv6_forms(void **state)
{
	struct prefix_set *set = list_of("198.18.4.0/24");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_prefix prefix;

		assert_int_equal(bw_prefix_parse(cases[i].prefix, &prefix, NULL), 0);
		if (blocked_covers(set, &prefix) != cases[i].covered ||
		    blocked_overlaps(set, &prefix) != cases[i].overlaps)
			fail_msg("%s", cases[i].prefix);
		if (prefix.length == bw_addr_bits(&prefix.addr))
			assert_int_equal(blocked_has(set, &prefix.addr), cases[i].covered);
	}
	prefix_set_free(set);
}

/* The last check before a packet leaves is permit_check(). */
static void permit_refuses_the_ipv6_forms(void **state)
{
	static const char *const forms[] = {"::ffff:198.18.4.7", "64:ff9b::c612:407",
					    "2002:c612:407::1"};
	struct prefix_set *set = list_of("198.18.4.7/32");
	struct permit permit = {.blocklist = set, .allow_reserved = true};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct bw_addr addr;

		assert_int_equal(bw_addr_parse(forms[i], &addr), 0);
		assert_int_equal(permit_check(&permit, &addr), BW_ERR_BLOCKLISTED);
	}
	prefix_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ipv4_entry_covers_its_ipv6_forms),
		cmocka_unit_test(permit_refuses_the_ipv6_forms),
	};

	return cmocka_run_group_tests_name("probe/blocked", tests, NULL, NULL);
}
