/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/format/answer_body.h"

#include <stdio.h>
#include <string.h>

#include "ship/format/excerpt.h"
#include "json/document.h"
#include "json/node.h"

#define BODY_MAX ((size_t)32 << 20)

static const struct document_form form = {.max = BODY_MAX, .wide = true};

static void set_stored(struct answer_verdict *verdict)
{
	verdict->kind = ANSWER_STORED;
	verdict->text[0] = '\0';
}

static void not_understood(struct answer_verdict *verdict, const char *what)
{
	verdict->kind = ANSWER_AGAIN;
	verdict->failure = FAILURE_ANSWER;
	snprintf(verdict->text, sizeof(verdict->text),
		 "the receiver's answer cannot be understood: %s", what);
}

static bool parse(const struct answer *answer, struct document *document, struct bw_err *err)
{
	*document = (struct document){.file = "answer", .err = err};
	return !answer->cut && document_parse(document, &form, answer->body, answer->length) == 0;
}

/* A reason of line N; the first of all goes into the verdict. */
static void note_reason(struct answer_verdict *verdict, size_t n, const char *reason)
{
	if (verdict->reasons)
		reasons_set(verdict->reasons, n, reason);
	if (!verdict->text[0] && reason)
		excerpt_copy(verdict->text, sizeof(verdict->text), reason, strlen(reason));
}

static void set_item(struct answer_verdict *verdict, size_t n, enum answer_item item)
{
	verdict->items[n] = (uint8_t)item;
	if (item == ANSWER_ITEM_STORED)
		return;
	verdict->kind = ANSWER_ITEMS;
	if (item == ANSWER_ITEM_AGAIN)
		verdict->failure = FAILURE_BUSY;
	else if (verdict->failure != FAILURE_BUSY)
		verdict->failure = FAILURE_ASIDE;
}

static enum answer_item item_of(int64_t status)
{
	if ((status >= 200 && status <= 299) || status == 409)
		return ANSWER_ITEM_STORED;
	return status >= 400 && status < 500 && status != 429 ? ANSWER_ITEM_ASIDE
							      : ANSWER_ITEM_AGAIN;
}

/* {"create":{"status":N,"error":{"reason":"..."}}} */
static bool judge_item(struct answer_verdict *verdict, size_t n, const struct node *item)
{
	const struct node create = node_member(item, "create");
	const struct node status = node_member(&create, "status");
	const struct node error = node_member(&create, "error");
	const struct node reason = node_member(&error, "reason");
	int64_t value;

	if (!node_exists(&create) || !node_integer(&status, &value))
		return false;
	set_item(verdict, n, item_of(value));
	if (verdict->items[n] != ANSWER_ITEM_STORED) {
		note_reason(verdict, n, node_text(&reason));
		note_reason(verdict, n, node_text(&error));
		note_reason(verdict, n, "an item was refused");
	}
	return true;
}

static void judge_items(struct answer_verdict *verdict, const struct node *items)
{
	if (!node_is_list(items) || node_count(items) != verdict->count) {
		not_understood(verdict, "it has not one item for each record");
		return;
	}
	for (size_t i = 0; i < verdict->count; i++) {
		const struct node item = node_element(items, i);

		if (!judge_item(verdict, i, &item)) {
			not_understood(verdict, "an item has no status");
			return;
		}
	}
}

void answer_body_bulk(const struct answer *answer, struct answer_verdict *verdict)
{
	struct document document;
	struct bw_err err = {0};

	set_stored(verdict);
	verdict->failure = FAILURE_ANSWER;
	if (!parse(answer, &document, &err)) {
		not_understood(verdict, answer->cut ? "it is too long" : "it is no JSON");
		return;
	}
	const struct node root = node_root(&document);
	const struct node errors = node_member(&root, "errors");
	const struct node items = node_member(&root, "items");

	if (!node_is_bool(&errors))
		not_understood(verdict, "it has no \"errors\"");
	else if (node_bool(&errors))
		judge_items(verdict, &items);
	document_fini(&document);
}

static void take_stored(struct answer_verdict *verdict, const struct node *stored)
{
	const struct node boot = node_member(stored, "boot");
	const struct node seq = node_member(stored, "seq");
	const char *text = node_text(&boot);
	uint64_t value;

	if (!text || strlen(text) >= sizeof(verdict->stored_boot) || !node_unsigned(&seq, &value))
		return;
	snprintf(verdict->stored_boot, sizeof(verdict->stored_boot), "%s", text);
	verdict->stored_seq = value;
}

/* [{"line":N,"reason":"..."}]: lines count from 1. */
static void take_refused(struct answer_verdict *verdict, const struct node *refused)
{
	struct node one = {0};

	if (!node_is_list(refused))
		return;
	memset(verdict->items, ANSWER_ITEM_STORED, verdict->count);
	while (node_next(refused, &one)) {
		const struct node line = node_member(&one, "line");
		const struct node reason = node_member(&one, "reason");
		uint64_t value;

		if (!node_unsigned(&line, &value) || value < 1 || value > verdict->count)
			continue;
		set_item(verdict, (size_t)value - 1, ANSWER_ITEM_ASIDE);
		note_reason(verdict, (size_t)value - 1, node_text(&reason));
		note_reason(verdict, (size_t)value - 1, "refused by the collector");
	}
}

void answer_body_records(const struct answer *answer, struct answer_verdict *verdict)
{
	struct document document;
	struct bw_err err = {0};

	set_stored(verdict);
	verdict->failure = FAILURE_ASIDE;
	if (answer->length == 0 || answer->body[0] != '{' || !parse(answer, &document, &err))
		return;
	const struct node root = node_root(&document);
	const struct node taken = node_member(&root, "taken");
	const struct node stored = node_member(&root, "stored");
	const struct node refused = node_member(&root, "refused");

	if (node_is_number(&taken)) {
		take_stored(verdict, &stored);
		take_refused(verdict, &refused);
	}
	document_fini(&document);
}
