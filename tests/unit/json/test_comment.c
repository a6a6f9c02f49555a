/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <blockwatch/err.h>

#include "json/comment.h"

static void check_strip(const char *text, const char *wanted)
{
	char out[256];
	size_t open = 0;
	long length = comment_strip(text, strlen(text), out, &open);

	assert_int_equal(length, strlen(wanted));
	assert_memory_equal(out, wanted, strlen(wanted));
}

static void test_comments_become_space(void **state)
{
	(void)state;
	check_strip("{} // end", "{}       ");
	check_strip("{} # end\n[]", "{}      \n[]");
	check_strip("{/* a\n\tb */}", "{    \n\t    }");
	check_strip("/**/{/***/}", "    {     }");
	check_strip("{} //", "{}   ");
	check_strip("#", " ");
	check_strip("", "");
	/* One space a character, so that columns stay: "ü" and "☃" have two and three bytes. */
	check_strip("/*\xc3\xbc\xe2\x98\x83*/1", "      1");
}

static void test_strings_are_no_comments(void **state)
{
	(void)state;
	check_strip("[\"# // /* */\"]", "[\"# // /* */\"]");
	check_strip("[\"a\\\"//b\"] // c", "[\"a\\\"//b\"]     ");
	check_strip("[\"a\\\\\"] // c", "[\"a\\\\\"]     ");
	check_strip("[1 / 2]", "[1 / 2]");
	check_strip("[\"open // to the end", "[\"open // to the end");
	check_strip("[\"open\\", "[\"open\\");
}

static void test_comment_without_end(void **state)
{
	char out[64];
	size_t open = 0;

	(void)state;
	assert_int_equal(comment_strip("{\n /* no end\n}", 14, out, &open), BW_ERR_SYNTAX);
	assert_int_equal(open, 3);
	assert_int_equal(comment_strip("{} /*/", 6, out, &open), BW_ERR_SYNTAX);
	assert_int_equal(open, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comments_become_space),
		cmocka_unit_test(test_strings_are_no_comments),
		cmocka_unit_test(test_comment_without_end),
	};

	return cmocka_run_group_tests_name("json/comment", tests, NULL, NULL);
}
