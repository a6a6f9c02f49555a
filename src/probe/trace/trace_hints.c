/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/trace/trace_hints.h"

struct trace_hints trace_hints_of(void)
{
	return (struct trace_hints){.silent = {1}};
}

static void note_distance(struct trace_hints *hints, const struct trace *trace)
{
	uint8_t last = trace->reached ? trace->last : 0;
	bool v6 = trace->dst.family == 6;

	hints->distance[v6].guess = last == hints->distance[v6].last ? last : 0;
	hints->distance[v6].last = last;
}

void trace_hints_note(struct trace_hints *hints, const struct trace *trace)
{
	uint8_t ttl = trace_last_passed(trace);

	if (ttl > 0 && (trace->until ? !trace->reached : trace->stop == TRACE_GAP))
		hints->silent[trace->until > 0] = ttl;
	if (trace->until == 0)
		note_distance(hints, trace);
}

uint8_t trace_hints_silent(const struct trace_hints *hints, const struct trace *trace)
{
	return hints->silent[trace->phase == TRACE_BACKWARD];
}

uint8_t trace_hints_guess(const struct trace_hints *hints, int family, uint8_t max_ttl)
{
	uint8_t guess = hints->distance[family == 6].guess;

	return guess < max_ttl ? guess : 0;
}
