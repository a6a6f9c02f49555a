/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/format/answer.h"

#include <stdio.h>
#include <string.h>

#include "ship/format/answer_body.h"
#include "ship/format/excerpt.h"

#define EXCERPT 120 /* bytes of a receiver's own words */

static enum failure failure_of(int status)
{
	if (status == 429 || status == 503)
		return FAILURE_BUSY;
	if (status == 413)
		return FAILURE_SIZE;
	if (status == 400 || status == 415 || status == 422)
		return FAILURE_ASIDE;
	return status >= 500 ? FAILURE_SERVER : FAILURE_SINK;
}

static enum answer_kind kind_of(int status, size_t count)
{
	if (status == 413)
		return count > 1 ? ANSWER_HALVE : ANSWER_ASIDE;
	return failure_of(status) == FAILURE_ASIDE ? ANSWER_ASIDE : ANSWER_AGAIN;
}

static const char *meaning_of(int status)
{
	switch (status) {
	case 301:
	case 302:
	case 307:
	case 308:
		return " (the address has moved: put the new one into \"url\")";
	case 401:
		return " (is the token right?)";
	case 403:
		return " (not allowed; is the vantage's name the one of this token?)";
	case 404:
		return " (is the path of \"url\" right?)";
	case 409:
		return " (does another vantage have the same name?)";
	default:
		return "";
	}
}

static void refuse(const struct answer *answer, struct answer_verdict *verdict)
{
	char excerpt[EXCERPT];
	int status = answer->status;

	excerpt_copy(excerpt, sizeof(excerpt), answer->body, answer->length);
	verdict->kind = kind_of(status, verdict->count);
	verdict->failure = failure_of(status);
	if (verdict->kind == ANSWER_ASIDE)
		verdict->failure = FAILURE_ASIDE;
	snprintf(verdict->text, sizeof(verdict->text), "the receiver answers %d%s%s%s", status,
		 meaning_of(status), excerpt[0] ? ": " : "", excerpt);
}

static void fail(const struct answer *answer, struct answer_verdict *verdict)
{
	verdict->kind = ANSWER_AGAIN;
	verdict->failure = answer->failure;
	snprintf(verdict->text, sizeof(verdict->text), "%s",
		 answer->text ? answer->text : failure_name(answer->failure));
}

void answer_judge(const struct answer *answer, enum framing framing, struct answer_verdict *verdict)
{
	if (verdict->reasons)
		reasons_clear(verdict->reasons);
	verdict->text[0] = '\0';
	verdict->stored_boot[0] = '\0';
	verdict->stored_seq = 0;
	verdict->retry_after_ns = answer->retry_after_ns;
	if (answer->status == 0)
		fail(answer, verdict);
	else if (answer->status < 200 || answer->status > 299)
		refuse(answer, verdict);
	else if (framing == FRAMING_ES_BULK)
		answer_body_bulk(answer, verdict);
	else
		answer_body_records(answer, verdict);
}

bool answer_has_item(const struct answer_verdict *verdict, enum answer_item item)
{
	return verdict->kind == ANSWER_ITEMS && memchr(verdict->items, item, verdict->count);
}
