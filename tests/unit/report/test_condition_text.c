/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/text/condition_text.h"
#include "samples.h"

static void test_words(void **state)
{
	struct record record = sample_condition();
	struct record_condition *c = &record.condition;
	char text[CONDITION_TEXT];

	(void)state;
	assert_string_equal(condition_text(c, text), "is degraded: 31 % lost, usually 1 %");
	c->condition = BW_RANGE_DELAY;
	assert_string_equal(condition_text(c, text), "is slow: 330 ms, usually 80 ms");
	c->until.ns = c->since.ns + 7800 * BW_S;
	assert_string_equal(condition_text(c, text), "is not slow any more, after 2 h 10 min");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("report/condition_text", tests, NULL, NULL);
}
