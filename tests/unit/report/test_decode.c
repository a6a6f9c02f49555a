/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "samples.h"
#include "report/record/decode.h"
#include "report/record/encode.h"

#define HEAD_MEMBERS "\"schema\":\"blockwatch/record/1\",\"vantage\":\"v\",\"boot\":\"b\","      \
		     "\"seq\":1,\"time\":\"2026-11-21T12:00:10.123456Z\","
#define HEAD "{" HEAD_MEMBERS
#define PREFIXES "\"type\":\"block\",\"target\":\"t\",\"network\":\"198.18.0.0/24\","              \
		 "\"block\":\"198.18.0.0/24\","
#define REST_MEMBERS "\"since\":null,\"round\":1,\"sent\":1,\"replies\":0,\"rtt_ms\":null,"        \
		     "\"availability\":null"
#define REST REST_MEMBERS "}"
#define BLOCK PREFIXES "\"verdict\":\"up\",\"belief\":1,\"conditions\":[],\"reasons\":[]," REST
#define TRACE                                                                               \
	"\"type\":\"trace\",\"target\":\"t\",\"block\":\"198.18.0.0/24\","                      \
	"\"destination\":\"198.18.0.1\",\"method\":\"icmp\",\"flow\":1,\"reached\":false,"     \
	"\"sent\":3,"
#define EVENT "\"type\":\"event\",\"target\":\"t\",\"scope\":\"target\",\"subject\":\"t\","        \
	      "\"from\":\"dark\",\"to\":\"up\",\"detected\":\"2026-11-21T12:00:00Z\","             \
	      "\"change\":{\"earliest\":null,\"latest\":\"2026-11-21T12:00:00Z\"},"                \
	      "\"confidence\":1,\"onset\":\"unknown\",\"path\":null,"
#define EVENT_OF "\"type\":\"event\",\"target\":\"t\",\"scope\":"
#define HOP_64                                                                          \
	"{\"ttl\":64,\"from\":null,\"rtt_ms\":null,\"kind\":\"silent\",\"code\":null,"       \
	"\"reply_ttl\":null,\"quoted_ttl\":null,\"labels\":[],\"asn\":null,\"country\":null," \
	"\"from_stop_set\":false}"

/* A line that record_encode() has written comes back byte for byte. */
static void check_line(const char *line, size_t length)
{
	static struct record_memory memory; /* reused, as a reader of many lines does */
	char copy[RECORD_LINE_MAX];
	struct record record;
	struct bw_err err;
	int code = record_decode(line, length, "lines", &memory, &record, &err);

	if (code < 0)
		fail_msg("%.*s: %s: %s", (int)length, line, err.field, err.message);
	assert_int_equal(record_encode(&record, copy, sizeof(copy)), length);
	assert_memory_equal(copy, line, length);
	record_memory_fini(&memory);
}

static void check_record(const struct record *record)
{
	char line[RECORD_LINE_MAX];
	int length = record_encode(record, line, sizeof(line));

	assert_true(length > 0);
	check_line(line, (size_t)length);
}

static void test_blocks(void **state)
{
	struct record record = sample_block("kp", "198.18.0.0/22", "198.18.2.0/24", BW_UP);

	(void)state;
	check_record(&record);
	record.block.conditions = (1u << BW_CONDITIONS) - 1;
	record.block.reasons = (1u << BW_REASONS) - 1;
	record.block.since.ns = 0;
	for (record.block.parts = 0; record.block.parts < 16; record.block.parts++)
		check_record(&record);
	record = sample_block("\"a\\b\n\xc3\xa4\x01", "2001:db8::/32", "2001:db8:7::/48", BW_DARK);
	record.head.seq = UINT64_MAX;
	record.block.round = UINT64_C(9007199254740993);
	record.block.belief = 0.12345;
	check_record(&record);
}

static void test_targets_and_vantages(void **state)
{
	struct record record = sample_target("kp", "North Korea (DPR Korea)");

	(void)state;
	check_record(&record);
	record.target.title = NULL;
	record.target.blocks = (struct record_counts){9, {[BW_UP] = 4, [BW_DARK] = 5}};
	check_record(&record);
	record = sample_vantage();
	check_record(&record);
	record.vantage.healthy = false;
	record.vantage.reasons = BW_WHY_VANTAGE_OFFLINE | BW_WHY_INTERFACE_DOWN;
	record.vantage.ways[record.vantage.way_count++] =
		(struct record_way){"", 6, false, BW_WHY_NO_ROUTE};
	check_record(&record);
}

static void test_probes(void **state)
{
	struct record record = sample_vantage();

	(void)state;
	record.type = RECORD_PROBE;
	record.probe = (struct record_probe){
		.block = sample_prefix("198.18.0.0/24"),
		.host = sample_prefix("198.18.0.7/32").addr,
		.method = {BW_PROTOCOL_TCP, 443},
		.sent = sample_time(),
		.outcome = "timeout",
		.rtt_ns = -1,
	};
	check_record(&record);
	record.probe.outcome = "reply";
	record.probe.rtt_ns = 12345678;
	record.probe.from = record.probe.host;
	record.probe.kind = "syn-ack";
	record.probe.ttl = 64;
	check_record(&record);
	record.probe.outcome = "error";
	record.probe.from = (struct bw_addr){0};
	record.probe.hidden = true;
	record.probe.kind = "net-unreachable";
	check_record(&record);
}

static void test_rounds_of_a_vantage(void **state)
{
	struct record record = sample_vantage();

	(void)state;
	record.vantage.round_ns = 660 * BW_S;
	check_record(&record);
}

static void test_conditions(void **state)
{
	struct record record = sample_condition();

	(void)state;
	check_record(&record);
	record.condition.until = sample_time();
	record.condition.condition = BW_RANGE_DELAY;
	check_record(&record);
	record.condition.scope = BW_SCOPE_BLOCK;
	record.condition.subject = "198.18.0.0/24";
	record.condition.rtt_usual_ns = record.condition.rtt_now_ns = -1;
	check_record(&record);
}

static void test_traces(void **state)
{
	struct record_trace_hop hops[TRACE_TTL_MAX];
	struct record record;

	(void)state;
	for (uint8_t count = 0; count <= TRACE_TTL_MAX; count += 8) {
		record = sample_trace(hops, count);
		check_record(&record);
		sample_compare(&record);
		check_record(&record);
		for (unsigned n = 0; n + 1 < count; n++)
			if (n % 5 < 2)
				hops[n] = (struct record_trace_hop){.unasked = true, .rtt_ns = -1};
		check_record(&record);
		record.trace.change_count = 0;
		record.trace.path = NULL;
		check_record(&record);
	}
	for (unsigned stop = 0; stop < TRACE_STOPS; stop++) {
		record.trace.stopped = (enum trace_stop)stop;
		check_record(&record);
	}
}

static void test_surveys(void **state)
{
	static const char *const prefixes[] = {
		"198.18.0.0/15", "", "a path\twith\x02 all.txt",
		/* Cut in the middle of a character. */
		"0123456789012345678901234567890123456789012345678\xe2\x98\x83",
	};
	struct bw_methods methods = {2, {{BW_PROTOCOL_ICMP, 0}, {BW_PROTOCOL_TCP, 80}}};
	struct record record = sample_vantage();

	(void)state;
	record.type = RECORD_SURVEY;
	record.survey = (struct record_survey){
		.prefixes = prefixes,
		.prefix_count = 4,
		.methods = &methods,
		.addresses = 131072,
		.passes = 2,
		.shard = 3,
		.shards = 8,
		.sent = 7,
		.hit_rate = 0.1234567,
		.rate_pps = 99999.5,
		.duration_s = 1.0005,
		.seed = UINT64_MAX,
	};
	check_record(&record);
	record.survey.complete = true;
	record.survey.prefix_count = 0;
	check_record(&record);
}

static struct record event_sample(void)
{
	struct record record = sample_vantage();

	record.type = RECORD_EVENT;
	record.event = (struct record_event){
		.target = "kp",
		.scope = BW_SCOPE_TARGET,
		.subject = "kp",
		.from = BW_DARK,
		.to = BW_UP,
		.detected = sample_time(),
		.latest = sample_time(),
		.confidence = 0.9975,
		.onset = BW_ONSET_ABRUPT,
	};
	return record;
}

static void test_events(void **state)
{
	struct record record = event_sample();

	(void)state;
	record.event.path = sample_path();
	check_record(&record);
	record.event.path = NULL;
	check_record(&record);
	record.event.earliest.ns = record.event.latest.ns - 1234567;
	record.event.withdraws = 17;
	check_record(&record);
	record.event.withdraws = 0;
	record.event.has_outage = true;
	record.event.returns[0] = (struct record_return){{BW_S}, {2 * BW_S}};
	record.event.return_count = 1;
	record.event.blocks = (struct record_part){3, 4};
	record.event.networks = (struct record_part){1, 2};
	record.event.outage_start.ns = sample_time().ns;
	record.event.outage_uncertainty_ns = 1500000000;
	record.event.unusual = (struct record_unusual){366.25, 2, -1, true, 0.999999};
	/* Times are cut to microseconds, the duration is rounded from what they were before. */
	for (int64_t ns = 0; ns < 4000; ns += 37) {
		record.event.outage_end.ns = sample_time().ns + 34261 * BW_S + 499000 + ns;
		check_record(&record);
		record.event.outage_start.ns += 11;
	}
	record.event.unusual.since_last_s = 0;
	record.event.unusual.days = 1e-7;
	check_record(&record);
}

static void check_file(const char *name)
{
	const char *root = getenv("BW_SOURCE_ROOT");
	char *line = NULL, path[512];
	size_t size = 0, count = 0;
	ssize_t length;
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/golden/replay/%s.jsonl", root ? root : ".", name);
	file = fopen(path, "r");
	assert_non_null(file);
	for (; (length = getline(&line, &size, file)) > 0; count++)
		check_line(line, (size_t)length);
	assert_true(count > 0);
	free(line);
	fclose(file);
}

static void test_golden_files(void **state)
{
	static const char *const names[] = {"check", "check-target", "fping", "fping-target",
					    "merged", "nmap", "ping", "scamper", "uplink", "zmap"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_file(names[i]);
}

static int decode(const char *line, struct record_memory *memory, struct record *record,
		  struct bw_err *err)
{
	return record_decode(line, strlen(line), "f", memory, record, err);
}

/* Members in another order and members that are not known do not matter. */
static void test_order_and_unknown_members(void **state)
{
	static const char line[] =
		"{\"later\":{\"x\":[1]},\"conditions\":[],\"reasons\":[],\"belief\":1,"
		"\"verdict\":\"up\"," REST_MEMBERS "," PREFIXES HEAD_MEMBERS "\"more\":null}";
	struct record_memory memory = {0};
	struct record record;
	struct bw_err err;

	(void)state;
	assert_int_equal(decode(line, &memory, &record, &err), 0);
	assert_int_equal(record.type, RECORD_BLOCK);
	assert_string_equal(record.head.vantage, "v");
	assert_string_equal(record.block.target, "t");
	record_memory_fini(&memory);
	record_memory_fini(NULL);
}

static const struct {
	const char *line;
	int code;
	const char *field, *message; /* a part of it */
} bad[] = {
	{"", BW_ERR_SYNTAX, "", "not valid JSON"},
	{"{", BW_ERR_SYNTAX, "", "not valid JSON"},
	{"[]", BW_ERR_VALUE, "", "must be an object, not a list"},
	{"{}", BW_ERR_VALUE, "schema", "missing"},
	{"{\"schema\":\"blockwatch/record/2\"}", BW_ERR_VALUE, "schema", "must be"},
	{"{\"schema\":1}", BW_ERR_VALUE, "schema", "must be a string, not a number"},
	{"{\"schema\":\"blockwatch/record/1\",\"type\":\"route\"}", BW_ERR_VALUE, "type",
	 "'route' is not known"},
	{HEAD "\"type\":\"block\"}", BW_ERR_VALUE, "target", "missing"},
	{HEAD "\"seq\":1}", BW_ERR_OVERLAP, "", "keep one of the two"},
	{HEAD PREFIXES "\"verdict\":\"dork\"}", BW_ERR_VALUE, "verdict", "did you mean 'dark'?"},
	{HEAD PREFIXES "\"verdict\":\"partly-dark\"}", BW_ERR_VALUE, "verdict",
	 "'partly-dark' is not known"},
	{HEAD EVENT_OF "\"block\",\"subject\":\"198.18.0.0/24\",\"from\":\"partly-dark\"}",
	 BW_ERR_VALUE, "from", "'partly-dark' is not known"},
	{HEAD EVENT_OF "\"block\",\"subject\":\"198.18.0.0/24\",\"from\":\"up\","
		      "\"to\":\"partly-dark\"}",
	 BW_ERR_VALUE, "to", "'partly-dark' is not known"},
	{HEAD EVENT_OF "\"network\",\"subject\":\"t\"}", BW_ERR_VALUE, "subject",
	 "'t' is no prefix"},
	{HEAD "\"type\":\"condition\",\"target\":\"t\",\"scope\":\"block\","
	      "\"subject\":\"kp\"}",
	 BW_ERR_VALUE, "subject", "'kp' is no prefix"},
	{HEAD PREFIXES "\"verdict\":\"up\",\"belief\":1.5}", BW_ERR_VALUE, "belief",
	 "1.5 is out of range: 0 to 1"},
	{HEAD PREFIXES "\"verdict\":\"up\",\"belief\":null}", BW_ERR_VALUE, "belief",
	 "must be a number, not null"},
	{HEAD PREFIXES "\"verdict\":\"up\",\"belief\":1,\"conditions\":[\"lone\",\"lone\"]}",
	 BW_ERR_OVERLAP, "conditions[1]", "'lone' is given twice"},
	{HEAD PREFIXES "\"verdict\":\"up\",\"belief\":1,\"conditions\":\"lone\"}", BW_ERR_VALUE,
	 "conditions", "must be a list, not a string"},
	{HEAD PREFIXES "\"verdict\":\"up\",\"belief\":1,\"conditions\":[\"partial\"],"
	      "\"reasons\":[]," REST,
	 BW_ERR_VALUE, "parts", "missing"},
	{HEAD PREFIXES "\"verdict\":\"up\",\"belief\":1,\"conditions\":[\"partial\"],"
	      "\"parts\":[\"198.18.1.0/25\"],\"reasons\":[]," REST,
	 BW_ERR_VALUE, "parts[0]", "is no half and no quarter of the block"},
	{HEAD PREFIXES "\"verdict\":\"up\",\"belief\":1,\"conditions\":[\"partial\"],"
	      "\"parts\":[\"198.18.0.0/25\",\"198.18.0.64/26\"],\"reasons\":[]," REST,
	 BW_ERR_OVERLAP, "parts[1]", "twice"},
	{HEAD "\"type\":\"block\",\"target\":\"t\",\"network\":\"198.18.0.0/24\","
	      "\"block\":\"198.18.0.0/33\"}",
	 BW_ERR_VALUE, "block", "'198.18.0.0/33' is no prefix"},
	{HEAD "\"type\":\"vantage\",\"healthy\":1}", BW_ERR_VALUE, "healthy",
	 "must be true or false, not a number"},
	{HEAD "\"type\":\"vantage\",\"healthy\":true,\"reasons\":[],\"sent\":-1}", BW_ERR_VALUE,
	 "sent", "-1 is out of range"},
	{HEAD "\"type\":\"vantage\",\"healthy\":true,\"reasons\":[],\"sent\":1.5}", BW_ERR_VALUE,
	 "sent", "must be a whole number"},
	{HEAD "\"type\":\"probe\",\"block\":\"198.18.0.0/24\",\"host\":\"x\"}", BW_ERR_VALUE,
	 "host",
	 "'x' is no address"},
	{HEAD "\"type\":\"probe\",\"block\":\"198.18.0.0/24\",\"host\":\"198.18.0.1\","
	      "\"method\":\"gre:53\"}",
	 BW_ERR_VALUE, "method", "gre:53"},
	{HEAD "\"type\":\"probe\",\"block\":\"198.18.0.0/24\",\"host\":\"198.18.0.1\","
	      "\"method\":\"icmp\",\"sent\":\"yesterday\"}",
	 BW_ERR_VALUE, "sent", "'yesterday' is no time"},
	{HEAD "\"type\":\"probe\",\"block\":\"198.18.0.0/24\",\"host\":\"198.18.0.1\","
	      "\"method\":\"icmp\",\"sent\":\"2201-01-01T00:00:00Z\"}",
	 BW_ERR_VALUE, "sent", "out of range: 1970 to 2200"},
	{HEAD TRACE "\"hops\":[{\"ttl\":0}]}", BW_ERR_VALUE, "hops[0].ttl", "0 is out of range"},
	{HEAD TRACE "\"hops\":[" HOP_64 ",{\"ttl\":64}]}", BW_ERR_VALUE, "hops[1].ttl",
	 "64 is out of range"},
	{HEAD TRACE "\"hops\":{}}", BW_ERR_VALUE, "hops", "must be a list"},
	{HEAD TRACE "\"hops\":[{\"ttl\":1,\"from\":\"elsewhere\"}]}", BW_ERR_VALUE, "hops[0].from",
	 "'elsewhere' is no address"},
	{HEAD TRACE "\"hops\":[{\"ttl\":1,\"from\":null,\"rtt_ms\":null,\"kind\":\"silence\"}]}",
	 BW_ERR_VALUE, "hops[0].kind", "did you mean 'silent'?"},
	{HEAD TRACE "\"hops\":[],\"stopped\":\"tired\"}", BW_ERR_VALUE, "stopped", "tired"},
	{HEAD "\"type\":\"event\",\"target\":\"t\",\"scope\":\"blok\"}", BW_ERR_VALUE, "scope",
	 "did you mean 'block'?"},
	{HEAD EVENT "\"status\":\"withdrawn\",\"outage\":null,\"unusual\":null}", BW_ERR_VALUE,
	 "withdraws", "missing"},
	{HEAD EVENT "\"status\":\"confirmed\",\"unusual\":null,\"outage\":{"
	      "\"start\":\"2026-11-21T12:00:00Z\",\"end\":\"2026-11-21T12:00:01Z\","
	      "\"duration_s\":1.001,\"uncertainty_s\":0}}",
	 BW_ERR_VALUE, "outage.duration_s", "is not the time from start to end"},
	{HEAD EVENT "\"status\":\"confirmed\",\"outage\":null,\"unusual\":{\"days\":\"x\"}}",
	 BW_ERR_VALUE, "unusual.days", "must be a number, not a string"},
};

static void test_bad_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct record_memory memory = {0};
		struct record record = {.head.seq = 77};
		struct bw_err err = {0};
		int code = decode(bad[i].line, &memory, &record, &err);

		if (code != bad[i].code || strcmp(err.field, bad[i].field) != 0 ||
		    !strstr(err.message, bad[i].message))
			fail_msg("%s\ngave %d: %s: %s", bad[i].line, code, err.field, err.message);
		assert_string_equal(err.file, "f");
		assert_int_equal(record.head.seq, 77);
		assert_null(memory.document.json);
		assert_int_equal(decode(bad[i].line, &memory, &record, NULL), code);
	}
}

static void test_too_long(void **state)
{
	struct record_memory memory = {0};
	char *line = calloc(1, RECORD_LINE_MAX + 2);
	struct record record;
	struct bw_err err;

	(void)state;
	memset(line, ' ', RECORD_LINE_MAX + 1);
	memcpy(line, HEAD BLOCK, sizeof(HEAD BLOCK) - 1);
	assert_int_equal(record_decode(line, RECORD_LINE_MAX, "f", &memory, &record, &err), 0);
	assert_int_equal(record_decode(line, RECORD_LINE_MAX + 1, "f", &memory, &record, &err),
			 BW_ERR_LIMIT);
	record_memory_fini(&memory);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_targets_and_vantages),
		cmocka_unit_test(test_probes),
		cmocka_unit_test(test_rounds_of_a_vantage),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_traces),
		cmocka_unit_test(test_surveys),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_golden_files),
		cmocka_unit_test(test_order_and_unknown_members),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests_name("report/decode", tests, NULL, NULL);
}
