/* SPDX-License-Identifier: Apache-2.0 */
#include "target/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "target/zone_rule.h"

static struct zone_rule rule_of(const char *text)
{
	struct zone_rule rule;
	char lines[160];

	snprintf(lines, sizeof(lines), "\n%s\n", text);
	assert_true(zone_rule_parse(lines, strlen(lines), &rule));
	return rule;
}

static int64_t second_of(const char *text)
{
	struct bw_wall time;

	assert_int_equal(bw_wall_parse(text, &time), 0);
	return time.ns / BW_S;
}

static void rules_of_posix(void **state)
{
	struct zone_rule havana = rule_of("CST5CDT,M3.2.0/0,M11.1.0/1");
	struct zone_rule tehran = rule_of("<+0330>-3:30");
	struct zone_rule easter = rule_of("<-06>6<-05>,M9.1.6/22,M4.1.6/22");
	struct zone_rule dublin = rule_of("EET-2EEST,M3.5.0/3,M10.5.0/4");

	(void)state;
	assert_int_equal(zone_rule_offset_s(&havana, second_of("2040-03-11T04:59:59Z")), -5 * 3600);
	assert_int_equal(zone_rule_offset_s(&havana, second_of("2040-03-11T05:00:00Z")), -4 * 3600);
	assert_int_equal(zone_rule_offset_s(&havana, second_of("2040-11-04T04:59:59Z")), -4 * 3600);
	assert_int_equal(zone_rule_offset_s(&havana, second_of("2040-11-04T05:00:00Z")), -5 * 3600);
	assert_int_equal(zone_rule_offset_s(&tehran, 0), 12600);
	assert_int_equal(zone_rule_offset_s(&easter, second_of("2040-01-01T00:00:00Z")), -5 * 3600);
	assert_int_equal(zone_rule_offset_s(&easter, second_of("2040-07-01T00:00:00Z")), -6 * 3600);
	assert_int_equal(zone_rule_offset_s(&dublin, second_of("2040-03-25T01:00:00Z")), 3 * 3600);
	assert_int_equal(zone_rule_offset_s(&dublin, second_of("2040-10-28T01:00:00Z")), 2 * 3600);
}

static void no_rules(void **state)
{
	static const char *const bad[] = {"",
					  "\n",
					  "\n\n",
					  "\nCST5CDT\n",
					  "\n<+12-12\n",
					  "\nCST5CDT,M13.1.0,M1.1.0\n",
					  "\nCST999\n",
					  "\nCST5CDT,J60,J300\n",
					  "CST5\n",
					  "\nCST5"};
	struct zone_rule rule;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(zone_rule_parse(bad[i], strlen(bad[i]), &rule));
}

/* The C library is the second witness, for each zone of a country and for 150 years. */
static void agrees_with_the_c_library(void **state)
{
	static const char *const names[] = {"Pacific/Funafuti", "Asia/Damascus", "America/Havana",
					    "Asia/Pyongyang",   "Asia/Tehran",   "Pacific/Easter",
					    "Europe/Kyiv",      "Africa/Cairo",  "Africa/Asmara"};
	int read = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct zone *zone = zone_read(names[i]);

		if (!zone)
			continue; /* no tzdata, or an old one */
		read++;
		setenv("TZ", names[i], 1);
		tzset();
		for (int64_t second = second_of("1900-01-01T00:00:00Z");
		     second < second_of("2050-01-01T00:00:00Z"); second += 3 * 86400 + 1000) {
			time_t time = (time_t)second;
			struct tm local;

			localtime_r(&time, &local);
			assert_int_equal(zone_offset_s(zone, (struct bw_wall){second * BW_S}),
					 local.tm_gmtoff);
		}
		zone_free(zone);
	}
	if (read == 0)
		skip();
}

static void refuses_what_is_damaged(void **state)
{
	char bytes[44] = "TZif2";

	(void)state;
	assert_null(zone_parse("", 0));
	assert_null(zone_parse("TZif", 4));
	assert_null(zone_parse(bytes, sizeof(bytes)));
	memset(bytes + 20, 0xff, 24);
	assert_null(zone_parse(bytes, sizeof(bytes)));
	assert_null(zone_read("no/such"));
	assert_null(zone_read("."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_of_posix),
		cmocka_unit_test(no_rules),
		cmocka_unit_test(agrees_with_the_c_library),
		cmocka_unit_test(refuses_what_is_damaged),
	};

	return cmocka_run_group_tests_name("target/zone", tests, NULL, NULL);
}
