/* SPDX-License-Identifier: Apache-2.0 */
#include "app/common/local_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/run/upkeep/journal.h"
#include "target/zone.h"

static struct bw_wall time_of(const char *text)
{
	struct bw_wall time;

	assert_int_equal(bw_wall_parse(text, &time), 0);
	return time;
}

static void local_time_stands_beside_utc(void **state)
{
	struct bw_target kp = {.name = (char *)"kp", .timezone = (char *)"Asia/Pyongyang"};
	struct bw_target no = {.name = (char *)"no"},
			 bad = {.name = (char *)"b", .timezone = (char *)"no/such"};
	const struct bw_target *targets[] = {&kp, &no, &bad};
	struct zone *zone = zone_read("Asia/Pyongyang");
	char text[LOCAL_TIME_TEXT];
	struct local_time local;

	(void)state;
	if (!zone)
		skip(); /* no tzdata */
	zone_free(zone);
	local_time_init(&local, targets, 3);
	assert_string_equal(local_time_format(&local, "kp", time_of("2014-12-22T12:15:59Z"), text),
			    " (21:15 local)");
	assert_string_equal(local_time_format(&local, "kp", time_of("2014-12-22T16:15:00Z"), text),
			    " (2014-12-23 01:15 local)");
	/* Half an hour less from August 2015 to May 2018. */
	assert_string_equal(local_time_format(&local, "kp", time_of("2016-12-22T12:15:00Z"), text),
			    " (20:45 local)");
	assert_string_equal(local_time_format(&local, "no", time_of("2014-12-22T16:15:00Z"), text),
			    "");
	assert_string_equal(local_time_format(&local, "b", time_of("2014-12-22T16:15:00Z"), text),
			    "");
	assert_string_equal(local_time_format(&local, NULL, time_of("2014-12-22T16:15:00Z"), text),
			    "");
	assert_string_equal(local_time_format(&local, "kp", (struct bw_wall){0}, text), "");
	local_time_fini(&local);
}

static void the_journal_has_it(void **state)
{
	const struct record_event event = {.scope = BW_SCOPE_TARGET,
					   .target = "kp",
					   .subject = "kp",
					   .from = BW_UP,
					   .to = BW_DARK,
					   .latest = time_of("2014-12-22T16:15:00Z")};
	char text[JOURNAL_TEXT];

	(void)state;
	assert_string_equal(journal_format(&event, " (01:15 local)", text),
			    "kp: dark, was up, since 2014-12-22T16:15:00.000000Z (01:15 local) at "
			    "the latest");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(local_time_stands_beside_utc),
		cmocka_unit_test(the_journal_has_it),
	};

	return cmocka_run_group_tests_name("app/local_time", tests, NULL, NULL);
}
