/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading goes from the outside to the inside. First the head, since another
 * version may look different everywhere else. Then the end: a file that was cut
 * has none. Then the checksum over all lines before the end, so that nothing
 * altered is ever looked at more closely. Only then is line after line scanned,
 * checked with the rules by which it was written, and handed over.
 *
 * What is wrong in a file whose checksum fits, some program has written so. The
 * checks are for that, and so that no number can harm the arithmetic of whoever
 * takes it.
 */
#include <inttypes.h>
#include <string.h>

#include "report/state/state_private.h"
#include "json/scan.h"

#define WORD_MAX 64 /* bytes of a word, a prefix, an address */

struct reading {
	const char *bytes;    /* all lines */
	const char *at, *end; /* those not yet taken; a newline stands before END */
	int line;             /* the number of the last one taken */
	const struct state_handlers *handlers;
	struct bw_err *err; /* never NULL */
	struct state_head head;
	char vantage[STATE_NAME_MAX + 1], program[STATE_NAME_MAX + 1]; /* of the head */
	char target[STATE_NAME_MAX + 1];                               /* of the line */
	bool is_first;                                                 /* version 1 */
	uint32_t blocks, groups;
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

static int64_t want_integer(struct scan *scan, const char *key, int64_t max)
{
	scan_want(scan, key);
	return scan_integer(scan, max);
}

/* What may be left out is 0 then. */
static int64_t read_integer(struct scan *scan, const char *key, int64_t max)
{
	return scan_has(scan, key) ? scan_integer(scan, max) : 0;
}

static struct bw_wall read_wall(struct scan *scan, const char *key)
{
	return (struct bw_wall){read_integer(scan, key, INT64_MAX)};
}

static double read_decimal(struct scan *scan, const char *key)
{
	return scan_has(scan, key) ? scan_decimal(scan) : 0;
}

static double read_chance(struct scan *scan, const char *key)
{
	double chance;

	if (!scan_has(scan, key))
		return -1;
	chance = scan_decimal(scan);
	if (chance < 0)
		scan_fail(scan, "is not in 0 to 1");
	return chance;
}

static bool read_flag(struct scan *scan, const char *key)
{
	return scan_has(scan, key) && scan_true(scan);
}

static void want_text(struct scan *scan, const char *key, char *buffer, size_t size)
{
	scan_want(scan, key);
	scan_text(scan, buffer, size);
}

static int check_schema(struct reading *reading, const struct scan *scan, const char *schema)
{
	if (scan->why || strncmp(schema, "blockwatch/state/", 17) != 0)
		return damaged(reading, "this is no state of blockwatch");
	reading->is_first = strcmp(schema, STATE_SCHEMA_1) == 0;
	if (reading->is_first || strcmp(schema, STATE_SCHEMA) == 0)
		return 0;
	bw_err_set(reading->err, BW_ERR_VALUE,
		   "of another version of the program: '%s'; this one has '%s'", schema,
		   STATE_SCHEMA);
	bw_err_place(reading->err, NULL, 0, 0, "schema");
	return BW_ERR_VALUE;
}

static int read_head(struct reading *reading)
{
	struct state_head *head = &reading->head;
	struct scan scan = take_line(reading);
	char schema[WORD_MAX];
	int result;

	want_text(&scan, "schema", schema, sizeof(schema));
	result = check_schema(reading, &scan, schema);
	if (result < 0)
		return result;
	want_text(&scan, "vantage", reading->vantage, sizeof(reading->vantage));
	want_text(&scan, "program", reading->program, sizeof(reading->program));
	head->vantage = reading->vantage;
	head->program = reading->program;
	head->boots = (uint32_t)want_integer(&scan, "boots", UINT32_MAX);
	head->references = read_flag(&scan, "references");
	head->saved.ns = want_integer(&scan, "saved_ns", INT64_MAX);
	head->blocks = (uint32_t)want_integer(&scan, "blocks", UINT32_MAX);
	head->groups = (uint32_t)want_integer(&scan, "groups", UINT32_MAX);
	scan_end(&scan);
	result = result_of(reading, &scan);
	return result ? result : state_check_head(head, reading->err);
}

static int read_end(struct reading *reading, struct scan *scan, uint64_t sum)
{
	char type[WORD_MAX], checksum[WORD_MAX], wanted[WORD_MAX];
	uint32_t blocks, groups;

	want_text(scan, "type", type, sizeof(type));
	if (scan->why || strcmp(type, "end") != 0)
		return damaged(reading, "the end is missing");
	blocks = (uint32_t)want_integer(scan, "blocks", UINT32_MAX);
	groups = (uint32_t)want_integer(scan, "groups", UINT32_MAX);
	want_text(scan, "checksum", checksum, sizeof(checksum));
	scan_end(scan);
	if (scan->why)
		return result_of(reading, scan);
	snprintf(wanted, sizeof(wanted), "%016" PRIx64, sum);
	if (strcmp(checksum, wanted) != 0)
		return damaged(reading, "the checksum does not fit");
	if (blocks != reading->head.blocks || groups != reading->head.groups)
		return damaged(reading, "head and end disagree on the number of lines");
	return 0;
}

static enum bw_verdict read_verdict(struct scan *scan)
{
	char text[WORD_MAX];

	want_text(scan, "verdict", text, sizeof(text));
	for (unsigned i = 0; i < BW_VERDICTS; i++)
		if (strcmp(text, bw_verdict_name((enum bw_verdict)i)) == 0)
			return (enum bw_verdict)i;
	scan_fail(scan, "is no verdict");
	return BW_UNKNOWN;
}

static struct bw_prefix read_prefix(struct scan *scan, const char *key)
{
	char text[WORD_MAX];
	struct bw_prefix prefix = {0};

	want_text(scan, key, text, sizeof(text));
	if (!scan->why && bw_prefix_parse(text, &prefix, NULL) < 0)
		scan_fail(scan, "is no prefix");
	return prefix;
}

static unsigned condition_of(const char *text)
{
	for (unsigned i = 0; i < BW_CONDITIONS; i++)
		if (strcmp(text, bw_condition_name(i)) == 0)
			return 1U << i;
	return 0;
}

static unsigned read_conditions(struct scan *scan)
{
	unsigned conditions = 0;
	char text[WORD_MAX];

	if (!scan_has(scan, "conditions"))
		return 0;
	scan_take(scan, '[');
	do {
		unsigned condition;

		scan_text(scan, text, sizeof(text));
		condition = condition_of(text);
		if (condition == 0 || conditions & condition)
			scan_fail(scan, "has one that is not known, or one twice");
		conditions |= condition;
	} while (scan_is(scan, ','));
	scan_take(scan, ']');
	return conditions;
}

static void read_hot(struct scan *scan, struct state_block *block)
{
	char text[WORD_MAX];

	if (!scan_has(scan, "hot"))
		return;
	scan_take(scan, '[');
	do {
		struct bw_addr *addr = &block->hot[block->hot_count];

		scan_text(scan, text, sizeof(text));
		if (block->hot_count == STATE_HOT_MAX)
			scan_fail(scan, "has more than 16 hosts");
		else if (!scan->why && bw_addr_parse(text, addr) < 0)
			scan_fail(scan, "has something that is no address");
		else
			block->hot_count++;
	} while (scan_is(scan, ','));
	scan_take(scan, ']');
	block->hot_ways = (uint32_t)read_integer(scan, "hot_ways", UINT32_MAX);
}

static void read_phases(struct scan *scan, struct state_phases *phases)
{
	if (!scan_has(scan, "phases"))
		return;
	scan_open(scan);
	phases->downs = (uint32_t)want_integer(scan, "downs", UINT32_MAX);
	phases->down_ns = read_integer(scan, "down_ns", INT64_MAX);
	phases->longest_ns = read_integer(scan, "longest_ns", INT64_MAX);
	scan_close(scan);
}

static void read_outage(struct reading *reading, struct scan *scan, struct state_outage *outage)
{
	if (!scan_has(scan, "outage"))
		return;
	outage->open = true;
	scan_open(scan);
	outage->earliest = read_wall(scan, "earliest_ns");
	outage->latest.ns = want_integer(scan, "latest_ns", INT64_MAX);
	if (reading->is_first) { /* had a place for the event here; none was ever written */
		(void)read_integer(scan, "boot", UINT32_MAX);
		(void)read_integer(scan, "seq", INT64_MAX);
	}
	scan_close(scan);
}

static void read_history(struct scan *scan, struct state_history *history)
{
	if (!scan_has(scan, "history"))
		return;
	scan_open(scan);
	history->first = read_wall(scan, "first_ns");
	history->outages = (uint32_t)read_integer(scan, "outages", UINT32_MAX);
	history->longest_ns = read_integer(scan, "longest_ns", INT64_MAX);
	history->dark_ns = read_integer(scan, "dark_ns", INT64_MAX);
	history->last_end = read_wall(scan, "last_end_ns");
	scan_close(scan);
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
	struct state_block block = {.target = reading->target};
	int result;

	want_text(scan, "target", reading->target, sizeof(reading->target));
	block.block = read_prefix(scan, "block");
	block.verdict = read_verdict(scan);
	block.since.ns = want_integer(scan, "since_ns", INT64_MAX);
	block.last_answer = read_wall(scan, "last_answer_ns");
	block.log_odds = read_decimal(scan, "log_odds");
	block.conditions = read_conditions(scan);
	block.known = read_flag(scan, "known");
	block.never_seen = !reading->is_first && read_flag(scan, "never_seen");
	block.down = read_flag(scan, "down");
	block.penalty = read_decimal(scan, "penalty");
	block.penalty_at = read_wall(scan, "penalty_at_ns");
	block.cusum = read_decimal(scan, "strain");
	block.unstable = read_wall(scan, "unstable_ns");
	block.hot_availability = read_chance(scan, "hot_availability");
	block.cold_availability = read_chance(scan, "cold_availability");
	block.again_availability = read_chance(scan, "again_availability");
	read_hot(scan, &block);
	read_phases(scan, &block.phases);
	read_outage(reading, scan, &block.outage);
	read_history(scan, &block.history);
	scan_end(scan);
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
	struct state_group group = {.scope = scope, .target = reading->target};
	int result;

	want_text(scan, "target", reading->target, sizeof(reading->target));
	if (scope == BW_SCOPE_NETWORK)
		group.network = read_prefix(scan, "network");
	group.verdict = read_verdict(scan);
	group.since.ns = want_integer(scan, "since_ns", INT64_MAX);
	read_outage(reading, scan, &group.outage);
	read_history(scan, &group.history);
	scan_end(scan);
	result = result_of(reading, scan);
	return result ? result : hand_over_group(reading, &group);
}

static int read_line(struct reading *reading)
{
	struct scan scan = take_line(reading);
	char type[WORD_MAX];

	want_text(&scan, "type", type, sizeof(type));
	if (strcmp(type, "block") == 0)
		return read_block(reading, &scan);
	if (strcmp(type, "network") == 0)
		return read_group(reading, &scan, BW_SCOPE_NETWORK);
	if (strcmp(type, "target") == 0)
		return read_group(reading, &scan, BW_SCOPE_TARGET);
	scan_fail(&scan, "must be block, network or target");
	return result_of(reading, &scan);
}

static int read_lines(struct reading *reading)
{
	int result = 0;

	while (result >= 0 && reading->at < reading->end)
		result = read_line(reading);
	if (result < 0)
		return result;
	if (reading->blocks == reading->head.blocks && reading->groups == reading->head.groups)
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
