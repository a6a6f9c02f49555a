/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/encode_trace.h"

#include "report/record/encode_path.h"
#include "report/record/put.h"

static void put_null(struct json_out *out, const char *key)
{
	json_out_key(out, key);
	json_out_null(out);
}

static void put_bool(struct json_out *out, const char *key, bool value)
{
	json_out_key(out, key);
	json_out_bool(out, value);
}

/* The number if IS_KNOWN, else null. */
static void put_known(struct json_out *out, const char *key, bool is_known, uint32_t value)
{
	if (is_known)
		put_uint(out, key, value);
	else
		put_null(out, key);
}

static void put_labels(struct json_out *out, const struct record_trace_hop *hop)
{
	json_out_key(out, "labels");
	json_out_array(out);
	for (unsigned n = 0; n < hop->label_count; n++) {
		json_out_object(out);
		put_uint(out, "label", hop->labels[n].label);
		put_uint(out, "exp", hop->labels[n].exp);
		put_bool(out, "bottom", hop->labels[n].bottom);
		put_uint(out, "ttl", hop->labels[n].ttl);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static void put_from(struct json_out *out, const struct record_trace_hop *hop)
{
	if (hop->hidden)
		put_string(out, "from", RECORD_HIDDEN);
	else if (hop->from.family)
		put_addr(out, "from", &hop->from);
	else
		put_null(out, "from");
}

static void put_hop(struct json_out *out, const struct record_trace_hop *hop, unsigned ttl)
{
	bool answered = hop->from.family != 0;

	json_out_object(out);
	put_uint(out, "ttl", ttl);
	put_from(out, hop);
	if (hop->rtt_ns >= 0)
		put_ms(out, "rtt_ms", hop->rtt_ns);
	else
		put_null(out, "rtt_ms");
	put_string(out, "kind", trace_kind_name(hop->kind));
	put_known(out, "code", answered && hop->is_icmp, hop->code);
	put_known(out, "reply_ttl", answered, hop->reply_ttl);
	put_known(out, "quoted_ttl", hop->quoted_ttl > 0, hop->quoted_ttl);
	put_labels(out, hop);
	put_known(out, "asn", hop->asn > 0, hop->asn);
	put_string(out, "country", hop->country[0] ? hop->country : NULL);
	put_bool(out, "from_stop_set", hop->from_stop_set);
	json_out_object_end(out);
}

static void put_change(struct json_out *out, const struct record_change *change)
{
	json_out_object(out);
	put_uint(out, "ttl", change->ttl);
	if (change->from.family)
		put_addr(out, "from", &change->from);
	else
		put_null(out, "from");
	json_out_key(out, "usual");
	json_out_array(out);
	for (unsigned n = 0; n < change->usual_count; n++) {
		char text[BW_ADDR_TEXT];

		json_out_string(out, bw_addr_format(&change->usual[n], text));
	}
	json_out_array_end(out);
	json_out_object_end(out);
}

static void put_changes(struct json_out *out, const struct record_trace *trace)
{
	if (!trace->has_baseline) {
		put_null(out, "baseline");
		return;
	}
	json_out_key(out, "baseline");
	json_out_array(out);
	for (unsigned n = 0; n < trace->change_count; n++)
		put_change(out, &trace->changes[n]);
	json_out_array_end(out);
}

void encode_trace(struct json_out *out, const struct record_trace *trace)
{
	char method[BW_METHOD_TEXT];

	put_string(out, "target", trace->target);
	put_prefix(out, "block", &trace->block);
	put_addr(out, "destination", &trace->destination);
	put_string(out, "method", bw_method_format(trace->method, method));
	put_uint(out, "flow", trace->flow);
	put_bool(out, "reached", trace->reached);
	put_uint(out, "sent", trace->sent);
	json_out_key(out, "hops");
	json_out_array(out);
	for (unsigned n = 0; n < trace->hop_count; n++)
		if (!trace->hops[n].unasked)
			put_hop(out, &trace->hops[n], n + 1);
	json_out_array_end(out);
	put_string(out, "stopped", trace_stop_name(trace->stopped));
	put_changes(out, trace);
	if (trace->event)
		put_uint(out, "event", trace->event);
	else
		put_null(out, "event");
	encode_path(out, trace->path);
}
