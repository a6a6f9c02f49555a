/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "vantage/path/path_hold.h"

static void add(struct path_hold *hold, const struct record *record)
{
	assert_int_equal(path_hold_add(hold, record, (struct bw_mono){0}), 0);
}

/* What a record borrows for the call is gone when it leaves the hold. */
static void test_keeps_what_is_borrowed(void **state)
{
	struct record_trace_hop hops[2] = {{.rtt_ns = 1}, {.rtt_ns = 2}};
	struct bw_prefix exempt = {.length = 24};
	char text[16] = "a sentence", subject[16] = "198.18.0.0/24";
	struct record_path path = {.exempt = &exempt, .exempt_count = 1, .text = text};
	struct record event = {.type = RECORD_EVENT, .event = {.subject = subject}};
	struct record condition = {.type = RECORD_CONDITION, .condition = {.subject = subject}};
	struct record trace = {.type = RECORD_TRACE,
			       .trace = {.hops = hops, .hop_count = 2, .path = &path}};
	struct path_hold hold = {0};

	(void)state;
	for (unsigned n = 0; n < 100; n++) { /* it grows meanwhile */
		add(&hold, &event);
		add(&hold, &condition);
		add(&hold, &trace);
	}
	memset(hops, 0, sizeof(hops));
	memset(&exempt, 0, sizeof(exempt));
	memset(text, 'x', sizeof(text) - 1);
	memset(subject, 'x', sizeof(subject) - 1);
	for (unsigned n = 0; n < 100; n++) {
		assert_string_equal(path_hold_first(&hold)->record.event.subject, "198.18.0.0/24");
		path_hold_drop(&hold);
		assert_string_equal(path_hold_first(&hold)->record.condition.subject,
				    "198.18.0.0/24");
		path_hold_drop(&hold);
		assert_int_equal(path_hold_first(&hold)->record.trace.hops[1].rtt_ns, 2);
		assert_string_equal(path_hold_first(&hold)->record.trace.path->text, "a sentence");
		assert_int_equal(path_hold_first(&hold)->record.trace.path->exempt[0].length, 24);
		path_hold_drop(&hold);
	}
	assert_null(path_hold_first(&hold));
	path_hold_fini(&hold);
}

static void test_has_a_limit(void **state)
{
	const struct record record = {.type = RECORD_BLOCK};
	struct path_hold hold = {0};

	(void)state;
	for (unsigned n = 0; n < PATH_HOLD_MAX; n++)
		add(&hold, &record);
	assert_int_equal(path_hold_add(&hold, &record, (struct bw_mono){0}), BW_ERR_LIMIT);
	assert_int_equal(hold.count, PATH_HOLD_MAX);
	path_hold_fini(&hold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeps_what_is_borrowed),
		cmocka_unit_test(test_has_a_limit),
	};

	return cmocka_run_group_tests_name("vantage/path_hold", tests, NULL, NULL);
}
