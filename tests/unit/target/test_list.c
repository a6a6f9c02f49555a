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
	{"198.18.0.1\n\n198.18.0.1\n", BW_ERR_OVERLAP, 3, "198.18.0.1 is already in line 1"},
	{"198.18.1.0/24\n198.18.0.0/24\n198.18.0.0/24\n", BW_ERR_OVERLAP, 3,
	 "198.18.0.0/24 is already in line 2"},
	{"198.18.0.0/24\n198.18.0.0/16\n", BW_ERR_OVERLAP, 2,
	 "198.18.0.0/16 overlaps 198.18.0.0/24 of line 1"},
	{"198.18.0.7\n198.18.0.0/16\n", BW_ERR_OVERLAP, 2,
	 "198.18.0.0/16 overlaps 198.18.0.7 of line 1"},
	{"198.18.0.200\n198.18.0.0/25\n", BW_ERR_OVERLAP, 1, "198.18.0.0/25 of line 2"},
	{"198.18.0.7\n198.18.0.128/25\n", BW_ERR_OVERLAP, 1, "198.18.0.128/25 of line 2"},
	{"198.18.0.7\n198.18.0.128/25\n198.18.0.1\n", BW_ERR_OVERLAP, 3, "of line 2"},
	{"128.0.0.0/7\n", BW_ERR_LIMIT, 1, "131072 blocks"},
	{"198.18.0.0/24\n2001:d80::/28\n", BW_ERR_LIMIT, 2, "1048576 blocks of /48"},
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
	bw_target_free(target);
	assert_int_equal(list_parse("10.0.0.0/7", 10, NULL, &target, &err), BW_ERR_LIMIT);
	assert_int_equal(err.line, 0);
	assert_string_equal(err.file, "");
}

static void total_of_blocks_is_limited(void **state)
{
	struct bw_target *target = NULL;
	struct bw_err err = {0};
	char text[8192];
	size_t used = 0;

	(void)state;
	for (unsigned i = 0; i < 257; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "2001:%x::/32\n", i + 1);
	assert_int_equal(list_parse(text, used, "f", &target, &err), BW_ERR_LIMIT);
	assert_non_null(strstr(err.message, "16842752 blocks in all"));
	assert_int_equal(list_parse(text, strlen("2001:1::/32\n") * 15, "f", &target, &err), 0);
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
		cmocka_unit_test(total_of_blocks_is_limited),
		cmocka_unit_test(a_million_lines),
	};

	return cmocka_run_group_tests_name("target/list", tests, NULL, NULL);
}
