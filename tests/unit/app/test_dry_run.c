/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/check/dry_run.h"
#include "target/file/parse.h"
#include "vantage/roster_egress.h"

static const char two_hosts[] =
	"{\"schema\":\"blockwatch/target/1\",\"name\":\"t\",\"methods\":[\"icmp\"],\"networks\":["
	"{\"prefix\":\"198.18.0.0/24\",\"hosts\":["
	"{\"address\":\"198.18.0.1\",\"availability\":0.9},"
	"{\"address\":\"198.18.0.2\",\"availability\":0.5,\"methods\":[\"tcp:80\",\"icmp\"]}]}]}";

/* A session as session_open() makes it, but with an egress that nobody has looked up. */
static struct session open_session(const char *json, uint8_t egress)
{
	struct session session = {.own = {.targets = calloc(1, sizeof(struct bw_target *))}};

	assert_non_null(session.own.targets);
	assert_int_equal(target_parse(json, strlen(json), "t.json", session.own.targets, NULL), 0);
	session.own.target_count = 1;
	session.permit.allow_reserved = true;
	assert_int_equal(roster_init(&session.roster,
				     (const struct bw_target *const *)session.own.targets, 1,
				     &(struct roster_options){.seed = 1}, NULL),
			 0);
	roster_egress_set(&session.roster, egress, egress);
	return session;
}

static void expect_known(const struct session *session, const struct memory *memory, bool json,
			 const char *expected)
{
	struct bw_err err;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(dry_run_print(session, memory, json, out, &err), 0);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
	free(text);
}

static void expect_output(const struct session *session, bool json, const char *expected)
{
	expect_known(session, &(struct memory){0}, json, expected);
}

static void test_known_hosts_come_first(void **state)
{
	struct session session = open_session(two_hosts, 0);
	struct memory_block block = {.last_answer = {INT64_MAX / 2}, .count = 1};
	struct memory memory = {.blocks = &block, .count = 1};

	(void)state;
	assert_int_equal(bw_prefix_parse("198.18.0.0/24", &block.block, NULL), 0);
	assert_int_equal(bw_addr_parse("198.18.0.2", &block.hosts[0]), 0);
	expect_known(&session, &memory, false,
		     "198.18.0.2       tcp:80    198.18.0.0/24       t\n"
		     "198.18.0.2       icmp      198.18.0.0/24       t\n"
		     "198.18.0.1       icmp      198.18.0.0/24       t\n");
	session_close(&session);
}

static void test_each_host_with_each_method(void **state)
{
	struct session session = open_session(two_hosts, 0);

	(void)state;
	expect_output(&session, false,
		      "198.18.0.1       icmp      198.18.0.0/24       t\n"
		      "198.18.0.2       tcp:80    198.18.0.0/24       t\n"
		      "198.18.0.2       icmp      198.18.0.0/24       t\n");
	session_close(&session);
}

static void test_json_lines(void **state)
{
	struct session session = open_session(two_hosts, 0);

	(void)state;
	session.roster.blocks[0].host_count = 1;
	expect_output(&session, true,
		      "{\"host\":\"198.18.0.1\",\"method\":\"icmp\",\"block\":\"198.18.0.0/24\","
		      "\"target\":\"t\",\"route\":true}\n");
	session_close(&session);
}

static void test_hosts_without_a_route_are_marked(void **state)
{
	struct session session = open_session(two_hosts, ROSTER_NO_EGRESS);

	(void)state;
	session.roster.blocks[0].host_count = 1;
	expect_output(&session, false,
		      "198.18.0.1       icmp      198.18.0.0/24       t  (no route)\n");
	expect_output(&session, true,
		      "{\"host\":\"198.18.0.1\",\"method\":\"icmp\",\"block\":\"198.18.0.0/24\","
		      "\"target\":\"t\",\"route\":false}\n");
	session_close(&session);
}

/* The candidates of an open block, of which the block list names all but the first. */
static void test_addresses_of_a_block_list_are_left_out(void **state)
{
	static const char open_block[] =
		"{\"schema\":\"blockwatch/target/1\",\"name\":\"t\",\"networks\":["
		"{\"prefix\":\"198.18.0.0/30\"}]}";
	struct session session = open_session(open_block, 0);
	struct bw_prefix prefix;

	(void)state;
	session.own.blocklist = prefix_set_new();
	assert_non_null(session.own.blocklist);
	assert_int_equal(bw_prefix_parse("198.18.0.2", &prefix, NULL), 0);
	assert_int_equal(prefix_set_add(session.own.blocklist, &prefix, 0), 0);
	assert_int_equal(prefix_set_seal(session.own.blocklist), 0);
	session.permit.blocklist = session.own.blocklist;
	expect_output(&session, false, "198.18.0.1       icmp      198.18.0.0/30       t\n");
	session_close(&session);
}

static void test_sentinels_come_last(void **state)
{
	struct session session = open_session(two_hosts, 0);
	struct permit permit = {.allow_reserved = true};
	struct roster_sentinel reference = {
		.method = {.protocol = BW_PROTOCOL_ICMP},
		.source = HEALTH_REFERENCE,
	};
	struct roster_sentinel gateway = reference;

	(void)state;
	gateway.source = HEALTH_GATEWAY;
	assert_int_equal(bw_addr_parse("198.19.0.1", &reference.addr), 0);
	assert_int_equal(bw_addr_parse("198.19.0.254", &gateway.addr), 0);
	assert_int_equal(roster_add_sentinel(&session.roster, &gateway, &permit), 0);
	assert_int_equal(roster_add_sentinel(&session.roster, &reference, &permit), 0);
	session.roster.blocks[0].host_count = 1;
	expect_output(&session, false,
		      "198.18.0.1       icmp      198.18.0.0/24       t\n"
		      "198.19.0.254     icmp      gateway             \n"
		      "198.19.0.1       icmp      reference           \n");
	session_close(&session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_host_with_each_method),
		cmocka_unit_test(test_known_hosts_come_first),
		cmocka_unit_test(test_json_lines),
		cmocka_unit_test(test_hosts_without_a_route_are_marked),
		cmocka_unit_test(test_addresses_of_a_block_list_are_left_out),
		cmocka_unit_test(test_sentinels_come_last),
	};

	return cmocka_run_group_tests_name("app/dry_run", tests, NULL, NULL);
}
