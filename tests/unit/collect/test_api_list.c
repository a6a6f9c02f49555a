/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <blockwatch/err.h>

#include "collect/api/api_list.h"

/* Numbers from 0 on; STEPS has how many each step writes, and -2 for an error. */
struct numbers {
	const int *steps;
	unsigned count, next;
	int number;
	unsigned freed;
};

static int step(void *self, struct json_out *out)
{
	struct numbers *numbers = self;
	const int count = numbers->steps[numbers->next++];

	for (int n = 0; n < count; n++)
		json_out_int(out, numbers->number++);
	if (count < 0)
		return count;
	return numbers->next < numbers->count;
}

static void free_numbers(void *self)
{
	((struct numbers *)self)->freed++;
}

static const struct api_list_ops ops = {step, free_numbers};

/* Reads the answer in pieces of SIZE bytes. Returns what the last read did. */
static ssize_t read_all(const struct api_source *source, size_t size, char *text)
{
	size_t length = 0;
	ssize_t result;

	while ((result = source->read(source->self, text + length, size)) > 0)
		length += (size_t)result;
	text[length] = '\0';
	return result;
}

static void check(const int *steps, unsigned count, const char *wanted)
{
	for (size_t size = 1; size < 20; size++) {
		struct numbers numbers = {.steps = steps, .count = count};
		struct api_answer answer = {.status = 0};
		char text[256];

		api_list_answer(&answer, &ops, &numbers, false);
		assert_int_equal(answer.status, 200);
		assert_int_equal(read_all(&answer.source, size, text), 0);
		assert_string_equal(text, wanted);
		assert_int_equal(numbers.freed, 0);
		answer.source.free(answer.source.self);
		assert_int_equal(numbers.freed, 1);
	}
}

static void test_pieces_are_one_array(void **state)
{
	const int some[] = {2, 0, 1, 3}, none[] = {0}, late[] = {0, 0, 2, 0}, one[] = {1};

	(void)state;
	check(some, 4, "[0,1,2,3,4,5]\n");
	check(none, 1, "[]\n");
	check(late, 4, "[0,1]\n");
	check(one, 1, "[0]\n");
}

static void test_a_short_one_is_made_at_once(void **state)
{
	const int steps[] = {2, 0, 1};
	struct numbers numbers = {.steps = steps, .count = 3};
	struct api_answer answer = {.status = 0};

	(void)state;
	api_list_answer(&answer, &ops, &numbers, true);
	assert_null(answer.source.read);
	assert_string_equal(answer.body, "[0,1,2]\n");
	assert_int_equal(numbers.freed, 1);
	free(answer.body);
}

static void test_an_error_breaks_it_off(void **state)
{
	const int steps[] = {2, -12};
	struct numbers numbers = {.steps = steps, .count = 2};
	struct api_answer answer = {.status = 0};
	char text[256];

	(void)state;
	api_list_answer(&answer, &ops, &numbers, false);
	assert_int_equal(read_all(&answer.source, 64, text), -1);
	assert_string_equal(text, "[0,1");
	answer.source.free(answer.source.self);
}

static void check_failure(int error, const char *wanted)
{
	const int steps[] = {2, error};
	struct numbers numbers = {.steps = steps, .count = 2};
	struct api_answer answer = {.status = 0};

	api_answer_field(&answer, "Link", "<list?after=2>; rel=\"next\"");
	api_list_answer(&answer, &ops, &numbers, true);
	assert_int_equal(answer.status, 503);
	assert_string_equal(answer.body, wanted);
	assert_int_equal(answer.field_count, 0);
	assert_int_equal(numbers.freed, 1);
	free(answer.body);
}

static void test_an_error_of_a_short_one_says_what_happened(void **state)
{
	(void)state;
	check_failure(-ENOMEM, "{\"error\":\"out of memory\"}\n");
	check_failure(-EAGAIN,
		      "{\"error\":\"what is shown was read anew meanwhile: ask again\"}\n");
	check_failure(BW_ERR_UNAVAILABLE, "{\"error\":\"unavailable\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_one_array),
		cmocka_unit_test(test_a_short_one_is_made_at_once),
		cmocka_unit_test(test_an_error_breaks_it_off),
		cmocka_unit_test(test_an_error_of_a_short_one_says_what_happened),
	};

	return cmocka_run_group_tests_name("collect/api_list", tests, NULL, NULL);
}
