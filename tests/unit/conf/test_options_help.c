/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "conf/options/options_help.h"

static const struct options_item items[] = {
	{"json", 0, OPTIONS_FLAG, 0, NULL, 0, 0, NULL, "print JSON Lines"},
	{"rate", 'r', OPTIONS_RATE, 0, "PPS", 0.1, 10, "5",
	 "packets a second at most, and a text so long that it needs a second line of help"},
	{"file", 'f', OPTIONS_TEXTS, 0, "FILE", 0, 0, NULL, "a file"},
	{"a-name-that-is-far-too-long", 0, OPTIONS_TEXT, 0, "TEXT", 0, 0, NULL, "has its own line"},
};
static const struct options_group groups[] = {{"Main", items, 4, 0}, {NULL, NULL, 0, 0}};
static const struct options_example examples[] = {{"blockwatch do it", "does it"}, {NULL, NULL}};
static const struct options_exit exits[] = {{0, "done"}, {64, "wrong usage"}, {0, NULL}};
static const struct options_command command = {
	.name = "do", .operands = "THING...",
	.description = "Does a thing and says so in a first paragraph that is longer than one line "
		       "of eighty columns.\nA second paragraph.",
	.groups = groups, .examples = examples, .exits = exits,
};
static const struct options_group none[] = {{NULL, NULL, 0, 0}};
static const struct options_command bare = {
	.name = "bare", .operands = "", .description = "Is bare.", .groups = none,
};

static char *print(const struct options_command *what)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	options_help(what, out);
	fclose(out);
	return text;
}

static void a_full_page(void **state)
{
	char *text = print(&command);

	(void)state;
	assert_string_equal(
		text,
		"usage: blockwatch do [OPTION...] THING...\n"
		"\n"
		"Does a thing and says so in a first paragraph that is longer than one line of\n"
		"eighty columns.\n"
		"\n"
		"A second paragraph.\n"
		"\n"
		"Main options:\n"
		"      --json       print JSON Lines\n"
		"  -r, --rate PPS   packets a second at most, and a text so long that it needs a\n"
		"                   second line of help (default 5)\n"
		"  -f, --file FILE  a file; repeatable\n"
		"      --a-name-that-is-far-too-long TEXT\n"
		"                   has its own line\n"
		"\n"
		"Other options:\n"
		"  -h, --help       print this help and exit\n"
		"  -V, --version    print the version and exit\n"
		"\n"
		"Examples:\n"
		"  blockwatch do it\n"
		"      does it\n"
		"\n"
		"Exit status:\n"
		"   0  done\n"
		"  64  wrong usage\n");
	free(text);
}

static void a_bare_page(void **state)
{
	char *text = print(&bare);

	(void)state;
	assert_string_equal(text, "usage: blockwatch bare [OPTION...]\n"
				  "\n"
				  "Is bare.\n"
				  "\n"
				  "Other options:\n"
				  "  -h, --help     print this help and exit\n"
				  "  -V, --version  print the version and exit\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_page),
		cmocka_unit_test(a_bare_page),
	};

	return cmocka_run_group_tests_name("conf/options_help", tests, NULL, NULL);
}
