/* SPDX-License-Identifier: Apache-2.0 */
#include "report/state/state_write.h"

#include <errno.h>
#include <inttypes.h>

#include "report/state/state_check.h"
#include "report/state/state_hearing.h"
#include "report/state/state_out.h"
#include "report/state/state_path.h"
#include "report/state/state_sum.h"
#include "json/json_out.h"

/* Remembers the first failure, with the line that it concerns. */
static int fail(struct state_writer *writer, int code)
{
	writer->error = code;
	bw_err_place(writer->err, NULL, (int)(writer->blocks + writer->groups + writer->paths) + 2,
		     0, NULL);
	return code;
}

static int fail_count(struct state_writer *writer)
{
	return fail(writer,
		    bw_err_set(writer->err, BW_ERR_VALUE,
			       "%" PRIu32 " blocks, %" PRIu32 " groups and %" PRIu32
			       " paths, not the %" PRIu32 ", %" PRIu32 " and %" PRIu32
			       " of the head",
			       writer->blocks, writer->groups, writer->paths, writer->head.blocks,
			       writer->head.groups, writer->head.paths));
}

/* Whether one more line may follow the WRITTEN ones of a kind: 0 or the failure. */
static int admit(struct state_writer *writer, uint32_t written, uint32_t wanted)
{
	if (writer->error)
		return writer->error;
	return written == wanted ? fail_count(writer) : 0;
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

static void put_told(struct json_out *out, enum bw_verdict verdict, enum bw_verdict told)
{
	if (told != verdict)
		state_out_text(out, "told", bw_verdict_name(told));
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

	state_out_chance(out, "hot_availability", block->hot_availability);
	state_out_chance(out, "cold_availability", block->cold_availability);
	state_out_chance(out, "again_availability", block->again_availability);
	if (block->hot_count == 0)
		return;
	json_out_key(out, "hot");
	json_out_array(out);
	for (uint32_t i = 0; i < block->hot_count; i++)
		json_out_string(out, bw_addr_format(&block->hot[i], text));
	json_out_array_end(out);
	if (block->hot_methods)
		state_out_integer(out, "hot_ways", block->hot_methods);
}

static void put_phases(struct json_out *out, const struct state_phases *phases)
{
	if (phases->downs == 0)
		return;
	json_out_key(out, "phases");
	json_out_object(out);
	state_out_integer(out, "downs", phases->downs);
	state_out_integer(out, "down_ns", phases->down_ns);
	state_out_integer(out, "longest_ns", phases->longest_ns);
	json_out_object_end(out);
}

static void put_outage(struct json_out *out, const struct state_outage *outage)
{
	if (!outage->open)
		return;
	json_out_key(out, "outage");
	json_out_object(out);
	state_out_integer(out, "earliest_ns", outage->earliest.ns);
	state_out_integer(out, "latest_ns", outage->latest.ns);
	json_out_object_end(out);
}

static void put_returns(struct json_out *out, const struct state_returns *returns)
{
	if (returns->ended.ns == 0)
		return;
	json_out_key(out, "returns");
	json_out_object(out);
	state_out_integer(out, "earliest_ns", returns->earliest.ns);
	state_out_integer(out, "latest_ns", returns->latest.ns);
	state_out_integer(out, "ended_ns", returns->ended.ns);
	state_out_integer(out, "ended_within_s", returns->ended_within_s);
	if (returns->count) {
		json_out_key(out, "list_ns");
		json_out_array(out);
		for (uint32_t i = 0; i < 2 * returns->count; i++)
			json_out_int(out, returns->list[i].ns);
		json_out_array_end(out);
		json_out_key(out, "within_s");
		json_out_array(out);
		for (uint32_t i = 0; i < returns->count; i++)
			json_out_uint(out, returns->within_s[i]);
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
	state_out_integer(out, "first_ns", history->first.ns);
	state_out_integer(out, "outages", history->outages);
	state_out_integer(out, "longest_ns", history->longest_ns);
	state_out_integer(out, "dark_ns", history->dark_ns);
	state_out_integer(out, "last_end_ns", history->last_end.ns);
	json_out_object_end(out);
}

static void put_usual(struct json_out *out, const struct state_usual *usual)
{
	if (usual->rounds == 0)
		return;
	json_out_key(out, "usual");
	json_out_object(out);
	state_out_integer(out, "rounds", usual->rounds);
	state_out_chance(out, "loss", usual->loss);
	state_out_chance(out, "loss_now", usual->loss_now);
	state_out_integer(out, "rtt_ns", usual->rtt_ns);
	state_out_integer(out, "rtt_now_ns", usual->rtt_now_ns);
	state_out_chance(out, "spread", usual->spread);
	json_out_object_end(out);
}

static void put_ranges(struct json_out *out, const struct bw_wall out_since[BW_RANGES])
{
	state_out_integer(out, "degraded_since_ns", out_since[BW_RANGE_LOSS].ns);
	state_out_integer(out, "slow_since_ns", out_since[BW_RANGE_DELAY].ns);
}

static void put_joint(struct json_out *out, const struct state_joint *joint)
{
	if (joint->since.ns == 0 && joint->counted.ns == 0 && joint->nats <= 0 &&
	    joint->lateness.answers == 0)
		return;
	json_out_key(out, "joint");
	json_out_object(out);
	state_out_number(out, "nats", joint->nats);
	state_out_flag(out, "down", joint->down);
	state_out_integer(out, "since_ns", joint->since.ns);
	put_phases(out, &joint->phases);
	state_out_number(out, "expected", joint->expected);
	state_out_number(out, "replied", joint->replied);
	state_out_integer(out, "counted_ns", joint->counted.ns);
	state_hearing_put_lateness(out, &joint->lateness);
	json_out_object_end(out);
}

/* Of a block. */
static void put_lateness(struct json_out *out, const struct state_lateness *lateness)
{
	if (lateness->answers == 0)
		return;
	json_out_key(out, "lateness");
	json_out_object(out);
	state_hearing_put_lateness(out, lateness);
	json_out_object_end(out);
}

static void put_absences(struct json_out *out, const struct state_absences *absences)
{
	if (absences->count == 0 && absences->total_ns == 0 && absences->heard_hours == 0)
		return;
	json_out_key(out, "absences");
	json_out_object(out);
	state_out_integer(out, "count", absences->count);
	state_out_integer(out, "total_ns", absences->total_ns);
	state_out_integer(out, "heard_hours", absences->heard_hours);
	json_out_object_end(out);
}

/* What is believed of a block. */
static void put_belief(struct json_out *out, const struct state_block *block)
{
	state_out_number(out, "log_odds", block->log_odds);
	put_conditions(out, block->conditions);
	state_out_flag(out, "known", block->known);
	state_out_flag(out, "never_seen", block->never_seen);
	state_out_flag(out, "few_hosts", block->few_hosts);
	state_out_flag(out, "down", block->down);
	state_out_number(out, "penalty", block->penalty);
	state_out_integer(out, "penalty_at_ns", block->penalty_at.ns);
	state_out_integer(out, "unstable_ns", block->unstable.ns);
	state_out_integer(out, "silent_since_ns", block->silent_since.ns);
	state_out_integer(out, "false_alarm_ns", block->false_alarm.ns);
}

/* What was learned of its hosts. */
static void put_learned(struct json_out *out, const struct state_block *block)
{
	put_hot(out, block);
	if (block->rests) {
		json_out_key(out, "rest");
		json_out_uint(out, block->rest);
		state_out_integer(out, "evening", block->evening);
	}
	put_absences(out, &block->absences);
	state_out_integer(out, "moves", block->moves);
	put_usual(out, &block->usual);
	put_lateness(out, &block->lateness);
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
	writer->blocks = writer->groups = writer->paths = 0;
	if (result < 0) {
		bw_err_place(err, NULL, 1, 0, NULL);
		return writer->error = result;
	}
	json_out_init(&out, writer->line, sizeof(writer->line));
	json_out_object(&out);
	state_out_text(&out, "schema", STATE_SCHEMA);
	state_out_text(&out, "vantage", head->vantage);
	state_out_text(&out, "program", head->program);
	json_out_key(&out, "boots");
	json_out_uint(&out, head->boots);
	state_out_flag(&out, "references", head->references);
	json_out_key(&out, "saved_ns");
	json_out_int(&out, head->saved.ns);
	json_out_key(&out, "blocks");
	json_out_uint(&out, head->blocks);
	json_out_key(&out, "groups");
	json_out_uint(&out, head->groups);
	json_out_key(&out, "paths");
	json_out_uint(&out, head->paths);
	return end_line(writer, &out);
}

int state_writer_put_block(struct state_writer *writer, const struct state_block *block)
{
	struct json_out out;
	int result = admit(writer, writer->blocks, writer->head.blocks);

	if (result < 0)
		return result;
	result = state_check_block(block, writer->err);
	if (result < 0)
		return fail(writer, result);
	begin_line(writer, &out, "block");
	state_out_text(&out, "target", block->target);
	state_out_prefix(&out, "block", &block->block);
	state_out_text(&out, "verdict", bw_verdict_name(block->verdict));
	put_told(&out, block->verdict, block->told);
	state_out_integer(&out, "since_ns", block->since.ns);
	state_out_integer(&out, "last_answer_ns", block->last_answer.ns);
	put_belief(&out, block);
	put_learned(&out, block);
	put_phases(&out, &block->phases);
	put_outage(&out, &block->outage);
	state_out_integer(&out, "dark_until_ns", block->dark_until.ns);
	state_out_integer(&out, "dark_until_before_ns", block->dark_until_before.ns);
	put_returns(&out, &block->returns);
	put_history(&out, &block->history);
	result = end_line(writer, &out);
	writer->blocks += result == 0;
	return result;
}

int state_writer_put_group(struct state_writer *writer, const struct state_group *group)
{
	struct json_out out;
	int result = admit(writer, writer->groups, writer->head.groups);

	if (result < 0)
		return result;
	result = state_check_group(group, writer->err);
	if (result < 0)
		return fail(writer, result);
	begin_line(writer, &out, bw_scope_name(group->scope));
	state_out_text(&out, "target", group->target);
	if (group->scope == BW_SCOPE_NETWORK)
		state_out_prefix(&out, "network", &group->network);
	state_out_text(&out, "verdict", bw_verdict_name(group->verdict));
	put_told(&out, group->verdict, group->told);
	state_out_integer(&out, "since_ns", group->since.ns);
	put_ranges(&out, group->out_since);
	put_joint(&out, &group->joint);
	state_hearing_put(&out, &group->hearing);
	put_outage(&out, &group->outage);
	put_returns(&out, &group->returns);
	put_history(&out, &group->history);
	result = end_line(writer, &out);
	writer->groups += result == 0;
	return result;
}

int state_writer_put_path(struct state_writer *writer, const struct state_path *path)
{
	struct json_out out;
	int result = admit(writer, writer->paths, writer->head.paths);

	if (result < 0)
		return result;
	result = state_check_path(path, writer->err);
	if (result < 0)
		return fail(writer, result);
	begin_line(writer, &out, "path");
	state_path_put(&out, path);
	result = end_line(writer, &out);
	writer->paths += result == 0;
	return result;
}

int state_writer_end(struct state_writer *writer)
{
	struct json_out out;
	char sum[17];

	if (writer->error)
		return writer->error;
	if (writer->blocks != writer->head.blocks || writer->groups != writer->head.groups ||
	    writer->paths != writer->head.paths)
		return fail_count(writer);
	snprintf(sum, sizeof(sum), "%016" PRIx64, writer->sum);
	begin_line(writer, &out, "end");
	json_out_key(&out, "blocks");
	json_out_uint(&out, writer->blocks);
	json_out_key(&out, "groups");
	json_out_uint(&out, writer->groups);
	json_out_key(&out, "paths");
	json_out_uint(&out, writer->paths);
	state_out_text(&out, "checksum", sum);
	return end_line(writer, &out);
}
