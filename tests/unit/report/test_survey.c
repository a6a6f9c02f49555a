/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "report/record/encode.h"
#include "report/survey/survey_csv.h"
#include "report/survey/survey_progress.h"
#include "report/survey/survey_target.h"
#include "report/survey/survey_text.h"

static struct survey_answer answer_of(const char *host, const char *method)
{
	struct survey_answer answer = {
		.kind = REPLY_ECHO,
		.ttl = 57,
		.brief = 0x00070102,
		.at = {INT64_C(1419264900123456789)},
		.rtt_ns = 12345499,
	};

	assert_int_equal(bw_addr_parse(host, &answer.host), 0);
	assert_int_equal(bw_addr_parse("192.0.2.9", &answer.to), 0);
	assert_int_equal(bw_method_parse(method, &answer.method, NULL), 0);
	answer.from = answer.host;
	return answer;
}

static void assert_text(struct survey_answer answer, bool with_method, const char *expected)
{
	char line[SURVEY_TEXT];
	size_t length = survey_text(&answer, with_method, line);

	assert_int_equal(length, strlen(expected));
	assert_memory_equal(line, expected, length);
}

static void test_text(void **state)
{
	struct survey_answer answer = answer_of("198.18.0.1", "icmp");

	(void)state;
	assert_text(answer, false, "198.18.0.1 12.345 ms echo-reply\n");
	answer.rtt_ns = 999;
	assert_text(answer, true, "198.18.0.1 0.001 ms echo-reply icmp\n");
	answer.rtt_ns = 0;
	assert_text(answer, false, "198.18.0.1 0.000 ms echo-reply\n");
	answer.rtt_ns = 3100 * BW_MS;
	assert_text(answer, false, "198.18.0.1 3100.000 ms echo-reply\n");
	answer = answer_of("2001:db8::1", "tcp:443");
	answer.kind = REPLY_PROHIBITED;
	assert_int_equal(bw_addr_parse("2001:db8::fe", &answer.from), 0);
	assert_text(answer, true, "2001:db8::1 12.345 ms prohibited tcp:443 from 2001:db8::fe\n");
}

static void assert_csv(const char *fields, struct survey_answer answer, const char *expected)
{
	char line[SURVEY_CSV_LINE];
	struct survey_csv csv;
	size_t length;

	assert_int_equal(survey_csv_parse(fields, &csv, NULL), 0);
	length = survey_csv_line(&csv, &answer, true, line);
	line[length] = '\0';
	assert_string_equal(line, expected);
}

static void test_csv(void **state)
{
	struct survey_answer answer = answer_of("198.18.0.1", "icmp");

	(void)state;
	assert_csv("saddr", answer, "198.18.0.1\n");
	assert_csv("saddr_raw,daddr,ttl,success,repeat,cooldown", answer,
		   "16782022,192.0.2.9,57,1,0,1\n");
	assert_csv("timestamp_str,timestamp-ts,timestamp_us", answer,
		   "2014-12-22T16:15:00.123+0000,1419264900,123456\n");
	assert_csv("classification,icmp_type,icmp-code,icmp_id,icmp_seq,sport,acknum", answer,
		   "echoreply,0,0,7,258,,\n");
	assert_csv("host,from,method,kind,rtt_ms,block", answer,
		   "198.18.0.1,198.18.0.1,icmp,echo-reply,12.345,198.18.0.0/24\n");
	answer = answer_of("198.18.0.1", "tcp:80");
	answer.kind = REPLY_RST;
	answer.local_port = 61500;
	assert_csv("classification,success,sport,dport,acknum,icmp_type", answer,
		   "rst,0,80,61500,459011,\n");
}

static void test_csv_errors(void **state)
{
	char many[6 * (SURVEY_CSV_MAX + 1) + 1] = "";
	struct survey_csv csv;
	struct bw_err err;

	(void)state;
	assert_int_equal(survey_csv_parse("saddr,nonsense", &csv, &err), BW_ERR_USAGE);
	assert_non_null(strstr(err.message, "'nonsense'"));
	assert_non_null(strstr(err.message, "timestamp_str"));
	assert_int_equal(survey_csv_parse("saddr,", &csv, &err), BW_ERR_USAGE);
	assert_int_equal(survey_csv_parse("", &csv, &err), BW_ERR_USAGE);
	for (unsigned i = 0; i <= SURVEY_CSV_MAX; i++)
		memcpy(many + 6 * i, "saddr,", 6);
	many[sizeof(many) - 2] = '\0'; /* without the last comma */
	assert_int_equal(survey_csv_parse(many, &csv, &err), BW_ERR_USAGE);
	many[strlen(many) - 6] = '\0';
	assert_int_equal(survey_csv_parse(many, &csv, &err), 0);
}

static void test_progress(void **state)
{
	struct survey_progress progress = {
		.elapsed_ns = 12 * BW_S,
		.asked = 5000000,
		.total = 14700000,
		.sent = 5000000,
		.answered = 3900000,
		.replies = 3825000,
		.rate_pps = 412345,
		.listening_ns = -1,
	};
	char text[SURVEY_PROGRESS_TEXT];

	(void)state;
	assert_string_equal(survey_progress_format(&progress, 0, text),
			    "12 s  34.0 %  5.0 M sent, 412 k/s  3.9 M answered (76.5 %)  0 lost  "
			    "24 s left");
	progress.listening_ns = 3500 * BW_MS;
	survey_progress_format(&progress, 0, text);
	assert_non_null(strstr(text, "listening 3 s more"));
	assert_int_equal(strlen(survey_progress_format(&progress, 20, text)), 19);
	progress = (struct survey_progress){.listening_ns = -1};
	assert_non_null(survey_progress_format(&progress, 0, text));
	assert_string_equal(survey_count_format(999, text), "999");
	assert_string_equal(survey_count_format(1000, text), "1.0 k");
	assert_string_equal(survey_count_format(999950, text), "1.0 M");
}

static void add(struct survey_target *target, const char *host, double availability)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(host, &addr), 0);
	survey_target_add(target, &addr, availability);
}

static void test_target(void **state)
{
	struct bw_methods methods = {.count = 0};
	struct survey_target target;
	struct survey_target_head head = {.methods = &methods,
					  .source = "a \"survey\"",
					  .now = {INT64_C(1419264900000000000)}};
	json_t *json, *networks;
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	assert_int_equal(bw_methods_parse("icmp,tcp:53", &methods, NULL), 0);
	survey_target_begin(&target, file, &head);
	add(&target, "198.18.0.1", 1);
	add(&target, "198.18.0.9", 2.0 / 3);
	add(&target, "198.18.1.0", 0.5);
	add(&target, "2001:db8::1", 1);
	assert_int_equal(survey_target_end(&target), 0);
	rewind(file);
	json = json_loadf(file, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "updated")), "2014-12-22");
	assert_string_equal(json_string_value(json_object_get(json, "source")), "a \"survey\"");
	networks = json_object_get(json, "networks");
	assert_int_equal(json_array_size(networks), 3);
	assert_int_equal(json_array_size(json_object_get(json_array_get(networks, 0), "hosts")), 2);
	assert_string_equal(json_string_value(
				    json_object_get(json_array_get(networks, 2), "prefix")),
			    "2001:db8::/48");
	json_decref(json);
	fclose(file);
}

static void test_target_without_hosts(void **state)
{
	struct bw_methods methods = {1, {{.protocol = BW_PROTOCOL_ICMP}}};
	struct survey_target_head head = {.methods = &methods, .source = ""};
	struct survey_target target;
	FILE *file = tmpfile();

	(void)state;
	survey_target_begin(&target, file, &head);
	assert_int_equal(survey_target_end(&target), BW_ERR_MISSING);
	fclose(file);
}

static void test_record(void **state)
{
	const char *list[RECORD_PREFIXES_MAX + 9];
	char line[RECORD_LINE_MAX], longest[300];
	struct bw_methods methods = {1, {{.protocol = BW_PROTOCOL_ICMP}}};
	struct record record = {
		.type = RECORD_SURVEY,
		.head = {"v1", "b1", 1, {INT64_C(1419264900000000000)}},
		.survey = {.methods = &methods,
			   .prefixes = list,
			   .prefix_count = 1,
			   .addresses = 256,
			   .sent = 256,
			   .answered = 100,
			   .replies = 100,
			   .hit_rate = 100.0 / 256,
			   .rate_pps = 10000.5,
			   .duration_s = 8.1,
			   .passes = 1,
			   .shard = 2,
			   .shards = 3,
			   .seed = 42,
			   .complete = true},
	};
	json_t *json;

	(void)state;
	list[0] = "198.18.0.0/24";
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
	assert_non_null(strstr(line, "\"prefixes\":[\"198.18.0.0/24\"],\"methods\":[\"icmp\"],"));
	assert_non_null(strstr(line, "\"hit_rate\":0.390625,"));
	assert_non_null(strstr(line, "\"shard\":\"2/3\",\"seed\":42,\"complete\":true}\n"));
	/* As many as fit, whatever they are. */
	memset(longest, '"', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	record.survey.prefix_count = RECORD_PREFIXES_MAX + 9;
	for (unsigned i = 0; i < RECORD_PREFIXES_MAX + 9; i++)
		list[i] = longest;
	assert_true(record_encode(&record, line, sizeof(line)) > 0);
	json = json_loads(line, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "prefixes")), RECORD_PREFIXES_MAX);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),       cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_errors), cmocka_unit_test(test_progress),
		cmocka_unit_test(test_target),     cmocka_unit_test(test_target_without_hosts),
		cmocka_unit_test(test_record),
	};

	return cmocka_run_group_tests_name("report/survey", tests, NULL, NULL);
}
