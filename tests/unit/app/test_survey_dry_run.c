/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/survey/survey_dry_run.h"

/* Returns what a dry run of 198.18.0.0/29 prints, to be freed. */
static char *dry_run(struct survey_options options)
{
	char operand[] = "198.18.0.0/29", *operands[] = {operand}, *text = NULL;
	struct survey_input input;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	options.rate = "max";
	options.allow_reserved = true;
	assert_non_null(out);
	assert_int_equal(survey_options_check(&options, NULL), 0);
	assert_int_equal(survey_input_open(&input, &options, operands, 1, NULL), 0);
	survey_dry_run(&options, &input, out);
	assert_int_equal(fclose(out), 0);
	survey_input_close(&input);
	return text;
}

static unsigned count_lines(const char *text, const char *part)
{
	unsigned count = 0;

	for (const char *at = text; (at = strstr(at, part)); at++)
		count++;
	return count;
}

static void test_a_seed_fixes_the_order(void **state)
{
	char *first = dry_run((struct survey_options){.seed = 5});
	char *again = dry_run((struct survey_options){.seed = 5});
	char *other = dry_run((struct survey_options){.seed = 6});

	(void)state;
	assert_string_equal(first, again);
	assert_string_not_equal(first, other);
	for (unsigned i = 0; i < 8; i++) {
		char line[32];

		snprintf(line, sizeof(line), "198.18.0.%u icmp\n", i);
		assert_int_equal(count_lines(first, line), 1);
		assert_int_equal(count_lines(other, line), 1);
	}
	free(first);
	free(again);
	free(other);
}

static void test_shards_are_disjoint_and_complete(void **state)
{
	char *one = dry_run((struct survey_options){.seed = 5, .shard = "1/2"});
	char *two = dry_run((struct survey_options){.seed = 5, .shard = "2/2"});

	(void)state;
	for (unsigned i = 0; i < 8; i++) {
		char line[32];

		snprintf(line, sizeof(line), "198.18.0.%u icmp\n", i);
		assert_int_equal(count_lines(one, line) + count_lines(two, line), 1);
	}
	free(one);
	free(two);
}

static void test_each_method_has_its_turn(void **state)
{
	struct survey_options options = {
		.seed = 5,
		.methods = {2,
			    {{.protocol = BW_PROTOCOL_TCP, .port = 80},
			     {.protocol = BW_PROTOCOL_ICMP}}},
	};
	char *text = dry_run(options);

	(void)state;
	assert_int_equal(count_lines(text, " tcp:80\n"), 8);
	assert_int_equal(count_lines(text, " icmp\n"), 8);
	assert_true(strstr(text, " icmp\n") > strstr(text, " tcp:80\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_seed_fixes_the_order),
		cmocka_unit_test(test_shards_are_disjoint_and_complete),
		cmocka_unit_test(test_each_method_has_its_turn),
	};

	return cmocka_run_group_tests_name("app/survey_dry_run", tests, NULL, NULL);
}
