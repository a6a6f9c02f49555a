/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/survey/survey_print.h"

/* What is printed to standard error. */
static void take_words(const struct record_survey *survey, char *text, size_t size)
{
	int kept = dup(STDERR_FILENO);
	FILE *file = tmpfile();
	size_t length;

	assert_non_null(file);
	assert_true(kept >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
	survey_print_words(survey);
	fflush(stderr);
	assert_true(dup2(kept, STDERR_FILENO) >= 0);
	close(kept);
	rewind(file);
	length = fread(text, 1, size - 1, file);
	text[length] = '\0';
	fclose(file);
}

/* The rate is that of sending, the time that of the survey with its cooldown. */
static void test_rate_and_time_are_of_what_they_say(void **state)
{
	struct record_survey survey = {
		.addresses = 256,
		.sent = 256,
		.answered = 64,
		.hit_rate = 0.25,
		.rate_pps = 3800,
		.duration_s = 8,
		.complete = true,
	};
	char text[512];

	(void)state;
	take_words(&survey, text, sizeof(text));
	assert_string_equal(text, "blockwatch: 64 of 256 addresses answered (25 %); 256 probes, "
				  "sent at 3.8 k/s; 8 s in all\n");
	survey.complete = false;
	survey.sent = 128;
	survey.hit_rate = 0.5;
	take_words(&survey, text, sizeof(text));
	assert_string_equal(text, "blockwatch: 64 of 256 addresses answered (25 %, 50 % of those "
				  "asked); 128 probes, sent at 3.8 k/s; 8 s in all; interrupted\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate_and_time_are_of_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
