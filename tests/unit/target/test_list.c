/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/list/list.h"
#include "target/network.h"

static struct bw_target *parse(const char *text)
{
	struct bw_target *target = NULL;
	struct bw_err err = {0};

	if (list_parse(text, strlen(text), "dir/some.txt", &target, &err) < 0)
		fail_msg("%s", err.message);
	return target;
}

static void assert_prefix(const struct bw_network *network, const char *wanted)
{
	char text[BW_PREFIX_TEXT];

	assert_string_equal(bw_prefix_format(&network->prefix, text), wanted);
}

static void assert_addr(const struct bw_host *host, const char *wanted)
{
	char text[BW_ADDR_TEXT];

	assert_string_equal(bw_addr_format(&host->addr, text), wanted);
}

static void a_prefix_is_a_network(void **state)
{
	struct bw_target *target = parse("198.18.4.0/22\n2001:db8::/40\n198.18.0.0/25\n");

	(void)state;
	assert_string_equal(target->name, "some");
	assert_string_equal(target->file, "dir/some.txt");
	assert_int_equal(target->methods.count, 1);
	assert_int_equal(target->methods.list[0].protocol, BW_PROTOCOL_ICMP);
	assert_int_equal(target->network_count, 3);
	assert_prefix(&target->networks[0], "198.18.0.0/25");
	assert_prefix(&target->networks[1], "198.18.4.0/22");
	assert_prefix(&target->networks[2], "2001:db8::/40");
	for (size_t i = 0; i < 3; i++) {
		assert_false(target->networks[i].known);
		assert_int_equal(target->networks[i].host_count, 0);
	}
	bw_target_free(target);
}

static void addresses_are_gathered_into_blocks(void **state)
{
	struct bw_target *target = parse("198.18.1.9\n2001:db8:1::5\n198.18.0.1\n198.18.1.2\n"
					 "2001:db8:1:ff::\n198.18.2.0/24");

	(void)state;
	assert_int_equal(target->network_count, 4);
	assert_prefix(&target->networks[0], "198.18.0.0/24");
	assert_prefix(&target->networks[1], "198.18.1.0/24");
	assert_int_equal(target->networks[1].host_count, 2);
	assert_addr(&target->networks[1].hosts[0], "198.18.1.2");
	assert_addr(&target->networks[1].hosts[1], "198.18.1.9");
	assert_false(target->networks[1].known);
	assert_float_equal(target->networks[1].hosts[1].availability, BW_AVAILABILITY_DEFAULT, 0);
	assert_prefix(&target->networks[2], "198.18.2.0/24");
	assert_prefix(&target->networks[3], "2001:db8:1::/48");
	assert_int_equal(target->networks[3].host_count, 2);
	bw_target_free(target);
}

static void comments_blanks_and_line_ends(void **state)
{
	struct bw_target *target = parse("\xef\xbb\xbf# made by hand\r\n\r\n"
					 "  198.18.1.9 \t # a server\r\n"
					 "\t198.18.2.0/24#no space\r\n"
					 "   \n\n198.18.3.1/32");

	(void)state;
	assert_int_equal(target->network_count, 3);
	assert_prefix(&target->networks[0], "198.18.1.0/24");
	assert_prefix(&target->networks[1], "198.18.2.0/24");
	assert_prefix(&target->networks[2], "198.18.3.1/32");
	assert_int_equal(target->networks[2].host_count, 0);
	bw_target_free(target);
}

static const struct {
	const char *text;
	int code, line;
	const char *message; /* a part of it */
} bad[] = {
	{"", BW_ERR_VALUE, 0, "empty"},
	{"# nothing\n\n", BW_ERR_VALUE, 0, "empty"},
	{"198.18.0.0/24\nexample.com\n", BW_ERR_SYNTAX, 2, "'example.com' is no prefix"},
	{"198.18.0.1 198.18.0.2\n", BW_ERR_SYNTAX, 1, "one a line"},
	{"198.18.0.1-9\n", BW_ERR_SYNTAX, 1, "'198.18.0.1-9'"},
	{"\n198.18.0.256\n", BW_ERR_SYNTAX, 2, "'198.18.0.256'"},
	{"198.18.0.1/24\n", BW_ERR_VALUE, 1, "198.18.0.0/24"},
	{"198.18.0.0/33\n", BW_ERR_VALUE, 1, "33"},
	{"198.18.0.0/\n", BW_ERR_SYNTAX, 1, "'198.18.0.0/'"},
	{"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000\n", BW_ERR_SYNTAX,
	 1, "'0000:0000:0000"},
	{"198.18.0.9 - 198.18.0.12 x\n", BW_ERR_SYNTAX, 1, "one a line"},
	{"198.18.0.9-198.18.0.1\n", BW_ERR_VALUE, 1, "ends before it begins"},
	{"198.18.0.9-2001:db8::\n", BW_ERR_VALUE, 1, "two families"},
	{"198.18.0.0/24-198.18.1.0\n", BW_ERR_SYNTAX, 1, "'198.18.0.0/24-198.18.1.0'"},
	{"198.18.0.1\r198.18.0.2\r\nx\n", BW_ERR_SYNTAX, 3, "'x'"},
};

static void errors_name_line_and_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bw_target *target = NULL;
		struct bw_err err = {0};
		int result = list_parse(bad[i].text, strlen(bad[i].text), "f", &target, &err);

		if (result != bad[i].code || err.line != bad[i].line ||
		    !strstr(err.message, bad[i].message))
			fail_msg("%s: %d, line %d: %s", bad[i].text, result, err.line, err.message);
		assert_int_equal(err.code, result);
		assert_string_equal(err.file, "f");
		assert_null(target);
	}
}

static void a_zero_byte_is_no_end(void **state)
{
	struct bw_target *target = NULL;
	struct bw_err err = {0};

	(void)state;
	assert_int_equal(list_parse("198.18.0.1\0\n198.18.0.2", 22, "f", &target, &err),
			 BW_ERR_SYNTAX);
	assert_int_equal(err.line, 1);
	assert_int_equal(list_parse("x", 1, "f", &target, NULL), BW_ERR_SYNTAX);
}

static void without_a_file_there_is_no_place(void **state)
{
	struct bw_target *target = NULL;
	struct bw_err err = {0};

	(void)state;
	assert_int_equal(list_parse("198.18.0.0/24", 13, NULL, &target, &err), 0);
	assert_null(target->name);
	assert_null(target->file);
	assert_null(target->notes);
	bw_target_free(target);
	assert_int_equal(list_parse("10.0.0.1/7", 10, NULL, &target, &err), BW_ERR_VALUE);
	assert_int_equal(err.line, 0);
	assert_string_equal(err.file, "");
}

static const struct {
	const char *text, *networks;
	size_t hosts;
	const char *note; /* NULL: none */
} merged[] = {
	{"198.18.0.1\n\n198.18.0.1\n", "198.18.0.0/24 ", 1,
	 "f: 1 of its entries are listed twice or lie in another, and count once "
	 "(198.18.0.1 of line 3 is in 198.18.0.1 of line 1)"},
	{"198.18.0.8/30\n198.18.0.9\n198.18.0.10/31\n198.18.0.8/30\n", "198.18.0.8/30 ", 0,
	 "f: 3 of its entries are listed twice or lie in another, and count once "
	 "(198.18.0.9 of line 2 is in 198.18.0.8/30 of line 1)"},
	{"198.18.0.0/24\n198.18.0.0/16\n198.18.7.7\n", "198.18.0.0/16 ", 0,
	 "f: 2 of its entries are listed twice or lie in another, and count once "
	 "(198.18.0.0/24 of line 1 is in 198.18.0.0/16 of line 2)"},
	{"198.18.0.200\n198.18.0.0/25\n198.18.0.201\n",
	 "198.18.0.0/25 198.18.0.200/32 198.18.0.201/32 ", 0, NULL},
	{"198.18.0.7\n198.18.0.128/25\n198.18.1.1\n",
	 "198.18.0.7/32 198.18.0.128/25 198.18.1.0/24 ", 1, NULL},
	{"2001:db8::1\n2001:db8:0:1::/64\n", "2001:db8::1/128 2001:db8:0:1::/64 ", 0, NULL},
};

static void nested_entries_are_merged_with_one_note(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(merged) / sizeof(merged[0]); i++) {
		char text[200] = "", one[BW_PREFIX_TEXT];
		struct bw_target *target = NULL;
		size_t hosts = 0;

		assert_int_equal(
			list_parse(merged[i].text, strlen(merged[i].text), "f", &target, NULL), 0);
		for (size_t n = 0; n < target->network_count; n++) {
			size_t used = strlen(text);

			snprintf(text + used, sizeof(text) - used, "%s ",
				 bw_prefix_format(&target->networks[n].prefix, one));
			hosts += target->networks[n].host_count;
		}
		assert_string_equal(text, merged[i].networks);
		assert_int_equal(hosts, merged[i].hosts);
		if (merged[i].note)
			assert_string_equal(target->notes, merged[i].note);
		else
			assert_null(target->notes);
		bw_target_free(target);
	}
}

static void comments_and_line_ends_of_published_lists(void **state)
{
	static const char *const lists[] = {
		"198.18.0.9\r198.18.0.10\r198.18.0.12\r",
		"; a list\n198.18.0.9 ; SBL1\n198.18.0.10;SBL2\n198.18.0.12 # x\n",
		"\xef\xbb\xbf\r\n\r198.18.0.9\r\n198.18.0.10\n\r198.18.0.12",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct bw_target *target = parse(lists[i]);

		assert_int_equal(target->network_count, 1);
		assert_int_equal(target->networks[0].host_count, 3);
		assert_addr(&target->networks[0].hosts[2], "198.18.0.12");
		bw_target_free(target);
	}
}

static void a_range_is_hosts_and_networks(void **state)
{
	struct bw_target *target = parse("198.18.0.9-198.18.0.12\n198.18.4.0 - 198.18.9.1\n"
					 "2001:db8::-2001:db8:1:ffff:ffff:ffff:ffff:ffff\n");

	(void)state;
	assert_int_equal(target->network_count, 5);
	assert_prefix(&target->networks[0], "198.18.0.0/24");
	assert_int_equal(target->networks[0].host_count, 4);
	assert_addr(&target->networks[0].hosts[0], "198.18.0.9");
	assert_addr(&target->networks[0].hosts[3], "198.18.0.12");
	assert_prefix(&target->networks[1], "198.18.4.0/22");
	assert_prefix(&target->networks[2], "198.18.8.0/24");
	assert_prefix(&target->networks[3], "198.18.9.0/24");
	assert_int_equal(target->networks[3].host_count, 2);
	assert_prefix(&target->networks[4], "2001:db8::/47");
	bw_target_free(target);
}

static void a_network_of_too_many_blocks_is_sampled(void **state)
{
	struct bw_target *target = parse("2001:d80::/29\n128.0.0.0/7\n198.18.0.0/16\n");
	struct bw_prefix first, second, last;

	(void)state;
	assert_int_equal(target->network_count, 3);
	assert_int_equal(target->networks[0].sample, 65536);
	assert_int_equal(target->networks[1].sample, 0);
	assert_int_equal(target->networks[2].sample, 0);
	assert_int_equal(network_count_blocks(&target->networks[2]), 1);
	assert_string_equal(target->notes,
			    "dir/some.txt: 128.0.0.0/7 has too many blocks: a sample of 65536 of "
			    "its 131072 blocks of /24 is watched, spread evenly over it");
	first = network_block(&target->networks[0], 0);
	second = network_block(&target->networks[0], 1);
	last = network_block(&target->networks[0], 65535);
	assert_int_equal(first.length, 24);
	assert_true(bw_prefix_compare(&first, &second) < 0);
	assert_true(bw_prefix_compare(&second, &last) < 0);
	assert_true(bw_prefix_covers(&target->networks[0].prefix, &last));
	assert_int_equal(last.addr.bytes[0], 129);
	bw_target_free(target);
}

/* A million lines in any order: 2,000 blocks of 250 hosts, and the same in IPv6. */
static void a_million_lines(void **state)
{
	const unsigned count = 500000;
	char *text = (char *)malloc((size_t)count * 40);
	struct bw_target *target = NULL;
	size_t used = 0;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < count; i++) {
		unsigned n = (unsigned)((uint64_t)i * 7919 % count), block = n / 250;

		used += (size_t)snprintf(text + used, 40, "10.%u.%u.%u\n2001:db8:%x::%x\n",
					 block >> 8, block & 255, n % 250, block, n % 250);
	}
	assert_int_equal(list_parse(text, used, "f", &target, NULL), 0);
	assert_int_equal(target->network_count, 4000);
	for (size_t i = 0; i < target->network_count; i++)
		assert_int_equal(target->networks[i].host_count, 250);
	assert_addr(&target->networks[3999].hosts[249], "2001:db8:7cf::f9");
	bw_target_free(target);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prefix_is_a_network),
		cmocka_unit_test(addresses_are_gathered_into_blocks),
		cmocka_unit_test(comments_blanks_and_line_ends),
		cmocka_unit_test(errors_name_line_and_cause),
		cmocka_unit_test(a_zero_byte_is_no_end),
		cmocka_unit_test(without_a_file_there_is_no_place),
		cmocka_unit_test(nested_entries_are_merged_with_one_note),
		cmocka_unit_test(comments_and_line_ends_of_published_lists),
		cmocka_unit_test(a_range_is_hosts_and_networks),
		cmocka_unit_test(a_network_of_too_many_blocks_is_sampled),
		cmocka_unit_test(a_million_lines),
	};

	return cmocka_run_group_tests_name("target/list", tests, NULL, NULL);
}
