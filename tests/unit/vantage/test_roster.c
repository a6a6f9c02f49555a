/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "target/file/parse.h"
#include "target/list/list.h"
#include "vantage/roster.h"
#include "vantage/roster_weigh.h"

static struct bw_target *parse(const char *json)
{
	struct bw_target *target = NULL;
	struct bw_err err = {0};

	if (target_parse(json, strlen(json), "test.json", &target, &err) < 0)
		fail_msg("%s", err.message);
	return target;
}

static struct roster make(const struct bw_target *target, const struct roster_options *options)
{
	struct roster roster;

	assert_int_equal(roster_init(&roster, &target, 1, options, NULL), 0);
	return roster;
}

static const char *host_text(const struct roster *roster, uint32_t block, uint16_t host)
{
	static char text[BW_ADDR_TEXT];
	struct bw_addr addr = roster_host_addr(roster, block, host);

	return bw_addr_format(&addr, text);
}

static const char *prefix_text(const struct roster *roster, uint32_t block)
{
	static char text[BW_PREFIX_TEXT];
	struct bw_prefix prefix = roster_prefix(roster, block);

	return bw_prefix_format(&prefix, text);
}

static const char listed[] =
	"{\"schema\":\"blockwatch/target/1\",\"name\":\"t\",\"methods\":[\"icmp\"],\"networks\":["
	"{\"prefix\":\"198.18.0.0/23\",\"hosts\":["
	"{\"address\":\"198.18.0.15\",\"availability\":0.5},"
	"{\"address\":\"198.18.0.16\",\"availability\":0.98,\"methods\":[\"tcp:53\",\"icmp\"]},"
	"\"198.18.0.17\",\"198.18.1.1\"]},"
	"{\"prefix\":\"2001:db8::/47\"},{\"prefix\":\"198.18.4.0/22\"}]}";

static void test_blocks_of_networks(void **state)
{
	struct bw_target *target = parse(listed);
	struct roster roster = make(target, &(struct roster_options){.seed = 1});

	(void)state;
	assert_int_equal(roster.network_count, 3);
	assert_int_equal(roster.block_count, 2 + 4 + 2);
	assert_int_equal(roster.blocks[0].host_count, 3);
	assert_int_equal(roster.blocks[1].host_count, 1);
	assert_true(roster_network_of(&roster, 0)->known);
	assert_string_equal(prefix_text(&roster, 0), "198.18.0.0/24");
	assert_string_equal(prefix_text(&roster, 1), "198.18.1.0/24");
	assert_string_equal(prefix_text(&roster, 5), "198.18.7.0/24");
	assert_string_equal(prefix_text(&roster, 7), "2001:db8:1::/48");
	for (uint32_t i = 2; i < 8; i++) {
		assert_true(roster_is_open(&roster, i));
		assert_false(roster_network_of(&roster, i)->known);
		assert_int_equal(roster.blocks[i].host_count, i < 6 ? 254 : 256);
	}
	roster_fini(&roster);
	bw_target_free(target);
}

/* A block without hosts beside one with hosts; of a large IPv6 network those with hosts. */
static void test_blocks_without_hosts_are_counted(void **state)
{
	struct bw_target *target =
		parse("{\"schema\":\"blockwatch/target/1\",\"networks\":["
		      "{\"prefix\":\"198.18.0.0/22\",\"hosts\":[\"198.18.1.9\"]},"
		      "{\"prefix\":\"2001:db8::/32\",\"hosts\":[\"2001:db8:5::1\"]},"
		      "{\"prefix\":\"2001:db9::/32\"}]}");
	struct roster roster = make(target, &(struct roster_options){.seed = 1});

	(void)state;
	assert_int_equal(roster.block_count, 4 + 1 + 1);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(roster_is_open(&roster, i), i != 1);
		assert_int_equal(roster_is_known(&roster, i), i == 1);
		assert_int_equal(roster.blocks[i].host_count, i == 1 ? 1 : 254);
	}
	assert_string_equal(prefix_text(&roster, 1), "198.18.1.0/24");
	assert_string_equal(host_text(&roster, 1, 0), "198.18.1.9");
	assert_string_equal(prefix_text(&roster, 3), "198.18.3.0/24");
	assert_string_equal(prefix_text(&roster, 4), "2001:db8:5::/48");
	assert_string_equal(prefix_text(&roster, 5), "2001:db9::/32");
	assert_int_equal(roster.blocks[5].host_count, 0);
	assert_int_equal(roster.blocks[5].refused, ROSTER_ALLOWED);
	roster_fini(&roster);
	bw_target_free(target);
}

static void test_hosts_that_answer_more_often_come_first(void **state)
{
	struct bw_target *target = parse(listed);
	struct roster roster = make(target, &(struct roster_options){.seed = 1});

	(void)state;
	assert_string_equal(host_text(&roster, 0, 0), "198.18.0.16");
	assert_string_equal(host_text(&roster, 0, 1), "198.18.0.17");
	assert_string_equal(host_text(&roster, 0, 2), "198.18.0.15");
	assert_true(roster_availability(&roster, 0, 0) > 0.97F);
	assert_true(roster_availability(&roster, 0, 2) < 0.51F);
	roster_fini(&roster);
	bw_target_free(target);
}

static void test_equal_hosts_are_spread_over_the_block(void **state)
{
	static const char *const first[] = {"198.18.0.10", "198.18.0.14", "198.18.0.12",
					    "198.18.0.11", "198.18.0.15", "198.18.0.13"};
	struct bw_target *target =
		parse("{\"schema\":\"blockwatch/target/1\",\"networks\":["
		      "{\"prefix\":\"198.18.0.0/24\",\"hosts\":[\"198.18.0.10\",\"198.18.0.11\","
		      "\"198.18.0.12\",\"198.18.0.13\",\"198.18.0.14\",\"198.18.0.15\"]}]}");
	struct roster roster = make(target, &(struct roster_options){.seed = 1});

	(void)state;
	for (uint16_t h = 0; h < 6; h++)
		assert_string_equal(host_text(&roster, 0, h), first[h]);
	roster_fini(&roster);
	bw_target_free(target);
}

static void test_methods_take_turns(void **state)
{
	struct bw_target *target = parse(listed);
	struct roster roster = make(target, &(struct roster_options){.seed = 1});

	(void)state;
	assert_int_equal(roster_method(&roster, 0, 0, 0).port, 53);
	assert_int_equal(roster_method(&roster, 0, 0, 1).protocol, BW_PROTOCOL_ICMP);
	assert_int_equal(roster_method(&roster, 0, 0, 2).port, 53);
	assert_int_equal(roster_method(&roster, 0, 1, 7).protocol, BW_PROTOCOL_ICMP);
	roster_fini(&roster);
	bw_target_free(target);
}

/* Every usable address of an open block once, .1 first. */
static void test_candidates_of_an_open_block(void **state)
{
	struct bw_target *target = parse(listed);
	struct roster roster = make(target, &(struct roster_options){.seed = 99});
	bool seen[256] = {false};

	(void)state;
	assert_string_equal(host_text(&roster, 2, 0), "198.18.4.1");
	for (uint16_t h = 0; h < 254; h++) {
		struct bw_addr addr = roster_host_addr(&roster, 2, h);
		struct bw_prefix prefix = roster_prefix(&roster, 2);

		assert_true(bw_prefix_contains(&prefix, &addr));
		assert_in_range(addr.bytes[3], 1, 254);
		assert_false(seen[addr.bytes[3]]);
		seen[addr.bytes[3]] = true;
	}
	assert_string_equal(host_text(&roster, 6, 0), "2001:db8::1");
	assert_string_equal(host_text(&roster, 7, 255), "2001:db8:1::100");
	roster_fini(&roster);
	bw_target_free(target);
}

static void test_long_prefixes_are_their_own_block(void **state)
{
	const char list[] = "198.18.0.9\n198.18.1.0/31\n198.18.2.0/30\n2001:db8::5\n";
	struct bw_target *target = NULL;
	struct roster roster;

	(void)state;
	assert_int_equal(list_parse(list, sizeof(list) - 1, "l", &target, NULL), 0);
	roster = make(target, &(struct roster_options){.seed = 1});
	assert_int_equal(roster.block_count, 4);
	assert_string_equal(host_text(&roster, 0, 0), "198.18.0.9");
	assert_false(roster_network_of(&roster, 0)->known);
	assert_string_equal(prefix_text(&roster, 1), "198.18.1.0/31");
	assert_int_equal(roster.blocks[1].host_count, 2);
	assert_string_equal(host_text(&roster, 1, 0), "198.18.1.0");
	assert_int_equal(roster.blocks[2].host_count, 2);
	assert_string_equal(host_text(&roster, 2, 1), "198.18.2.2");
	assert_string_equal(host_text(&roster, 3, 0), "2001:db8::5");
	roster_fini(&roster);
	bw_target_free(target);
}

static void test_who_may_not_be_probed_is_left_out(void **state)
{
	struct bw_target *target = parse(listed);
	struct prefix_set *blocked = prefix_set_new();
	struct permit permit = {.blocklist = blocked, .allow_reserved = true};
	struct bw_prefix host, block;
	struct roster roster;

	(void)state;
	assert_int_equal(bw_prefix_parse("198.18.0.16", &host, NULL), 0);
	assert_int_equal(bw_prefix_parse("198.18.5.0/24", &block, NULL), 0);
	prefix_set_add(blocked, &host, 0);
	prefix_set_add(blocked, &block, 0);
	prefix_set_seal(blocked);
	roster = make(target, &(struct roster_options){.permit = &permit, .seed = 1});
	assert_int_equal(roster.blocks[0].host_count, 2);
	assert_string_equal(host_text(&roster, 0, 0), "198.18.0.17");
	assert_int_equal(roster_refused(&roster, 0), 0); /* another host may be probed */
	assert_int_equal(roster.blocks[3].host_count, 0);
	assert_int_equal(roster_refused(&roster, 3), BW_ERR_BLOCKLISTED);
	roster_fini(&roster);
	permit.allow_reserved = false;
	roster = make(target, &(struct roster_options){.permit = &permit, .seed = 1});
	for (uint32_t i = 0; i < roster.block_count; i++) {
		assert_int_equal(roster.blocks[i].host_count, 0);
		assert_true(roster_refused(&roster, i) < 0);
	}
	assert_string_equal(prefix_text(&roster, 0), "198.18.0.0/24");
	assert_string_equal(prefix_text(&roster, 1), "198.18.1.0/24");
	roster_fini(&roster);
	prefix_set_free(blocked);
	bw_target_free(target);
}

static void test_sentinels_once_each(void **state)
{
	struct bw_target *target = parse(listed);
	struct roster roster = make(target, &(struct roster_options){.seed = 1});
	struct roster_sentinel sentinel = {.method = {BW_PROTOCOL_ICMP, 0}};

	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		sentinel.addr = bw_addr_from_v4(0x0a000000 + i / 2);
		assert_int_equal(roster_add_sentinel(&roster, &sentinel, NULL), 0);
	}
	assert_int_equal(roster.sentinel_count, 20);
	roster_fini(&roster);
	bw_target_free(target);
}

static void test_too_many_blocks(void **state)
{
	struct bw_network network = {.block_length = 32};
	struct bw_target target = {
		.name = (char *)"wide",
		.methods = {.count = 1, .list = {{BW_PROTOCOL_ICMP, 0}}},
		.networks = &network,
		.network_count = 1,
	};
	const struct bw_target *list = &target;
	struct roster roster;
	struct bw_err err = {0};

	(void)state;
	assert_int_equal(bw_prefix_parse("10.0.0.0/7", &network.prefix, NULL), 0);
	assert_int_equal(roster_init(&roster, &list, 1, &(struct roster_options){.seed = 1}, &err),
			 BW_ERR_LIMIT);
	assert_non_null(strstr(err.message, "blocks"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_of_networks),
		cmocka_unit_test(test_blocks_without_hosts_are_counted),
		cmocka_unit_test(test_hosts_that_answer_more_often_come_first),
		cmocka_unit_test(test_equal_hosts_are_spread_over_the_block),
		cmocka_unit_test(test_methods_take_turns),
		cmocka_unit_test(test_candidates_of_an_open_block),
		cmocka_unit_test(test_long_prefixes_are_their_own_block),
		cmocka_unit_test(test_who_may_not_be_probed_is_left_out),
		cmocka_unit_test(test_sentinels_once_each),
		cmocka_unit_test(test_too_many_blocks),
	};

	return cmocka_run_group_tests_name("vantage/roster", tests, NULL, NULL);
}
