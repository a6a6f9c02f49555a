/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "infer/group.h"
#include "report/check/check_exit.h"
#include "report/check/check_state.h"
#include "report/check/check_words.h"

/*
 * Networks, a letter each: u up, f flapping, d dark; unknown: ? never seen, s never seen and too
 * few probes, ! no route, e too few probes of hosts that are known.
 */
static const struct {
	const char *networks;
	enum check_state state;
	int code;
} cases[] = {
	{"uuuu", CHECK_UP, 0},
	{"u", CHECK_UP, 0},
	{"u???", CHECK_UP, 0},
	{"us??", CHECK_UP, 0},
	{"uu!u", CHECK_PARTLY_UNKNOWN, 3},
	{"u?!u", CHECK_PARTLY_UNKNOWN, 3},
	{"ue??", CHECK_PARTLY_UNKNOWN, 3},
	{"", CHECK_UNKNOWN, 3},
	{"????", CHECK_UNKNOWN, 3},
	{"e???", CHECK_UNKNOWN, 3},
	{"!!!!", CHECK_UNKNOWN, 3},
	{"ffff", CHECK_FLAPPING, 1},
	{"uufu", CHECK_FLAPPING, 1},
	{"uf?!", CHECK_FLAPPING, 1},
	{"uudu", CHECK_PARTLY_DARK, 1},
	{"u?du", CHECK_PARTLY_DARK, 1},
	{"ufd?", CHECK_PARTLY_DARK, 1},
	{"ddd!", CHECK_PARTLY_DARK, 1},
	{"d?e?", CHECK_PARTLY_DARK, 1},
	{"dddd", CHECK_DARK, 2},
	{"d???", CHECK_DARK, 2},
	{"d?s?", CHECK_DARK, 2},
	{"d", CHECK_DARK, 2},
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static void add_network(struct group *group, char letter)
{
	switch (letter) {
	case 'u':
		group_add(group, BW_UP, 0);
		break;
	case 'f':
		group_add(group, BW_FLAPPING, 0);
		break;
	case 'd':
		group_add(group, BW_DARK, 0);
		break;
	case '?':
		group_add(group, BW_UNKNOWN, BW_WHY_NEVER_SEEN);
		break;
	case 's':
		group_add(group, BW_UNKNOWN, BW_WHY_NEVER_SEEN | BW_WHY_FEW_EVIDENCE);
		break;
	case 'e':
		group_add(group, BW_UNKNOWN, BW_WHY_FEW_EVIDENCE);
		break;
	default:
		group_add(group, BW_UNKNOWN, BW_WHY_NO_ROUTE);
		break;
	}
}

/* The record that a ledger makes of these networks, each with one block. */
static struct record_target target_of(const char *networks)
{
	struct record_target target = {.target = "kp"};
	struct group group = {0};

	for (; *networks; networks++)
		add_network(&group, *networks);
	target.verdict = group_verdict(&group);
	target.reasons = group_reasons(&group);
	target.networks.total = group_total(&group);
	memcpy(target.networks.of, group.by_verdict, sizeof(group.by_verdict));
	target.blocks = target.networks;
	return target;
}

static void test_states(void **state)
{
	(void)state;
	for (size_t n = 0; n < CASES; n++) {
		const struct record_target target = target_of(cases[n].networks);

		if (check_state(&target) != cases[n].state)
			fail_msg("'%s' is %s", cases[n].networks,
				 check_state_name(check_state(&target)));
	}
}

static void test_codes(void **state)
{
	(void)state;
	for (size_t n = 0; n < CASES; n++) {
		const struct record_target target = target_of(cases[n].networks);

		assert_int_equal(check_state_code(cases[n].state), cases[n].code);
		assert_int_equal(check_exit(&target, 1), cases[n].code);
	}
}

/* Dark is said exactly when the record of the target says so, and up never against it. */
static void test_agrees_with_the_record(void **state)
{
	(void)state;
	for (size_t n = 0; n < CASES; n++) {
		const struct record_target target = target_of(cases[n].networks);

		assert_int_equal(cases[n].state == CHECK_DARK, target.verdict == BW_DARK);
		if (cases[n].state == CHECK_UP)
			assert_int_equal(target.verdict, BW_UP);
	}
}

/* The first line states the state that the exit code stands for. */
static void test_headline_says_the_same(void **state)
{
	const struct paint plain = {.utf8 = true};

	(void)state;
	for (size_t n = 0; n < CASES; n++) {
		struct check_target target = {.name = (char *)"kp", .decided = true};
		char expected[64], *text;
		size_t length;
		FILE *out = open_memstream(&text, &length);

		assert_non_null(out);
		target.record = target_of(cases[n].networks);
		check_words_headline(&target, &plain, out);
		fclose(out);
		snprintf(expected, sizeof(expected), "kp is %s: ",
			 check_state_name(cases[n].state));
		if (strncmp(text, expected, strlen(expected)) != 0)
			fail_msg("'%s': %s", cases[n].networks, text);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_agrees_with_the_record),
		cmocka_unit_test(test_headline_says_the_same),
	};

	return cmocka_run_group_tests_name("report/check_state", tests, NULL, NULL);
}
