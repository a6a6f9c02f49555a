/* SPDX-License-Identifier: Apache-2.0 */
#include "vantage/path/path_record.h"

enum path_kind path_kind_of(enum reply_kind reply)
{
	switch (reply) {
	case REPLY_NET_UNREACHABLE:
		return PATH_KIND_NET_UNREACHABLE;
	case REPLY_HOST_UNREACHABLE:
		return PATH_KIND_HOST_UNREACHABLE;
	case REPLY_PROTOCOL_UNREACHABLE:
	case REPLY_PORT_UNREACHABLE:
	case REPLY_PROHIBITED:
		return PATH_KIND_PROHIBITED;
	case REPLY_ECHO:
	case REPLY_SYN_ACK:
	case REPLY_RST:
	case REPLY_TIME_EXCEEDED:
	case REPLY_OTHER_ERROR:
	case REPLY_KINDS:
		break;
	}
	return PATH_KIND_UNKNOWN;
}

static struct path_hop hop_of(const struct trace_hop *hop)
{
	struct path_hop made = {.answer = PATH_UNASKED};

	if (hop->state == TRACE_HOP_QUIET)
		made.answer = PATH_SILENT;
	if (hop->state != TRACE_HOP_KNOWN)
		return made;
	made.from = hop->from;
	switch ((enum trace_kind)hop->kind) {
	case TRACE_TIME_EXCEEDED:
		made.answer = PATH_PASSED;
		break;
	case TRACE_REPLY:
		made.answer = PATH_REPLIED;
		break;
	case TRACE_UNREACHABLE:
		made.answer = PATH_REFUSED;
		made.refusal = (uint8_t)path_kind_of((enum reply_kind)hop->reply);
		break;
	case TRACE_SILENT:
		break;
	}
	return made;
}

struct path path_of_trace(const struct trace *trace)
{
	struct path path = {
		.destination = trace->dst,
		.end = trace->last,
		.reached = trace->reached,
		.loops = trace->stop == TRACE_LOOP,
		.completed = trace->sent > 0 && trace->stop != TRACE_INTERRUPTED &&
			     trace->stop != TRACE_NOT_PERMITTED,
	};

	for (uint8_t ttl = 1; ttl <= trace->last; ttl++)
		path.hops[ttl] = hop_of(&trace->hops[ttl]);
	return path;
}

static void label(const struct path_plan *plan, struct record_trace_hop *hop)
{
	hop->asn = path_plan_label(plan, &hop->from, hop->country);
}

struct record_trace_hop path_record_hop(const struct trace_hop *hop, const struct path_plan *plan)
{
	struct record_trace_hop made = {
		.from = hop->from,
		.kind = (enum trace_kind)hop->kind,
		.is_icmp = hop->reply != REPLY_SYN_ACK && hop->reply != REPLY_RST,
		.code = hop->code,
		.reply_ttl = hop->reply_ttl,
		.quoted_ttl = hop->quoted_ttl,
		.rtt_ns = hop->rtt_ns,
		.label_count = hop->label_count,
		.from_stop_set = hop->from_stop_set,
		.reply = (enum reply_kind)hop->reply,
	};

	for (unsigned n = 0; n < hop->label_count; n++)
		made.labels[n] = hop->labels[n];
	label(plan, &made);
	return made;
}

/* The lowest TTL at which the trace met its baseline: what lies before is as it was. 0: nowhere. */
static uint8_t meets(const struct trace *trace, const struct baseline *baseline,
		     const struct hop_table *table)
{
	for (uint8_t ttl = 1; ttl <= trace->last && trace->until; ttl++) {
		const struct trace_hop *hop = &trace->hops[ttl];

		if (hop->state == TRACE_HOP_KNOWN && hop->kind == TRACE_TIME_EXCEEDED)
			return baseline_has(baseline, ttl, hop_table_find(table, &hop->from)) ? ttl
											      : 0;
	}
	return 0;
}

/* Whether this hop was seen at one of the first NEAR TTLs. */
static bool is_near(const struct baseline *baseline, uint32_t hop, uint8_t near)
{
	for (unsigned n = 0; n < baseline->count; n++)
		if (baseline->hops[n].hop == hop && baseline->hops[n].ttl <= near)
			return true;
	return false;
}

/*
 * Whether the hop at TTL, and USUAL, which the baseline has there, are hidden: as hops of the
 * vantage's own network, which a loop or a longer path may meet at a higher TTL as well.
 */
static bool hides(const struct trace *trace, uint8_t ttl, const struct baseline *baseline,
		  const struct hop_table *table, uint8_t near)
{
	const struct trace_hop *hop = &trace->hops[ttl];
	const struct baseline_hop *usual = baseline_usual(baseline, ttl);

	if (trace_hop_is_near(trace, ttl, near) || (usual && is_near(baseline, usual->hop, near)))
		return true;
	return baseline->count > 0 && hop->state == TRACE_HOP_KNOWN &&
	       is_near(baseline, hop_table_find(table, &hop->from), near);
}

static void fill_hop(struct path_record *record, const struct trace *trace, uint8_t ttl,
		     const struct bw_addr *usual, bool hidden, const struct path_plan *plan)
{
	const struct trace_hop *hop = &trace->hops[ttl];
	struct record_trace_hop *made = &record->hops[ttl - 1];

	*made = (struct record_trace_hop){
		.rtt_ns = -1,
		.hidden = hidden && (hop->state != TRACE_HOP_IDLE || usual),
	};
	if (hop->state == TRACE_HOP_KNOWN && hidden) {
		made->kind = (enum trace_kind)hop->kind;
	} else if (hop->state == TRACE_HOP_KNOWN) {
		*made = path_record_hop(hop, plan);
	} else if (hop->state == TRACE_HOP_IDLE && !usual) {
		made->unasked = true;
	} else if (usual) {
		made->kind = TRACE_TIME_EXCEEDED;
		made->from_stop_set = true;
		made->from = hidden ? (struct bw_addr){0} : *usual;
		if (!hidden)
			label(plan, made);
	}
}

/* Compares one TTL of the trace with the baseline. */
static void compare(struct path_record *record, const struct trace *trace, uint8_t ttl,
		    const struct baseline *baseline, const struct hop_table *table)
{
	const struct trace_hop *hop = &trace->hops[ttl];
	const struct baseline_hop *usual = baseline_usual(baseline, ttl);
	struct record_change change = {.ttl = ttl};
	bool known = hop->state == TRACE_HOP_KNOWN;

	if (!usual || (!known && hop->state != TRACE_HOP_QUIET) ||
	    record->trace.change_count == RECORD_CHANGES_MAX ||
	    (known && baseline_has(baseline, ttl, hop_table_find(table, &hop->from))))
		return;
	if (known)
		change.from = hop->from;
	change.usual[change.usual_count++] = *hop_table_addr(table, usual->hop);
	record->changes[record->trace.change_count++] = change;
}

void path_record_fill(struct path_record *record, const struct trace *trace,
		      const struct baseline *baseline, const struct hop_table *table,
		      const struct path_plan *plan)
{
	uint8_t met = meets(trace, baseline, table);

	record->trace = (struct record_trace){
		.destination = trace->dst,
		.method = trace->method,
		.flow = trace->flow,
		.reached = trace->reached,
		.stopped = (enum trace_stop)trace->stop,
		.sent = trace->sent,
		.hops = record->hops,
		.hop_count = trace->last,
		.has_baseline = baseline->end > 0,
		.changes = record->changes,
	};
	for (uint8_t ttl = 1; ttl <= trace->last; ttl++) {
		const struct baseline_hop *usual = ttl < met ? baseline_usual(baseline, ttl) : NULL;
		bool hidden = hides(trace, ttl, baseline, table, plan->privacy_ttl);

		fill_hop(record, trace, ttl, usual ? hop_table_addr(table, usual->hop) : NULL,
			 hidden, plan);
		if (!hidden)
			compare(record, trace, ttl, baseline, table);
	}
}
