/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace_back.h"

#define FIRST_WINDOW 3 /* usual hops that are asked at first, ... */
#define NEXT_WINDOW 6  /* ... then so many, then all */
#define BEHIND 2       /* usual hops behind the last answer that must be silent */

static bool is_usual(const struct trace *trace, uint8_t ttl)
{
	return ttl >= 1 && ttl < trace->until && trace->usual & TRACE_TTL_BIT(ttl);
}

/* Asks the next usual hops below TTL, COUNT of them. */
static uint64_t ask_below(struct trace *trace, uint8_t ttl, unsigned count)
{
	uint64_t asked = 0;

	while (--ttl > 0 && count > 0) {
		uint64_t bit = is_usual(trace, ttl) ? trace_ask(trace, ttl) : 0;

		asked |= bit;
		count -= bit != 0;
	}
	return asked;
}

/* Asks the usual hops right behind TTL and below CEILING; those that were silent, AGAIN. */
static uint64_t ask_behind(struct trace *trace, uint8_t ttl, uint8_t ceiling, unsigned tries)
{
	uint64_t asked = 0;
	unsigned count = 0;

	for (ttl++; ttl < ceiling && count < BEHIND; ttl++) {
		struct trace_hop *hop = &trace->hops[ttl];

		if (!is_usual(trace, ttl))
			continue;
		count++;
		asked |= trace_ask(trace, ttl);
		if (hop->state != TRACE_HOP_QUIET || hop->tries >= tries)
			continue;
		hop->state = TRACE_HOP_ASKED;
		asked |= TRACE_TTL_BIT(ttl);
	}
	return asked;
}

static uint64_t ask_end_again(struct trace *trace, unsigned tries)
{
	struct trace_hop *hop = &trace->hops[trace->until];

	if (hop->state != TRACE_HOP_QUIET || hop->tries >= tries)
		return 0;
	hop->state = TRACE_HOP_ASKED;
	return TRACE_TTL_BIT(trace->until);
}

/* Whether a hop before the destination is awaited. */
static bool is_waiting(const struct trace *trace)
{
	for (uint8_t ttl = trace->first; ttl < trace->until; ttl++)
		if (trace->hops[ttl].state == TRACE_HOP_ASKED)
			return true;
	return false;
}

/* The lowest TTL with this kind of answer, 0: none. */
static uint8_t lowest(const struct trace *trace, enum trace_kind kind)
{
	for (uint8_t ttl = trace->first; ttl <= trace->high; ttl++)
		if (trace->hops[ttl].state == TRACE_HOP_KNOWN && trace->hops[ttl].kind == kind)
			return ttl;
	return 0;
}

/* The highest TTL below CEILING from which time exceeded came, 0: none. */
static uint8_t last_passed(const struct trace *trace, uint8_t ceiling)
{
	for (uint8_t ttl = ceiling - 1; ttl >= trace->first && ttl > 0; ttl--)
		if (trace->hops[ttl].state == TRACE_HOP_KNOWN &&
		    trace->hops[ttl].kind == TRACE_TIME_EXCEEDED)
			return ttl;
	return 0;
}

static void finish(struct trace *trace, uint8_t last, enum trace_stop stop)
{
	trace_end(trace, stop);
	trace->last = last;
}

/* The path is longer than it was, or goes in circles: nothing of the baseline holds. */
static uint64_t go_outward(struct trace *trace)
{
	uint64_t asked = 0;

	for (uint8_t ttl = trace->first; ttl <= trace->high; ttl++)
		asked |= trace_ask(trace, ttl);
	trace->phase = TRACE_OUTWARD;
	return asked;
}

static uint64_t begin(struct trace *trace, uint8_t hint)
{
	uint64_t asked = trace_ask(trace, trace->until);

	if (hint >= 1 && hint < trace->until) {
		asked |= ask_below(trace, hint + 1U, 1);
		asked |= ask_behind(trace, hint, trace->until, 0);
		return asked;
	}
	return asked | ask_below(trace, trace->until, FIRST_WINDOW);
}

uint64_t trace_back_plan(struct trace *trace, const struct trace_limits *limits, uint8_t hint)
{
	uint8_t replied, refused, ceiling, passed;
	uint64_t asked = 0;

	if (trace->high == 0)
		return begin(trace, hint);
	replied = lowest(trace, TRACE_REPLY);
	if (replied)
		finish(trace, replied, TRACE_REACHED);
	if (replied || is_waiting(trace))
		return 0;
	if (last_passed(trace, trace->until + 1U) == trace->until)
		return go_outward(trace);
	refused = lowest(trace, TRACE_UNREACHABLE);
	ceiling = refused ? refused : trace->until;
	passed = last_passed(trace, ceiling);
	if (passed == 0)
		asked = ask_below(trace, trace->first,
				  trace->sent <= FIRST_WINDOW + 1 ? NEXT_WINDOW : TRACE_TTL_MAX);
	if (!asked)
		asked = ask_behind(trace, passed, ceiling, limits->tries);
	if (!refused)
		asked |= ask_end_again(trace, limits->tries);
	if (!asked && trace->hops[trace->until].state != TRACE_HOP_ASKED)
		finish(trace, refused ? refused : trace->until,
		       refused ? TRACE_STOP_UNREACHABLE : TRACE_GAP);
	return asked;
}
