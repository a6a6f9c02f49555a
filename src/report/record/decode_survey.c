/* SPDX-License-Identifier: Apache-2.0 */
#include "report/record/decode_survey.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json/field.h"

static void take_inputs(struct take *take, struct decode_survey_lists *lists,
			  struct record_survey *survey)
{
	const struct node node = node_member(take->object, "prefixes");
	struct node element = {0};

	if (!take_has(take, "prefixes"))
		return;
	take->result = field_list(&node);
	if (take->result == 0 && node_count(&node) > RECORD_PREFIXES_MAX)
		take->result = refuse_count(&node, RECORD_PREFIXES_MAX);
	while (take->result == 0 && node_next(&node, &element)) {
		if (!node_text(&element))
			take->result = refuse_type(&element, "a string");
		lists->prefixes[element.index] = node_text(&element);
	}
	survey->prefixes = lists->prefixes;
	survey->prefix_count = node_count(&node);
}

static void take_methods(struct take *take, struct decode_survey_lists *lists,
			 struct record_survey *survey)
{
	const struct node node = node_member(take->object, "methods");
	struct bw_err *err = node.document->err;
	struct node element = {0};

	lists->methods.count = 0;
	survey->methods = &lists->methods;
	if (!take_has(take, "methods"))
		return;
	take->result = field_list(&node);
	while (take->result == 0 && node_next(&node, &element)) {
		const char *text = node_text(&element);
		struct bw_method method;

		if (!text) {
			take->result = refuse_type(&element, "a method");
			break;
		}
		take->result = bw_method_parse(text, &method, err);
		if (take->result == 0)
			take->result = bw_methods_add(&lists->methods, method, err);
		if (take->result < 0)
			refuse_relay(&element, take->result);
	}
}

static void take_survey_counts(struct take *take, struct record_survey *survey)
{
	survey->addresses = take_count(take, "addresses");
	survey->sent = take_count(take, "sent");
	survey->again = take_count(take, "again");
	survey->answered = take_count(take, "answered");
	survey->replies = take_count(take, "replies");
	survey->duplicates = take_count(take, "duplicates");
	survey->errors = take_count(take, "errors");
	survey->rejected = take_count(take, "rejected");
	survey->capture_dropped = take_count(take, "capture_dropped");
	survey->send_errors = take_count(take, "send_errors");
	survey->refused = take_count(take, "refused");
}

/* "2/8": read as it is written, so that nothing else passes. */
static void take_shard(struct take *take, struct record_survey *survey)
{
	const char *text = take_string(take, "shard");
	const struct node node = node_member(take->object, "shard");
	char same[32];

	if (take->result < 0)
		return;
	if (sscanf(text, "%" SCNu32 "/%" SCNu32, &survey->shard, &survey->shards) == 2) {
		snprintf(same, sizeof(same), "%" PRIu32 "/%" PRIu32, survey->shard, survey->shards);
		if (strcmp(text, same) == 0 && survey->shard > 0 && survey->shards > 0)
			return;
	}
	take->result =
		refuse_value(&node, BW_ERR_VALUE, "'%.40s' is no shard: write it like 2/8", text);
}

void decode_survey(struct take *take, struct decode_survey_lists *lists,
		   struct record_survey *survey)
{
	take_inputs(take, lists, survey);
	take_methods(take, lists, survey);
	take_survey_counts(take, survey);
	survey->hit_rate = take_number(take, "hit_rate", 1);
	survey->lost_share = take_number(take, "lost_share", 1);
	survey->rate_pps = take_number(take, "rate_pps", TAKE_NUMBER_MAX);
	survey->duration_s = take_number(take, "duration_s", TAKE_NUMBER_MAX);
	survey->passes = (uint32_t)take_unsigned(take, "passes", 1, UINT32_MAX);
	take_shard(take, survey);
	survey->seed = take_count(take, "seed");
	survey->complete = take_bool(take, "complete");
}
