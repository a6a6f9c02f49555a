/* SPDX-License-Identifier: Apache-2.0 */
#include "ship/format/framing.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ship/line.h"

#define BODY_FIRST ((size_t)1 << 20)

const char *framing_content_type(enum framing framing)
{
	return framing == FRAMING_LOKI ? "application/json" : "application/x-ndjson";
}

/* Makes room for LENGTH more bytes. Returns where they go, or NULL. */
static char *reserve(struct framing_body *body, size_t length)
{
	size_t room = body->room ? body->room : BODY_FIRST;
	char *bytes = body->bytes;

	while (room < body->length + length)
		room *= 2;
	if (room > body->room)
		bytes = realloc(body->bytes, room);
	if (!bytes)
		return NULL;
	body->bytes = bytes;
	body->room = room;
	return bytes + body->length;
}

static int append(struct framing_body *body, const char *bytes, size_t length)
{
	char *at = reserve(body, length);

	if (!at)
		return -ENOMEM;
	memcpy(at, bytes, length);
	body->length += length;
	return 0;
}

static int append_text(struct framing_body *body, const char *text)
{
	return append(body, text, strlen(text));
}

size_t framing_id(const struct ship_line *line, char *id)
{
	int length =
		snprintf(id, FRAMING_ID_TEXT, "%.*s-%.*s-%" PRIu64, (int)line->vantage.length,
			 line->vantage.text, (int)line->boot.length, line->boot.text, line->seq);

	return length < FRAMING_ID_TEXT ? (size_t)length : FRAMING_ID_TEXT - 1;
}

static int put_bulk(struct framing_body *body, const char *text, size_t length)
{
	struct ship_line line;
	char id[FRAMING_ID_TEXT];
	int code = ship_line_scan(text, length, &line);

	if (code < 0)
		return code;
	framing_id(&line, id);
	code = append_text(body, "{\"create\":{\"_id\":\"");
	if (code == 0)
		code = append_text(body, id);
	if (code == 0)
		code = append_text(body, "\"}}\n");
	return code == 0 ? append(body, text, length) : code;
}

/* The line as a JSON string: records have no control characters, only quotes and backslashes. */
static int put_quoted(struct framing_body *body, const char *text, size_t length)
{
	char *at = reserve(body, 2 * length + 2), *from = at;

	if (!at)
		return -ENOMEM;
	*at++ = '"';
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"' || text[i] == '\\')
			*at++ = '\\';
		*at++ = text[i];
	}
	*at++ = '"';
	body->length += (size_t)(at - from);
	return 0;
}

static int put_label(struct framing_body *body, const char *before, const struct ship_text *text)
{
	int code = append_text(body, before);

	if (code == 0)
		code = append(body, text->text, text->length);
	return code == 0 ? append_text(body, "\"") : code;
}

static int open_stream(struct framing_body *body, const struct ship_line *line)
{
	int code = put_label(body, "{\"stream\":{\"vantage\":\"", &line->vantage);

	if (code == 0)
		code = put_label(body, ",\"type\":\"", &line->type);
	if (code == 0 && line->target.length > 0)
		code = put_label(body, ",\"target\":\"", &line->target);
	return code == 0 ? append_text(body, "},\"values\":[") : code;
}

static int put_value(struct framing_body *body, const struct ship_line *line, const char *text,
		     size_t length)
{
	char time[40];
	int code;

	snprintf(time, sizeof(time), "[\"%" PRId64 "\",", ship_line_time(line).ns);
	code = append_text(body, time);
	if (code == 0)
		code = put_quoted(body, text, length - 1);
	return code == 0 ? append_text(body, "]") : code;
}

static bool is_same_text(const struct ship_text *a, const struct ship_text *b)
{
	return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* Lines with the same labels that follow each other share a stream. */
static bool shares_stream(const struct ship_line *a, const struct ship_line *b)
{
	return is_same_text(&a->vantage, &b->vantage) && is_same_text(&a->type, &b->type) &&
	       is_same_text(&a->target, &b->target);
}

static int put_loki(struct framing_body *body, const struct batch_slice *slice)
{
	struct ship_line line = {0}, before = {0};
	int code = append_text(body, "{\"streams\":[");

	for (size_t i = 0; i < slice->count && code == 0; i++, before = line) {
		size_t length;
		const char *text = batch_slice_line(slice, i, &length);
		bool same;

		code = ship_line_scan(text, length, &line);
		same = code == 0 && i > 0 && shares_stream(&line, &before);
		if (code == 0 && i > 0)
			code = append_text(body, same ? "," : "]},");
		if (code == 0 && !same)
			code = open_stream(body, &line);
		if (code == 0)
			code = put_value(body, &line, text, length);
	}
	return code == 0 ? append_text(body, slice->count > 0 ? "]}]}" : "]}") : code;
}

static int put_bulks(struct framing_body *body, const struct batch_slice *slice)
{
	int code = 0;

	for (size_t i = 0; i < slice->count && code == 0; i++) {
		size_t length;
		const char *text = batch_slice_line(slice, i, &length);

		code = put_bulk(body, text, length);
	}
	return code;
}

int framing_make(enum framing framing, const struct batch_slice *slice, struct framing_body *body,
		 const char **ret_bytes, size_t *ret_length)
{
	int code = 0;

	body->length = 0;
	if (framing == FRAMING_NDJSON) {
		*ret_bytes = batch_slice_bytes(slice, ret_length);
		return 0;
	}
	code = framing == FRAMING_LOKI ? put_loki(body, slice) : put_bulks(body, slice);
	*ret_bytes = body->bytes;
	*ret_length = body->length;
	return code;
}

void framing_body_fini(struct framing_body *body)
{
	free(body->bytes);
	*body = (struct framing_body){0};
}
