/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/decode.h"

#include <string.h>

#include "report/record/decode_condition.h"
#include "report/record/decode_event.h"
#include "report/record/decode_survey.h"
#include "json/field.h"

static const struct document_form form = {
	.max = RECORD_LINE_MAX,
	.wide = true,
};

static unsigned take_reasons(struct take *take)
{
	return take_set(take, "reasons", BW_REASONS, bw_reason_name);
}

/* The quarters that PART stands for, a half for two of them; 0: it is none of the block. */
static unsigned quarters_of(const struct bw_prefix *block, const struct bw_prefix *part)
{
	for (unsigned n = 0; n < 4; n++) {
		const struct bw_prefix quarter = bw_prefix_part(block, block->length + 2U, n);
		const struct bw_prefix half = bw_prefix_part(block, block->length + 1U, n / 2);

		if (bw_prefix_compare(&quarter, part) == 0)
			return 1U << n;
		if (n % 2 == 0 && bw_prefix_compare(&half, part) == 0)
			return 3U << n;
	}
	return 0;
}

static int add_part(const struct node *node, const struct bw_prefix *block, unsigned *parts)
{
	const char *text = node_text(node);
	struct bw_prefix part;
	unsigned quarters;

	if (!text)
		return refuse_type(node, "a prefix");
	if (bw_prefix_parse(text, &part, NULL) < 0)
		return refuse_value(node, BW_ERR_VALUE, "'%.60s' is no prefix", text);
	quarters = quarters_of(block, &part);
	if (quarters == 0)
		return refuse_value(node, BW_ERR_VALUE, "is no half and no quarter of the block");
	if (*parts & quarters)
		return refuse_twice(node, text, NULL, 0);
	*parts |= quarters;
	return 0;
}

static unsigned take_parts(struct take *take, const struct bw_prefix *block)
{
	const struct node node = node_member(take->object, "parts");
	struct node element = {0};
	unsigned parts = 0;

	if (!take_has(take, "parts"))
		return 0;
	take->result = field_list(&node);
	if (take->result == 0 && block->length + 2U > bw_addr_bits(&block->addr))
		take->result = refuse_value(&node, BW_ERR_VALUE, "the block is too small for it");
	while (take->result == 0 && node_next(&node, &element))
		take->result = add_part(&element, block, &parts);
	return parts;
}

static void take_rtt(struct take *take, struct record_block *block)
{
	struct node node;
	struct take rtt;

	block->rtt_min_ns = block->rtt_median_ns = block->rtt_max_ns = -1;
	if (!take_has(take, "rtt_ms"))
		return;
	rtt = take_object(take, "rtt_ms", &node);
	block->rtt_min_ns = take_ms(&rtt, "min");
	block->rtt_median_ns = take_ms(&rtt, "median");
	block->rtt_max_ns = take_ms(&rtt, "max");
	take_close(take, &rtt);
}

static void take_block(struct take *take, struct record_block *block)
{
	block->target = take_text(take, "target");
	block->network = take_prefix(take, "network");
	block->block = take_prefix(take, "block");
	block->verdict = take_verdict_of(take, "verdict", BW_SCOPE_BLOCK);
	block->belief = take_number(take, "belief", 1);
	block->conditions = take_set(take, "conditions", BW_CONDITIONS, bw_condition_name);
	if (block->conditions & BW_PARTIAL)
		block->parts = take_parts(take, &block->block);
	block->reasons = take_reasons(take);
	block->since = take_time_or_null(take, "since");
	block->round = take_count(take, "round");
	block->sent = take_small(take, "sent");
	block->replies = take_small(take, "replies");
	take_rtt(take, block);
	block->availability = -1;
	if (take_has(take, "availability"))
		block->availability = take_number(take, "availability", 1);
	if (take_may_have(take, "silent_since"))
		block->silent_since = take_time(take, "silent_since");
}

static void take_counts(struct take *take, const char *key, enum bw_scope scope,
			struct record_counts *counts)
{
	struct node node;
	struct take inner = take_object(take, key, &node);

	counts->total = take_small(&inner, "total");
	for (unsigned i = 0; i < BW_BLOCK_VERDICTS; i++)
		counts->of[i] = take_small(&inner, bw_verdict_name((enum bw_verdict)i));
	if (scope == BW_SCOPE_NETWORK && take_may_have(&inner, "partly_dark"))
		counts->of[BW_PARTLY_DARK] = take_small(&inner, "partly_dark");
	take_close(take, &inner);
}

static void take_target(struct take *take, struct decode_path_memory *memory,
			struct record_target *target)
{
	target->target = take_text(take, "target");
	if (take_has(take, "title"))
		target->title = take_string(take, "title");
	target->verdict = take_verdict(take, "verdict");
	take_counts(take, "networks", BW_SCOPE_NETWORK, &target->networks);
	take_counts(take, "blocks", BW_SCOPE_BLOCK, &target->blocks);
	target->since = take_time_or_null(take, "since");
	target->round = take_count(take, "round");
	target->path = decode_path(take, memory);
}

static int add_way(const struct node *node, struct record_vantage *vantage)
{
	struct record_way *way = &vantage->ways[vantage->way_count];
	struct take take = {.object = node, .result = field_object(node)};

	if (vantage->way_count == RECORD_WAYS_MAX)
		return refuse_value(node, BW_ERR_LIMIT, "more than %d ways out", RECORD_WAYS_MAX);
	vantage->way_count++;
	way->interface = take_has(&take, "interface") ? take_text(&take, "interface") : "";
	way->family = (int)take_unsigned(&take, "family", 4, 6);
	way->healthy = take_bool(&take, "healthy");
	way->reasons = take_reasons(&take);
	return take.result;
}

static void take_ways(struct take *take, struct record_vantage *vantage)
{
	const struct node node = node_member(take->object, "ways");
	struct node element = {0};

	if (take->result < 0 || !node_exists(&node)) /* records of earlier versions */
		return;
	take->result = field_list(&node);
	while (take->result == 0 && node_next(&node, &element))
		take->result = add_way(&element, vantage);
}

static void take_vantage(struct take *take, struct record_vantage *vantage)
{
	vantage->healthy = take_bool(take, "healthy");
	vantage->reasons = take_reasons(take);
	take_ways(take, vantage);
	vantage->sent = take_count(take, "sent");
	vantage->received = take_count(take, "received");
	vantage->capture_dropped = take_count(take, "capture_dropped");
	vantage->send_errors = take_count(take, "send_errors");
	vantage->rejected = take_count(take, "rejected");
	vantage->version = take_text(take, "version");
	if (take_may_have(take, "round_s"))
		vantage->round_ns = take_seconds(take, "round_s");
}

static void take_reply(struct take *take, struct record_probe *probe)
{
	struct node node;
	struct take reply = take_object(take, "reply", &node);

	probe->from = take_addr_or_hidden(&reply, "from", &probe->hidden);
	probe->kind = take_text(&reply, "kind");
	probe->ttl = (uint8_t)take_unsigned(&reply, "ttl", 0, UINT8_MAX);
	take_close(take, &reply);
}

static void take_probe(struct take *take, struct record_probe *probe)
{
	probe->block = take_prefix(take, "block");
	probe->host = take_addr(take, "host");
	probe->method = take_method(take, "method");
	probe->sent = take_time(take, "sent");
	probe->outcome = take_text(take, "outcome");
	probe->rtt_ns = -1;
	if (!take_has(take, "rtt_ms"))
		return;
	probe->rtt_ns = take_ms(take, "rtt_ms");
	take_reply(take, probe);
}

/* The place for a new type of record. */
static void take_body(struct take *take, struct record_memory *memory, struct record *record)
{
	switch (record->type) {
	case RECORD_BLOCK:
		take_block(take, &record->block);
		break;
	case RECORD_TARGET:
		take_target(take, &memory->path, &record->target);
		break;
	case RECORD_VANTAGE:
		take_vantage(take, &record->vantage);
		break;
	case RECORD_PROBE:
		take_probe(take, &record->probe);
		break;
	case RECORD_SURVEY:
		decode_survey(take, &memory->survey, &record->survey);
		break;
	case RECORD_EVENT:
		decode_event(take, &memory->path, &record->event);
		break;
	case RECORD_CONDITION:
		decode_condition(take, &record->condition);
		break;
	case RECORD_TRACE:
		decode_trace(take, &memory->trace, &memory->path, &record->trace);
		break;
	}
}

static const char *type_name(unsigned index)
{
	return record_type_name((enum record_type)index);
}

static void take_schema(struct take *take)
{
	const char *schema = take_string(take, "schema");
	const struct node node = node_member(take->object, "schema");

	if (take->result == 0 && strcmp(schema, RECORD_SCHEMA) != 0)
		take->result = refuse_value(&node, BW_ERR_VALUE, "must be '" RECORD_SCHEMA "'");
}

static int decode(const struct node *root, struct record_memory *memory, struct record *record)
{
	struct take take = {root, field_object(root)};

	take_schema(&take);
	record->type = (enum record_type)take_word(&take, "type", RECORD_TYPES, type_name);
	record->head.vantage = take_text(&take, "vantage");
	record->head.boot = take_text(&take, "boot");
	record->head.seq = take_unsigned(&take, "seq", 1, UINT64_MAX);
	record->head.time = take_time(&take, "time");
	if (take.result == 0)
		take_body(&take, memory, record);
	return take.result;
}

/* Most lines are right and plain. Nobody is told what is wrong: *ret_record may be half filled. */
static int decode_fast(const char *line, size_t length, struct record_memory *memory,
		       struct record *ret_record)
{
	struct document *document = &memory->document;
	struct node root;
	int result;

	*document = (struct document){.err = NULL};
	result = document_parse_fast(document, &form, &memory->fast, line, length);
	if (result < 0)
		return result;
	root = node_root(document);
	return decode(&root, memory, ret_record);
}

static int decode_any(const char *line, size_t length, const char *name,
		      struct record_memory *memory, struct record *ret_record, struct bw_err *err)
{
	struct document *document = &memory->document;
	struct node root;
	int result;

	*document = (struct document){.file = name, .err = err};
	result = document_parse(document, &form, line, length);
	if (result < 0)
		return result;
	root = node_root(document);
	return decode(&root, memory, ret_record);
}

int record_decode(const char *line, size_t length, const char *name, struct record_memory *memory,
		  struct record *ret_record, struct bw_err *err)
{
	struct record record = {0};
	int result;

	document_fini(&memory->document);
	result = decode_fast(line, length, memory, &record);
	if (result < 0) {
		record = (struct record){0};
		result = decode_any(line, length, name, memory, &record, err);
	}
	if (result < 0)
		record_memory_fini(memory);
	else
		*ret_record = record;
	return result;
}

void record_memory_fini(struct record_memory *memory)
{
	if (!memory)
		return;
	document_fini(&memory->document);
	fast_fini(&memory->fast);
}
