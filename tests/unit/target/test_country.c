/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/country.h"

static void test_find(void **state)
{
	static const char *const known[] = {"AD", "KP", "TV", "ZW", "EU", "XK"};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_string_equal(country_find(known[i])->code, known[i]);
	assert_string_equal(country_find("TV")->name, "Tuvalu");
	assert_string_equal(country_find("TV")->timezone, "Pacific/Funafuti");
	assert_string_equal(country_find("AU")->timezone, "Australia/Sydney"); /* of its capital */
	assert_string_equal(country_find("UA")->timezone, "Europe/Kyiv");
	assert_null(country_find("XX"));
	assert_null(country_find("tv"));
	assert_null(country_find(""));
}

static void assert_guess(const char *text, const char *code)
{
	const struct country *country = country_guess(text);

	if (!code)
		assert_null(country);
	else
		assert_string_equal(country ? country->code : "none", code);
}

static void test_guess(void **state)
{
	(void)state;
	assert_guess("UK", "GB");
	assert_guess("tv", "TV");
	assert_guess("PRK", "KP");
	assert_guess("tuvalu", "TV");
	assert_guess("Tuvulu", "TV");
	assert_guess("north korea", "KP");
	assert_guess("VT", "TV");
	assert_guess("XX", NULL);
	assert_guess("", NULL);
	assert_guess("some very long text that is no country and has more than 64 "
		     "characters",
		     NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_guess),
	};

	return cmocka_run_group_tests_name("target/country", tests, NULL, NULL);
}
