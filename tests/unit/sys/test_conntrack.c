/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/machine/conntrack.h"

/* A folder with the two files, or without them. */
struct place {
	char folder[64], count[96], max[96];
	struct conntrack conntrack;
};

static int setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	snprintf(place->folder, sizeof(place->folder), "/tmp/bw-conntrack-XXXXXX");
	assert_non_null(mkdtemp(place->folder));
	snprintf(place->count, sizeof(place->count), "%s/nf_conntrack_count", place->folder);
	snprintf(place->max, sizeof(place->max), "%s/nf_conntrack_max", place->folder);
	place->conntrack.folder = place->folder;
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;

	unlink(place->count);
	unlink(place->max);
	assert_int_equal(rmdir(place->folder), 0);
	free(place);
	return 0;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static bool look(struct place *place, const char *count, const char *max)
{
	put(place->count, count);
	put(place->max, max);
	return conntrack_look(&place->conntrack);
}

static void test_nothing_is_tracked(void **state)
{
	struct place *place = *state;
	struct conntrack nowhere = {.folder = "/nonexistent/folder"};

	assert_false(conntrack_look(&place->conntrack));
	assert_int_equal(place->conntrack.max, 0);
	assert_false(conntrack_look(&nowhere));
	put(place->count, "1000\n");
	assert_false(conntrack_look(&place->conntrack));
}

static void test_full_from_95_percent_on(void **state)
{
	struct place *place = *state;

	assert_false(look(place, "0\n", "1000\n"));
	assert_false(look(place, "949\n", "1000\n"));
	assert_int_equal(place->conntrack.count, 949);
	assert_int_equal(place->conntrack.max, 1000);
	assert_true(look(place, "950\n", "1000\n"));
	assert_true(look(place, "1000\n", "1000\n"));
	assert_true(look(place, "1200\n", "1000\n"));
}

static void test_room_below_90_percent(void **state)
{
	struct place *place = *state;

	assert_true(look(place, "950\n", "1000\n"));
	assert_true(look(place, "949\n", "1000\n"));
	assert_true(look(place, "900\n", "1000\n"));
	assert_false(look(place, "899\n", "1000\n"));
	assert_false(look(place, "949\n", "1000\n"));
	assert_true(look(place, "950\n", "1000\n"));
	/* A limit that was raised is room, too. */
	assert_false(look(place, "950\n", "2000\n"));
}

static void test_files_that_vanish_end_it(void **state)
{
	struct place *place = *state;

	assert_true(look(place, "1000\n", "1000\n"));
	assert_int_equal(unlink(place->max), 0);
	assert_false(conntrack_look(&place->conntrack));
	assert_int_equal(place->conntrack.count, 0);
}

static void test_no_limit(void **state)
{
	struct place *place = *state;

	assert_false(look(place, "1000\n", "0\n"));
	assert_false(look(place, "0\n", "0\n"));
}

static void test_what_is_no_number(void **state)
{
	static const char *const texts[] = {
		"", "\n", " 950\n", "-1\n", "+950\n", "950 1000\n", "0x3b6\n", "95%\n",
		"99999999999999999999999999999999999999999999\n", "18446744073709551615\n",
		"4294967296\n",
	};
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_false(look(place, texts[i], "1000\n"));
		assert_false(look(place, "1000\n", texts[i]));
	}
	assert_true(look(place, "4294967295\n", "4294967295"));
	assert_false(look(place, "3865470565\n", "4294967295"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing_is_tracked, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_from_95_percent_on, setup, teardown),
		cmocka_unit_test_setup_teardown(test_room_below_90_percent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files_that_vanish_end_it, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_number, setup, teardown),
	};

	return cmocka_run_group_tests_name("sys/conntrack", tests, NULL, NULL);
}
