/* SPDX-License-Identifier: Apache-2.0 */
#include "samples.h"

#include <stdlib.h>

#define NOW_NS INT64_C(1795262410123456000)

static const struct record_head head = {
	.vantage = "v1",
	.boot = "01hf7x",
	.seq = 1,
	.time = {NOW_NS},
};

struct bw_wall sample_time(void)
{
	return head.time;
}

struct bw_prefix sample_prefix(const char *text)
{
	struct bw_prefix prefix;

	if (bw_prefix_parse(text, &prefix, NULL) != 0)
		abort();
	return prefix;
}

static void make_silent(struct record_block *block)
{
	block->replies = 0;
	block->sent = 11;
	block->rtt_min_ns = block->rtt_median_ns = block->rtt_max_ns = -1;
	block->last_answer = (struct bw_wall){0};
}

struct record sample_block(const char *target, const char *network, const char *block,
			   enum bw_verdict verdict)
{
	struct record record = {
		.type = RECORD_BLOCK,
		.head = head,
		.block = {
			.target = target,
			.network = sample_prefix(network),
			.block = sample_prefix(block),
			.verdict = verdict,
			.belief = 0.99995,
			.since = {NOW_NS - 900 * BW_MS},
			.round = 1,
			.sent = 4,
			.replies = 4,
			.rtt_min_ns = 298 * BW_MS,
			.rtt_median_ns = 312 * BW_MS,
			.rtt_max_ns = 401 * BW_MS,
			.availability = 0.98,
			.last_answer = {NOW_NS - 80 * BW_MS},
		},
	};

	switch (verdict) {
	case BW_UP:
		break;
	case BW_FLAPPING:
		record.block.belief = 0.62;
		record.block.sent = 40;
		record.block.replies = 21;
		record.block.last_answer.ns = NOW_NS - 3 * BW_S;
		break;
	case BW_DARK:
	case BW_PARTLY_DARK: /* of no block */
		make_silent(&record.block);
		record.block.belief = 0.0013;
		break;
	case BW_UNKNOWN:
		make_silent(&record.block);
		record.block.belief = 0.5;
		record.block.reasons = BW_WHY_NEVER_SEEN;
		record.block.availability = -1;
		break;
	}
	return record;
}

struct record sample_target(const char *target, const char *title)
{
	return (struct record){
		.type = RECORD_TARGET,
		.head = head,
		.target = {
			.target = target,
			.title = title,
			.verdict = BW_UNKNOWN,
			.since = {NOW_NS - 900 * BW_MS},
			.round = 1,
		},
	};
}

struct record sample_vantage(void)
{
	return (struct record){
		.type = RECORD_VANTAGE,
		.head = head,
		.vantage = {
			.healthy = true,
			.ways = {{.interface = "eth0", .family = 4, .healthy = true}},
			.way_count = 1,
			.sent = 412,
			.received = 398,
			.version = "0.1.0",
		},
	};
}

static void count(struct record_counts *counts, enum bw_verdict verdict)
{
	counts->total++;
	counts->of[verdict]++;
}

void sample_put(const struct record_sink *sink, struct record *target, const struct record *block)
{
	const struct record_block *b = &block->block;

	sink->put(sink->self, block);
	count(&target->target.blocks, b->verdict);
	target->target.reasons |= b->reasons;
	if (bw_prefix_compare(&b->network, &b->block) == 0)
		count(&target->target.networks, b->verdict);
}

static struct record_trace_hop sample_hop(unsigned ttl)
{
	struct bw_addr first = sample_prefix("2001:db8:ffff:ffff:ffff:ffff:ffff:0/128").addr;
	struct record_trace_hop hop = {
		.from = bw_addr_add(&first, 0xff00 + ttl),
		.kind = TRACE_TIME_EXCEEDED,
		.is_icmp = true,
		.reply_ttl = 255,
		.quoted_ttl = 1,
		.rtt_ns = 59999999000,
		.asn = UINT32_MAX,
		.country = "KP",
		.reply = REPLY_TIME_EXCEEDED,
	};

	hop.label_count = ttl % 2 ? TRACE_LABELS_MAX : 0;
	for (unsigned n = 0; n < hop.label_count; n++)
		hop.labels[n] = (struct mpls_label){
			.label = 0xfffff,
			.exp = 7,
			.bottom = n + 1 == TRACE_LABELS_MAX,
			.ttl = 255,
		};
	return hop;
}

struct record sample_trace(struct record_trace_hop *hops, uint8_t count)
{
	struct record record = sample_vantage();

	for (unsigned n = 0; n < count; n++)
		hops[n] = sample_hop(n + 1);
	if (count > 2) {
		hops[0] = (struct record_trace_hop){
			.hidden = true, .kind = TRACE_TIME_EXCEEDED, .rtt_ns = -1};
		hops[1] = (struct record_trace_hop){.rtt_ns = -1};
	}
	if (count > 0) {
		hops[count - 1].kind = TRACE_REPLY;
		hops[count - 1].reply = REPLY_ECHO;
	}
	record.type = RECORD_TRACE;
	record.trace = (struct record_trace){
		.target = "kp",
		.block = sample_prefix("2001:db8:7::/48"),
		.destination = sample_prefix("2001:db8:7::1/128").addr,
		.method = {BW_PROTOCOL_TCP, 65535},
		.flow = 1,
		.reached = count > 0,
		.stopped = count > 0 ? TRACE_REACHED : TRACE_NOT_PERMITTED,
		.sent = count * 3U,
		.hops = hops,
		.hop_count = count,
	};
	return record;
}

const struct record_path *sample_path(void)
{
	static struct bw_prefix exempt[RECORD_EXEMPT_MAX];
	static struct record_path path;

	for (unsigned n = 0; n < RECORD_EXEMPT_MAX; n++)
		exempt[n] = sample_prefix("2001:db8:ffff:ffff::/64");
	path = (struct record_path){
		.last = {sample_prefix("198.18.9.1/32").addr, 7, 64497},
		.next = {sample_prefix("2001:db8::9/128").addr, 8, 0},
		.kind = PATH_KIND_PROHIBITED,
		.direction = PATH_DIRECTION_FORWARD,
		.from = sample_prefix("198.18.9.2/32").addr,
		.shared = 41,
		.exempt_count = RECORD_EXEMPT_MAX,
		.exempt = exempt,
		.text = "41 of 42 networks end after 198.18.9.1 (AS64497).",
	};
	return &path;
}

void sample_compare(struct record *trace)
{
	static struct record_change changes[RECORD_CHANGES_MAX];

	for (uint8_t n = 0; n < RECORD_CHANGES_MAX; n++)
		changes[n] = (struct record_change){
			.ttl = n + 1,
			.from = n % 2 ? sample_prefix("2001:db8::9/128").addr : (struct bw_addr){0},
			.usual_count = RECORD_USUAL_MAX,
			.usual = {sample_prefix("2001:db8:ffff:ffff:ffff:ffff:ffff:0/128").addr,
				  sample_prefix("2001:db8::8/128").addr},
		};
	trace->trace.has_baseline = true;
	trace->trace.changes = changes;
	trace->trace.change_count = RECORD_CHANGES_MAX;
	trace->trace.event = UINT64_MAX;
	trace->trace.path = sample_path();
}

struct record sample_condition(void)
{
	struct record record = sample_vantage();

	record.type = RECORD_CONDITION;
	record.condition = (struct record_condition){
		.target = "kp",
		.scope = BW_SCOPE_TARGET,
		.subject = "kp",
		.condition = BW_RANGE_LOSS,
		.since = {head.time.ns - 900 * BW_S},
		.loss_usual = 0.012,
		.loss_now = 0.3125,
		.rtt_usual_ns = 80 * BW_MS,
		.rtt_now_ns = 330250 * BW_US,
	};
	return record;
}
