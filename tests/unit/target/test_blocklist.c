/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/addr/prefix_set.h"
#include "target/list/blocklist.h"

static bool has(const struct prefix_set *set, const char *text, uint32_t *ret_line)
{
	struct bw_addr addr;

	assert_int_equal(bw_addr_parse(text, &addr), 0);
	return prefix_set_find(set, &addr, NULL, ret_line);
}

static void overlaps_are_fine(void **state)
{
	static const char text[] = "# do not probe\n198.18.0.0/16 # all\n198.18.4.0/24\n"
				   "198.18.4.7\r\n\n2001:db8::/32\n198.18.4.7\n";
	struct prefix_set *set = prefix_set_new();
	uint32_t line = 0;

	(void)state;
	assert_int_equal(blocklist_parse(text, strlen(text), "opt-out", set, NULL), 5);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_true(has(set, "198.18.200.1", &line));
	assert_int_equal(line, 2);
	assert_true(has(set, "198.18.4.8", &line));
	assert_int_equal(line, 3);
	assert_true(has(set, "198.18.4.7", &line));
	assert_int_equal(line, 7);
	assert_true(has(set, "2001:db8:1::", NULL));
	assert_false(has(set, "198.19.0.0", NULL));
	prefix_set_free(set);
}

/* Published lists have numbers and words behind an entry. */
static void words_are_comments(void **state)
{
	static const char text[] = "198.18.0.9\t3\n198.18.0.10 - asked not to be probed\n"
				   "198.18.1.1 - 198.18.1.2 mail of May\n198.18.2.0/24 -\n"
				   "198.18.3.1-198.18.3.4 ; x\n";
	struct prefix_set *set = prefix_set_new();

	(void)state;
	assert_int_equal(blocklist_parse(text, strlen(text), "opt-out", set, NULL), 8);
	assert_int_equal(prefix_set_seal(set), 0);
	assert_true(has(set, "198.18.0.9", NULL));
	assert_true(has(set, "198.18.0.10", NULL));
	assert_false(has(set, "198.18.0.11", NULL));
	assert_true(has(set, "198.18.1.2", NULL));
	assert_true(has(set, "198.18.2.200", NULL));
	assert_true(has(set, "198.18.3.4", NULL));
	assert_false(has(set, "198.18.3.5", NULL));
	prefix_set_free(set);
}

static void an_empty_list_blocks_nothing(void **state)
{
	struct prefix_set *set = prefix_set_new();

	(void)state;
	assert_int_equal(blocklist_parse("# none yet\n", 11, "opt-out", set, NULL), 0);
	assert_int_equal(blocklist_read("/dev/null", set, NULL), 0);
	assert_int_equal(prefix_set_count(set), 0);
	prefix_set_free(set);
}

/* An opt-out that is not understood must not be passed over. */
static void a_bad_line_is_an_error(void **state)
{
	static const char text[] = "198.18.0.0/16\n\nexample.com\n";
	struct prefix_set *set = prefix_set_new();
	struct bw_err err = {0};

	(void)state;
	assert_int_equal(blocklist_parse(text, strlen(text), "opt-out", set, &err), BW_ERR_SYNTAX);
	assert_string_equal(err.file, "opt-out");
	assert_int_equal(err.line, 3);
	assert_int_equal(blocklist_read("/no/such/opt-out", set, &err), BW_ERR_MISSING);
	assert_string_equal(err.file, "/no/such/opt-out");
	prefix_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overlaps_are_fine),
		cmocka_unit_test(words_are_comments),
		cmocka_unit_test(an_empty_list_blocks_nothing),
		cmocka_unit_test(a_bad_line_is_an_error),
	};

	return cmocka_run_group_tests_name("target/blocklist", tests, NULL, NULL);
}
