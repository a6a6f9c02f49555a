/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reply_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void names_every_kind(void **state)
{
	(void)state;
	assert_string_equal(reply_kind_name(REPLY_ECHO), "echo-reply");
	assert_string_equal(reply_kind_name(REPLY_OTHER_ERROR), "other-error");
	assert_string_equal(reply_kind_name(REPLY_KINDS), "?");
}

static void knows_what_shows_a_host(void **state)
{
	(void)state;
	for (unsigned i = 0; i < REPLY_KINDS; i++) {
		enum reply_kind kind = (enum reply_kind)i;
		bool direct = kind < REPLY_NET_UNREACHABLE; /* answers of methods come first */
		bool of_host = kind == REPLY_PORT_UNREACHABLE || kind == REPLY_PROTOCOL_UNREACHABLE;

		assert_int_equal(reply_kind_is_direct(kind), direct);
		assert_int_equal(reply_kind_is_answer(kind, false), direct);
		assert_int_equal(reply_kind_is_answer(kind, true), direct || of_host);
	}
	assert_false(reply_kind_is_answer(REPLY_KINDS, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_every_kind),
		cmocka_unit_test(knows_what_shows_a_host),
	};

	return cmocka_run_group_tests_name("wire/reply_kind", tests, NULL, NULL);
}
