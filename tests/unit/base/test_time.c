/* SPDX-License-Identifier: Apache-2.0 */
#include <blockwatch/time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"

#define MINUTE (60 * BW_S)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static void check_wall(int64_t ns, const char *text)
{
	char buffer[BW_WALL_TEXT];
	struct bw_wall wall;

	assert_string_equal(bw_wall_format((struct bw_wall){ns}, buffer), text);
	assert_int_equal(bw_wall_parse(text, &wall), 0);
	assert_true(wall.ns <= ns && ns - wall.ns < BW_US);
}

static void test_wall(void **state)
{
	(void)state;
	check_wall(0, "1970-01-01T00:00:00.000000Z");
	check_wall(INT64_C(1419264900) * BW_S, "2014-12-22T16:15:00.000000Z");
	check_wall(INT64_C(1419264900) * BW_S + 999999999, "2014-12-22T16:15:00.999999Z");
	check_wall(INT64_C(951782400) * BW_S, "2000-02-29T00:00:00.000000Z");
	check_wall(INT64_C(4107542399) * BW_S, "2100-02-28T23:59:59.000000Z");
	check_wall(INT64_C(4107542400) * BW_S, "2100-03-01T00:00:00.000000Z");
	check_wall(-1, "1969-12-31T23:59:59.999999Z");
	check_wall(-BW_S, "1969-12-31T23:59:59.000000Z");
	check_wall(INT64_MAX, "2262-04-11T23:47:16.854775Z");
	check_wall(INT64_MIN / BW_S * BW_S, "1677-09-21T00:12:44.000000Z");
}

/* gmtime_r() knows each day, with all leap years. */
static void test_wall_each_day(void **state)
{
	(void)state;
	for (int64_t day = -INT64_MAX / DAY; day <= INT64_MAX / DAY; day++) {
		char text[BW_WALL_TEXT];
		struct bw_wall wall;

		bw_wall_format((struct bw_wall){day * DAY}, text);
		assert_int_equal(bw_wall_parse(text, &wall), 0);
		assert_true(wall.ns == day * DAY);
	}
}

static void test_wall_round_trip(void **state)
{
	struct rng rng = rng_of(1);

	(void)state;
	for (unsigned i = 0; i < 20000; i++) {
		int64_t us = (int64_t)rng_below(&rng, INT64_MAX / BW_US * 2 - 2000000) -
			     (INT64_MAX / BW_US - 1000000);
		char text[BW_WALL_TEXT];
		struct bw_wall wall;

		bw_wall_format((struct bw_wall){us * BW_US}, text);
		assert_int_equal(bw_wall_parse(text, &wall), 0);
		assert_true(wall.ns == us * BW_US);
	}
}

static void test_wall_forms(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} cases[] = {
		{"1970-01-01T00:00:01Z", BW_S},
		{"1970-01-01T00:00:01+00:00", BW_S},
		{"1970-01-01T00:00:00.5Z", 500 * BW_MS},
		{"1970-01-01T00:00:00.000000001Z", 1},
		{"1970-01-01T00:00:00.123456789+00:00", 123456789},
		{"2024-02-29T23:59:59Z", INT64_C(1709251199) * BW_S},
	};
	struct bw_wall wall;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(bw_wall_parse(cases[i].text, &wall), 0);
		assert_true(wall.ns == cases[i].ns);
	}
}

static void test_wall_refuses(void **state)
{
	static const char *const cases[] = {
		"", "2014", "2014-12-22", "2014-12-22T16:15:00", "2014-12-22 16:15:00Z",
		"2014-12-22T16:15Z", "2014-12-22t16:15:00Z", "2014-12-22T16:15:00z",
		"2014-12-22T16:15:00.Z", "2014-12-22T16:15:00.1234567890Z",
		"2014-12-22T16:15:00,5Z", "2014-12-22T16:15:00+01:00", "2014-12-22T16:15:00-00:00",
		"2014-12-22T16:15:00ZZ", "2014-12-22T16:15:00Z ", " 2014-12-22T16:15:00Z",
		"2014-13-22T16:15:00Z", "2014-00-22T16:15:00Z", "2014-12-32T16:15:00Z",
		"2014-12-00T16:15:00Z", "2014-02-29T16:15:00Z", "1900-02-29T16:15:00Z",
		"2014-04-31T16:15:00Z", "2014-12-22T24:00:00Z", "2014-12-22T16:60:00Z",
		"2014-12-22T16:15:60Z", "14-12-22T16:15:00Z", "02014-12-22T16:15:00Z",
		"+014-12-22T16:15:00Z", "2014-1-22T16:15:00Z", "2014-12-22T6:15:00Z",
		"2014-12-22T16:15:-1Z", "2262-04-11T23:47:17Z", "1677-09-21T00:12:43Z",
		"9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_wall wall = {42};

		assert_int_equal(bw_wall_parse(cases[i], &wall), BW_ERR_SYNTAX);
		assert_true(wall.ns == 42);
	}
}

static void test_duration_parse(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} cases[] = {
		{"0s", 0}, {"1us", BW_US}, {"500ms", 500 * BW_MS}, {"10s", 10 * BW_S},
		{"11m", 11 * MINUTE}, {"2h", 2 * HOUR}, {"3d", 3 * DAY}, {"1.5s", 1500 * BW_MS},
		{"0.25d", 6 * HOUR}, {"0.001us", 1}, {"0.0001us", 0}, {"0010s", 10 * BW_S},
		{"1.000000000000000000000000000000s", BW_S}, {"36525d", 36525 * DAY},
		{"3155760000s", 36525 * DAY}, {"876600h", 36525 * DAY},
		{"0.999d", DAY / 1000 * 999},
	};
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bw_err err;

		assert_int_equal(bw_duration_parse(cases[i].text, &ns, &err), 0);
		assert_true(ns == cases[i].ns);
	}
}

static void test_duration_refuses(void **state)
{
	static const struct {
		const char *text;
		int code;
	} cases[] = {
		{"", BW_ERR_SYNTAX}, {"s", BW_ERR_SYNTAX}, {"10", BW_ERR_SYNTAX},
		{"10 s", BW_ERR_SYNTAX}, {" 10s", BW_ERR_SYNTAX}, {"10s ", BW_ERR_SYNTAX},
		{"10S", BW_ERR_SYNTAX}, {"10sec", BW_ERR_SYNTAX}, {"10ns", BW_ERR_SYNTAX},
		{"1h30m", BW_ERR_SYNTAX}, {".5s", BW_ERR_SYNTAX}, {"1.s", BW_ERR_SYNTAX},
		{"1.5.5s", BW_ERR_SYNTAX}, {"1,5s", BW_ERR_SYNTAX}, {"1e3s", BW_ERR_SYNTAX},
		{"0x10s", BW_ERR_SYNTAX}, {"+5s", BW_ERR_SYNTAX}, {"-", BW_ERR_SYNTAX},
		{"-5", BW_ERR_SYNTAX}, {"--5s", BW_ERR_SYNTAX}, {"infs", BW_ERR_SYNTAX},
		{"nan", BW_ERR_SYNTAX}, {"-5s", BW_ERR_VALUE}, {"-0s", BW_ERR_VALUE},
		{"36525.000000000001d", BW_ERR_VALUE}, {"36526d", BW_ERR_VALUE},
		{"9223372036854775807d", BW_ERR_VALUE}, {"9223372036854775.999us", BW_ERR_VALUE},
		{"99999999999999999999999999999999999999999999999999s", BW_ERR_VALUE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ns = 42;
		struct bw_err err;

		assert_int_equal(bw_duration_parse(cases[i].text, &ns, &err), cases[i].code);
		assert_int_equal(err.code, cases[i].code);
		assert_true(ns == 42);
		assert_int_equal(bw_duration_parse(cases[i].text, &ns, NULL), cases[i].code);
	}
}

static void test_duration_format(void **state)
{
	static const struct {
		int64_t ns;
		const char *text;
	} cases[] = {
		{0, "0 s"}, {4999, "0 s"}, {5000, "0.01 ms"}, {50 * BW_US, "0.05 ms"},
		{994 * BW_US, "0.99 ms"}, {995 * BW_US, "1 ms"}, {1449 * BW_US, "1.4 ms"},
		{9949 * BW_US, "9.9 ms"}, {9950 * BW_US, "10 ms"}, {38 * BW_MS, "38 ms"},
		{500 * BW_MS, "500 ms"}, {999499 * BW_US, "999 ms"}, {999500 * BW_US, "1 s"},
		{1500 * BW_MS, "1.5 s"}, {9949 * BW_MS, "9.9 s"}, {9950 * BW_MS, "10 s"},
		{12 * BW_S, "12 s"}, {59499 * BW_MS, "59 s"}, {59500 * BW_MS, "1 min"},
		{61 * BW_S, "1 min 1 s"}, {31 * MINUTE, "31 min"}, {HOUR - 1, "1 h"},
		{9 * HOUR + 31 * MINUTE, "9 h 31 min"}, {HOUR + 29 * BW_S, "1 h"},
		{DAY - 30 * BW_S, "1 d"}, {DAY, "1 d"}, {3 * DAY + 4 * HOUR, "3 d 4 h"},
		{400 * DAY, "400 d"}, {-1500 * BW_MS, "-1.5 s"}, {-HOUR, "-1 h"}, {-1, "0 s"},
		{INT64_MAX, "106752 d"}, {INT64_MIN, "-106752 d"},
	};
	char buffer[BW_DURATION_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(bw_duration_format(cases[i].ns, buffer), cases[i].text);
}

static void test_mono(void **state)
{
	struct bw_mono t = {5};
	struct bw_now now = {{1000}, {5000}};

	(void)state;
	assert_true(bw_mono_add(t, 7).ns == 12);
	assert_true(bw_mono_add(t, -7).ns == -2);
	assert_true(bw_mono_add(t, INT64_MAX).ns == INT64_MAX);
	assert_true(bw_mono_add(BW_NEVER, 1).ns == INT64_MAX);
	assert_true(bw_mono_add(BW_NEVER, -1).ns == INT64_MAX - 1);
	assert_true(bw_mono_since((struct bw_mono){9}, t) == 4);
	assert_true(bw_mono_before(t, (struct bw_mono){6}));
	assert_false(bw_mono_before(t, t));
	assert_true(bw_mono_min(BW_NEVER, t).ns == 5);
	assert_true(bw_wall_of(now, (struct bw_mono){400}).ns == 4400);
	assert_true(bw_wall_of(now, (struct bw_mono){1600}).ns == 5600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wall),
		cmocka_unit_test(test_wall_each_day),
		cmocka_unit_test(test_wall_round_trip),
		cmocka_unit_test(test_wall_forms),
		cmocka_unit_test(test_wall_refuses),
		cmocka_unit_test(test_duration_parse),
		cmocka_unit_test(test_duration_refuses),
		cmocka_unit_test(test_duration_format),
		cmocka_unit_test(test_mono),
	};

	return cmocka_run_group_tests_name("base/time", tests, NULL, NULL);
}
