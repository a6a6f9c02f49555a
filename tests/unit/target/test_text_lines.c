/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/tables/text_lines.h"

struct seen {
	char text[256];
	size_t used;
};

static int take(void *self, const struct text_line *line, struct bw_err *err)
{
	struct seen *seen = self;

	if (line->length == 3 && memcmp(line->at, "bad", 3) == 0)
		return bw_err_set(err, BW_ERR_VALUE, "bad");
	seen->used += (size_t)snprintf(seen->text + seen->used, sizeof(seen->text) - seen->used,
				       "%u=%.*s;", line->number, (int)line->length, line->at);
	return 0;
}

static int push(const char *bytes, size_t length, size_t piece, struct seen *seen,
		struct bw_err *err)
{
	struct text_lines text = text_lines_of("file", take, seen);
	int result = 0;

	*seen = (struct seen){.used = 0};
	for (size_t at = 0; at < length && result == 0; at += piece)
		result = text_lines_push(&text, bytes + at,
					 length - at < piece ? length - at : piece, err);
	if (result == 0)
		result = text_lines_end(&text, err);
	text_lines_fini(&text);
	return result;
}

static void test_line_ends_in_any_pieces(void **state)
{
	static const char bytes[] = "\xef\xbb\xbf"
				    "one\ntwo\r\n\rfour\n\nlast";
	struct seen seen;

	(void)state;
	for (size_t piece = 3; piece < sizeof(bytes); piece++) {
		assert_int_equal(push(bytes, sizeof(bytes) - 1, piece, &seen, NULL), 0);
		assert_string_equal(seen.text, "1=one;2=two;3=;4=four;5=;6=last;");
	}
}

static void assert_refused(const char *bytes, size_t length, const char *words, int line)
{
	struct bw_err err = {0};
	struct seen seen;

	assert_true(push(bytes, length, 4096, &seen, &err) < 0);
	if (!strstr(err.message, words))
		fail_msg("'%s' is not in '%s'", words, err.message);
	assert_int_equal(err.line, line);
	assert_string_equal(err.file, "file");
}

static void test_what_is_no_list(void **state)
{
	static char longest[TEXT_LINE_MAX + 2];

	(void)state;
	assert_refused(" \n<!DOCTYPE html>\n<html>", 22, "HTML", 1);
	assert_refused("BZh91AY", 7, "bzip2", 1);
	assert_refused("\xfd"
		       "7zXZ\0\0",
		       7, "xz", 1);
	assert_refused("\x28\xb5\x2f\xfd", 4, "zstd", 1);
	assert_refused("\xff\xfe"
		       "a\0",
		       4, "UTF-16", 1);
	assert_refused("a\nb\0c\n", 6, "binary", 2);
	assert_refused("a\nbad\nc\n", 8, "bad", 2);
	memset(longest, 'x', sizeof(longest));
	assert_refused(longest, sizeof(longest), "1 MiB", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_ends_in_any_pieces),
		cmocka_unit_test(test_what_is_no_list),
	};

	return cmocka_run_group_tests_name("target/text_lines", tests, NULL, NULL);
}
