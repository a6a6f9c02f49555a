/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ship/spool/index.h"

static const char text[] = "{\"a\":1}\n";

static struct spool_line line_of(unsigned type, uint64_t seq)
{
	return (struct spool_line){text, sizeof(text) - 1, type, "b0", seq, {1000 + (int64_t)seq}};
}

/* Two groups of two lines each, as an index. Returns its length. */
static size_t write_index(char *out)
{
	size_t used = strlen(INDEX_HEAD);
	struct spool_group group;

	memcpy(out, INDEX_HEAD, used);
	for (unsigned i = 0; i < 2; i++) {
		spool_group_init(&group, i * 16);
		for (unsigned n = 0; n < 2; n++) {
			struct spool_line line =
				line_of(n ? SPOOL_EVENT : SPOOL_BLOCK, i * 2 + n + 1);

			spool_group_add(&group, &line);
		}
		used += index_format(&group, out + used);
	}
	return used;
}

static void test_index_is_read_as_it_was_written(void **state)
{
	char out[2 * INDEX_LINE_MAX + 32];
	size_t length = write_index(out);
	struct index_reader reader;
	struct spool_group group;

	(void)state;
	index_read(&reader, out, length);
	assert_true(index_next(&reader, &group));
	assert_int_equal(group.length, 16);
	assert_true(index_next(&reader, &group));
	assert_int_equal(group.offset, 16);
	assert_string_equal(group.first_boot, "b0");
	assert_int_equal(group.first_seq, 3);
	assert_int_equal(group.last_seq, 4);
	assert_int_equal(group.last_time.ns, 1004);
	assert_int_equal(group.sums.records[SPOOL_EVENT], 1);
	assert_int_equal(group.sums.bytes[SPOOL_BLOCK], 8);
	assert_true(spool_group_check(&group, "{\"a\":1}\n{\"a\":1}\n"));
	assert_false(spool_group_check(&group, "{\"a\":1}\n{\"b\":1}\n"));
	assert_false(index_next(&reader, &group));
}

/* Whatever is cut off or damaged, the groups before it are read. */
static void test_damaged_index_ends_early(void **state)
{
	char out[2 * INDEX_LINE_MAX + 32], damaged[sizeof(out)];
	size_t length = write_index(out);
	struct index_reader reader;
	struct spool_group group;

	(void)state;
	for (size_t cut = 0; cut < length; cut++) {
		int count = 0;

		index_read(&reader, out, cut);
		while (index_next(&reader, &group))
			count++;
		assert_true(count < 2);
	}
	for (size_t at = 0; at < length; at++) {
		memcpy(damaged, out, length);
		damaged[at] = '\0';
		index_read(&reader, damaged, length);
		while (index_next(&reader, &group))
			assert_int_equal(group.offset % 16, 0);
	}
	index_read(&reader, "", 0);
	assert_false(index_next(&reader, &group));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_index_is_read_as_it_was_written),
		cmocka_unit_test(test_damaged_index_ends_early),
	};

	return cmocka_run_group_tests_name("ship/index", tests, NULL, NULL);
}
