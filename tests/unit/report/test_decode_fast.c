/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record is the same, and a flaw is told in the same words, whether its line is parsed fast or
 * by jansson: over the golden records and mutations of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "report/record/decode.h"
#include "report/record/encode.h"

#define MARK "\xef\xbb\xbf" /* a byte order mark is skipped, and with one no text is parsed fast */
#define MARK_LENGTH (sizeof(MARK) - 1)
#define MUTATIONS 40  /* of each line */
#define LINES_MAX 400 /* of each file */

static const char *const files[] = {"check",   "check-target", "fping-target", "fping",
				    "masscan", "merged",       "nmap",         "ping",
				    "scamper", "uplink",       "traceroutes",  "tools",
				    "zmap"};

/* What decoding gave: a line again, or an error. */
struct result {
	int code;
	struct bw_err err;
	int length;
	char line[RECORD_LINE_MAX];
};

static void decode(const char *line, size_t length, struct result *result)
{
	struct record_memory memory = {0};
	struct record record;

	*result = (struct result){.length = 0};
	result->code = record_decode(line, length, "f", &memory, &record, &result->err);
	if (result->code == 0)
		result->length = record_encode(&record, result->line, sizeof(result->line));
	record_memory_fini(&memory);
}

/* LINE has a mark before it. Returns the code. */
static int check_same(const char *line, size_t length)
{
	static struct result fast, slow;

	decode(line + MARK_LENGTH, length, &fast);
	decode(line, length + MARK_LENGTH, &slow);
	if (fast.code != slow.code || fast.length != slow.length ||
	    strcmp(fast.err.message, slow.err.message) != 0 ||
	    strcmp(fast.err.field, slow.err.field) != 0 || fast.err.line != slow.err.line ||
	    fast.err.column != slow.err.column ||
	    (fast.length > 0 && memcmp(fast.line, slow.line, (size_t)fast.length) != 0))
		fail_msg("%.*s\nfast: %d %s: %s\nslow: %d %s: %s", (int)length, line + MARK_LENGTH,
			 fast.code, fast.err.field, fast.err.message, slow.code, slow.err.field,
			 slow.err.message);
	return fast.code;
}

/* Bytes that mean something in JSON or in a record are likely. */
static char any_byte(struct rng *rng)
{
	static const char likely[] = "{}[]\",:\\/ \n\t0123456789-+.eEtrufalsn\xc3\xa9\xed\x80";

	return rng_below(rng, 8) == 0 ? (char)rng_below(rng, 256)
				      : likely[rng_below(rng, sizeof(likely) - 1)];
}

/* Replaces, removes, doubles or moves a piece. Returns the new length. */
static size_t mutate(struct rng *rng, char *line, size_t length)
{
	const size_t at = rng_below(rng, length);
	size_t piece = 1 + rng_below(rng, 12);

	if (piece > length - at)
		piece = length - at;
	switch (rng_below(rng, 5)) {
	case 0:
		line[at] = any_byte(rng);
		return length;
	case 1:
		memmove(line + at, line + at + piece, length - at - piece);
		return length - piece;
	case 2:
		memmove(line + at + piece, line + at, length - at);
		return length + piece;
	case 3:
		line[at] ^= 1; /* mostly still a record: a digit becomes another */
		return length;
	default:
		memmove(line + at, line + rng_below(rng, length - piece + 1), piece);
		return length;
	}
}

static unsigned check_mutations(struct rng *rng, const char *line, size_t length)
{
	static char copy[MARK_LENGTH + RECORD_LINE_MAX + 64];
	unsigned good = 0;

	for (unsigned n = 0; n < MUTATIONS; n++) {
		size_t now = length;

		memcpy(copy, MARK, MARK_LENGTH);
		memcpy(copy + MARK_LENGTH, line, length);
		for (unsigned times = 1 + rng_below(rng, 3); times > 0 && now > 0; times--)
			now = mutate(rng, copy + MARK_LENGTH, now);
		good += check_same(copy, now) == 0;
	}
	return good;
}

static void check_line(struct rng *rng, struct fast *fast, const char *line, unsigned *good)
{
	static char marked[MARK_LENGTH + RECORD_LINE_MAX];
	const size_t length = strlen(line);

	memcpy(marked, MARK, MARK_LENGTH);
	memcpy(marked + MARK_LENGTH, line, length);
	assert_int_equal(fast_parse(fast, line, length), 0);
	assert_int_equal(check_same(marked, length), 0);
	*good += check_mutations(rng, line, length);
}

static void check_file(struct rng *rng, const char *name, unsigned *lines, unsigned *good)
{
	const char *root = getenv("BW_SOURCE_ROOT");
	static char line[RECORD_LINE_MAX];
	struct fast fast = {0};
	unsigned count = 0;
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/golden/replay/%s.jsonl", root ? root : ".", name);
	file = fopen(path, "r");
	assert_non_null(file);
	for (; count < LINES_MAX && fgets(line, sizeof(line), file); count++)
		check_line(rng, &fast, line, good);
	fclose(file);
	fast_fini(&fast);
	*lines += count;
}

/* Each golden line is parsed fast, and so are many of its mutations. */
static void test_golden(void **state)
{
	struct rng rng = rng_of(7);
	unsigned lines = 0, good = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		check_file(&rng, files[i], &lines, &good);
	assert_true(lines > 100);
	assert_true(good > lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
