/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "sys/db/postgresql/pg_cause.h"

#define FAILED "connection to server at \"127.0.0.1\", port 5432 failed:"

static void expect(const char *message, const char *right)
{
	char cause[PG_CAUSE_MAX];

	pg_cause(message, cause);
	assert_string_equal(cause, right);
}

static void one_line(void **state)
{
	(void)state;
	expect("FATAL:  the database system is starting up\n",
	       "FATAL:  the database system is starting up");
	expect("server closed the connection unexpectedly\n\tThis probably means\n",
	       "server closed the connection unexpectedly");
	expect("\n\n  disk full \nDETAIL: x\n", "disk full");
}

static void cause_of_a_failed_connection(void **state)
{
	(void)state;
	expect(FAILED " Connection refused\n\tIs the server running?\n",
	       FAILED " Connection refused");
	expect(FAILED " \n\n\tFATAL: it shuts down\n", FAILED " FATAL: it shuts down");
	expect(FAILED " ", FAILED " no answer");
}

static void never_empty(void **state)
{
	char text[2 * PG_CAUSE_MAX] = {0}, cause[PG_CAUSE_MAX];

	(void)state;
	expect("", "no answer");
	expect("\n \n", "no answer");
	memset(text, 'x', sizeof(text) - 1);
	pg_cause(text, cause);
	assert_int_equal(strlen(cause), PG_CAUSE_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line),
		cmocka_unit_test(cause_of_a_failed_connection),
		cmocka_unit_test(never_empty),
	};

	return cmocka_run_group_tests_name("sys/pg_cause", tests, NULL, NULL);
}
