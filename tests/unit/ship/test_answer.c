/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ship/format/answer.h"
#include "ship/format/framing.h"
#include "ship/line.h"

static uint8_t items[8];
static struct reasons reasons;

static struct answer_verdict judge(int status, enum framing framing, const char *body, size_t count)
{
	const struct answer answer = {.status = status, .body = body, .length = strlen(body)};
	struct answer_verdict verdict = {.items = items, .count = count, .reasons = &reasons};

	answer_judge(&answer, framing, &verdict);
	return verdict;
}

static void test_status(void **state)
{
	static const struct {
		int status;
		size_t count;
		enum answer_kind kind;
		enum failure failure;
	} rows[] = {
		{200, 3, ANSWER_STORED, FAILURES},     {204, 3, ANSWER_STORED, FAILURES},
		{413, 3, ANSWER_HALVE, FAILURE_SIZE},  {413, 1, ANSWER_ASIDE, FAILURE_ASIDE},
		{400, 3, ANSWER_ASIDE, FAILURE_ASIDE}, {415, 3, ANSWER_ASIDE, FAILURE_ASIDE},
		{422, 3, ANSWER_ASIDE, FAILURE_ASIDE}, {401, 3, ANSWER_AGAIN, FAILURE_SINK},
		{403, 3, ANSWER_AGAIN, FAILURE_SINK},  {404, 3, ANSWER_AGAIN, FAILURE_SINK},
		{409, 3, ANSWER_AGAIN, FAILURE_SINK},  {429, 3, ANSWER_AGAIN, FAILURE_BUSY},
		{503, 3, ANSWER_AGAIN, FAILURE_BUSY},  {500, 3, ANSWER_AGAIN, FAILURE_SERVER},
		{301, 3, ANSWER_AGAIN, FAILURE_SINK},  {101, 3, ANSWER_AGAIN, FAILURE_SINK},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct answer_verdict verdict =
			judge(rows[i].status, FRAMING_NDJSON, "no\x1b[1m\n good", rows[i].count);

		assert_int_equal(verdict.kind, rows[i].kind);
		if (rows[i].kind == ANSWER_STORED)
			continue;
		assert_int_equal(verdict.failure, rows[i].failure);
		assert_non_null(strstr(verdict.text, ": no [1m good"));
	}
}

static void test_no_answer(void **state)
{
	const struct answer answer = {.failure = FAILURE_TLS, .text = "certificate has expired"};
	struct answer_verdict verdict = {.items = items, .count = 2};

	(void)state;
	answer_judge(&answer, FRAMING_NDJSON, &verdict);
	assert_int_equal(verdict.kind, ANSWER_AGAIN);
	assert_int_equal(verdict.failure, FAILURE_TLS);
	assert_string_equal(verdict.text, "certificate has expired");
}

static void test_collector(void **state)
{
	struct answer_verdict verdict =
		judge(200, FRAMING_NDJSON,
		      "{\"taken\":1,\"known\":1,\"refused\":[],"
		      "\"stored\":{\"boot\":\"b1\",\"seq\":18446744073709551615}}",
		      2);

	(void)state;
	assert_int_equal(verdict.kind, ANSWER_STORED);
	assert_string_equal(verdict.stored_boot, "b1");
	assert_true(verdict.stored_seq == UINT64_MAX);
	verdict = judge(200, FRAMING_NDJSON,
			"{\"taken\":2,\"known\":0,\"refused\":[{\"line\":2,\"reason\":\"too "
			"long\"},{\"line\":9,\"reason\":\"x\"}],\"stored\":null}",
			3);
	assert_int_equal(verdict.kind, ANSWER_ITEMS);
	assert_int_equal(verdict.failure, FAILURE_ASIDE);
	assert_string_equal(verdict.text, "too long");
	assert_memory_equal(
		items, ((uint8_t[]){ANSWER_ITEM_STORED, ANSWER_ITEM_ASIDE, ANSWER_ITEM_STORED}), 3);
}

/* Whatever a plain receiver answers with 200, the records are there. */
static void test_other_bodies(void **state)
{
	static const char *const bodies[] = {"",
					     "ok",
					     "{",
					     "{}",
					     "{\"taken\":1",
					     "[1,2,3]",
					     "<html>",
					     "{\"taken\":null}",
					     "{\"taken\":3,\"refused\":7,\"stored\":[1]}"};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct answer_verdict verdict = judge(200, FRAMING_NDJSON, bodies[i], 3);

		assert_int_equal(verdict.kind, ANSWER_STORED);
		assert_string_equal(verdict.stored_boot, "");
	}
}

/* Each item has the reason that the receiver gives for it, cut off where it is long. */
static void test_reasons(void **state)
{
	char body[4096], line[64];
	size_t used = (size_t)snprintf(body, sizeof(body), "{\"errors\":true,\"items\":[");

	(void)state;
	for (int i = 0; i < 8; i++)
		used += (size_t)snprintf(body + used, sizeof(body) - used,
					 "%s{\"create\":{\"status\":400,\"error\":"
					 "{\"reason\":\"no %0*d\"}}}",
					 i ? "," : "", i == 7 ? 300 : 1, i);
	snprintf(body + used, sizeof(body) - used, "]}");
	assert_int_equal(judge(200, FRAMING_ES_BULK, body, 8).kind, ANSWER_ITEMS);
	for (size_t i = 0; i < 7; i++) {
		snprintf(line, sizeof(line), "no %zu", i);
		assert_string_equal(reasons_of(&reasons, i), line);
	}
	assert_int_equal(strlen(reasons_of(&reasons, 7)), REASONS_TEXT - 1);
	/* The next request begins without any. */
	judge(200, FRAMING_NDJSON, "{\"taken\":1,\"refused\":[{\"line\":2,\"reason\":\"late\"}]}",
	      2);
	assert_null(reasons_of(&reasons, 0));
	assert_string_equal(reasons_of(&reasons, 1), "late");
	reasons_fini(&reasons);
}

static void test_bulk(void **state)
{
	struct answer_verdict verdict;

	(void)state;
	verdict = judge(200, FRAMING_ES_BULK, "{\"took\":3,\"errors\":false,\"items\":[]}", 3);
	assert_int_equal(verdict.kind, ANSWER_STORED);
	verdict = judge(200, FRAMING_ES_BULK,
			"{\"errors\":true,\"items\":[{\"create\":{\"status\":201}},"
			"{\"create\":{\"status\":409,\"error\":{\"reason\":\"there\"}}},"
			"{\"create\":{\"status\":400,\"error\":{\"reason\":\"bad field\"}}},"
			"{\"create\":{\"status\":429}},{\"create\":{\"status\":503}}]}",
			5);
	assert_int_equal(verdict.kind, ANSWER_ITEMS);
	assert_int_equal(verdict.failure, FAILURE_BUSY);
	assert_string_equal(verdict.text, "bad field");
	assert_memory_equal(items,
			    ((uint8_t[]){ANSWER_ITEM_STORED, ANSWER_ITEM_STORED, ANSWER_ITEM_ASIDE,
					 ANSWER_ITEM_AGAIN, ANSWER_ITEM_AGAIN}),
			    5);
	assert_null(reasons_of(&reasons, 1));
	assert_string_equal(reasons_of(&reasons, 2), "bad field");
	/* All are there already: stored. */
	verdict = judge(200, FRAMING_ES_BULK,
			"{\"errors\":true,\"items\":[{\"create\":{\"status\":409}}]}", 1);
	assert_int_equal(verdict.kind, ANSWER_STORED);
}

static void test_bulk_of_nonsense(void **state)
{
	static const char *const bodies[] = {
		"",
		"ok",
		"{}",
		"[]",
		"{\"errors\":1}",
		"{\"errors\":true}",
		"{\"errors\":true,\"items\":[{\"create\":{\"status\":201}}]}",
		"{\"errors\":true,\"items\":[{\"index\":{\"status\":201}},{},{}]}",
		"{\"errors\":true,\"items\":[1,2,3]}"};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct answer_verdict verdict = judge(200, FRAMING_ES_BULK, bodies[i], 3);

		assert_int_equal(verdict.kind, ANSWER_AGAIN);
		assert_int_equal(verdict.failure, FAILURE_ANSWER);
		assert_true(verdict.text[0]);
	}
}

#define LINE(type, seq, more)                                                  \
	SHIP_LINE_MARK type "\",\"vantage\":\"v\",\"boot\":\"b\",\"seq\":" seq \
			    ",\"time\":\"2026-11-30T00:00:00.000001Z\"" more "}\n"

static struct batch make_batch(const char *const *lines)
{
	struct batch batch;

	assert_int_equal(batch_init(&batch), 0);
	for (; *lines; lines++)
		batch_add(&batch, *lines, strlen(*lines));
	return batch;
}

static void expect_body(enum framing framing, struct batch *batch, size_t first, size_t count,
			const char *wanted)
{
	const struct batch_slice slice = {batch, first, count};
	struct framing_body body = {0};
	const char *bytes;
	size_t length;

	assert_int_equal(framing_make(framing, &slice, &body, &bytes, &length), 0);
	assert_int_equal(length, strlen(wanted));
	assert_memory_equal(bytes, wanted, length);
	framing_body_fini(&body);
}

static void test_framings(void **state)
{
	static const char *const lines[] = {LINE("block", "1", ",\"target\":\"kp\""),
					    LINE("block", "2", ",\"target\":\"kp\",\"x\":\"\\\\\""),
					    LINE("vantage", "3", ""), NULL};
	struct batch batch = make_batch(lines);

	(void)state;
	expect_body(FRAMING_NDJSON, &batch, 1, 2,
		    LINE("block", "2", ",\"target\":\"kp\",\"x\":\"\\\\\"")
			    LINE("vantage", "3", ""));
	expect_body(FRAMING_ES_BULK, &batch, 2, 1,
		    "{\"create\":{\"_id\":\"v-b-3\"}}\n" LINE("vantage", "3", ""));
	expect_body(FRAMING_LOKI, &batch, 2, 1,
		    "{\"streams\":[{\"stream\":{\"vantage\":\"v\",\"type\":\"vantage\"},\"values\":"
		    "[[\"1795996800000001000\",\"{\\\"schema\\\":\\\"blockwatch/record/1\\\","
		    "\\\"type\\\":\\\"vantage\\\",\\\"vantage\\\":\\\"v\\\",\\\"boot\\\":\\\"b\\\","
		    "\\\"seq\\\":3,\\\"time\\\":\\\"2026-11-30T00:00:00.000001Z\\\"}\"]]}]}");
	batch_clear(&batch);
	expect_body(FRAMING_NDJSON, &batch, 0, 0, "");
	expect_body(FRAMING_ES_BULK, &batch, 0, 0, "");
	expect_body(FRAMING_LOKI, &batch, 0, 0, "{\"streams\":[]}");
	batch_fini(&batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_no_answer),
		cmocka_unit_test(test_collector),
		cmocka_unit_test(test_other_bodies),
		cmocka_unit_test(test_bulk),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_bulk_of_nonsense),
		cmocka_unit_test(test_framings),
	};
	return cmocka_run_group_tests_name("ship/answer", tests, NULL, NULL);
}
