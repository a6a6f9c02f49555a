/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ship/format/confirmation.h"
#include "ship/format/subject.h"

#define TEMPLATE "blockwatch.{vantage}.{target}.{type}"

static void expect(const char *line, const char *subject)
{
	struct ship_line head;
	char made[SUBJECT_MAX];

	assert_int_equal(ship_line_scan(line, strlen(line), &head), 0);
	assert_int_equal(subject_make(TEMPLATE, &head, made, sizeof(made)), 0);
	assert_string_equal(made, subject);
}

static void test_the_subject_of_a_record(void **state)
{
	(void)state;
	expect(SHIP_LINE_MARK "block\",\"vantage\":\"fra1\",\"boot\":\"b\",\"seq\":1,"
			      "\"time\":\"2026-01-01T00:00:00.000000Z\",\"target\":\"kp\",\"x\":1}",
	       "blockwatch.fra1.kp.block");
	expect(SHIP_LINE_MARK "vantage\",\"vantage\":\"a.b c\",\"boot\":\"b\",\"seq\":1,"
			      "\"time\":\"2026-01-01T00:00:00.000000Z\",\"healthy\":true}",
	       "blockwatch.a_b_c.-.vantage");
}

/* Names stand in the line as JSON has them; a subject has the characters that they mean. */
static void test_escapes_are_undone(void **state)
{
	static const char *const names[][2] = {
		{"a\\\"b", "a\"b"},
		{"a\\\\b", "a\\b"},
		{"a\\tb\\nc", "a_b_c"},
		{"a\\u0001b\\u001f", "a_b_"},
		{"a\x7f"
		 "b",
		 "a_b"},
		{"a.b*c>d e", "a_b_c_d_e"},
		{"K\xc3\xb6ln", "K\xc3\xb6ln"},
		{"\\\\u0041", "\\u0041"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char line[400], subject[100];

		snprintf(line, sizeof(line),
			 SHIP_LINE_MARK
			 "block\",\"vantage\":\"fra1\",\"boot\":\"b\",\"seq\":1,"
			 "\"time\":\"2026-01-01T00:00:00.000000Z\",\"target\":\"%s\"}",
			 names[i][0]);
		snprintf(subject, sizeof(subject), "blockwatch.fra1.%s.block", names[i][1]);
		expect(line, subject);
	}
}

/* No writer of ours has these: no subject can be made of them. */
static void test_foreign_escapes(void **state)
{
	static const char line[] =
		SHIP_LINE_MARK "block\",\"vantage\":\"v\",\"boot\":\"b\",\"seq\":1,"
			       "\"time\":\"2026-01-01T00:00:00.000000Z\",\"target\":\"a\\u0000b\"}";
	struct ship_line head;
	char made[SUBJECT_MAX];

	(void)state;
	assert_int_equal(ship_line_scan(line, strlen(line), &head), 0);
	assert_int_equal(subject_make(TEMPLATE, &head, made, sizeof(made)), BW_ERR_LIMIT);
}

static void test_where_the_vantage_is(void **state)
{
	(void)state;
	assert_int_equal(subject_find_vantage(TEMPLATE), 1);
	assert_int_equal(subject_find_vantage("{vantage}"), 0);
	assert_int_equal(subject_find_vantage("a.b.{vantage}"), 2);
	assert_int_equal(subject_find_vantage("a.x{vantage}.b"), -1);
	assert_int_equal(subject_find_vantage("a.{vantage}{type}"), -1);
	assert_int_equal(subject_find_vantage(""), -1);
}

static void test_whose_subject_it_is(void **state)
{
	(void)state;
	assert_true(subject_word_is("blockwatch.fra1.kp.block", 1, "fra1"));
	assert_true(subject_word_is("blockwatch.a_b.kp.block", 1, "a.b"));
	assert_true(subject_word_is("blockwatch.kp.fra1", 2, "fra1"));
	assert_false(subject_word_is("blockwatch.fra1.kp.block", 1, "fra"));
	assert_false(subject_word_is("blockwatch.fra1.kp.block", 1, "fra11"));
	assert_false(subject_word_is("blockwatch.fra1.kp.block", 2, "fra1"));
	assert_false(subject_word_is("blockwatch", 1, "fra1"));
	assert_false(subject_word_is("", 1, "fra1"));
}

static void test_the_subject_of_confirmations(void **state)
{
	char made[SUBJECT_MAX];

	(void)state;
	assert_int_equal(subject_make_confirmed("fra1", made, sizeof(made)), 0);
	assert_string_equal(made, "blockwatch-stored.fra1");
	assert_int_equal(subject_make_confirmed("a.b", made, sizeof(made)), 0);
	assert_string_equal(made, "blockwatch-stored.a_b");
	assert_int_equal(subject_make_confirmed("fra1", made, 10), BW_ERR_LIMIT);
}

static void test_a_confirmation_is_read_as_written(void **state)
{
	const struct confirmation written = {.vantage = "fra1",
					     .boot = "b\"1",
					     .stream = "BLOCKWATCH",
					     .seq = UINT64_MAX,
					     .created = 1796050844123456789,
					     .sequence = 42};
	struct confirmation read = {.seq = 0};
	char text[CONFIRMATION_TEXT];
	const int length = confirmation_encode(&written, text, sizeof(text));

	(void)state;
	assert_true(length > 0);
	assert_int_equal(confirmation_decode(text, (size_t)length, &read), 0);
	assert_memory_equal(&read, &written, sizeof(read));
}

#define BEGINS "{\"schema\":\"blockwatch/stored/1\",\"boot\":\"b\",\"seq\":1,\"stream\":\"S\","

static void test_what_is_no_confirmation(void **state)
{
	static const char *const bad[] = {
		"",
		"{}",
		"[]",
		"{\"schema\":\"blockwatch/stored/2\",\"vantage\":\"v\",\"boot\":\"b\",\"seq\":1,"
		"\"stream\":\"S\",\"created\":\"1\",\"sequence\":1}",
		BEGINS "\"vantage\":\"v\",\"created\":\"1x\",\"sequence\":1}",
		BEGINS "\"vantage\":\"v\",\"created\":\"1\",\"sequence\":-1}",
		BEGINS "\"vantage\":7,\"created\":\"1\",\"sequence\":1}",
	};
	struct confirmation read;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(confirmation_decode(bad[i], strlen(bad[i]), &read), BW_ERR_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_subject_of_a_record),
		cmocka_unit_test(test_escapes_are_undone),
		cmocka_unit_test(test_foreign_escapes),
		cmocka_unit_test(test_where_the_vantage_is),
		cmocka_unit_test(test_whose_subject_it_is),
		cmocka_unit_test(test_the_subject_of_confirmations),
		cmocka_unit_test(test_a_confirmation_is_read_as_written),
		cmocka_unit_test(test_what_is_no_confirmation),
	};

	return cmocka_run_group_tests_name("ship/subject", tests, NULL, NULL);
}
