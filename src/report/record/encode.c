/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/encode.h"

#include <stdio.h>

#include "report/record/encode_condition.h"
#include "report/record/encode_delivery.h"
#include "report/record/encode_event.h"
#include "report/record/encode_path.h"
#include "report/record/encode_trace.h"
#include "report/record/put.h"

#define BELIEF_DECIMALS 4
#define RATE_DECIMALS 6 /* of shares of very many */
#define UNIT_DECIMALS PUT_UNIT_DECIMALS

/* The names of a set's bits, in the order of their list; [] for an empty set. */
static void put_set(struct json_out *out, const char *key, unsigned set, unsigned count,
		    const char *(*name)(unsigned index))
{
	json_out_key(out, key);
	json_out_array(out);
	for (unsigned n = 0; n < count; n++)
		if (set & 1u << n)
			json_out_string(out, name(n));
	json_out_array_end(out);
}

static void put_reasons(struct json_out *out, unsigned reasons)
{
	put_set(out, "reasons", reasons, BW_REASONS, bw_reason_name);
}

static void put_rtt(struct json_out *out, const struct record_block *block)
{
	json_out_key(out, "rtt_ms");
	if (block->rtt_median_ns < 0) {
		json_out_null(out);
		return;
	}
	json_out_object(out);
	put_ms(out, "min", block->rtt_min_ns);
	put_ms(out, "median", block->rtt_median_ns);
	put_ms(out, "max", block->rtt_max_ns);
	json_out_object_end(out);
}

static void put_availability(struct json_out *out, double availability)
{
	json_out_key(out, "availability");
	if (availability < 0)
		json_out_null(out);
	else
		json_out_number(out, availability, UNIT_DECIMALS);
}

/* Quarters of a block, two that make a half as one. */
static void put_parts(struct json_out *out, const struct bw_prefix *block, unsigned parts)
{
	json_out_key(out, "parts");
	json_out_array(out);
	for (unsigned part = 0; part < 4; part++) {
		bool half = part % 2 == 0 && (parts >> part & 3) == 3;
		struct bw_prefix prefix = bw_prefix_part(block, block->length + (half ? 1U : 2U),
							 half ? part / 2 : part);
		char text[BW_PREFIX_TEXT];

		if (parts >> part & 1)
			json_out_string(out, bw_prefix_format(&prefix, text));
		part += half;
	}
	json_out_array_end(out);
}

static void put_block(struct json_out *out, const struct record_block *block)
{
	put_string(out, "target", block->target);
	put_prefix(out, "network", &block->network);
	put_prefix(out, "block", &block->block);
	put_string(out, "verdict", bw_verdict_name(block->verdict));
	put_number(out, "belief", block->belief, BELIEF_DECIMALS);
	put_set(out, "conditions", block->conditions, BW_CONDITIONS, bw_condition_name);
	if (block->conditions & BW_PARTIAL)
		put_parts(out, &block->block, block->parts);
	put_reasons(out, block->reasons);
	put_time(out, "since", block->since);
	put_uint(out, "round", block->round);
	put_uint(out, "sent", block->sent);
	put_uint(out, "replies", block->replies);
	put_rtt(out, block);
	put_availability(out, block->availability);
	put_time(out, "silent_since", block->silent_since);
}

/* Blocks are never partly dark. */
static void put_counts(struct json_out *out, const char *key, const struct record_counts *counts,
		       bool networks)
{
	json_out_key(out, key);
	json_out_object(out);
	put_uint(out, "total", counts->total);
	put_uint(out, "up", counts->of[BW_UP]);
	put_uint(out, "flapping", counts->of[BW_FLAPPING]);
	put_uint(out, "dark", counts->of[BW_DARK]);
	if (networks)
		put_uint(out, "partly_dark", counts->of[BW_PARTLY_DARK]);
	put_uint(out, "unknown", counts->of[BW_UNKNOWN]);
	json_out_object_end(out);
}

static void put_target(struct json_out *out, const struct record_target *target)
{
	put_string(out, "target", target->target);
	put_string(out, "title", target->title);
	put_string(out, "verdict", bw_verdict_name(target->verdict));
	put_counts(out, "networks", &target->networks, true);
	put_counts(out, "blocks", &target->blocks, false);
	put_time(out, "since", target->since);
	put_uint(out, "round", target->round);
	if (target->path)
		encode_path(out, target->path);
}

static void put_ways(struct json_out *out, const struct record_vantage *vantage)
{
	json_out_key(out, "ways");
	json_out_array(out);
	for (uint32_t n = 0; n < vantage->way_count; n++) {
		const struct record_way *way = &vantage->ways[n];

		json_out_object(out);
		put_string(out, "interface", way->interface[0] ? way->interface : NULL);
		put_uint(out, "family", (uint64_t)way->family);
		json_out_key(out, "healthy");
		json_out_bool(out, way->healthy);
		put_reasons(out, way->reasons);
		json_out_object_end(out);
	}
	json_out_array_end(out);
}

static void put_vantage(struct json_out *out, const struct record_vantage *vantage)
{
	json_out_key(out, "healthy");
	json_out_bool(out, vantage->healthy);
	put_reasons(out, vantage->reasons);
	put_ways(out, vantage);
	put_uint(out, "sent", vantage->sent);
	put_uint(out, "received", vantage->received);
	put_uint(out, "capture_dropped", vantage->capture_dropped);
	put_uint(out, "send_errors", vantage->send_errors);
	put_uint(out, "rejected", vantage->rejected);
	put_string(out, "version", vantage->version);
	if (vantage->round_ns > 0)
		put_number(out, "round_s", (double)vantage->round_ns / (double)BW_S, UNIT_DECIMALS);
	if (vantage->delivery)
		encode_delivery(out, vantage->delivery);
}

static void put_probe(struct json_out *out, const struct record_probe *probe)
{
	char method[BW_METHOD_TEXT];
	bool answered = probe->rtt_ns >= 0;

	put_prefix(out, "block", &probe->block);
	put_addr(out, "host", &probe->host);
	put_string(out, "method", bw_method_format(probe->method, method));
	put_time(out, "sent", probe->sent);
	put_string(out, "outcome", probe->outcome);
	json_out_key(out, "rtt_ms");
	if (!answered) {
		json_out_null(out);
		json_out_key(out, "reply");
		json_out_null(out);
		return;
	}
	json_out_number(out, (double)probe->rtt_ns / (double)BW_MS, UNIT_DECIMALS);
	json_out_key(out, "reply");
	json_out_object(out);
	if (probe->hidden)
		put_string(out, "from", RECORD_HIDDEN);
	else
		put_addr(out, "from", &probe->from);
	put_string(out, "kind", probe->kind);
	put_uint(out, "ttl", probe->ttl);
	json_out_object_end(out);
}

static void put_prefixes(struct json_out *out, const struct record_survey *survey)
{
	json_out_key(out, "prefixes");
	json_out_array(out);
	for (size_t i = 0; i < survey->prefix_count && i < RECORD_PREFIXES_MAX; i++) {
		char text[RECORD_PREFIX_TEXT + 1];

		snprintf(text, sizeof(text), "%s", survey->prefixes[i]);
		json_out_string(out, text);
	}
	json_out_array_end(out);
}

static void put_methods(struct json_out *out, const struct bw_methods *methods)
{
	json_out_key(out, "methods");
	json_out_array(out);
	for (unsigned i = 0; i < methods->count; i++) {
		char text[BW_METHOD_TEXT];

		json_out_string(out, bw_method_format(methods->list[i], text));
	}
	json_out_array_end(out);
}

static void put_survey_counts(struct json_out *out, const struct record_survey *survey)
{
	put_uint(out, "addresses", survey->addresses);
	put_uint(out, "sent", survey->sent);
	put_uint(out, "again", survey->again);
	put_uint(out, "answered", survey->answered);
	put_uint(out, "replies", survey->replies);
	put_uint(out, "duplicates", survey->duplicates);
	put_uint(out, "errors", survey->errors);
	put_uint(out, "rejected", survey->rejected);
	put_uint(out, "capture_dropped", survey->capture_dropped);
	put_uint(out, "send_errors", survey->send_errors);
	put_uint(out, "refused", survey->refused);
}

static void put_survey(struct json_out *out, const struct record_survey *survey)
{
	char shard[32];

	put_prefixes(out, survey);
	put_methods(out, survey->methods);
	put_survey_counts(out, survey);
	put_number(out, "hit_rate", survey->hit_rate, RATE_DECIMALS);
	put_number(out, "lost_share", survey->lost_share, RATE_DECIMALS);
	put_number(out, "rate_pps", survey->rate_pps, UNIT_DECIMALS);
	put_number(out, "duration_s", survey->duration_s, UNIT_DECIMALS);
	put_uint(out, "passes", survey->passes);
	snprintf(shard, sizeof(shard), "%u/%u", (unsigned)survey->shard, (unsigned)survey->shards);
	put_string(out, "shard", shard);
	put_uint(out, "seed", survey->seed);
	json_out_key(out, "complete");
	json_out_bool(out, survey->complete);
}

static void put_head(struct json_out *out, const struct record *record)
{
	put_string(out, "schema", RECORD_SCHEMA);
	put_string(out, "type", record_type_name(record->type));
	put_string(out, "vantage", record->head.vantage);
	put_string(out, "boot", record->head.boot);
	put_uint(out, "seq", record->head.seq);
	put_time(out, "time", record->head.time);
}

int record_encode(const struct record *record, char *line, size_t size)
{
	struct json_out out;

	json_out_init(&out, line, size);
	json_out_object(&out);
	put_head(&out, record);
	switch (record->type) {
	case RECORD_BLOCK:
		put_block(&out, &record->block);
		break;
	case RECORD_TARGET:
		put_target(&out, &record->target);
		break;
	case RECORD_VANTAGE:
		put_vantage(&out, &record->vantage);
		break;
	case RECORD_PROBE:
		put_probe(&out, &record->probe);
		break;
	case RECORD_SURVEY:
		put_survey(&out, &record->survey);
		break;
	case RECORD_EVENT:
		encode_event(&out, &record->event);
		break;
	case RECORD_CONDITION:
		encode_condition(&out, &record->condition);
		break;
	case RECORD_TRACE:
		encode_trace(&out, &record->trace);
		break;
	}
	json_out_object_end(&out);
	json_out_newline(&out);
	return json_out_end(&out);
}
