/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/common/exit.h"
#include "app/common/program.h"

/* What the command that ran last was given. */
static struct {
	bool ran;
	int argc;
	char last[32];
} given;

static int note(int argc, char **argv)
{
	given.ran = true;
	given.argc = argc;
	strncpy(given.last, argv[argc - 1], sizeof(given.last) - 1);
	return 3;
}

static const struct command walk = {"walk", "go by foot", note};
static const struct command swim = {"swim", "go through water", note};
static const struct command *const commands[] = {&walk, &swim};
static const struct program program = {"testprogram", "Moves.", commands, 2};

static int run(int argc, const char *first, const char *second)
{
	char name[] = "testprogram", one[32] = "", two[32] = "";
	char *argv[] = {name, one, two, NULL};

	memset(&given, 0, sizeof(given));
	strncpy(one, first, sizeof(one) - 1);
	strncpy(two, second, sizeof(two) - 1);
	argv[argc] = NULL;
	return program_run(&program, argc, argv);
}

static void test_commands_are_found_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(program_find(&program, "walk"), &walk);
	assert_ptr_equal(program_find(&program, "swim"), &swim);
	assert_null(program_find(&program, "swi"));
	assert_null(program_find(&program, "swims"));
	assert_null(program_find(&program, ""));
}

static void test_a_command_gets_its_arguments(void **state)
{
	(void)state;
	assert_int_equal(run(3, "swim", "far"), 3);
	assert_int_equal(given.argc, 2);
	assert_int_equal(run(2, "walk", ""), 3);
	assert_int_equal(given.argc, 1);
}

static void test_help_of_a_command_is_its_option(void **state)
{
	(void)state;
	assert_int_equal(run(3, "help", "walk"), 3);
	assert_int_equal(given.argc, 2);
	assert_string_equal(given.last, "--help");
}

static void test_what_is_unknown_is_wrong_usage(void **state)
{
	(void)state;
	assert_int_equal(run(1, "", ""), EXIT_USAGE);
	assert_int_equal(run(2, "fly", ""), EXIT_USAGE);
	assert_int_equal(run(2, "swin", ""), EXIT_USAGE);
	assert_int_equal(run(2, "--fly", ""), EXIT_USAGE);
	assert_int_equal(run(3, "help", "fly"), EXIT_USAGE);
	assert_false(given.ran);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands_are_found_by_name),
		cmocka_unit_test(test_a_command_gets_its_arguments),
		cmocka_unit_test(test_help_of_a_command_is_its_option),
		cmocka_unit_test(test_what_is_unknown_is_wrong_usage),
	};

	return cmocka_run_group_tests_name("app/program", tests, NULL, NULL);
}
