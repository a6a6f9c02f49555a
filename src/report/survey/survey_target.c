/* SPDX-License-Identifier: Apache-2.0 */
#include "report/survey/survey_target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/day.h"
#include "json/json_out.h"
#include "report/survey/survey_answer.h"

#define PIECE 2048 /* bytes of the longest piece of JSON */
#define SOURCE_MAX 1000

/* Writes one piece of JSON that stands on its own. */
static void put(struct survey_target *target, const char *before, struct json_out *out)
{
	if (json_out_end(out) < 0)
		target->error = BW_ERR_LIMIT;
	else if (fprintf(target->file, "%s%s", before, out->buffer) < 0 && !target->error)
		target->error = -errno;
}

static void put_text(struct survey_target *target, const char *text)
{
	if (fputs(text, target->file) < 0 && !target->error)
		target->error = -errno;
}

static void put_string(struct survey_target *target, const char *before, const char *text)
{
	char buffer[PIECE];
	struct json_out out;

	json_out_init(&out, buffer, sizeof(buffer));
	json_out_string(&out, text);
	put(target, before, &out);
}

static void put_head(struct survey_target *target, const struct survey_target_head *head)
{
	char updated[BW_WALL_TEXT], source[SOURCE_MAX];

	day_format(head->now, updated);
	snprintf(source, sizeof(source), "%s", head->source);
	put_string(target, "{\n  \"schema\": ", "blockwatch/target/1");
	put_string(target, ",\n  \"source\": ", source);
	put_string(target, ",\n  \"updated\": ", updated);
	for (unsigned i = 0; i < head->methods->count; i++) {
		char method[BW_METHOD_TEXT];

		put_string(target, i == 0 ? ",\n  \"methods\": [" : ", ",
			   bw_method_format(head->methods->list[i], method));
	}
	put_text(target, "],\n  \"networks\": [");
}

void survey_target_begin(struct survey_target *target, void *file,
			 const struct survey_target_head *head)
{
	*target = (struct survey_target){.file = file};
	day_format(head->now, target->day);
	put_head(target, head);
}

void survey_target_add(struct survey_target *target, const struct bw_addr *host,
		       double availability)
{
	struct bw_prefix block = survey_block(host);
	char text[BW_PREFIX_TEXT], buffer[PIECE];
	bool first = bw_prefix_compare(&block, &target->block) != 0;
	struct json_out out;

	if (first) {
		put_text(target, target->block.addr.family ? "] },\n" : "\n");
		put_string(target, "    { \"prefix\": ", bw_prefix_format(&block, text));
		put_text(target, ", \"hosts\": [");
		target->block = block;
	}
	json_out_init(&out, buffer, sizeof(buffer));
	json_out_object(&out);
	json_out_key(&out, "address");
	json_out_string(&out, bw_addr_format(host, text));
	json_out_key(&out, "availability");
	json_out_number(&out, availability, 3);
	json_out_key(&out, "seen");
	json_out_string(&out, target->day);
	json_out_object_end(&out);
	put(target, first ? "\n      " : ",\n      ", &out);
	target->hosts++;
}

int survey_target_end(struct survey_target *target)
{
	put_text(target, target->hosts ? "] }\n  ]\n}\n" : "]\n}\n");
	if (!target->error && target->hosts == 0)
		target->error = BW_ERR_MISSING;
	return target->error;
}
