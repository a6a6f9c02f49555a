/* SPDX-License-Identifier: Apache-2.0 */
#include "report/state/state_check.h"

#include <string.h>

#include "json/utf8.h"

static int refuse(const char *field, const char *why, struct bw_err *err)
{
	bw_err_set(err, BW_ERR_VALUE, "%s", why);
	bw_err_place(err, NULL, 0, 0, field);
	return BW_ERR_VALUE;
}

/* A name that comes back as it was: JSON cannot carry bytes that are no UTF-8. */
static bool is_name(const char *text)
{
	return text && *text && strnlen(text, STATE_NAME_MAX + 1) <= STATE_NAME_MAX &&
	       utf8_is_valid(text);
}

static bool is_wall(struct bw_wall time)
{
	return time.ns >= 0 && time.ns <= STATE_WALL_MAX;
}

static bool is_span(int64_t ns)
{
	return ns >= 0 && ns <= STATE_SPAN_MAX;
}

/* NaN is in no range. */
static bool is_within(double value, double min, double max)
{
	return value >= min && value <= max;
}

static bool is_prefix(const struct bw_prefix *prefix)
{
	struct bw_prefix clean;

	if (bw_addr_bits(&prefix->addr) == 0 || prefix->length > bw_addr_bits(&prefix->addr))
		return false;
	clean = bw_prefix_of(&prefix->addr, prefix->length);
	return bw_addr_equal(&clean.addr, &prefix->addr);
}

int state_check_head(const struct state_head *head, struct bw_err *err)
{
	if (!is_name(head->vantage))
		return refuse("vantage", "is no name", err);
	if (!is_name(head->program))
		return refuse("program", "is no version of a program", err);
	if (head->boots == 0)
		return refuse("boots", "counts from 1", err);
	if (!is_wall(head->saved) || head->saved.ns == 0)
		return refuse("saved_ns", "is no time", err);
	return 0;
}

static int check_outage(const struct state_outage *outage, struct bw_err *err)
{
	if (!outage->open)
		return 0;
	if (!is_wall(outage->earliest))
		return refuse("outage.earliest_ns", "is no time", err);
	if (!is_wall(outage->latest) || outage->latest.ns == 0)
		return refuse("outage.latest_ns", "is no time", err);
	if (outage->earliest.ns > outage->latest.ns)
		return refuse("outage.earliest_ns", "is after the latest start", err);
	return 0;
}

static int check_returns(const struct state_returns *returns, struct bw_err *err)
{
	struct bw_wall last = returns->latest;

	if (returns->ended.ns == 0)
		return returns->count ? refuse("returns.ended_ns", "is no time", err) : 0;
	if (!is_wall(returns->earliest) || returns->earliest.ns > returns->latest.ns)
		return refuse("returns.earliest_ns", "is no time before the latest start", err);
	if (!is_wall(returns->latest) || returns->latest.ns == 0)
		return refuse("returns.latest_ns", "is no time", err);
	if (!is_wall(returns->ended) || returns->ended.ns < returns->latest.ns)
		return refuse("returns.ended_ns", "is no time after the start", err);
	if (returns->count > STATE_RETURNS_MAX)
		return refuse("returns.list_ns", "has more than 16 returns", err);
	for (uint32_t i = 0; i < 2 * returns->count; i++) {
		if (!is_wall(returns->list[i]) || returns->list[i].ns < last.ns)
			return refuse("returns.list_ns", "is not in the order of time", err);
		last = returns->list[i];
	}
	return 0;
}

static int check_history(const struct state_history *history, struct bw_err *err)
{
	if (!is_wall(history->first))
		return refuse("history.first_ns", "is no time", err);
	if (!is_wall(history->last_end))
		return refuse("history.last_end_ns", "is no time", err);
	if (!is_span(history->longest_ns))
		return refuse("history.longest_ns", "is no length of time", err);
	if (!is_span(history->dark_ns))
		return refuse("history.dark_ns", "is no length of time", err);
	if (history->longest_ns > history->dark_ns)
		return refuse("history.longest_ns", "is more than all outages together", err);
	if (history->outages == 0 && (history->dark_ns || history->last_end.ns))
		return refuse("history.outages", "is 0 where there were some", err);
	return 0;
}

static int check_phases(const struct state_phases *phases, struct bw_err *err)
{
	if (!is_span(phases->down_ns))
		return refuse("phases.down_ns", "is no length of time", err);
	if (phases->longest_ns < 0 || phases->longest_ns > phases->down_ns)
		return refuse("phases.longest_ns", "is more than all phases together", err);
	return 0;
}

static int check_lateness(const struct state_lateness *lateness, struct bw_err *err)
{
	if (!is_within(lateness->late, 0, 1))
		return refuse("late", "is not in 0 to 1", err);
	return is_span(lateness->late_ns) ? 0 : refuse("late_ns", "is no length of time", err);
}

static int check_joint(const struct state_joint *joint, struct bw_err *err)
{
	int result = check_phases(&joint->phases, err);

	if (result)
		return result;
	if (!is_within(joint->nats, 0, STATE_NATS_MAX))
		return refuse("joint.nats", "is out of range", err);
	if (!is_wall(joint->since))
		return refuse("joint.since_ns", "is no time", err);
	if (!is_within(joint->expected, 0, STATE_NATS_MAX))
		return refuse("joint.expected", "is out of range", err);
	if (!is_within(joint->replied, 0, STATE_NATS_MAX))
		return refuse("joint.replied", "is out of range", err);
	if (!is_wall(joint->counted) ||
	    (joint->counted.ns == 0 && joint->expected + joint->replied > 0))
		return refuse("joint.counted_ns", "is no time", err);
	return check_lateness(&joint->lateness, err);
}

static int check_hearing(const struct state_hearing *hearing, struct bw_err *err)
{
	if (!is_span(hearing->heard_ns))
		return refuse("hearing.heard_ns", "is no length of time", err);
	if (hearing->silent_ns < 0 || hearing->silent_ns > hearing->heard_ns)
		return refuse("hearing.silent_ns", "is more than was heard", err);
	if (hearing->longest_ns < 0 || hearing->longest_ns > hearing->heard_ns)
		return refuse("hearing.longest_ns", "is more than was heard", err);
	if (!is_within(hearing->nats, 0, STATE_NATS_MAX))
		return refuse("hearing.nats", "is out of range", err);
	if (hearing->heard_half_hours >> STATE_HALF_HOURS)
		return refuse("hearing.heard_half_hours", "has more than those of a day", err);
	if (hearing->silent_half_hours >> STATE_HALF_HOURS)
		return refuse("hearing.silent_half_hours", "has more than those of a day", err);
	return 0;
}

/* What blocks and groups have in common. */
static int check_standing(const char *target, enum bw_verdict verdict, enum bw_verdict told,
			  struct bw_wall since, const struct state_outage *outage,
			  struct bw_err *err)
{
	if (!is_name(target))
		return refuse("target", "is no name", err);
	if ((unsigned)verdict >= BW_VERDICTS)
		return refuse("verdict", "is no verdict", err);
	if ((unsigned)told >= BW_VERDICTS)
		return refuse("told", "is no verdict", err);
	if (!is_wall(since) || since.ns == 0)
		return refuse("since_ns", "is no time", err);
	if (outage->open && verdict == BW_UP)
		return refuse("outage", "is open although the verdict is up", err);
	return 0;
}

static int check_hot(const struct state_block *block, struct bw_err *err)
{
	if (block->hot_count > STATE_HOT_MAX)
		return refuse("hot", "has more than 16 hosts", err);
	for (uint32_t i = 0; i < block->hot_count; i++) {
		if (!bw_prefix_contains(&block->block, &block->hot[i]))
			return refuse("hot", "has a host that is not in the block", err);
		for (uint32_t j = 0; j < i; j++)
			if (bw_addr_equal(&block->hot[j], &block->hot[i]))
				return refuse("hot", "has a host twice", err);
	}
	if (!(block->hot_availability <= 1))
		return refuse("hot_availability", "is not in 0 to 1", err);
	if (!(block->cold_availability <= 1))
		return refuse("cold_availability", "is not in 0 to 1", err);
	if (!(block->again_availability <= 1))
		return refuse("again_availability", "is not in 0 to 1", err);
	return 0;
}

static int check_scores(const struct state_block *block, struct bw_err *err)
{
	if (!is_within(block->log_odds, -STATE_LOG_ODDS_MAX, STATE_LOG_ODDS_MAX))
		return refuse("log_odds", "is no belief", err);
	if (block->conditions >> BW_CONDITIONS)
		return refuse("conditions", "has an unknown one", err);
	if (!is_within(block->penalty, 0, STATE_SCORE_MAX))
		return refuse("penalty", "is out of range", err);
	if (!is_wall(block->penalty_at) || (block->penalty > 0 && block->penalty_at.ns == 0))
		return refuse("penalty_at_ns", "is no time", err);
	return 0;
}

static int check_ranges(const struct bw_wall out_since[BW_RANGES], struct bw_err *err)
{
	if (!is_wall(out_since[BW_RANGE_LOSS]))
		return refuse("degraded_since_ns", "is no time", err);
	if (!is_wall(out_since[BW_RANGE_DELAY]))
		return refuse("slow_since_ns", "is no time", err);
	return 0;
}

static int check_usual(const struct state_usual *usual, struct bw_err *err)
{
	if (usual->rounds == 0)
		return 0;
	if (!is_within(usual->loss, 0, 1))
		return refuse("usual.loss", "is not in 0 to 1", err);
	if (!is_within(usual->loss_now, 0, 1))
		return refuse("usual.loss_now", "is not in 0 to 1", err);
	if (!is_within(usual->spread, 0, STATE_SPREAD_MAX))
		return refuse("usual.spread", "is out of range", err);
	if (!is_span(usual->rtt_ns))
		return refuse("usual.rtt_ns", "is no length of time", err);
	if (!is_span(usual->rtt_now_ns))
		return refuse("usual.rtt_now_ns", "is no length of time", err);
	return 0;
}

static int check_learned(const struct state_block *block, struct bw_err *err)
{
	int result = check_usual(&block->usual, err);

	if (result == 0)
		result = check_lateness(&block->lateness, err);
	if (result)
		return result;
	if (block->rests && block->rest > STATE_REST_MAX)
		return refuse("rest", "is no belief", err);
	if (block->rests && block->evening > STATE_EVENING_MAX)
		return refuse("evening", "is no time of day", err);
	if (!is_span(block->absences.total_ns))
		return refuse("absences.total_ns", "is no length of time", err);
	if (!is_wall(block->silent_since))
		return refuse("silent_since_ns", "is no time", err);
	if (!is_wall(block->false_alarm))
		return refuse("false_alarm_ns", "is no time", err);
	if (!is_wall(block->dark_until))
		return refuse("dark_until_ns", "is no time", err);
	if (!is_wall(block->dark_until_before) ||
	    block->dark_until_before.ns > block->dark_until.ns)
		return refuse("dark_until_before_ns", "is no time before the last one", err);
	if (block->few_hosts && block->verdict != BW_UNKNOWN)
		return refuse("few_hosts", "is told of what is not unknown", err);
	return check_ranges(block->out_since, err);
}

int state_check_block(const struct state_block *block, struct bw_err *err)
{
	int result;

	if (!is_prefix(&block->block))
		return refuse("block", "is no prefix", err);
	if ((unsigned)block->verdict >= BW_BLOCK_VERDICTS)
		return refuse("verdict", "is none of a block", err);
	if ((unsigned)block->told >= BW_BLOCK_VERDICTS)
		return refuse("told", "is none of a block", err);
	if (!is_wall(block->last_answer))
		return refuse("last_answer_ns", "is no time", err);
	if (!is_wall(block->unstable))
		return refuse("unstable_ns", "is no time", err);
	if (block->never_seen && block->verdict != BW_UNKNOWN)
		return refuse("never_seen", "is told of what is not unknown", err);
	result = check_standing(block->target, block->verdict, block->told, block->since,
				&block->outage, err);
	if (result == 0)
		result = check_scores(block, err);
	if (result == 0)
		result = check_hot(block, err);
	if (result == 0)
		result = check_learned(block, err);
	if (result == 0)
		result = check_phases(&block->phases, err);
	if (result == 0)
		result = check_outage(&block->outage, err);
	if (result == 0)
		result = check_returns(&block->returns, err);
	return result ? result : check_history(&block->history, err);
}

int state_check_group(const struct state_group *group, struct bw_err *err)
{
	int result;

	if (group->scope != BW_SCOPE_NETWORK && group->scope != BW_SCOPE_TARGET)
		return refuse("type", "is neither network nor target", err);
	if (group->scope == BW_SCOPE_NETWORK && !is_prefix(&group->network))
		return refuse("network", "is no prefix", err);
	result = check_standing(group->target, group->verdict, group->told, group->since,
				&group->outage, err);
	if (result == 0)
		result = check_ranges(group->out_since, err);
	if (result == 0)
		result = check_joint(&group->joint, err);
	if (result == 0)
		result = check_hearing(&group->hearing, err);
	if (result == 0)
		result = check_outage(&group->outage, err);
	if (result == 0)
		result = check_returns(&group->returns, err);
	return result ? result : check_history(&group->history, err);
}

static int check_hop(const struct state_path *path, uint32_t n, struct bw_err *err)
{
	const struct state_hop *hop = &path->hops[n];

	if (hop->ttl == 0 || hop->ttl >= STATE_TTL_MAX)
		return refuse("hops", "has a hop whose TTL is out of range", err);
	if (hop->from.family != path->destination.family)
		return refuse("hops", "has a hop of another family than the destination", err);
	if (hop->flows == 0 || hop->flows >> STATE_FLOWS)
		return refuse("hops", "has a hop in no flow that there is", err);
	for (uint32_t m = 0; m < n; m++) {
		if (path->hops[m].ttl > hop->ttl)
			return refuse("hops", "is not in the order of TTLs", err);
		if (path->hops[m].ttl == hop->ttl && bw_addr_equal(&path->hops[m].from, &hop->from))
			return refuse("hops", "has a hop twice", err);
	}
	return 0;
}

int state_check_path(const struct state_path *path, struct bw_err *err)
{
	int result = 0;

	if (!is_name(path->target))
		return refuse("target", "is no name", err);
	if (bw_addr_bits(&path->destination) == 0)
		return refuse("destination", "is no address", err);
	if (path->flow == 0 || path->flow > STATE_FLOWS)
		return refuse("flow", "is none that there is", err);
	if (path->traces == 0 || path->traces > UINT16_MAX)
		return refuse("traces", "is out of range", err);
	if (path->end == 0 || path->end > STATE_TTL_MAX)
		return refuse("end", "is no TTL", err);
	if (!is_wall(path->traced) || path->traced.ns == 0)
		return refuse("traced_ns", "is no time", err);
	if (path->hop_count > STATE_HOPS_MAX)
		return refuse("hops", "has more than 26 hops", err);
	for (uint32_t n = 0; n < path->hop_count && result == 0; n++)
		result = check_hop(path, n, err);
	return result;
}
