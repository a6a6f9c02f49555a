/* SPDX-License-Identifier: Apache-2.0 */
#include "report/state/state_write.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>

#include "json/json_out.h"
#include "report/state/state_check.h"
#include "report/state/state_sum.h"

/* Remembers the first failure, with the line that it concerns. */
static int fail(struct state_writer *writer, int code)
{
	writer->error = code;
	bw_err_place(writer->err, NULL, (int)(writer->blocks + writer->groups) + 2, 0, NULL);
	return code;
}

static int fail_count(struct state_writer *writer)
{
	return fail(writer, bw_err_set(writer->err, BW_ERR_VALUE,
				       "%" PRIu32 " blocks and %" PRIu32 " groups, not the %" PRIu32
				       " and %" PRIu32 " of the head",
				       writer->blocks, writer->groups, writer->head.blocks,
				       writer->head.groups));
}

static void begin_line(struct state_writer *writer, struct json_out *out, const char *type)
{
	json_out_init(out, writer->line, sizeof(writer->line));
	json_out_object(out);
	json_out_key(out, "type");
	json_out_string(out, type);
}

/* Returns 0 or the failure. */
static int end_line(struct state_writer *writer, struct json_out *out)
{
	int length;

	json_out_object_end(out);
	json_out_newline(out);
	length = json_out_end(out);
	if (length < 0)
		return fail(writer, bw_err_set(writer->err, length, "the line is too long"));
	errno = 0;
	if (fwrite(writer->line, 1, (size_t)length, writer->file) != (size_t)length) {
		int error = errno ? errno : EIO;

		return fail(writer, bw_err_set(writer->err, -error, "cannot write: %s",
					       bw_error_text(-error)));
	}
	writer->sum = state_sum(writer->sum, writer->line, (size_t)length);
	return 0;
}

static void put_text(struct json_out *out, const char *key, const char *text)
{
	json_out_key(out, key);
	json_out_string(out, text);
}

static void put_told(struct json_out *out, enum bw_verdict verdict, enum bw_verdict told)
{
	if (told != verdict)
		put_text(out, "told", bw_verdict_name(told));
}

static void put_prefix(struct json_out *out, const char *key, const struct bw_prefix *prefix)
{
	char text[BW_PREFIX_TEXT];

	put_text(out, key, bw_prefix_format(prefix, text));
}

/* What is 0, false or empty is left out. */
static void put_integer(struct json_out *out, const char *key, int64_t value)
{
	if (value == 0)
		return;
	json_out_key(out, key);
	json_out_int(out, value);
}

static void put_number(struct json_out *out, const char *key, double value)
{
	if (fabs(value) < 0.5e-6)
		return;
	json_out_key(out, key);
	json_out_number(out, value, 6);
}

static void put_flag(struct json_out *out, const char *key, bool flag)
{
	if (!flag)
		return;
	json_out_key(out, key);
	json_out_bool(out, flag);
}

static void put_chance(struct json_out *out, const char *key, double chance)
{
	if (chance < 0)
		return;
	json_out_key(out, key);
	json_out_number(out, chance, 4);
}

static void put_conditions(struct json_out *out, unsigned conditions)
{
	if (conditions == 0)
		return;
	json_out_key(out, "conditions");
	json_out_array(out);
	for (unsigned i = 0; i < BW_CONDITIONS; i++)
		if (conditions & 1U << i)
			json_out_string(out, bw_condition_name(i));
	json_out_array_end(out);
}

static void put_hot(struct json_out *out, const struct state_block *block)
{
	char text[BW_ADDR_TEXT];

	put_chance(out, "hot_availability", block->hot_availability);
	put_chance(out, "cold_availability", block->cold_availability);
	put_chance(out, "again_availability", block->again_availability);
	if (block->hot_count == 0)
		return;
	json_out_key(out, "hot");
	json_out_array(out);
	for (uint32_t i = 0; i < block->hot_count; i++)
		json_out_string(out, bw_addr_format(&block->hot[i], text));
	json_out_array_end(out);
	if (block->hot_methods)
		put_integer(out, "hot_ways", block->hot_methods);
}

static void put_phases(struct json_out *out, const struct state_phases *phases)
{
	if (phases->downs == 0)
		return;
	json_out_key(out, "phases");
	json_out_object(out);
	put_integer(out, "downs", phases->downs);
	put_integer(out, "down_ns", phases->down_ns);
	put_integer(out, "longest_ns", phases->longest_ns);
	json_out_object_end(out);
}

static void put_outage(struct json_out *out, const struct state_outage *outage)
{
	if (!outage->open)
		return;
	json_out_key(out, "outage");
	json_out_object(out);
	put_integer(out, "earliest_ns", outage->earliest.ns);
	put_integer(out, "latest_ns", outage->latest.ns);
	json_out_object_end(out);
}

static void put_returns(struct json_out *out, const struct state_returns *returns)
{
	if (returns->ended.ns == 0)
		return;
	json_out_key(out, "returns");
	json_out_object(out);
	put_integer(out, "earliest_ns", returns->earliest.ns);
	put_integer(out, "latest_ns", returns->latest.ns);
	put_integer(out, "ended_ns", returns->ended.ns);
	if (returns->count) {
		json_out_key(out, "list_ns");
		json_out_array(out);
		for (uint32_t i = 0; i < 2 * returns->count; i++)
			json_out_int(out, returns->list[i].ns);
		json_out_array_end(out);
	}
	json_out_object_end(out);
}

static void put_history(struct json_out *out, const struct state_history *history)
{
	if (history->outages == 0 && history->first.ns == 0)
		return;
	json_out_key(out, "history");
	json_out_object(out);
	put_integer(out, "first_ns", history->first.ns);
	put_integer(out, "outages", history->outages);
	put_integer(out, "longest_ns", history->longest_ns);
	put_integer(out, "dark_ns", history->dark_ns);
	put_integer(out, "last_end_ns", history->last_end.ns);
	json_out_object_end(out);
}

static void put_usual(struct json_out *out, const struct state_usual *usual)
{
	if (usual->rounds == 0)
		return;
	json_out_key(out, "usual");
	json_out_object(out);
	put_integer(out, "rounds", usual->rounds);
	put_chance(out, "loss", usual->loss);
	put_chance(out, "loss_now", usual->loss_now);
	put_integer(out, "rtt_ns", usual->rtt_ns);
	put_integer(out, "rtt_now_ns", usual->rtt_now_ns);
	put_chance(out, "spread", usual->spread);
	json_out_object_end(out);
}

static void put_ranges(struct json_out *out, const struct bw_wall out_since[BW_RANGES])
{
	put_integer(out, "degraded_since_ns", out_since[BW_RANGE_LOSS].ns);
	put_integer(out, "slow_since_ns", out_since[BW_RANGE_DELAY].ns);
}

static void put_joint(struct json_out *out, const struct state_joint *joint)
{
	if (joint->since.ns == 0 && joint->counted.ns == 0 && joint->nats <= 0)
		return;
	json_out_key(out, "joint");
	json_out_object(out);
	put_number(out, "nats", joint->nats);
	put_flag(out, "down", joint->down);
	put_integer(out, "since_ns", joint->since.ns);
	put_phases(out, &joint->phases);
	put_number(out, "expected", joint->expected);
	put_number(out, "replied", joint->replied);
	put_integer(out, "counted_ns", joint->counted.ns);
	json_out_object_end(out);
}

static void put_absences(struct json_out *out, const struct state_absences *absences)
{
	if (absences->count == 0)
		return;
	json_out_key(out, "absences");
	json_out_object(out);
	put_integer(out, "count", absences->count);
	put_integer(out, "total_ns", absences->total_ns);
	json_out_object_end(out);
}

/* What is believed of a block. */
static void put_belief(struct json_out *out, const struct state_block *block)
{
	put_number(out, "log_odds", block->log_odds);
	put_conditions(out, block->conditions);
	put_flag(out, "known", block->known);
	put_flag(out, "never_seen", block->never_seen);
	put_flag(out, "few_hosts", block->few_hosts);
	put_flag(out, "down", block->down);
	put_number(out, "penalty", block->penalty);
	put_integer(out, "penalty_at_ns", block->penalty_at.ns);
	put_integer(out, "unstable_ns", block->unstable.ns);
	put_integer(out, "silent_since_ns", block->silent_since.ns);
	put_integer(out, "false_alarm_ns", block->false_alarm.ns);
}

/* What was learned of its hosts. */
static void put_learned(struct json_out *out, const struct state_block *block)
{
	put_hot(out, block);
	if (block->rests) {
		json_out_key(out, "rest");
		json_out_uint(out, block->rest);
		put_integer(out, "evening", block->evening);
	}
	put_absences(out, &block->absences);
	put_usual(out, &block->usual);
	put_ranges(out, block->out_since);
}

int state_writer_begin(struct state_writer *writer, FILE *file, const struct state_head *head,
		       struct bw_err *err)
{
	struct json_out out;
	int result = state_check_head(head, err);

	writer->file = file;
	writer->err = err;
	writer->error = 0;
	writer->sum = 0;
	writer->head = *head;
	writer->blocks = writer->groups = 0;
	if (result < 0) {
		bw_err_place(err, NULL, 1, 0, NULL);
		return writer->error = result;
	}
	json_out_init(&out, writer->line, sizeof(writer->line));
	json_out_object(&out);
	put_text(&out, "schema", STATE_SCHEMA);
	put_text(&out, "vantage", head->vantage);
	put_text(&out, "program", head->program);
	json_out_key(&out, "boots");
	json_out_uint(&out, head->boots);
	put_flag(&out, "references", head->references);
	json_out_key(&out, "saved_ns");
	json_out_int(&out, head->saved.ns);
	json_out_key(&out, "blocks");
	json_out_uint(&out, head->blocks);
	json_out_key(&out, "groups");
	json_out_uint(&out, head->groups);
	return end_line(writer, &out);
}

int state_writer_put_block(struct state_writer *writer, const struct state_block *block)
{
	struct json_out out;
	int result;

	if (writer->error)
		return writer->error;
	if (writer->blocks == writer->head.blocks)
		return fail_count(writer);
	result = state_check_block(block, writer->err);
	if (result < 0)
		return fail(writer, result);
	begin_line(writer, &out, "block");
	put_text(&out, "target", block->target);
	put_prefix(&out, "block", &block->block);
	put_text(&out, "verdict", bw_verdict_name(block->verdict));
	put_told(&out, block->verdict, block->told);
	put_integer(&out, "since_ns", block->since.ns);
	put_integer(&out, "last_answer_ns", block->last_answer.ns);
	put_belief(&out, block);
	put_learned(&out, block);
	put_phases(&out, &block->phases);
	put_outage(&out, &block->outage);
	put_integer(&out, "dark_until_ns", block->dark_until.ns);
	put_integer(&out, "dark_until_before_ns", block->dark_until_before.ns);
	put_returns(&out, &block->returns);
	put_history(&out, &block->history);
	result = end_line(writer, &out);
	writer->blocks += result == 0;
	return result;
}

int state_writer_put_group(struct state_writer *writer, const struct state_group *group)
{
	struct json_out out;
	int result;

	if (writer->error)
		return writer->error;
	if (writer->groups == writer->head.groups)
		return fail_count(writer);
	result = state_check_group(group, writer->err);
	if (result < 0)
		return fail(writer, result);
	begin_line(writer, &out, bw_scope_name(group->scope));
	put_text(&out, "target", group->target);
	if (group->scope == BW_SCOPE_NETWORK)
		put_prefix(&out, "network", &group->network);
	put_text(&out, "verdict", bw_verdict_name(group->verdict));
	put_told(&out, group->verdict, group->told);
	put_integer(&out, "since_ns", group->since.ns);
	put_ranges(&out, group->out_since);
	put_joint(&out, &group->joint);
	put_outage(&out, &group->outage);
	put_returns(&out, &group->returns);
	put_history(&out, &group->history);
	result = end_line(writer, &out);
	writer->groups += result == 0;
	return result;
}

int state_writer_end(struct state_writer *writer)
{
	struct json_out out;
	char sum[17];

	if (writer->error)
		return writer->error;
	if (writer->blocks != writer->head.blocks || writer->groups != writer->head.groups)
		return fail_count(writer);
	snprintf(sum, sizeof(sum), "%016" PRIx64, writer->sum);
	begin_line(writer, &out, "end");
	json_out_key(&out, "blocks");
	json_out_uint(&out, writer->blocks);
	json_out_key(&out, "groups");
	json_out_uint(&out, writer->groups);
	put_text(&out, "checksum", sum);
	return end_line(writer, &out);
}
