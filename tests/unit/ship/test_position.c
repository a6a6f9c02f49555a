/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ship/position.h"

static struct position sample(void)
{
	struct position position = {
		.sink = "centre",
		.spool = "5ea1",
		.sent = {"b1", 12, 3, 4096, {3, 4096, 5000, 0xfedcba98}},
		.stored = {"b0", 99, 2, 64},
		.main_stored = {"b0", 100, 2, 96},
		.events_sent = {"b1", 14, 3, 5000},
		.events_stored = {"b0", 99, 2, 64},
		.backlog = {7, 2800, 1.25},
		.last_success = {1419264900 * BW_S},
		.confirmed = {1419264899 * BW_S},
		.has_offset = true,
		.clock_offset_s = -0.125,
		.updated = {1419264901 * BW_S},
	};

	position.failures[FAILURE_CONNECT] = 3;
	return position;
}

static void test_both_ways(void **state)
{
	struct position position = sample(), back;
	char text[POSITION_TEXT];
	int length = position_encode(&position, text, sizeof(text));

	(void)state;
	assert_true(length > 0 && text[length - 1] == '\n');
	assert_int_equal(position_decode(text, (size_t)length, &back, NULL), 0);
	assert_memory_equal(&back, &position, sizeof(position));
}

static void test_as_text(void **state)
{
	const struct position position = {.sink = "s"};
	char text[POSITION_TEXT];

	(void)state;
	assert_true(position_encode(&position, text, sizeof(text)) > 0);
	assert_non_null(strstr(text, "{\"schema\":\"blockwatch/position/1\",\"sink\":\"s\""));
	assert_non_null(strstr(text, "\"sent\":{\"boot\":\"\",\"seq\":0,\"segment\":0"));
	assert_non_null(strstr(text, "\"failures\":{},\"last_success\":null,"
				     "\"clock_offset_s\":null"));
}

static void test_longest_fits(void **state)
{
	struct position position = sample(), back;
	char text[POSITION_TEXT];
	int length;

	(void)state;
	memset(position.sink, 'x', sizeof(position.sink) - 1);
	memset(position.spool, 'x', sizeof(position.spool) - 1);
	memset(position.peer, 'x', sizeof(position.peer) - 1);
	memset(position.sent.boot, 'x', sizeof(position.sent.boot) - 1);
	position.sent.damage =
		(struct position_damage){UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT32_MAX};
	position.stored = position.main_stored = position.events_sent = position.events_stored =
		position.sent;
	for (int i = 0; i < FAILURES; i++)
		position.failures[i] = UINT64_MAX;
	length = position_encode(&position, text, sizeof(text));
	assert_true(length > 0);
	assert_int_equal(position_decode(text, (size_t)length, &back, NULL), 0);
	assert_memory_equal(&back, &position, sizeof(position));
}

static void test_refused(void **state)
{
	static const char *const wrong[] = {"",   "{",    "[]",
					    "{}", "null", "{\"schema\":\"blockwatch/position/2\"}"};
	struct position position;
	struct bw_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_true(position_decode(wrong[i], strlen(wrong[i]), &position, &err) < 0);
}

static void test_order(void **state)
{
	const struct position_place a = {"b", 5, 9, 0}, b = {"b", 6, 8, 0}, c = {"c", 1, 9, 10};

	(void)state;
	assert_true(position_is_before(&a, &b)); /* of one boot, seq is the truth */
	assert_false(position_is_before(&b, &a));
	assert_true(position_is_before(&a, &c));
	assert_false(position_is_before(&a, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),    cmocka_unit_test(test_as_text),
		cmocka_unit_test(test_longest_fits), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_order),
	};
	return cmocka_run_group_tests_name("ship/position", tests, NULL, NULL);
}
