/* SPDX-License-Identifier: Apache-2.0 */
#include "collect/admit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "collect/catch_up.h"
#include "collect/follow/follow_limits.h"
#include "report/record/decode.h"

#define LAST_BOOT_TEXT FLEET_BOOT_TEXT

struct refusal {
	uint64_t line;
	char reason[ADMIT_REASON];
};

struct request {
	struct admit *admit;
	struct fleet_member *member;
	struct bw_wall now;
	struct record_memory memory;
	struct admit_result result;
	uint64_t line;
	char boot[LAST_BOOT_TEXT]; /* of the last record */
	uint64_t seq;
	struct bw_err err;
	struct array refusals; /* struct refusal */
	bool each;             /* a record of another vantage is refused alone */
};

/* Returns 0, -ENOMEM, or BW_ERR_LIMIT for a request that is mostly refused. */
static int refuse(struct request *request, const char *reason)
{
	struct refusal refusal = {.line = request->line};

	snprintf(refusal.reason, sizeof(refusal.reason), "%s", reason);
	request->result.refused++;
	if (array_add(&request->refusals, &refusal) < 0)
		return -ENOMEM;
	if (request->result.refused <= ADMIT_REFUSED_MAX)
		return 0;
	request->result.status = 413;
	return bw_err_set(&request->err, BW_ERR_LIMIT,
			  "more than %d lines are refused: send less at once, nothing is taken",
			  ADMIT_REFUSED_MAX);
}

static int refuse_error(struct request *request, const struct bw_err *err)
{
	char reason[ADMIT_REASON];

	snprintf(reason, sizeof(reason), "%.60s%s%.130s", err->field, err->field[0] ? ": " : "",
		 err->message);
	return refuse(request, reason);
}

static int store_new(struct request *request, const struct record *record, const char *line,
		     size_t length)
{
	const struct admit *admit = request->admit;
	const struct store_record row = {record, line, length, request->now};
	int result = admit->store->ops->put_record(admit->store->self, &row, &request->err);

	if (result < 0)
		return result;
	request->result.taken++;
	if (!fleet_counts(admit->fleet, request->member, record, request->now))
		return 0;
	fleet_note(request->member, record, request->now);
	result = hourly_take(admit->hourly, record);
	return result < 0 ? result : follow_take(admit->follow, record, request->now);
}

/* One that is not known yet. */
static int take_new(struct request *request, const struct record *record, const char *line,
		    size_t length)
{
	const struct admit *admit = request->admit;
	const char *reason =
		follow_limits_check(admit->follow, (uint32_t)(request->member - admit->fleet->list),
				    record);
	int known;

	if (reason)
		return refuse(request, reason);
	known = seen_add(admit->seen, record->head.vantage, record->head.boot, record->head.seq);
	if (known == BW_ERR_LIMIT)
		return refuse(request, "seq: too many numbers are missing before it");
	if (known == BW_ERR_OVERLAP)
		return refuse(request, "boot: this vantage has had 10000 others: too many");
	return known < 0 ? known : store_new(request, record, line, length);
}

static int take_record(struct request *request, const struct record *record, const char *line,
		       size_t length)
{
	const struct record_head *head = &record->head;
	size_t boot_length;

	if (strcmp(head->vantage, request->member->name) != 0) {
		if (request->each)
			return refuse(request, "vantage: is not the one of the subject");
		request->result.status = 403;
		return bw_err_set(&request->err, BW_ERR_PRIVILEGE,
				  "line %llu is a record of \"%.63s\", the token is that of "
				  "\"%s\": nothing is taken",
				  (unsigned long long)request->line, head->vantage,
				  request->member->name);
	}
	boot_length = strlen(head->boot);
	if (boot_length >= LAST_BOOT_TEXT)
		return refuse(request, "boot: is too long");
	memcpy(request->boot, head->boot, boot_length + 1);
	request->seq = head->seq;
	if (head->time.ns > request->now.ns + ADMIT_FUTURE_NS)
		return refuse(request, "time: is more than an hour ahead of the collector's clock");
	if (head->seq > INT64_MAX)
		return refuse(request, "seq: is too large");
	if (!seen_has(request->admit->seen, head->vantage, head->boot, head->seq))
		return take_new(request, record, line, length);
	request->result.known++;
	return 0;
}

static int take_line(struct request *request, const char *line, size_t length)
{
	struct record record;
	struct bw_err err;
	int result;

	request->line++;
	if (length > 0 && line[length - 1] == '\r')
		length--;
	if (length == 0)
		return 0;
	if (length > RECORD_LINE_MAX) {
		return refuse(request, "is longer than a record can be");
	}
	result = record_decode(line, length, "", &request->memory, &record, &err);
	if (result == -ENOMEM)
		return result;
	if (result == 0)
		return take_record(request, &record, line, length);
	return refuse_error(request, &err);
}

static int take_lines(struct request *request, const char *text, size_t length)
{
	const char *end = text + length;
	int result = 0;

	while (text < end && result == 0) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		result = take_line(request, text, (size_t)(stop - text));
		text = stop + 1;
	}
	return result;
}

static int finish(struct request *request)
{
	const struct admit *admit = request->admit;
	int result = seen_save(admit->seen, admit->store, &request->err);

	if (result == 0)
		result = fleet_save(admit->fleet, admit->store, &request->err);
	if (result == 0)
		result = follow_save(admit->follow, admit->store, &request->err);
	if (result == 0)
		result = hourly_save(admit->hourly, admit->store, &request->err);
	if (result == 0)
		result = admit->store->ops->commit(admit->store->self, &request->err);
	if (result < 0)
		return result;
	seen_keep(admit->seen);
	hourly_keep(admit->hourly);
	return follow_keep(admit->follow);
}

/* Nothing of it has happened; BEFORE is the fleet as it was. */
static void undo(const struct request *request, const struct fleet *before)
{
	struct admit *admit = request->admit;

	admit->store->ops->rollback(admit->store->self);
	seen_undo(admit->seen);
	follow_drop(admit->follow);
	hourly_drop(admit->hourly);
	*admit->fleet = *before;
	admit->why = request->err;
}

/* Stores what was taken, or nothing when RESULT is an error. Returns 0 or the error. */
static int end_request(struct request *request, const struct fleet *before, int result)
{
	if (result == -ENOMEM)
		bw_err_set(&request->err, result, "out of memory");
	if (result == 0)
		result = finish(request);
	if (result < 0)
		undo(request, before);
	else
		request->result.status = 200;
	return result;
}

static void fini_request(struct request *request)
{
	record_memory_fini(&request->memory);
	array_fini(&request->refusals);
}

static void write_answer(const struct request *request, struct json_out *out)
{
	const struct admit_result *result = &request->result;

	json_out_object(out);
	json_out_key(out, "taken");
	json_out_uint(out, result->taken);
	json_out_key(out, "known");
	json_out_uint(out, result->known);
	json_out_key(out, "refused");
	json_out_array(out);
	for (uint32_t i = 0; i < request->refusals.count; i++) {
		const struct refusal *refusal = array_at(&request->refusals, i);

		json_out_object(out);
		json_out_key(out, "line");
		json_out_uint(out, refusal->line);
		json_out_key(out, "reason");
		json_out_string(out, refusal->reason);
		json_out_object_end(out);
	}
	json_out_array_end(out);
	json_out_key(out, "stored");
	if (request->boot[0]) {
		json_out_object(out);
		json_out_key(out, "boot");
		json_out_string(out, request->boot);
		json_out_key(out, "seq");
		json_out_uint(out, request->seq);
		json_out_object_end(out);
	} else {
		json_out_null(out);
	}
	json_out_object_end(out);
}

static void write_error(const struct request *request, struct json_out *out)
{
	json_out_object(out);
	json_out_key(out, "error");
	json_out_string(out, request->err.message);
	json_out_object_end(out);
}

/*
 * Begins the transaction. What other collectors have admitted before is known then; *RET_BEFORE is
 * the fleet as it is without this request.
 */
static int begin(struct request *request, struct fleet *ret_before)
{
	const struct admit *admit = request->admit;
	int result = admit->store->ops->begin(admit->store->self, &request->err);

	if (result == 0)
		result = catch_up(admit->seen, admit->follow, admit->fleet, admit->store,
				  &request->err);
	*ret_before = *admit->fleet;
	return result < 0 ? result : 0;
}

struct admit_result admit_request(struct admit *admit, const struct fleet_member *member,
				  const char *text, size_t length, struct bw_wall now,
				  struct json_out *out)
{
	struct fleet before;
	struct request request = {
		.admit = admit,
		.member = fleet_find(admit->fleet, member->name),
		.now = now,
		.result = {.status = 503},
		.refusals = array_of(sizeof(struct refusal)),
	};
	int result = begin(&request, &before);

	if (result == 0)
		result = take_lines(&request, text, length);
	if (end_request(&request, &before, result) < 0)
		write_error(&request, out);
	else
		write_answer(&request, out);
	fini_request(&request);
	return request.result;
}

static int take_message(struct request *request, const struct admit_message *message)
{
	size_t length = message->length;

	if (length > 0 && message->text[length - 1] == '\n')
		length--;
	request->member =
		message->member ? fleet_find(request->admit->fleet, message->member->name) : NULL;
	if (request->member && length > 0 && !memchr(message->text, '\n', length))
		return take_line(request, message->text, length);
	request->line++;
	return refuse(request, request->member ? "is not one line with a record"
					       : "is of a vantage that is not configured");
}

static int take_messages(struct request *request, struct admit_message *messages, size_t count)
{
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++) {
		const uint64_t before = request->result.refused;

		result = take_message(request, &messages[i]);
		messages[i].refused = request->result.refused > before;
	}
	return result;
}

static void give_reason(const struct request *request, char reason[ADMIT_REASON])
{
	const struct refusal *first =
		request->refusals.count > 0 ? array_at(&request->refusals, 0) : NULL;
	const bool failed = request->result.status != 200;

	snprintf(reason, ADMIT_REASON, "%.*s", ADMIT_REASON - 1,
		 failed  ? request->err.message
		 : first ? first->reason
			 : "");
}

struct admit_result admit_messages(struct admit *admit, struct admit_message *messages,
				   size_t count, struct bw_wall now, char reason[ADMIT_REASON])
{
	struct fleet before;
	struct request request = {
		.admit = admit,
		.now = now,
		.result = {.status = 503},
		.refusals = array_of(sizeof(struct refusal)),
		.each = true,
	};
	int result = begin(&request, &before);

	if (result == 0)
		result = take_messages(&request, messages, count);
	end_request(&request, &before, result);
	give_reason(&request, reason);
	fini_request(&request);
	return request.result;
}
