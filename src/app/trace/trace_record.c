/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace_record.h"

#include "vantage/path/path_record.h"

static struct record_trace_hop make_hop(const struct trace_record *record,
					const struct trace *trace, uint8_t ttl)
{
	const struct trace_hop *hop = &trace->hops[ttl];
	const bool known = hop->state == TRACE_HOP_KNOWN;
	const bool near = trace_hop_is_near(trace, ttl, record->plan.privacy_ttl);
	struct record_trace_hop made = {
		.kind = known ? (enum trace_kind)hop->kind : TRACE_SILENT,
		.rtt_ns = -1,
		.from_stop_set = hop->from_stop_set,
	};

	if (known && !near)
		made = path_record_hop(hop, &record->plan);
	made.hidden = near && hop->state != TRACE_HOP_IDLE;
	made.unasked = hop->state == TRACE_HOP_IDLE;
	made.lost = (uint8_t)trace_hop_lost(hop);
	made.limited = trace_hop_is_limited(trace, ttl);
	return made;
}

struct record_trace trace_record_make(struct trace_record *record, const struct trace *trace,
				      uint8_t count)
{
	for (uint8_t ttl = 1; ttl <= count; ttl++)
		record->hops[ttl - 1] = make_hop(record, trace, ttl);
	return (struct record_trace){
		.target = trace_destinations_target(record->destinations, trace->subject),
		.block = trace_destinations_block(record->destinations, trace->subject),
		.destination = trace->dst,
		.method = trace->method,
		.flow = trace->flow,
		.reached = trace->reached,
		.stopped = (enum trace_stop)trace->stop,
		.sent = trace->sent,
		.hops = record->hops,
		.hop_count = count,
	};
}
