/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/decode_trace.h"

#include <string.h>

#include "json/field.h"

#define LABEL_MAX 0xfffff
#define EXP_MAX 7

static const char *kind_name(unsigned index)
{
	return trace_kind_name(index);
}

static const char *stop_name(unsigned index)
{
	return trace_stop_name(index);
}

/* A number up to 255, or where null stands 0; *RET_KNOWN (or NULL): which of them. */
static uint8_t take_octet(struct take *take, const char *key, bool *ret_known)
{
	bool known = take_has(take, key);

	if (ret_known)
		*ret_known = known;
	return known ? (uint8_t)take_unsigned(take, key, 0, UINT8_MAX) : 0;
}

static void take_label(struct take *take, struct mpls_label *label)
{
	label->label = (uint32_t)take_unsigned(take, "label", 0, LABEL_MAX) & LABEL_MAX;
	label->exp = (uint32_t)take_unsigned(take, "exp", 0, EXP_MAX) & EXP_MAX;
	label->bottom = take_bool(take, "bottom");
	label->ttl = (uint32_t)take_unsigned(take, "ttl", 0, UINT8_MAX) & UINT8_MAX;
}

static void take_labels(struct take *take, struct record_trace_hop *hop)
{
	const struct node node = node_member(take->object, "labels");
	struct node element = {0};

	(void)take_has(take, "labels");
	if (take->result == 0)
		take->result = field_list(&node);
	if (take->result == 0 && node_count(&node) > TRACE_LABELS_MAX)
		take->result = refuse_count(&node, TRACE_LABELS_MAX);
	while (take->result == 0 && node_next(&node, &element)) {
		struct take inner = {&element, field_object(&element)};

		take_label(&inner, &hop->labels[hop->label_count++]);
		take_close(take, &inner);
	}
}

static void take_from(struct take *take, struct record_trace_hop *hop)
{
	if (take_has(take, "from"))
		hop->from = take_addr_or_hidden(take, "from", &hop->hidden);
}

static void take_country(struct take *take, struct record_trace_hop *hop)
{
	const struct node node = node_member(take->object, "country");
	const char *text;

	if (!take_has(take, "country"))
		return;
	text = take_text(take, "country");
	if (take->result < 0)
		return;
	if (strlen(text) != sizeof(hop->country) - 1)
		take->result = refuse_value(&node, BW_ERR_VALUE,
					    "'%.40s' is no country code: it has two letters", text);
	else
		memcpy(hop->country, text, sizeof(hop->country));
}

/* Adds the hop of the next element. TTLs that are left out between were not asked. */
static struct record_trace_hop *add_hop(struct take *take, struct decode_trace_hops *hops,
					struct record_trace *trace)
{
	uint64_t ttl = take_unsigned(take, "ttl", trace->hop_count + 1U, TRACE_TTL_MAX);

	if (take->result < 0)
		return &hops->list[0];
	while (trace->hop_count + 1U < ttl)
		hops->list[trace->hop_count++] =
			(struct record_trace_hop){.unasked = true, .rtt_ns = -1};
	hops->list[trace->hop_count] = (struct record_trace_hop){.rtt_ns = -1};
	return &hops->list[trace->hop_count++];
}

static void take_hop(struct take *take, struct record_trace_hop *hop)
{
	take_from(take, hop);
	hop->rtt_ns = take_has(take, "rtt_ms") ? take_ms(take, "rtt_ms") : -1;
	hop->kind = (enum trace_kind)take_word(take, "kind", TRACE_KINDS, kind_name);
	hop->code = take_octet(take, "code", &hop->is_icmp);
	hop->reply_ttl = take_octet(take, "reply_ttl", NULL);
	hop->quoted_ttl = take_octet(take, "quoted_ttl", NULL);
	take_labels(take, hop);
	if (take_has(take, "asn"))
		hop->asn = (uint32_t)take_unsigned(take, "asn", 1, UINT32_MAX);
	take_country(take, hop);
	hop->from_stop_set = take_bool(take, "from_stop_set");
}

static void take_hops(struct take *take, struct decode_trace_hops *hops, struct record_trace *trace)
{
	const struct node node = node_member(take->object, "hops");
	struct node element = {0};

	trace->hops = hops->list;
	(void)take_has(take, "hops");
	if (take->result == 0)
		take->result = field_list(&node);
	if (take->result == 0 && node_count(&node) > TRACE_TTL_MAX)
		take->result = refuse_count(&node, TRACE_TTL_MAX);
	while (take->result == 0 && node_next(&node, &element)) {
		struct take inner = {&element, field_object(&element)};
		struct record_trace_hop *hop = add_hop(&inner, hops, trace);

		take_hop(&inner, hop);
		take_close(take, &inner);
	}
}

static void take_changes(struct take *take, struct decode_trace_hops *hops,
			 struct record_trace *trace)
{
	const struct node node = node_member(take->object, "baseline");
	struct node element = {0};

	trace->has_baseline = take_has(take, "baseline");
	trace->changes = hops->changes;
	if (!trace->has_baseline)
		return;
	take->result = field_list(&node);
	if (take->result == 0 && node_count(&node) > RECORD_CHANGES_MAX)
		take->result = refuse_count(&node, RECORD_CHANGES_MAX);
	while (take->result == 0 && node_next(&node, &element)) {
		struct take inner = {&element, field_object(&element)};
		struct record_change *change = &hops->changes[trace->change_count++];

		*change = (struct record_change){0};
		change->ttl = (uint8_t)take_unsigned(&inner, "ttl", 1, TRACE_TTL_MAX);
		if (take_has(&inner, "from"))
			change->from = take_addr(&inner, "from");
		change->usual_count = (uint8_t)take_addrs(&inner, "usual", RECORD_USUAL_MAX,
							  change->usual);
		take_close(take, &inner);
	}
}

void decode_trace(struct take *take, struct decode_trace_hops *hops,
		  struct decode_path_memory *memory, struct record_trace *trace)
{
	trace->target = take_text(take, "target");
	trace->block = take_prefix(take, "block");
	trace->destination = take_addr(take, "destination");
	trace->method = take_trace_method(take, "method");
	trace->flow = (uint8_t)take_unsigned(take, "flow", 1, UINT8_MAX);
	trace->reached = take_bool(take, "reached");
	trace->sent = take_small(take, "sent");
	take_hops(take, hops, trace);
	trace->stopped = (enum trace_stop)take_word(take, "stopped", TRACE_STOPS, stop_name);
	take_changes(take, hops, trace);
	if (take_has(take, "event"))
		trace->event = take_unsigned(take, "event", 1, UINT64_MAX);
	trace->path = decode_path(take, memory);
}
