/* SPDX-License-Identifier: Apache-2.0 */
#include "app/trace/trace_record.h"

#include "target/tables/address_origins.h"

static void make_answer(const struct trace_record *record, const struct trace_hop *hop,
			struct record_trace_hop *made)
{
	made->from = hop->from;
	made->is_icmp = hop->reply != REPLY_SYN_ACK && hop->reply != REPLY_RST;
	made->code = hop->code;
	made->reply_ttl = hop->reply_ttl;
	made->quoted_ttl = hop->quoted_ttl;
	made->rtt_ns = hop->rtt_ns;
	made->reply = (enum reply_kind)hop->reply;
	made->label_count = hop->label_count;
	for (unsigned n = 0; n < hop->label_count; n++)
		made->labels[n] = hop->labels[n];
	address_origins_find(record->origins, &hop->from, &made->asn, made->country);
}

static struct record_trace_hop make_hop(const struct trace_record *record,
					const struct trace *trace, uint8_t ttl)
{
	const struct trace_hop *hop = &trace->hops[ttl];
	bool known = hop->state == TRACE_HOP_KNOWN;
	struct record_trace_hop made = {
		.kind = known ? (enum trace_kind)hop->kind : TRACE_SILENT,
		.hidden = trace_hop_is_near(trace, ttl, record->privacy_ttl) &&
			  hop->state != TRACE_HOP_IDLE,
		.unasked = hop->state == TRACE_HOP_IDLE,
		.rtt_ns = -1,
		.from_stop_set = hop->from_stop_set,
		.lost = (uint8_t)trace_hop_lost(hop),
		.limited = trace_hop_is_limited(trace, ttl),
	};

	if (known && !made.hidden)
		make_answer(record, hop, &made);
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
