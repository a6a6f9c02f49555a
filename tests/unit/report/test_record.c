/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "samples.h"
#include "report/record/encode.h"

#define HEAD(type)                                                                                 \
	"{\"schema\":\"blockwatch/record/1\",\"type\":\"" type "\",\"vantage\":\"v1\","            \
	"\"boot\":\"01hf7x\",\"seq\":1,\"time\":\"2026-11-21T12:00:10.123456Z\","

#define SINCE "\"since\":\"2026-11-21T12:00:09.223456Z\","

static void assert_line(const struct record *record, const char *expected)
{
	char line[RECORD_LINE_MAX];
	json_t *json;

	assert_int_equal(record_encode(record, line, sizeof(line)), strlen(expected));
	assert_string_equal(line, expected);
	json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	json_decref(json);
}

static void test_block_up(void **state)
{
	const struct record record = sample_block("kp", "198.18.0.0/22", "198.18.2.0/24", BW_UP);

	(void)state;
	assert_line(&record, HEAD("block")
		    "\"target\":\"kp\",\"network\":\"198.18.0.0/22\",\"block\":\"198.18.2.0/24\","
		    "\"verdict\":\"up\",\"belief\":1,\"conditions\":[],\"reasons\":[],"
		    SINCE "\"round\":1,\"sent\":4,\"replies\":4,"
		    "\"rtt_ms\":{\"min\":298,\"median\":312,\"max\":401},\"availability\":0.98,"
		    "\"silent_since\":null}\n");
}

static void test_block_unknown(void **state)
{
	struct record record = sample_block("x", "2001:db8::/32", "2001:db8:7::/48", BW_UNKNOWN);

	(void)state;
	record.block.conditions = BW_SUSPECT | BW_RATE_LIMITED;
	record.block.reasons = BW_WHY_NEVER_SEEN | BW_WHY_INTERRUPTED;
	record.block.since.ns = 0;
	assert_line(&record, HEAD("block")
		    "\"target\":\"x\",\"network\":\"2001:db8::/32\",\"block\":\"2001:db8:7::/48\","
		    "\"verdict\":\"unknown\",\"belief\":0.5,"
		    "\"conditions\":[\"suspect\",\"rate-limited\"],"
		    "\"reasons\":[\"never-seen\",\"interrupted\"],\"since\":null,\"round\":1,"
		    "\"sent\":11,\"replies\":0,\"rtt_ms\":null,\"availability\":null,"
		    "\"silent_since\":null}\n");
}

/* Two quarters of a half are that half. */
static void test_block_parts(void **state)
{
	struct record record = sample_block("x", "198.18.0.0/16", "198.18.1.0/24", BW_UP);
	char line[RECORD_LINE_MAX];

	(void)state;
	record.block.conditions = BW_PARTIAL;
	record.block.parts = 0xc;
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
	assert_non_null(strstr(line, "\"conditions\":[\"partial\"],\"parts\":[\"198.18.1.128/25\"],"
				     "\"reasons\":[]"));
	record.block.parts = 0x7;
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
	assert_non_null(strstr(line, "\"parts\":[\"198.18.1.0/25\",\"198.18.1.128/26\"],"));
	record.block.parts = 0x6;
	record.block.block = sample_prefix("2001:db8:7::/48");
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
	assert_non_null(strstr(line, "\"parts\":[\"2001:db8:7:4000::/50\","
				     "\"2001:db8:7:8000::/50\"],"));
	record.block.conditions = BW_PROXY;
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
	assert_null(strstr(line, "parts"));
}

static void test_decimals(void **state)
{
	struct record record = sample_block("x", "10.0.0.0/24", "10.0.0.0/24", BW_DARK);

	(void)state;
	record.block.belief = 0.00126;
	record.block.rtt_min_ns = 999;
	record.block.rtt_median_ns = 12345499;
	record.block.rtt_max_ns = 12345501;
	record.block.availability = 2.0 / 3;
	assert_line(&record, HEAD("block")
		    "\"target\":\"x\",\"network\":\"10.0.0.0/24\",\"block\":\"10.0.0.0/24\","
		    "\"verdict\":\"dark\",\"belief\":0.0013,\"conditions\":[],\"reasons\":[],"
		    SINCE "\"round\":1,\"sent\":11,\"replies\":0,"
		    "\"rtt_ms\":{\"min\":0.001,\"median\":12.345,\"max\":12.346},"
		    "\"availability\":0.667,\"silent_since\":null}\n");
}

static void test_target(void **state)
{
	struct record record = sample_target("kp", "North Korea (DPR Korea)");

	(void)state;
	record.target.verdict = BW_FLAPPING;
	record.target.networks = (struct record_counts){15, {[BW_UP] = 1, [BW_FLAPPING] = 2,
							     [BW_DARK] = 3, [BW_UNKNOWN] = 4,
							     [BW_PARTLY_DARK] = 5}};
	record.target.reasons = BW_WHY_NO_ROUTE;
	assert_line(&record, HEAD("target")
		    "\"target\":\"kp\",\"title\":\"North Korea (DPR Korea)\","
		    "\"verdict\":\"flapping\","
		    "\"networks\":{\"total\":15,\"up\":1,\"flapping\":2,\"dark\":3,"
		    "\"partly_dark\":5,\"unknown\":4},"
		    "\"blocks\":{\"total\":0,\"up\":0,\"flapping\":0,\"dark\":0,\"unknown\":0},"
		    SINCE "\"round\":1}\n");
}

static void test_target_without_title(void **state)
{
	const struct record record = sample_target("198.18.4.0/24", NULL);
	char line[RECORD_LINE_MAX];

	(void)state;
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
	assert_non_null(strstr(line, "\"title\":null,"));
}

static void test_vantage(void **state)
{
	struct record record = sample_vantage();

	(void)state;
	record.vantage.healthy = false;
	record.vantage.reasons = BW_WHY_VANTAGE_OFFLINE;
	record.vantage.ways[0].healthy = false;
	record.vantage.ways[0].reasons = BW_WHY_VANTAGE_OFFLINE;
	record.vantage.ways[record.vantage.way_count++] =
		(struct record_way){"", 6, false, BW_WHY_NO_ROUTE};
	record.vantage.capture_dropped = 3;
	record.vantage.send_errors = 2;
	record.vantage.rejected = 1;
	assert_line(&record, HEAD("vantage")
		    "\"healthy\":false,\"reasons\":[\"vantage-offline\"],"
		    "\"ways\":[{\"interface\":\"eth0\",\"family\":4,\"healthy\":false,"
		    "\"reasons\":[\"vantage-offline\"]},{\"interface\":null,\"family\":6,"
		    "\"healthy\":false,\"reasons\":[\"no-route\"]}],\"sent\":412,"
		    "\"received\":398,\"capture_dropped\":3,\"send_errors\":2,\"rejected\":1,"
		    "\"version\":\"0.1.0\"}\n");
}

static void test_delivery(void **state)
{
	const struct record_network_sink sinks[] = {
		{.name = "centre",
		 .records = 7,
		 .bytes = 3000,
		 .age_s = 1.5,
		 .failures = {[FAILURE_CONNECT] = 2, [FAILURE_BUSY] = 1},
		 .last_success = {0}},
	};
	const struct record_delivery delivery = {
		.records = 9,
		.bytes = 4000,
		.age_s = 2,
		.dropped = {[SPOOL_PROBE] = 5},
		.has_clock_offset = true,
		.clock_offset_s = -0.25,
		.sinks = sinks,
		.sink_count = 1,
	};
	struct record record = sample_vantage();

	(void)state;
	record.vantage.ways[0].healthy = true;
	record.vantage.delivery = &delivery;
	assert_line(&record, HEAD("vantage")
		    "\"healthy\":true,\"reasons\":[],"
		    "\"ways\":[{\"interface\":\"eth0\",\"family\":4,\"healthy\":true,"
		    "\"reasons\":[]}],\"sent\":412,\"received\":398,\"capture_dropped\":0,"
		    "\"send_errors\":0,\"rejected\":0,\"version\":\"0.1.0\","
		    "\"clock_offset_s\":-0.25,\"spool\":{\"records\":9,\"bytes\":4000,\"age_s\":2,"
		    "\"dropped\":{\"probe\":5,\"block\":0,\"vantage\":0,\"trace\":0,\"target\":0,"
		    "\"condition\":0,\"event\":0},\"error\":null},"
		    "\"sinks\":[{\"name\":\"centre\",\"backlog\":{\"records\":7,\"bytes\":3000,"
		    "\"age_s\":1.5},\"failures\":{\"connect\":2,\"busy\":1},"
		    "\"last_success\":null}]}\n");
}

/* The longest names that target files allow, each byte escaped to six. */
static void test_longest_line_fits(void **state)
{
	struct record record;
	char name[256 + 1], line[RECORD_LINE_MAX];

	(void)state;
	memset(name, 1, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	record = sample_block(name, "2001:db8:1111:2222:3333:4444:5555:6660/124",
			      "2001:db8:1111:2222:3333:4444:5555:6660/124", BW_UNKNOWN);
	record.head.vantage = record.head.boot = name;
	record.head.seq = record.block.round = UINT64_MAX;
	record.block.conditions = (1u << BW_CONDITIONS) - 1;
	record.block.parts = 0xd;
	record.block.reasons = (1u << BW_REASONS) - 1;
	record.block.rtt_min_ns = record.block.rtt_median_ns = record.block.rtt_max_ns = INT64_MAX;
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
}

static void test_longest_trace_fits(void **state)
{
	struct record_trace_hop hops[TRACE_TTL_MAX];
	struct record record = sample_trace(hops, TRACE_TTL_MAX);
	char name[256 + 1], line[RECORD_LINE_MAX];

	(void)state;
	memset(name, 1, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	record.head.vantage = record.head.boot = record.trace.target = name;
	for (unsigned n = 1; n < TRACE_TTL_MAX; n += 2) {
		struct bw_addr from = hops[n].from.family ? hops[n].from : hops[3].from;

		hops[n] = hops[2];
		hops[n].from = from;
	}
	sample_compare(&record);
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
}

static void test_too_small(void **state)
{
	const struct record record = sample_vantage();
	char line[RECORD_LINE_MAX];
	int length = record_encode(&record, line, sizeof(line));

	(void)state;
	assert_true(length > 0);
	assert_int_equal(record_encode(&record, line, (size_t)length), BW_ERR_LIMIT);
	assert_int_equal(record_encode(&record, line, (size_t)length + 1), length);
}

static void test_type_names(void **state)
{
	(void)state;
	assert_string_equal(record_type_name(RECORD_BLOCK), "block");
	assert_string_equal(record_type_name(RECORD_TARGET), "target");
	assert_string_equal(record_type_name(RECORD_VANTAGE), "vantage");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_block_up),
		cmocka_unit_test(test_block_unknown),
		cmocka_unit_test(test_block_parts),
		cmocka_unit_test(test_decimals),
		cmocka_unit_test(test_target),
		cmocka_unit_test(test_target_without_title),
		cmocka_unit_test(test_vantage),
		cmocka_unit_test(test_delivery),
		cmocka_unit_test(test_longest_line_fits),
		cmocka_unit_test(test_longest_trace_fits),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_type_names),
	};

	return cmocka_run_group_tests_name("report/record", tests, NULL, NULL);
}
