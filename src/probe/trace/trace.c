/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace.h"

#include <errno.h>

const char *trace_kind_name(unsigned kind)
{
	static const char *const names[] = {
#define X(name, text) [name] = text,
		TRACE_KIND_LIST(X)
#undef X
	};

	return kind < TRACE_KINDS ? names[kind] : "?";
}

const char *trace_stop_name(unsigned stop)
{
	static const char *const names[] = {
#define X(name, text) [name] = text,
		TRACE_STOP_LIST(X)
#undef X
	};

	return stop < TRACE_STOPS ? names[stop] : "?";
}

int trace_stop_of(int status)
{
	switch (status) {
	case BW_ERR_BLOCKLISTED:
	case BW_ERR_SPECIAL_PURPOSE:
		return TRACE_NOT_PERMITTED;
	case BW_ERR_NO_ROUTE:
	case -ENETUNREACH:
	case -EHOSTUNREACH:
		return TRACE_STOP_UNREACHABLE;
	default:
		return -1;
	}
}

unsigned trace_hop_lost(const struct trace_hop *hop)
{
	return hop->tries - (hop->state == TRACE_HOP_KNOWN && hop->tries > 0);
}

bool trace_hop_is_limited(const struct trace *trace, uint8_t ttl)
{
	unsigned lost = trace_hop_lost(&trace->hops[ttl]);

	if (lost == 0)
		return false;
	for (uint8_t later = ttl + 1; later <= trace->last; later++)
		if (trace->hops[later].state == TRACE_HOP_KNOWN &&
		    trace_hop_lost(&trace->hops[later]) < lost)
			return true;
	return false;
}

bool trace_hop_is_near(const struct trace *trace, uint8_t ttl, uint8_t near)
{
	const struct trace_hop *hop = &trace->hops[ttl];

	for (uint8_t first = 1; first <= near && first < ttl; first++)
		if (hop->state == TRACE_HOP_KNOWN && trace->hops[first].state == TRACE_HOP_KNOWN &&
		    bw_addr_equal(&hop->from, &trace->hops[first].from))
			return true;
	return ttl <= near;
}

uint64_t trace_ask(struct trace *trace, uint8_t ttl)
{
	struct trace_hop *hop = &trace->hops[ttl];

	if (trace->high == 0)
		trace->first = trace->high = ttl;
	if (ttl < trace->first)
		trace->first = ttl;
	if (ttl > trace->high)
		trace->high = ttl;
	if (hop->state != TRACE_HOP_IDLE)
		return 0;
	hop->state = TRACE_HOP_ASKED;
	return TRACE_TTL_BIT(ttl);
}

void trace_end(struct trace *trace, enum trace_stop stop)
{
	trace->phase = TRACE_DONE;
	trace->stop = (uint8_t)stop;
	trace->reached = stop == TRACE_REACHED;
	trace->last = trace->high;
	if (stop == TRACE_INTERRUPTED)
		while (trace->last > 0 && trace->hops[trace->last].state != TRACE_HOP_KNOWN)
			trace->last--;
}

uint8_t trace_last_passed(const struct trace *trace)
{
	uint8_t ttl = trace->last;

	while (ttl > 0 && trace->hops[ttl].kind != TRACE_TIME_EXCEEDED)
		ttl--;
	return ttl;
}

void trace_begin(struct trace *trace, const struct trace_wish *wish, uint8_t max_ttl, uint8_t guess)
{
	trace->method = wish->method;
	trace->subject = wish->subject;
	trace->flow = wish->flow;
	trace->egress = wish->egress;
	trace->full = wish->full;
	trace->usual = wish->usual;
	trace->until = wish->until < max_ttl ? wish->until : 0;
	trace->guess = trace->until ? 0 : guess;
	trace->phase = TRACE_ESTIMATE;
	if (trace->until)
		trace->phase = TRACE_BACKWARD;
	else if (trace->guess)
		trace->phase = TRACE_GUESS;
}
