/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/file/parse.h"
#include "target/network.h"

static struct bw_network network_of(const char *prefix, uint8_t block_length)
{
	struct bw_network network = {.block_length = block_length};

	assert_int_equal(bw_prefix_parse(prefix, &network.prefix, NULL), 0);
	return network;
}

static void block_lengths(void **state)
{
	struct bw_network v4 = network_of("10.0.0.0/8", 0), v6 = network_of("2001:db8::/32", 0);
	struct bw_network longer = network_of("198.18.0.0/28", 0);
	struct bw_network own = network_of("10.0.0.0/8", 12);

	(void)state;
	assert_int_equal(bw_network_block_length(&v4), 24);
	assert_int_equal(network_count_blocks(&v4), 65536);
	assert_int_equal(bw_network_block_length(&v6), 48);
	assert_int_equal(network_count_blocks(&v6), 1);
	assert_int_equal(bw_network_block_length(&longer), 28);
	assert_int_equal(network_count_blocks(&longer), 1);
	assert_int_equal(bw_network_block_length(&own), 12);
	assert_int_equal(network_count_blocks(&own), 16);
}

static void limits(void **state)
{
	static const struct {
		const char *prefix;
		uint8_t block_length;
		int result;
	} cases[] = {
		{"10.0.0.0/8", 0, 0},		      {"10.0.0.0/7", 0, BW_ERR_LIMIT},
		{"10.0.0.0/7", 23, 0},		      {"198.18.0.0/28", 0, 0},
		{"198.18.0.0/28", 24, BW_ERR_VALUE},  {"198.18.0.0/28", 28, 0},
		{"198.18.0.0/28", 33, BW_ERR_VALUE},  {"2001:db8::/32", 0, 0},
		{"2001:db8::/31", 0, BW_ERR_LIMIT},   {"2001:db8::/64", 0, 0},
		{"2001:db8::/112", 128, 0},	      {"2001:db8::/111", 128, BW_ERR_LIMIT},
		{"2001:db8::/112", 129, BW_ERR_VALUE}, {"::/0", 64, BW_ERR_LIMIT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_network network = network_of(cases[i].prefix, cases[i].block_length);

		if (network_check(&network, NULL) != cases[i].result)
			fail_msg("%s /%u", cases[i].prefix, cases[i].block_length);
	}
}

static void names(void **state)
{
	char longest[TARGET_NAME_MAX + 2];

	(void)state;
	assert_true(target_name_is_valid("kp"));
	assert_true(target_name_is_valid("kp-2.old_1"));
	assert_true(target_name_is_valid("4"));
	assert_false(target_name_is_valid(""));
	assert_false(target_name_is_valid("KP"));
	assert_false(target_name_is_valid(".kp"));
	assert_false(target_name_is_valid("-n"));
	assert_false(target_name_is_valid("a/b"));
	assert_false(target_name_is_valid("k p"));
	memset(longest, 'a', sizeof(longest));
	longest[TARGET_NAME_MAX + 1] = '\0';
	assert_false(target_name_is_valid(longest));
	longest[TARGET_NAME_MAX] = '\0';
	assert_true(target_name_is_valid(longest));
}

static void names_of_files(void **state)
{
	static const char *const cases[][2] = {
		{"kp.json", "kp"},	       {"/a/b/kp.json", "kp"}, {"./hosts.txt", "hosts"},
		{"/dev/fd/63", "63"},	       {"a.list", "a.list"},   {".json", ".json"},
		{"a.txt.json", "a.txt"},       {"dir/", "dir/"},       {"\xc3\xa4.txt", "\xc3\xa4"},
		{"\xff\xc3\xa4.txt", "???"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *name = target_name_of_file(cases[i][0]);

		assert_string_equal(name, cases[i][1]);
		free(name);
	}
}

static void one_family(void **state)
{
	static const char *const prefixes[] = {"198.18.0.0/24", "198.18.1.0/24", "2001:db8::/48"};
	struct bw_target *target = (struct bw_target *)calloc(1, sizeof(*target));
	struct bw_err err;

	(void)state;
	target->networks = (struct bw_network *)calloc(3, sizeof(*target->networks));
	for (; target->network_count < 3; target->network_count++) {
		target->networks[target->network_count] =
			network_of(prefixes[target->network_count], 0);
		target->networks[target->network_count].name = strdup("name");
	}
	assert_int_equal(target_keep_family(target, 4, &err), 0);
	assert_int_equal(target->network_count, 2);
	assert_int_equal(target_keep_family(target, 6, &err), BW_ERR_VALUE);
	assert_string_equal(err.message, "has no IPv6 network, and -6 asks for those");
	assert_int_equal(target->network_count, 2);
	bw_target_free(target);
}

static void freeing_what_is_half_built(void **state)
{
	struct bw_target *target = (struct bw_target *)calloc(1, sizeof(*target));

	(void)state;
	bw_target_free(NULL);
	target->networks = (struct bw_network *)calloc(2, sizeof(*target->networks));
	target->network_count = 1;
	bw_target_free(target);
}

static void assert_blocks(const char *network_json, const char *wanted)
{
	struct bw_target *target = NULL;
	struct network_block block = {0};
	char json[512], text[512] = "", one[BW_PREFIX_TEXT];
	struct bw_err err = {0};
	size_t used = 0;

	snprintf(json, sizeof(json), "{\"schema\":\"blockwatch/target/1\",\"networks\":[{%s}]}",
		 network_json);
	if (target_parse(json, strlen(json), "t.json", &target, &err) < 0)
		fail_msg("%s", err.message);
	while (network_next_block(&target->networks[0], &block))
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s=%zu",
					 block.number ? " " : "",
					 bw_prefix_format(&block.prefix, one), block.host_count);
	assert_string_equal(text, wanted);
	assert_int_equal(network_count_blocks(&target->networks[0]), block.number + 1);
	bw_target_free(target);
}

static void blocks_of_networks(void **state)
{
	(void)state;
	assert_blocks("\"prefix\":\"198.18.0.0/22\"",
		      "198.18.0.0/24=0 198.18.1.0/24=0 198.18.2.0/24=0 198.18.3.0/24=0");
	assert_blocks("\"prefix\":\"198.18.0.0/22\",\"hosts\":[\"198.18.1.1\",\"198.18.1.2\","
		      "\"198.18.3.1\"]",
		      "198.18.0.0/24=0 198.18.1.0/24=2 198.18.2.0/24=0 198.18.3.0/24=1");
	assert_blocks("\"prefix\":\"198.18.0.0/22\",\"blocks\":[\"198.18.3.0/24\","
		      "\"198.18.1.0/24\"],\"hosts\":[\"198.18.1.1\"]",
		      "198.18.1.0/24=1 198.18.3.0/24=0");
	assert_blocks("\"prefix\":\"2001:db8::/47\",\"hosts\":[\"2001:db8:1::5\"]",
		      "2001:db8::/48=0 2001:db8:1::/48=1");
	assert_blocks("\"prefix\":\"2001:db8::/32\"", "2001:db8::/32=0");
	assert_blocks("\"prefix\":\"2001:db8::/32\",\"hosts\":[\"2001:db8:1::5\","
		      "\"2001:db8:1::6\",\"2001:db8:77::1\"]",
		      "2001:db8:1::/48=2 2001:db8:77::/48=1");
}

/* Short blocks in many large networks. */
static void a_target_of_too_many_blocks_is_sampled(void **state)
{
	static char json[65536];
	struct bw_target *target = NULL;
	size_t used = (size_t)snprintf(json, sizeof(json), "{\"schema\":\"blockwatch/target/1\","
							   "\"networks\":[");

	(void)state;
	for (unsigned i = 0; i < 512; i++)
		used += (size_t)snprintf(json + used, sizeof(json) - used,
					 "%s{\"prefix\":\"%u.%u.0.0/9\",\"block_length\":32}",
					 i ? "," : "", i / 2, i % 2 * 128);
	used += (size_t)snprintf(json + used, sizeof(json) - used, "]}");
	assert_int_equal(target_parse(json, used, "t.json", &target, NULL), 0);
	assert_int_equal(target_count_blocks(target), 512 * 32768);
	assert_non_null(strstr(target->notes, "32768 of its 8388608 blocks of /32"));
	assert_non_null(strstr(target->notes, "(and 511 networks likewise)"));
	bw_target_free(target);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(block_lengths), cmocka_unit_test(limits),
		cmocka_unit_test(names),	 cmocka_unit_test(names_of_files),
		cmocka_unit_test(blocks_of_networks),
		cmocka_unit_test(a_target_of_too_many_blocks_is_sampled),
		cmocka_unit_test(one_family),	 cmocka_unit_test(freeing_what_is_half_built),
	};

	return cmocka_run_group_tests_name("target/network", tests, NULL, NULL);
}
