/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/suggest.h"

static const char *const words[] = {"allow-reserved", "blocklist", "dry-run", "interface",
				    "rate",           "seed",      "kp",      NULL};

static const char *find(const char *word)
{
	struct suggest suggest;

	suggest_init(&suggest, word);
	for (const char *const *w = words; *w; w++)
		suggest_offer(&suggest, *w);
	return suggest.best;
}

static void each_kind_of_slip(void **state)
{
	(void)state;
	assert_string_equal(find("rte"), "rate");   /* left out */
	assert_string_equal(find("ratee"), "rate"); /* one too many */
	assert_string_equal(find("rat3"), "rate");  /* another letter */
	assert_string_equal(find("raet"), "rate");  /* swapped */
	assert_string_equal(find("blacklist"), "blocklist");
	assert_string_equal(find("allow_reserve"), "allow-reserved");
}

static void case_does_not_count(void **state)
{
	(void)state;
	assert_string_equal(find("KP"), "kp");
	assert_string_equal(find("Interface"), "interface");
}

static void far_words_are_not_near(void **state)
{
	(void)state;
	assert_null(find("xyz"));
	assert_null(find("verbose"));
	assert_null(find(""));
	assert_null(find("rates-of-probes"));
}

static void short_words_need_one_letter_in_common(void **state)
{
	struct suggest suggest;

	(void)state;
	suggest_init(&suggest, "x");
	suggest_offer(&suggest, "y");
	assert_null(suggest.best);
}

static void the_nearest_wins_and_the_first_of_equals(void **state)
{
	struct suggest suggest;

	(void)state;
	suggest_init(&suggest, "abcde");
	suggest_offer(&suggest, "abxxe");
	suggest_offer(&suggest, "abcdf");
	suggest_offer(&suggest, "abcdg");
	assert_string_equal(suggest.best, "abcdf");
	assert_int_equal(suggest.distance, 1);
}

static void long_words_are_left_alone(void **state)
{
	char word[SUGGEST_WORD_MAX + 2], most[SUGGEST_WORD_MAX + 1];
	struct suggest suggest;

	(void)state;
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	memset(most, 'a', sizeof(most) - 1);
	most[sizeof(most) - 1] = '\0';
	suggest_init(&suggest, word);
	suggest_offer(&suggest, word);
	assert_null(suggest.best);
	suggest_init(&suggest, most);
	suggest_offer(&suggest, word);
	assert_null(suggest.best);
	suggest_offer(&suggest, most);
	assert_ptr_equal(suggest.best, most);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_slip),
		cmocka_unit_test(case_does_not_count),
		cmocka_unit_test(far_words_are_not_near),
		cmocka_unit_test(short_words_need_one_letter_in_common),
		cmocka_unit_test(the_nearest_wins_and_the_first_of_equals),
		cmocka_unit_test(long_words_are_left_alone),
	};

	return cmocka_run_group_tests_name("base/suggest", tests, NULL, NULL);
}
