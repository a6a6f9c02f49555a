/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading goes from the outside to the inside. The head comes first, because another
 * version may differ everywhere else. The end comes next: a file that was cut has none.
 * Then the checksum over all lines before the end is compared, so that no altered line is
 * interpreted. Only then each line is scanned, checked with the rules of the writer, and
 * handed over.
 *
 * A wrong value in a file whose checksum fits was written by a program. The checks find
 * such values before their arithmetic can do harm.
 */
#include "report/state/state_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/state/state_check.h"
#include "report/state/state_line.h"
#include "report/state/state_path.h"
#include "report/state/state_sum.h"

#define WORD_MAX STATE_LINE_WORD_MAX

struct reading {
	const char *bytes;    /* all lines */
	const char *at, *end; /* those not yet taken; a newline stands before END */
	int line;             /* the number of the last one taken */
	const struct state_handlers *handlers;
	struct bw_err *err; /* never NULL */
	struct state_head head;
	char vantage[STATE_NAME_MAX + 1], program[STATE_NAME_MAX + 1]; /* of the head */
	struct state_line line_of; /* what a line is read into */
	uint32_t blocks, groups, paths;
};

static int damaged(struct reading *reading, const char *why)
{
	return bw_err_set(reading->err, BW_ERR_SYNTAX, "damaged: %s", why);
}

/* 0, or what the scan of a line has found wrong. */
static int result_of(struct reading *reading, const struct scan *scan)
{
	char field[WORD_MAX];

	if (!scan->why)
		return 0;
	snprintf(field, sizeof(field), "%s%s%s", scan->object ? scan->object : "",
		 scan->object && scan->key ? "." : "", scan->key ? scan->key : "");
	damaged(reading, scan->why);
	bw_err_place(reading->err, NULL, 0, scan_column(scan), field);
	return BW_ERR_SYNTAX;
}

/* The next line; there must be one. */
static struct scan take_line(struct reading *reading)
{
	const char *from = reading->at;
	const char *newline = memchr(from, '\n', (size_t)(reading->end - from));
	struct scan scan;

	reading->at = newline + 1;
	reading->line++;
	scan_init(&scan, from, (size_t)(newline + 1 - from));
	return scan;
}

static int check_schema(struct reading *reading, const struct scan *scan, const char *schema)
{
	static const char *const schemas[] = {STATE_SCHEMA_1, STATE_SCHEMA_2, STATE_SCHEMA_3,
					      STATE_SCHEMA_4, STATE_SCHEMA};

	if (scan->why || strncmp(schema, "blockwatch/state/", 17) != 0)
		return damaged(reading, "this is no state of blockwatch");
	for (unsigned n = 0; n < sizeof(schemas) / sizeof(schemas[0]); n++)
		if (strcmp(schema, schemas[n]) == 0) {
			reading->line_of.version = n + 1;
			return 0;
		}
	bw_err_set(reading->err, BW_ERR_VALUE,
		   "of another version of the program: '%s'; this one has '%s'", schema,
		   STATE_SCHEMA);
	bw_err_place(reading->err, NULL, 0, 0, "schema");
	return BW_ERR_VALUE;
}

/* How many lines of paths there are; versions before 4 have none. */
static uint32_t count_paths(const struct reading *reading, struct scan *scan)
{
	return reading->line_of.version < 4
		       ? 0
		       : (uint32_t)scan_want_integer(scan, "paths", UINT32_MAX);
}

static int read_head(struct reading *reading)
{
	struct state_head *head = &reading->head;
	struct scan scan = take_line(reading);
	char schema[WORD_MAX];
	int result;

	scan_want_text(&scan, "schema", schema, sizeof(schema));
	result = check_schema(reading, &scan, schema);
	if (result < 0)
		return result;
	scan_want_text(&scan, "vantage", reading->vantage, sizeof(reading->vantage));
	scan_want_text(&scan, "program", reading->program, sizeof(reading->program));
	head->vantage = reading->vantage;
	head->program = reading->program;
	head->boots = (uint32_t)scan_want_integer(&scan, "boots", UINT32_MAX);
	head->references = scan_has_true(&scan, "references");
	head->saved.ns = scan_want_integer(&scan, "saved_ns", INT64_MAX);
	head->blocks = (uint32_t)scan_want_integer(&scan, "blocks", UINT32_MAX);
	head->groups = (uint32_t)scan_want_integer(&scan, "groups", UINT32_MAX);
	head->paths = count_paths(reading, &scan);
	scan_end(&scan);
	result = result_of(reading, &scan);
	return result ? result : state_check_head(head, reading->err);
}

static int read_end(struct reading *reading, struct scan *scan, uint64_t sum)
{
	char type[WORD_MAX], checksum[WORD_MAX], wanted[WORD_MAX];
	uint32_t blocks, groups, paths;

	scan_want_text(scan, "type", type, sizeof(type));
	if (scan->why || strcmp(type, "end") != 0)
		return damaged(reading, "the end is missing");
	blocks = (uint32_t)scan_want_integer(scan, "blocks", UINT32_MAX);
	groups = (uint32_t)scan_want_integer(scan, "groups", UINT32_MAX);
	paths = count_paths(reading, scan);
	scan_want_text(scan, "checksum", checksum, sizeof(checksum));
	scan_end(scan);
	if (scan->why)
		return result_of(reading, scan);
	snprintf(wanted, sizeof(wanted), "%016" PRIx64, sum);
	if (strcmp(checksum, wanted) != 0)
		return damaged(reading, "the checksum does not fit");
	if (blocks != reading->head.blocks || groups != reading->head.groups ||
	    paths != reading->head.paths)
		return damaged(reading, "head and end disagree on the number of lines");
	return 0;
}

static int hand_over_block(struct reading *reading, const struct state_block *block)
{
	const struct state_handlers *handlers = reading->handlers;
	int result = state_check_block(block, reading->err);

	if (result < 0)
		return result;
	reading->blocks++;
	return handlers->block ? handlers->block(handlers->self, block) : 0;
}

static int read_block(struct reading *reading, struct scan *scan)
{
	struct state_block block;
	int result;

	state_line_block(&reading->line_of, scan, &block);
	result = result_of(reading, scan);
	return result ? result : hand_over_block(reading, &block);
}

static int hand_over_group(struct reading *reading, const struct state_group *group)
{
	const struct state_handlers *handlers = reading->handlers;
	int result = state_check_group(group, reading->err);

	if (result < 0)
		return result;
	reading->groups++;
	return handlers->group ? handlers->group(handlers->self, group) : 0;
}

static int read_group(struct reading *reading, struct scan *scan, enum bw_scope scope)
{
	struct state_group group = {.scope = scope};
	int result;

	state_line_group(&reading->line_of, scan, &group);
	result = result_of(reading, scan);
	return result ? result : hand_over_group(reading, &group);
}

static int hand_over_path(struct reading *reading, const struct state_path *path)
{
	const struct state_handlers *handlers = reading->handlers;
	int result = state_check_path(path, reading->err);

	if (result < 0)
		return result;
	reading->paths++;
	return handlers->path ? handlers->path(handlers->self, path) : 0;
}

static int read_path(struct reading *reading, struct scan *scan)
{
	struct state_path path;
	int result;

	state_path_line(&reading->line_of, scan, &path);
	result = result_of(reading, scan);
	return result ? result : hand_over_path(reading, &path);
}

static int read_line(struct reading *reading)
{
	struct scan scan = take_line(reading);
	char type[WORD_MAX];

	scan_want_text(&scan, "type", type, sizeof(type));
	if (strcmp(type, "block") == 0)
		return read_block(reading, &scan);
	if (strcmp(type, "network") == 0)
		return read_group(reading, &scan, BW_SCOPE_NETWORK);
	if (strcmp(type, "target") == 0)
		return read_group(reading, &scan, BW_SCOPE_TARGET);
	if (strcmp(type, "path") == 0 && reading->line_of.version > 3)
		return read_path(reading, &scan);
	scan_fail(&scan, "must be block, network, target or path");
	return result_of(reading, &scan);
}

static int read_lines(struct reading *reading)
{
	int result = 0;

	while (result >= 0 && reading->at < reading->end)
		result = read_line(reading);
	if (result < 0)
		return result;
	if (reading->blocks == reading->head.blocks && reading->groups == reading->head.groups &&
	    reading->paths == reading->head.paths)
		return 0;
	reading->line = 1;
	return damaged(reading, "these are not as many lines as follow");
}

static uint64_t sum_lines(const char *from, const char *end)
{
	uint64_t sum = 0;

	while (from < end) {
		const char *next = (const char *)memchr(from, '\n', (size_t)(end - from)) + 1;

		sum = state_sum(sum, from, (size_t)(next - from));
		from = next;
	}
	return sum;
}

static int count_lines(const char *from, const char *end)
{
	int count = 0;

	for (; from < end; from++)
		count += *from == '\n';
	return count;
}

/* Takes the end off the lines and checks it. There is a line before it, the head. */
static int take_end(struct reading *reading)
{
	size_t before = (size_t)(reading->end - 1 - reading->bytes);
	const char *from = (const char *)memrchr(reading->bytes, '\n', before) + 1;
	struct scan scan;
	int result;

	scan_init(&scan, from, (size_t)(reading->end - from));
	reading->end = from;
	result = read_end(reading, &scan, sum_lines(reading->bytes, from));
	if (result < 0)
		reading->line = count_lines(reading->bytes, from) + 1;
	return result;
}

/* With the head read. */
static int read_rest(struct reading *reading)
{
	const struct state_handlers *handlers = reading->handlers;
	int result;

	if (reading->at == reading->end)
		return damaged(reading, "the end is missing");
	result = take_end(reading);
	if (result == 0 && handlers->head)
		result = handlers->head(handlers->self, &reading->head);
	return result < 0 ? result : read_lines(reading);
}

static int read_all(struct reading *reading)
{
	int result;

	if (reading->at == reading->end)
		return damaged(reading, "the file is empty");
	if (reading->end[-1] != '\n') {
		reading->line = count_lines(reading->bytes, reading->end) + 1;
		return damaged(reading, "the last line is cut");
	}
	result = read_head(reading);
	return result < 0 ? result : read_rest(reading);
}

int state_read(const char *bytes, size_t length, const char *file,
	       const struct state_handlers *handlers, struct bw_err *err)
{
	struct bw_err local;
	struct reading reading = {
		.bytes = bytes,
		.at = bytes,
		.end = bytes + length,
		.handlers = handlers,
		.err = err ? err : &local,
	};
	int result;

	bw_err_set(reading.err, 0, "%s", "");
	result = read_all(&reading);
	if (result < 0 && reading.err->code != result)
		bw_err_set(reading.err, result, "%s", bw_error_text(result));
	if (result < 0)
		bw_err_place(reading.err, file, reading.line, 0, NULL);
	return result;
}
