/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ship/line.h"
#include "ship/segment_name.h"

#define HEAD                                                                             \
	"{\"schema\":\"blockwatch/record/1\",\"type\":\"block\",\"vantage\":\"v\\\"1\"," \
	"\"boot\":\"b0\",\"seq\":17,\"time\":\"2014-12-22T16:15:00.000000Z\""

static int scan(const char *text, struct ship_line *line)
{
	return ship_line_scan(text, strlen(text), line);
}

static void test_head(void **state)
{
	struct ship_line line;

	(void)state;
	assert_int_equal(scan(HEAD ",\"target\":\"kp\",\"x\":1}\n", &line), 0);
	assert_true(ship_text_is(&line.type, "block"));
	assert_true(ship_text_is(&line.vantage, "v\\\"1"));
	assert_true(ship_text_is(&line.boot, "b0"));
	assert_true(ship_text_is(&line.target, "kp"));
	assert_int_equal(line.seq, 17);
	assert_int_equal(ship_line_time(&line).ns / BW_S, 1419264900);
}

static void test_no_target(void **state)
{
	struct ship_line line;

	(void)state;
	assert_int_equal(scan(HEAD ",\"healthy\":true}", &line), 0);
	assert_int_equal(line.target.length, 0);
	assert_int_equal(scan(HEAD "}", &line), 0);
}

/* Each shorter beginning of the head is no record, and nothing behind it is read. */
static void test_cut_head(void **state)
{
	struct ship_line line;

	(void)state;
	for (size_t length = 0; length < strlen(HEAD); length++)
		assert_int_equal(ship_line_scan(HEAD, length, &line), BW_ERR_SYNTAX);
	assert_int_equal(ship_line_scan(HEAD, strlen(HEAD), &line), 0);
}

static void test_other_lines(void **state)
{
	struct ship_line line;

	(void)state;
	assert_int_equal(scan("", &line), BW_ERR_SYNTAX);
	assert_int_equal(scan("{\"schema\":\"blockwatch/record/2\"}", &line), BW_ERR_SYNTAX);
	assert_int_equal(scan(HEAD ",\"target\":\"kp", &line), BW_ERR_SYNTAX);
	assert_int_equal(ship_line_scan("\0\0\0\0", 4, &line), BW_ERR_SYNTAX);
}

static void test_copy(void **state)
{
	const struct ship_text text = {"abcd", 3};
	char buffer[4];

	(void)state;
	assert_true(ship_text_copy(&text, buffer, 4));
	assert_string_equal(buffer, "abc");
	assert_false(ship_text_copy(&text, buffer, 3));
	assert_string_equal(buffer, "");
}

static void test_segment_names(void **state)
{
	static const char *const strangers[] = {"records-0.jsonl",
						"records-01.jsonl",
						"records-.jsonl",
						"records-1.jsonl.tmp",
						"records-1.index",
						"spool.json",
						"",
						"records-1x.jsonl",
						"records-1234567890123456789012.jsonl"};
	char name[SEGMENT_NAME_TEXT];
	uint64_t number = 0;

	(void)state;
	assert_string_equal(segment_name_format(12, name), "records-12.jsonl");
	assert_true(segment_name_parse(name, &number));
	assert_int_equal(number, 12);
	assert_string_equal(segment_name_format_index(12, name), "records-12.index");
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
		assert_false(segment_name_parse(strangers[i], &number));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),     cmocka_unit_test(test_no_target),
		cmocka_unit_test(test_cut_head), cmocka_unit_test(test_other_lines),
		cmocka_unit_test(test_copy),     cmocka_unit_test(test_segment_names),
	};
	return cmocka_run_group_tests_name("ship/line", tests, NULL, NULL);
}
