/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order in which a trace probes its TTLs.
 *
 * 0. GUESS, if the last two destinations were at the same TTL: one probe with this TTL. If the
 *    destination answers, it serves as estimate, and often one more probe is enough: the hop
 *    before, which the stop set knows.
 * 1. ESTIMATE: one probe with the highest TTL. If the destination or an unreachable answers,
 *    its distance follows from the TTL that came back. An ICMP error quotes the probe with
 *    the TTL that was left, which is exact. Of other answers the sender's initial TTL is
 *    guessed, and the way back may be longer or shorter, so the distance is only a start.
 * 2. BETWEEN, if something answered: the TTL of the estimate, and those below it. The end is
 *    the lowest TTL at which the destination answers; if the estimate was too low, the TTLs
 *    above it follow. Backwards until TTL 1 or a hop of the stop set.
 *    OUTWARD, if nothing answered: the next `gap` TTLs behind the last hop that answered,
 *    until all of them are silent, or the hops repeat. Backwards as before. Among many
 *    traces only the first TTL behind the last answer gets all tries, the others one; they
 *    get the rest when something behind them answers.
 * 3. LAST, behind a gap: the highest TTL once more, so that one lost answer does not make
 *    the destination seem cut off.
 *
 * Time exceeded never ends a trace, whoever sends it: a destination behind another router
 * with the same address (NAT) is one hop further away. An unreachable ends it unless the
 * destination itself answered a higher TTL.
 *
 * A loop: two consecutive hops are those of P hops before (A B A B, also A A A), or one
 * address answers three times at equal distances of two or more, with silent hops between.
 * One repeated address is none: some routers forward a packet whose TTL has run out.
 */
#include "probe/trace/trace_plan.h"

#include "probe/trace/trace_back.h"

#define LOOP_PERIOD_MAX 16

static bool is_settled(const struct trace_hop *hop)
{
	return hop->state == TRACE_HOP_KNOWN || hop->state == TRACE_HOP_QUIET;
}

static bool is_known_as(const struct trace_hop *hop, enum trace_kind kind)
{
	return hop->state == TRACE_HOP_KNOWN && hop->kind == kind;
}

/* The lowest TTL from 1 to TOP with this kind of answer; 0: none. */
static uint8_t lowest(const struct trace *trace, enum trace_kind kind, uint8_t top)
{
	for (uint8_t ttl = 1; ttl <= top; ttl++)
		if (is_known_as(&trace->hops[ttl], kind))
			return ttl;
	return 0;
}

/* The TTL at which the way ends, as far as it is known; 0: it is not. */
static uint8_t find_end(const struct trace *trace, const struct trace_limits *limits)
{
	uint8_t end = lowest(trace, TRACE_REPLY, limits->max_ttl);

	return end ? end : lowest(trace, TRACE_UNREACHABLE, limits->max_ttl);
}

static bool are_settled(const struct trace *trace, uint8_t first, uint8_t last)
{
	for (uint8_t ttl = first; ttl <= last; ttl++)
		if (!is_settled(&trace->hops[ttl]))
			return false;
	return true;
}

/* The TTL of the hop that ended the probe with the highest TTL. */
static uint8_t estimate(const struct trace_hop *hop, uint8_t max_ttl)
{
	unsigned initial = hop->reply_ttl <= 64 ? 64 : hop->reply_ttl <= 128 ? 128 : 255;
	unsigned distance = initial - hop->reply_ttl + 1;

	if (!reply_kind_is_direct((enum reply_kind)hop->reply) && hop->quoted_ttl >= 1 &&
	    hop->quoted_ttl <= max_ttl)
		distance = max_ttl - hop->quoted_ttl + 1U;
	return distance < max_ttl ? (uint8_t)distance : max_ttl;
}

static uint64_t ask_all(struct trace *trace, uint8_t first, uint8_t last)
{
	uint64_t asked = 0;

	for (uint8_t ttl = first; ttl <= last; ttl++)
		asked |= trace_ask(trace, ttl);
	return asked;
}

static void end_at(struct trace *trace, uint8_t ttl, enum trace_stop stop)
{
	trace_end(trace, stop);
	trace->last = ttl;
}

/* Ends the trace if all hops up to its end are settled. */
static void settle(struct trace *trace, uint8_t end)
{
	bool reached;

	if (end == 0 || !are_settled(trace, 1, end))
		return;
	reached = trace->hops[end].kind == TRACE_REPLY;
	end_at(trace, end, reached ? TRACE_REACHED : TRACE_STOP_UNREACHABLE);
}

/* Goes backwards from the lowest TTL that was asked. */
static uint64_t plan_backwards(struct trace *trace, const struct trace_limits *limits,
			       const struct stop_set *set)
{
	uint64_t asked = 0;

	while (trace->first > 1 && is_settled(&trace->hops[trace->first])) {
		if (!limits->full && !trace->full && stop_set_fill(set, trace, trace->first))
			trace->first = 1;
		else
			asked |= trace_ask(trace, trace->first - 1);
	}
	return asked;
}

static uint64_t plan_guess(struct trace *trace)
{
	struct trace_hop *hop = &trace->hops[trace->guess];

	if (hop->state == TRACE_HOP_IDLE) {
		hop->state = TRACE_HOP_ASKED;
		return TRACE_TTL_BIT(trace->guess);
	}
	if (!is_settled(hop))
		return 0;
	trace->phase = TRACE_ESTIMATE;
	if (hop->state == TRACE_HOP_QUIET) {
		hop->state = TRACE_HOP_IDLE; /* as if it had not been asked */
	} else if (hop->kind != TRACE_TIME_EXCEEDED) {
		trace->distance = estimate(hop, trace->guess);
		trace->phase = TRACE_BETWEEN;
	}
	return 0;
}

static uint64_t plan_estimate(struct trace *trace, const struct trace_limits *limits)
{
	struct trace_hop *hop = &trace->hops[limits->max_ttl];

	if (hop->state == TRACE_HOP_IDLE) {
		hop->state = TRACE_HOP_ASKED;
		return TRACE_TTL_BIT(limits->max_ttl);
	}
	if (!is_settled(hop))
		return 0;
	if (hop->state == TRACE_HOP_KNOWN && hop->kind != TRACE_TIME_EXCEEDED) {
		trace->distance = estimate(hop, limits->max_ttl);
		trace->phase = TRACE_BETWEEN;
	} else {
		trace->phase = TRACE_OUTWARD;
	}
	return 0;
}

/* The highest TTL below the estimate's that answered; if none, what lies before the first. */
static uint8_t last_answer(const struct trace *trace)
{
	for (uint8_t ttl = trace->high; ttl >= trace->first && ttl > 0; ttl--)
		if (trace->hops[ttl].state == TRACE_HOP_KNOWN)
			return ttl;
	return trace->first ? trace->first - 1 : 0;
}

/* Asks hops up to TOP again that had fewer tries than a hop of the way gets. */
static uint64_t ask_again(struct trace *trace, const struct trace_limits *limits, uint8_t top)
{
	uint64_t asked = 0;

	for (uint8_t ttl = trace->first; ttl <= top && ttl <= trace->high; ttl++) {
		struct trace_hop *hop = &trace->hops[ttl];

		if (hop->state != TRACE_HOP_QUIET || hop->from_stop_set ||
		    hop->tries >= limits->tries)
			continue;
		hop->state = TRACE_HOP_ASKED;
		asked |= TRACE_TTL_BIT(ttl);
	}
	return asked;
}

static uint64_t plan_between(struct trace *trace, const struct trace_limits *limits,
			     const struct stop_set *set)
{
	uint8_t end = find_end(trace, limits), distance = trace->distance;
	uint64_t asked = 0;

	if (trace->high > 0)
		asked = ask_all(trace, trace->high + 1, distance);
	else if (limits->eager)
		asked = ask_all(trace, 1, distance);
	else
		asked = ask_all(trace, distance > 1 ? distance - 1 : 1, distance);
	while (trace->high < end && is_settled(&trace->hops[trace->high]))
		asked |= trace_ask(trace, trace->high + 1);
	asked |= ask_again(trace, limits, end);
	asked |= plan_backwards(trace, limits, set);
	if (!asked)
		settle(trace, end);
	return asked;
}

/* Whether the hops up to TTL repeat with this period. */
static bool repeats(const struct trace *trace, uint8_t ttl, uint8_t period)
{
	const struct trace_hop *hops = trace->hops;
	bool pair, triple;

	if (ttl < period + 2 || !is_known_as(&hops[ttl], TRACE_TIME_EXCEEDED) ||
	    !bw_addr_equal(&hops[ttl].from, &hops[ttl - period].from))
		return false;
	pair = is_known_as(&hops[ttl - 1], TRACE_TIME_EXCEEDED) &&
	       bw_addr_equal(&hops[ttl - 1].from, &hops[ttl - 1 - period].from);
	triple = period > 1 && ttl > 2 * period &&
		 bw_addr_equal(&hops[ttl].from, &hops[ttl - 2 * period].from);
	return pair || triple;
}

/* The TTL at which the hops have begun to repeat; 0: they do not. */
static uint8_t find_loop(const struct trace *trace)
{
	for (uint8_t ttl = trace->first; ttl <= trace->high; ttl++)
		for (uint8_t period = 1; period <= LOOP_PERIOD_MAX && period + 2 <= ttl; period++)
			if (repeats(trace, ttl, period))
				return ttl;
	return 0;
}

uint8_t trace_find_loop(const struct trace *trace)
{
	return find_loop(trace);
}

/* All TTLs that are worth asking are silent. */
static uint64_t end_outward(struct trace *trace, const struct trace_limits *limits)
{
	struct trace_hop *end = &trace->hops[limits->max_ttl];

	if (last_answer(trace) + limits->gap >= limits->max_ttl) {
		trace->high = limits->max_ttl;
		trace_end(trace, TRACE_MAX_TTL);
		return 0;
	}
	if (end->state == TRACE_HOP_KNOWN) {
		trace_end(trace, TRACE_GAP);
		return 0;
	}
	trace->phase = TRACE_LAST;
	end->state = TRACE_HOP_ASKED;
	return TRACE_TTL_BIT(limits->max_ttl);
}

/* Ends the trace if its hops repeat, or its end is there, or nothing more is worth asking. */
static uint64_t settle_outward(struct trace *trace, const struct trace_limits *limits, uint8_t end,
			       uint8_t loop)
{
	if (end) {
		settle(trace, end);
		return 0;
	}
	if (loop) {
		if (are_settled(trace, 1, loop))
			end_at(trace, loop, TRACE_LOOP);
		return 0;
	}
	return are_settled(trace, 1, trace->high) ? end_outward(trace, limits) : 0;
}

static uint64_t plan_outward(struct trace *trace, const struct trace_limits *limits,
			     const struct stop_set *set, uint8_t hint)
{
	uint8_t below_end = limits->max_ttl - 1, end = find_end(trace, limits), loop;
	unsigned until;
	uint64_t asked = 0;

	if (trace->high == 0 && below_end > 0)
		asked = trace_ask(trace,
				  limits->eager || limits->full || trace->full || hint > below_end
					  ? 1
					  : hint);
	loop = find_loop(trace);
	until = last_answer(trace) + limits->gap;
	asked |= ask_again(trace, limits, last_answer(trace) + 1);
	if (end == 0 && loop == 0)
		asked |= ask_all(trace, trace->high + 1,
				 until < below_end ? (uint8_t)until : below_end);
	asked |= plan_backwards(trace, limits, set);
	return asked ? asked : settle_outward(trace, limits, end, loop);
}

static uint64_t plan_last(struct trace *trace, const struct trace_limits *limits)
{
	struct trace_hop *hop = &trace->hops[limits->max_ttl];

	if (!is_settled(hop))
		return 0;
	if (hop->state == TRACE_HOP_KNOWN && hop->kind != TRACE_TIME_EXCEEDED) {
		trace->distance = estimate(hop, limits->max_ttl);
		trace->phase = TRACE_BETWEEN;
	} else {
		trace_end(trace, TRACE_GAP);
	}
	return 0;
}

static uint64_t plan_phase(struct trace *trace, const struct trace_limits *limits,
			   const struct stop_set *set, uint8_t hint)
{
	switch ((enum trace_phase)trace->phase) {
	case TRACE_GUESS:
		return plan_guess(trace);
	case TRACE_ESTIMATE:
		return plan_estimate(trace, limits);
	case TRACE_BETWEEN:
		return plan_between(trace, limits, set);
	case TRACE_OUTWARD:
		return plan_outward(trace, limits, set, hint);
	case TRACE_LAST:
		return plan_last(trace, limits);
	case TRACE_BACKWARD:
		return trace_back_plan(trace, limits, hint);
	case TRACE_DONE:
		break;
	}
	return 0;
}

uint64_t trace_plan(struct trace *trace, const struct trace_limits *limits,
		    const struct stop_set *set, uint8_t hint)
{
	uint64_t asked;
	uint8_t phase;

	do {
		phase = trace->phase;
		asked = plan_phase(trace, limits, set, hint);
	} while (!asked && trace->phase != phase && trace->phase != TRACE_DONE);
	return asked;
}

uint8_t trace_tries(const struct trace *trace, const struct trace_limits *limits, uint8_t ttl)
{
	if (trace->phase == TRACE_BACKWARD || trace->phase == TRACE_GUESS)
		return 1;
	/* The last of the tries of the estimate is for what comes behind a gap. */
	if (ttl == limits->max_ttl && trace->phase == TRACE_ESTIMATE && limits->tries > 1)
		return limits->tries - 1;
	/* One try for what lies further behind the last answer; see ask_again(). */
	if (trace->phase == TRACE_OUTWARD && !limits->eager && ttl != limits->max_ttl &&
	    ttl > last_answer(trace) + 1)
		return 1;
	return limits->tries;
}

int64_t trace_patience_ns(const struct trace *trace, const struct trace_limits *limits, uint8_t ttl)
{
	int64_t patience_ns = 3 * trace->rtt_max_ns, least_ns = TRACE_PATIENCE_LEAST_NS;

	if (trace->hops[ttl].tries >= limits->tries)
		return limits->timeout_ns;
	if (trace->phase == TRACE_BACKWARD)
		least_ns = TRACE_PATIENCE_BACKWARD_NS;
	if (patience_ns < least_ns)
		patience_ns = least_ns;
	return patience_ns < limits->timeout_ns ? patience_ns : limits->timeout_ns;
}
