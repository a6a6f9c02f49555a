/* SPDX-License-Identifier: Apache-2.0 */
#include "report/state/state_line.h"

#include <string.h>

#include "report/state/state_hearing.h"

#define WORD_MAX STATE_LINE_WORD_MAX

static struct bw_wall read_wall(struct scan *scan, const char *key)
{
	return (struct bw_wall){scan_has_integer(scan, key, INT64_MAX)};
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

static enum bw_verdict take_verdict(struct scan *scan, const char *text)
{
	for (unsigned i = 0; i < BW_VERDICTS; i++)
		if (strcmp(text, bw_verdict_name((enum bw_verdict)i)) == 0)
			return (enum bw_verdict)i;
	scan_fail(scan, "is no verdict");
	return BW_UNKNOWN;
}

static enum bw_verdict read_verdict(struct scan *scan)
{
	char text[WORD_MAX];

	scan_want_text(scan, "verdict", text, sizeof(text));
	return take_verdict(scan, text);
}

/* Left out when it is the verdict. */
static enum bw_verdict read_told(struct scan *scan, enum bw_verdict verdict)
{
	char text[WORD_MAX];

	if (!scan_has(scan, "told"))
		return verdict;
	scan_text(scan, text, sizeof(text));
	return take_verdict(scan, text);
}

static struct bw_prefix read_prefix(struct scan *scan, const char *key)
{
	char text[WORD_MAX];
	struct bw_prefix prefix = {0};

	scan_want_text(scan, key, text, sizeof(text));
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
	block->hot_methods = (uint32_t)scan_has_integer(scan, "hot_ways", UINT32_MAX);
}

static void read_phases(struct scan *scan, struct state_phases *phases)
{
	if (!scan_has(scan, "phases"))
		return;
	scan_open(scan);
	phases->downs = (uint32_t)scan_want_integer(scan, "downs", UINT32_MAX);
	phases->down_ns = scan_has_integer(scan, "down_ns", INT64_MAX);
	phases->longest_ns = scan_has_integer(scan, "longest_ns", INT64_MAX);
	scan_close(scan);
}

static void read_outage(const struct state_line *line, struct scan *scan,
			struct state_outage *outage)
{
	if (!scan_has(scan, "outage"))
		return;
	outage->open = true;
	scan_open(scan);
	outage->earliest = read_wall(scan, "earliest_ns");
	outage->latest.ns = scan_want_integer(scan, "latest_ns", INT64_MAX);
	if (line->version == 1) { /* had a place for the event here; none was ever written */
		(void)scan_has_integer(scan, "boot", UINT32_MAX);
		(void)scan_has_integer(scan, "seq", INT64_MAX);
	}
	scan_close(scan);
}

/* How far back the times of each return reach. */
static void read_within(struct scan *scan, struct state_returns *returns)
{
	uint32_t count = 0;

	scan_want(scan, "within_s");
	scan_take(scan, '[');
	do {
		uint32_t within_s = (uint32_t)scan_integer(scan, UINT32_MAX);

		if (count < returns->count)
			returns->within_s[count] = within_s;
		count++;
	} while (scan_is(scan, ','));
	scan_take(scan, ']');
	if (count != returns->count)
		scan_fail(scan, "has not one for each return");
}

static void read_returns(const struct state_line *line, struct scan *scan,
			 struct state_returns *returns)
{
	uint32_t times = 0;

	if (!scan_has(scan, "returns"))
		return;
	scan_open(scan);
	returns->earliest = read_wall(scan, "earliest_ns");
	returns->latest.ns = scan_want_integer(scan, "latest_ns", INT64_MAX);
	returns->ended.ns = scan_want_integer(scan, "ended_ns", INT64_MAX);
	if (line->version > 4)
		returns->ended_within_s =
			(uint32_t)scan_has_integer(scan, "ended_within_s", UINT32_MAX);
	if (scan_has(scan, "list_ns")) {
		scan_take(scan, '[');
		do {
			if (times == 2 * STATE_RETURNS_MAX)
				scan_fail(scan, "has more than 16 returns");
			else
				returns->list[times++].ns = scan_integer(scan, INT64_MAX);
		} while (scan_is(scan, ','));
		scan_take(scan, ']');
		if (times % 2)
			scan_fail(scan, "has a return without an end");
	}
	returns->count = times / 2;
	if (line->version > 4 && returns->count > 0)
		read_within(scan, returns);
	scan_close(scan);
}

static void read_history(struct scan *scan, struct state_history *history)
{
	if (!scan_has(scan, "history"))
		return;
	scan_open(scan);
	history->first = read_wall(scan, "first_ns");
	history->outages = (uint32_t)scan_has_integer(scan, "outages", UINT32_MAX);
	history->longest_ns = scan_has_integer(scan, "longest_ns", INT64_MAX);
	history->dark_ns = scan_has_integer(scan, "dark_ns", INT64_MAX);
	history->last_end = read_wall(scan, "last_end_ns");
	scan_close(scan);
}

static void read_usual(struct scan *scan, struct state_usual *usual)
{
	if (!scan_has(scan, "usual"))
		return;
	scan_open(scan);
	usual->rounds = (uint32_t)scan_want_integer(scan, "rounds", UINT32_MAX);
	usual->loss = read_chance(scan, "loss");
	usual->loss_now = read_chance(scan, "loss_now");
	usual->rtt_ns = scan_has_integer(scan, "rtt_ns", INT64_MAX);
	usual->rtt_now_ns = scan_has_integer(scan, "rtt_now_ns", INT64_MAX);
	usual->spread = read_chance(scan, "spread");
	scan_close(scan);
}

static void read_ranges(struct scan *scan, struct bw_wall out_since[BW_RANGES])
{
	out_since[BW_RANGE_LOSS] = read_wall(scan, "degraded_since_ns");
	out_since[BW_RANGE_DELAY] = read_wall(scan, "slow_since_ns");
}

static void read_joint(const struct state_line *line, struct scan *scan, struct state_joint *joint)
{
	if (!scan_has(scan, "joint"))
		return;
	scan_open(scan);
	joint->nats = scan_has_decimal(scan, "nats");
	joint->down = scan_has_true(scan, "down");
	joint->since = read_wall(scan, "since_ns");
	read_phases(scan, &joint->phases);
	joint->expected = scan_has_decimal(scan, "expected");
	joint->replied = scan_has_decimal(scan, "replied");
	joint->counted = read_wall(scan, "counted_ns");
	if (line->version > 4)
		state_hearing_read_lateness(scan, &joint->lateness);
	scan_close(scan);
}

/* Of a block. */
static void read_lateness(struct scan *scan, struct state_lateness *lateness)
{
	if (!scan_has(scan, "lateness"))
		return;
	scan_open(scan);
	state_hearing_read_lateness(scan, lateness);
	scan_close(scan);
	if (lateness->answers == 0)
		scan_fail(scan, "rests on no answers");
}

static void read_absences(struct scan *scan, struct state_absences *absences)
{
	if (!scan_has(scan, "absences"))
		return;
	scan_open(scan);
	absences->count = (uint32_t)scan_has_integer(scan, "count", UINT32_MAX);
	absences->total_ns = scan_has_integer(scan, "total_ns", INT64_MAX);
	absences->heard_hours = (uint32_t)scan_has_integer(scan, "heard_hours", UINT32_MAX);
	scan_close(scan);
}

static void read_belief(const struct state_line *line, struct scan *scan, struct state_block *block)
{
	block->log_odds = scan_has_decimal(scan, "log_odds");
	block->conditions = read_conditions(scan);
	block->known = scan_has_true(scan, "known");
	block->never_seen = line->version > 1 && scan_has_true(scan, "never_seen");
	block->few_hosts = line->version > 2 && scan_has_true(scan, "few_hosts");
	block->down = scan_has_true(scan, "down");
	block->penalty = scan_has_decimal(scan, "penalty");
	block->penalty_at = read_wall(scan, "penalty_at_ns");
	if (line->version < 3) /* of a score that is not kept any more */
		(void)scan_has_decimal(scan, "strain");
	block->unstable = read_wall(scan, "unstable_ns");
	if (line->version < 3)
		return;
	block->silent_since = read_wall(scan, "silent_since_ns");
	block->false_alarm = read_wall(scan, "false_alarm_ns");
}

/* What was learned of its hosts, behind the hot ones. */
static void read_learned(const struct state_line *line, struct scan *scan,
			 struct state_block *block)
{
	block->rests = scan_has(scan, "rest");
	if (block->rests) {
		block->rest = (uint32_t)scan_integer(scan, UINT32_MAX);
		block->evening = (uint32_t)scan_has_integer(scan, "evening", UINT32_MAX);
	}
	read_absences(scan, &block->absences);
	block->moves = (uint32_t)scan_has_integer(scan, "moves", UINT32_MAX);
	read_usual(scan, &block->usual);
	if (line->version > 4)
		read_lateness(scan, &block->lateness);
	read_ranges(scan, block->out_since);
}

void state_line_block(struct state_line *line, struct scan *scan, struct state_block *ret_block)
{
	struct state_block block = {.target = line->target};

	scan_want_text(scan, "target", line->target, sizeof(line->target));
	block.block = read_prefix(scan, "block");
	block.verdict = read_verdict(scan);
	block.told = read_told(scan, block.verdict);
	block.since.ns = scan_want_integer(scan, "since_ns", INT64_MAX);
	block.last_answer = read_wall(scan, "last_answer_ns");
	read_belief(line, scan, &block);
	block.hot_availability = read_chance(scan, "hot_availability");
	block.cold_availability = read_chance(scan, "cold_availability");
	block.again_availability = read_chance(scan, "again_availability");
	read_hot(scan, &block);
	if (line->version > 2)
		read_learned(line, scan, &block);
	read_phases(scan, &block.phases);
	read_outage(line, scan, &block.outage);
	if (line->version > 2) {
		block.dark_until = read_wall(scan, "dark_until_ns");
		block.dark_until_before = read_wall(scan, "dark_until_before_ns");
	}
	read_returns(line, scan, &block.returns);
	read_history(scan, &block.history);
	scan_end(scan);
	*ret_block = block;
}

void state_line_group(struct state_line *line, struct scan *scan, struct state_group *group)
{
	group->target = line->target;
	scan_want_text(scan, "target", line->target, sizeof(line->target));
	if (group->scope == BW_SCOPE_NETWORK)
		group->network = read_prefix(scan, "network");
	group->verdict = read_verdict(scan);
	group->told = read_told(scan, group->verdict);
	group->since.ns = scan_want_integer(scan, "since_ns", INT64_MAX);
	if (line->version > 2) {
		read_ranges(scan, group->out_since);
		read_joint(line, scan, &group->joint);
	}
	if (line->version > 4)
		state_hearing_read(scan, &group->hearing);
	read_outage(line, scan, &group->outage);
	group->returns = (struct state_returns){0};
	read_returns(line, scan, &group->returns);
	read_history(scan, &group->history);
	scan_end(scan);
}
